//! A found access token is worth its minutes and no more: what outlives them wants the password, or a sign-in of just now.

use serde_json::{Value, json};

use super::signing_in::dies;
use crate::support::{Answer, Instance, Person, Postbox, Socket, Visitor, World};

const TOKENS: &str = "/api/v1/auth/tokens";
const ME: &str = "/api/v1/users/me";
const PASSWORD: &str = "/api/v1/auth/password";

/// Eleven minutes go by for everybody who is signed in.
async fn time_goes_by(world: &World) {
    let sql = "update sessions set created_at = created_at - interval '11 minutes'";
    world.psql().await.batch_execute(sql).await.unwrap();
}

async fn moves(person: &Person, email: &str, password: Option<&str>) -> Answer {
    let me = person.get(ME).await.expect(200);
    let mut profile = json!({"name": me["name"], "username": me["username"], "email": email});
    if let Some(password) = password {
        profile["current_password"] = json!(password);
    }
    person.put(&format!("/api/v1/users/{}", person.id), &profile).await
}

/// The person with another token, refreshed from the session they have.
async fn refreshed(person: &Person) -> Person {
    let form = json!({"refresh_token": person.refresh_token});
    let pair = Visitor::at(&person.base).post("/api/v1/auth/token/refresh", &form).await.expect(200);
    person.bearing(pair["access_token"].as_str().unwrap())
}

