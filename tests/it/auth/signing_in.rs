//! Signing in: by name or e-mail, by bearer or cookie, on any instance, before and after a restart.

use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};

use crate::support::{Answer, Person, Visitor, World};

const LOGIN: &str = "/api/v1/auth/login";
const ME: &str = "/api/v1/users/me";

fn cookies(answer: &Answer) -> Vec<String> {
    answer.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

fn cookie_of(person: &Person) -> String {
    format!("access_token={}", person.token)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_signs_in_by_email_or_username() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let username = alice.get(ME).await.expect(200)["username"].clone();
    let visitor = Visitor::at(&here.base);
    for who in [
        json!({"email": alice.email}),
        json!({"email": format!(" {} ", alice.email.to_uppercase())}),
        json!({"username": username}),
    ] {
        let mut form = who;
        form["password"] = json!("trunkline1");
        let pair = visitor.post(LOGIN, &form).await.expect(200);
        assert_eq!((&pair["token_type"], &pair["expires_in"]), (&json!("Bearer"), &json!(900)));
        let bearer = format!("Bearer {}", pair["access_token"].as_str().unwrap());
        let me = visitor.get_with(ME, &[("authorization", &bearer)]).await.expect(200);
        assert_eq!(me["id"], json!(alice.id));
    }
    visitor.post(LOGIN, &json!({"password": "trunkline1"})).await.refused(400, "validation_failed");
    let both = json!({"email": alice.email, "username": username, "password": "trunkline1"});
    visitor.post(LOGIN, &both).await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_account_and_a_wrong_password_look_the_same() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let mut problems = Vec::new();
    for form in [
        json!({"email": alice.email, "password": "trunkline2"}),
        json!({"email": alice.email, "password": "Trunkline1"}),
        json!({"email": "nobody@example.com", "password": "trunkline1"}),
        json!({"username": "nobody", "password": "trunkline1"}),
        json!({"username": alice.email, "password": "trunkline1"}),
        json!({"email": "", "password": ""}),
    ] {
        let answer = visitor.post(LOGIN, &form).await;
        assert!(cookies(&answer).is_empty());
        let mut problem = answer.refused(401, "wrong_credentials");
        problem["instance"] = Value::Null;
        problems.push(problem);
    }
    problems.dedup();
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_the_same_however_they_are_put_together() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    // The e-mail and password of a phone, and those of another that writes accents apart.
    let (email, password) = ("andr\u{e9}@example.com", "caf\u{e9}-cr\u{e8}me-1");
    let (apart, password_apart) = ("andre\u{301}@example.com", "cafe\u{301}-cre\u{300}me-1");
    let form = json!({"email": email, "password": password_apart, "name": "Andr\u{e9}"});
    visitor.post("/api/v1/auth/register", &form).await.expect(201);
    for email in [email, apart] {
        for password in [password, password_apart] {
            visitor.post(LOGIN, &json!({"email": email, "password": password})).await.expect(200);
        }
        let plain = json!({"email": email, "password": "cafe-creme-1"});
        visitor.post(LOGIN, &plain).await.refused(401, "wrong_credentials");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookies_are_out_of_reach() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let form = json!({"email": alice.email, "password": "trunkline1"});
    let answer = Visitor::at(&here.base).post(LOGIN, &form).await;
    let set = cookies(&answer);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let pair = answer.expect(200);
    let (access, refresh) = (pair["access_token"].as_str().unwrap(), pair["refresh_token"].as_str().unwrap());
    assert_eq!(
        set,
        [
            format!("access_token={access}; Path=/; Max-Age=900; HttpOnly; SameSite=Lax"),
            format!("refresh_token={refresh}; Path=/api/v1/auth; Max-Age=2592000; HttpOnly; SameSite=Lax"),
        ]
    );

    let secure = World::with(&[("TRUNKLINE_AUTH__SECURE_COOKIES", "true")]).await;
    let there = secure.instance().await;
    let bob = there.person("Bob").await;
    let form = json!({"email": bob.email, "password": "trunkline1"});
    for cookie in cookies(&Visitor::at(&there.base).post(LOGIN, &form).await) {
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    }
    let answer = bob.act("/api/v1/auth/logout").await;
    assert_eq!(
        cookies(&answer),
        [
            "access_token=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
            "refresh_token=; Path=/api/v1/auth; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
        ]
    );
    answer.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_signs_in_and_a_bearer_decides() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let cookie = cookie_of(&alice);
    visitor.get_with(ME, &[("cookie", &cookie)]).await.expect(200);
    visitor.get_with(ME, &[("cookie", &format!("theme=dark; {cookie}; x=1"))]).await.expect(200);
    for bad in ["Bearer nonsense", "Bearer "] {
        let headers = [("authorization", bad), ("cookie", &cookie)];
        visitor.get_with(ME, &headers).await.refused(401, "not_signed_in");
    }
    for none in ["Basic YTpi", ""] {
        visitor.get_with(ME, &[("authorization", none), ("cookie", &cookie)]).await.expect(200);
    }
    let bearer = format!("bearer {}", alice.token);
    let headers = [("authorization", bearer.as_str()), ("cookie", "access_token=nonsense")];
    visitor.get_with(ME, &headers).await.expect(200);
    let answer = visitor.get(ME).await;
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    answer.refused(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_can_not_use_the_cookie() {
    let settings = [("TRUNKLINE_HTTP__ALLOWED_ORIGINS", "https://friend.example")];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let cookie = cookie_of(&alice);
    let create = async |n: u32, headers: &[(&str, &str)]| {
        visitor.post_with("/api/v1/chats", headers, &json!({"title": format!("Room {n}")})).await
    };
    for foreign in ["https://evil.example", "null", "http://127.0.0.1:1", "https://friend.example.evil"] {
        create(1, &[("cookie", &cookie), ("origin", foreign)]).await.refused(403, "foreign_origin");
    }
    create(1, &[("cookie", &cookie)]).await.expect(201);
    create(2, &[("cookie", &cookie), ("origin", &here.base)]).await.expect(201);
    create(3, &[("cookie", &cookie), ("origin", "https://friend.example")]).await.expect(201);
    let bearer = format!("Bearer {}", alice.token);
    create(4, &[("authorization", &bearer), ("origin", "https://evil.example")]).await.expect(201);
    visitor.get_with(ME, &[("cookie", &cookie), ("origin", "https://evil.example")]).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_is_out_on_every_instance() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    there.listens(&world).await;
    let mut alice = here.person("Alice").await;
    let left = alice.clone();
    alice.signs_in().await;
    left.act("/api/v1/auth/logout").await.expect(204);
    left.get(ME).await.refused(401, "not_signed_in");
    dies(&left.at(&there)).await;
    // The other session goes on.
    alice.get(ME).await.expect(200);
    let spent = json!({"refresh_token": left.refresh_token});
    Visitor::at(&there.base).post("/api/v1/auth/token/refresh", &spent).await.refused(401, "session_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_outlive_a_restart() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let bob = here.person("Bob").await;
    bob.act("/api/v1/auth/logout").await.expect(204);
    here.stop().await;
    let again = world.instance().await;
    alice.at(&again).get(ME).await.expect(200);
    dies(&bob.at(&again)).await;
}

/// A session that ended is refused here too, as soon as the notification is heard.
pub async fn dies(person: &Person) {
    for _ in 0..100 {
        if person.get(ME).await.status == 401 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the token of a session that ended still lives");
}