async fn bot_of(person: &Person) -> Person {
    let made = person.post(TOKENS, &json!({"name": "bot"})).await.expect(201);
    person.bearing(made["token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_token_wants_the_password_or_a_fresh_sign_in() {
    let world = World::new().await;
    let here = world.instance().await;
    let mut alice = here.person("Alice").await;
    bot_of(&alice).await;
    time_goes_by(&world).await;
    let wish = json!({"name": "thief"});
    alice.post(TOKENS, &wish).await.refused(403, "fresh_sign_in_needed");
    // To stay signed in is no sign-in.
    let later = refreshed(&alice).await;
    later.post(TOKENS, &wish).await.refused(403, "fresh_sign_in_needed");
    let with = |password: &str| json!({"name": "mine", "current_password": password});
    later.post(TOKENS, &with("trunkline2")).await.refused(403, "wrong_password");
    later.post(TOKENS, &with("")).await.refused(403, "wrong_password");
    later.post(TOKENS, &with("trunkline1")).await.expect(201);
    assert_eq!(later.get(TOKENS).await.expect(200)["total"], 2);
    alice.signs_in().await;
    // Whoever brings a password brings the right one.
    alice.post(TOKENS, &with("trunkline2")).await.refused(403, "wrong_password");
    alice.post(TOKENS, &wish).await.expect(201);
    // A sign-in of a clock that goes ahead proves nothing.
    let psql = world.psql().await;
    psql.batch_execute("update sessions set created_at = now() + interval '1 hour'").await.unwrap();
    alice.post(TOKENS, &wish).await.refused(403, "fresh_sign_in_needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_that_is_given_again_wants_the_password_again_and_keeps_none() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let with = async |body: Value| {
        let request = alice.request(reqwest::Method::POST, TOKENS).header("idempotency-key", "once");
        Person::send(request.json(&body)).await
    };
    let hash = "select encode(request_hash, 'hex') from idempotency_keys";
    let made = with(json!({"name": "bot", "current_password": "trunkline1"})).await.expect(201);
    let kept: String = world.psql().await.query_one(hash, &[]).await.unwrap().get(0);
    time_goes_by(&world).await;
    with(json!({"name": "bot"})).await.refused(403, "fresh_sign_in_needed");
    let again = with(json!({"name": "bot", "current_password": "trunkline1"})).await.expect(201);
    assert_eq!(again["token"], made["token"]);
    // Nobody can try passwords at what is kept: it is the same without one.
    let psql = world.psql().await;
    psql.batch_execute("delete from idempotency_keys; update sessions set created_at = now()").await.unwrap();
    with(json!({"name": "bot"})).await.expect(201);
    assert_eq!(psql.query_one(hash, &[]).await.unwrap().get::<_, String>(0), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_wants_the_password_and_the_old_one_is_told() {
    let postbox = Postbox::new().await;
    let settings = postbox.settings();
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let (alice, admin) = (here.person("Alice").await, here.person("Admin").await);
    world.promotes(admin.id).await;
    time_goes_by(&world).await;
    moves(&alice, "thief@example.com", None).await.refused(403, "fresh_sign_in_needed");
    moves(&alice, &alice.email.to_uppercase(), None).await.refused(403, "fresh_sign_in_needed");
    moves(&alice, "thief@example.com", Some("trunkline2")).await.refused(403, "wrong_password");
    assert_eq!(alice.get(ME).await.expect(200)["email"], json!(alice.email));
    // What is not another address is nobody's business.
    moves(&alice, &format!(" {} ", alice.email), None).await.expect(200);
    let moved = moves(&alice, "alice@elsewhere.example", Some("trunkline1")).await.expect(200);
    assert_eq!(moved["email"], "alice@elsewhere.example");
    let letter = postbox.waits_for(1).await;
    assert_eq!(letter.to, alice.email);
    assert!(
        letter.text.contains(&here.base) && !letter.text.contains("elsewhere.example"),
        "{}",
        letter.text
    );
    // An administrator needs no password of hers; she hears of it all the same.
    let me = alice.get(ME).await.expect(200);
    let profile = json!({"name": "Alice", "username": me["username"], "email": "al@third.example"});
    admin.put(&format!("/api/v1/users/{}", alice.id), &profile).await.expect(200);
    assert_eq!(postbox.waits_for(2).await.to, "alice@elsewhere.example");
    // What was refused tells nobody.
    moves(&alice, &admin.email, Some("trunkline1")).await.refused(409, "email_taken");
    world.rests().await;
    assert_eq!(postbox.letters().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_letters_sent_without_end_by_moving_around() {
    let world = World::with(&[("TRUNKLINE_LIMITS__LOGINS_PER_MINUTE", "3")]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    for number in 0..3 {
        moves(&alice, &format!("victim{number}@example.com"), None).await.expect(200);
    }
    moves(&alice, "victim3@example.com", None).await.refused(429, "too_many_requests");
    moves(&alice, "victim2@example.com", None).await.expect(200);
    let request = bob.request(reqwest::Method::PUT, &format!("/api/v1/users/{}", bob.id));
    let profile = json!({"name": "Bob", "username": "bob.1", "email": "bob@elsewhere.example"});
    Person::send(request.header("x-forwarded-for", "127.0.0.66").json(&profile)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_at_the_password_with_a_found_token_waits_like_anyone() {
    let world = World::with(&[("TRUNKLINE_LIMITS__LOGINS_PER_MINUTE", "3")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for number in 0..3 {
        let guess = format!("guess{number}");
        let answer = match number % 2 {
            0 => alice.post(TOKENS, &json!({"name": "bot", "current_password": guess})).await,
            _ => moves(&alice, "thief@example.com", Some(&guess)).await,
        };
        answer.refused(403, "wrong_password");
    }
    let right = json!({"name": "bot", "current_password": "trunkline1"});
    alice.post(TOKENS, &right).await.refused(429, "too_many_requests");
    moves(&alice, "thief@example.com", Some("trunkline1")).await.refused(429, "too_many_requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_somebody_elses_address_is_out_when_they_come() {
    let postbox = Postbox::new().await;
    let settings = postbox.settings();
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let world = World::with(&settings).await;
    let (here, there) = world.two_instances().await;
    let thief = here.person("Victim").await;
    let bot = bot_of(&thief).await;
    let mut socket = Socket::open(&there.base, "/api/v1/ws", &bot.token).await.unwrap();
    let victim = Visitor::at(&there.base);
    victim.post("/api/v1/auth/password/forgot", &json!({"email": thief.email})).await.expect(204);
    let form = json!({"token": postbox.waits_for(1).await.token(), "new_password": "victims1"});
    victim.post("/api/v1/auth/password/reset", &form).await.expect(204);
    // At once where it was reset, and soon everywhere.
    for person in [&thief, &bot] {
        person.at(&there).get(ME).await.refused(401, "not_signed_in");
        dies(person).await;
    }
    assert_eq!(socket.closed().await.0, 4401);
    let form = json!({"refresh_token": thief.refresh_token});
    victim.post("/api/v1/auth/token/refresh", &form).await.refused(401, "session_over");
}

/// Every way to another password; says whether it is one's own.
async fn sets_password(world: &World, alice: &Person, way: &str) {
    match way {
        "changed" => {
            let change = json!({"current_password": "trunkline1", "new_password": "trunkline2"});
            alice.post(PASSWORD, &change).await.expect(204);
        }
        "by an operator" => {
            let instance = world.instance().await;
            trunkline::auth::service::passwords::set(&instance.app, alice.id, "trunkline2").await.unwrap();
        }
        _ => {
            let sql = "update users set password_hash = 'another' where id = $1";
            world.psql().await.execute(sql, &[&alice.id]).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_what_the_old_one_let_in() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let bob = here.person("Bob").await;
    let bobs = bot_of(&bob).await;
    for way in ["changed", "by an operator", "in psql"] {
        let alice = here.person("Alice").await;
        let mut elsewhere = alice.clone();
        elsewhere.signs_in().await;
        let bot = bot_of(&alice).await;
        let mut socket = Socket::open(&there.base, "/api/v1/ws", &bot.token).await.unwrap();
        sets_password(&world, &alice, way).await;
        if way == "changed" {
            bot.get(ME).await.refused(401, "not_signed_in");
            elsewhere.get(ME).await.refused(401, "not_signed_in");
            alice.get(ME).await.expect(200);
        } else {
            dies(&alice).await;
        }
        assert_eq!(socket.closed().await.0, 4401, "{way}");
        for person in [&bot, &bot.at(&there), &elsewhere.at(&there)] {
            dies(person).await;
        }
        let left = "select count(*) from api_tokens where user_id = $1 and revoked_at is null";
        let left: i64 = world.psql().await.query_one(left, &[&alice.id]).await.unwrap().get(0);
        assert_eq!(left, 0, "{way}");
    }
    bobs.get(ME).await.expect(200);
    bob.get(ME).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_races_with_a_new_password_loses() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    for round in 0..6 {
        let alice = here.person("Alice").await;
        let thief = alice.clone();
        let change = json!({"current_password": "trunkline1", "new_password": "trunkline2"});
        let wish = json!({"name": "bot", "current_password": "trunkline1"});
        let email = format!("thief{round}@example.com");
        let _ = tokio::join!(
            alice.post(PASSWORD, &change),
            thief.post(TOKENS, &wish),
            moves(&thief, &email, Some("trunkline1")),
        );
        let sql = "select count(*) from api_tokens where user_id = $1 and revoked_at is null";
        let left: i64 = psql.query_one(sql, &[&alice.id]).await.unwrap().get(0);
        assert_eq!(left, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_makes_so_many_tokens_and_no_more() {
    let world = World::with(&[("TRUNKLINE_LIMITS__API_TOKENS_PER_HOUR", "3")]).await;
    let here: Instance = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    for _ in 0..3 {
        let made = alice.post(TOKENS, &json!({"name": "bot"})).await.expect(201);
        alice.delete(&format!("{TOKENS}/{}", made["id"].as_str().unwrap())).await.expect(204);
    }
    let refused = alice.post(TOKENS, &json!({"name": "bot"})).await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.refused(429, "too_many_requests");
    bot_of(&bob).await;
    let noted = "select count(*) from audit where actor_id = $1";
    let noted: i64 = world.psql().await.query_one(noted, &[&alice.id]).await.unwrap().get(0);
    assert_eq!(noted, 6);
}
