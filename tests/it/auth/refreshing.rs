//! Staying signed in: each refresh token is good for one use, a short grace, and one browser.

use std::time::Duration;

use reqwest::{Method, header::HeaderValue};
use serde_json::{Value, json};

use super::signing_in::dies;
use crate::support::{Answer, Person, Visitor, World};

const REFRESH: &str = "/api/v1/auth/token/refresh";

async fn refresh(visitor: &Visitor, token: &str) -> Answer {
    visitor.post(REFRESH, &json!({"refresh_token": token})).await
}

fn of(pair: &Value, which: &str) -> String {
    pair[which].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_gives_the_next_pair() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let mut alice = here.person("Alice").await;
    let visitor = Visitor::at(&there.base);
    let first = alice.refresh_token.clone();
    let pair = refresh(&visitor, &first).await.expect(200);
    assert_ne!(of(&pair, "refresh_token"), first);
    alice.token = of(&pair, "access_token");
    alice.get("/api/v1/users/me").await.expect(200);
    let third = refresh(&visitor, &of(&pair, "refresh_token")).await.expect(200);
    assert_ne!(of(&third, "refresh_token"), of(&pair, "refresh_token"));
    for nonsense in ["", "nonsense", &alice.token] {
        refresh(&visitor, nonsense).await.refused(401, "session_over");
    }
    visitor.post(REFRESH, &json!({})).await.refused(401, "session_over");
    let bare = visitor.request(Method::POST, REFRESH);
    Person::send(bare).await.refused(401, "session_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_refresh_at_once_both_stay_signed_in() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let (one, other) =
        tokio::join!(refresh(&visitor, &alice.refresh_token), refresh(&visitor, &alice.refresh_token));
    let (one, other) = (one.expect(200), other.expect(200));
    assert_ne!(of(&one, "refresh_token"), of(&other, "refresh_token"));
    for pair in [one, other] {
        refresh(&visitor, &of(&pair, "refresh_token")).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spent_token_that_comes_back_late_ends_the_session() {
    for grace in ["0", "1"] {
        let world = World::with(&[("TRUNKLINE_AUTH__REFRESH_GRACE_SECONDS", grace)]).await;
        let (here, there) = (world.instance().await, world.instance().await);
        there.listens(&world).await;
        let mut alice = here.person("Alice").await;
        let visitor = Visitor::at(&here.base);
        let pair = refresh(&visitor, &alice.refresh_token).await.expect(200);
        if grace == "1" {
            refresh(&visitor, &alice.refresh_token).await.expect(200);
            tokio::time::sleep(Duration::from_millis(1100)).await;
        }
        refresh(&visitor, &alice.refresh_token).await.refused(401, "session_over");
        alice.token = of(&pair, "access_token");
        alice.get("/api/v1/users/me").await.refused(401, "not_signed_in");
        dies(&alice.at(&there)).await;
        refresh(&visitor, &of(&pair, "refresh_token")).await.refused(401, "session_over");
        let sql = "select count(*) from sessions where user_id = $1 and revoked_at is not null";
        let revoked: i64 = world.psql().await.query_one(sql, &[&alice.id]).await.unwrap().get(0);
        assert_eq!(revoked, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_browser_can_not_use_the_token() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let form = json!({"email": alice.email, "password": "trunkline1"});
    let agent = [("user-agent", "Firefox")];
    let pair = visitor.post_with("/api/v1/auth/login", &agent, &form).await.expect(200);
    let token = json!({"refresh_token": pair["refresh_token"]});
    visitor.post_with(REFRESH, &[("user-agent", "curl")], &token).await.refused(401, "session_over");
    visitor.post(REFRESH, &token).await.refused(401, "session_over");
    // Nothing is lost for the right one.
    visitor.post_with(REFRESH, &agent, &token).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_whose_name_is_no_text_is_told_from_others_all_the_same() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let post = |path: &str, agent: &[u8], body: &Value| {
        let agent = HeaderValue::from_bytes(agent).unwrap();
        Person::send(visitor.request(Method::POST, path).header("user-agent", agent).json(body))
    };
    let form = json!({"email": alice.email, "password": "trunkline1"});
    let pair = post("/api/v1/auth/login", b"Caf\xe9/1.0", &form).await.expect(200);
    let sessions = alice.bearing(&of(&pair, "access_token")).get("/api/v1/auth/sessions").await.expect(200);
    let own =
        sessions["items"].as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
    assert_eq!(own["user_agent"], "Caf\u{fffd}/1.0");
    let token = json!({"refresh_token": pair["refresh_token"]});
    for other in [&b"Th\xe9/1.0"[..], b"\xff", b""] {
        post(REFRESH, other, &token).await.refused(401, "session_over");
    }
    post(REFRESH, b"Caf\xe9/1.0", &token).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_updates_itself_stays_signed_in() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let chrome = |platform: &str, version: &str| {
        format!(
            "Mozilla/5.0 ({platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version} Safari/537.36"
        )
    };
    let (before, after) =
        (chrome("X11; Linux x86_64", "141.0.0.0"), chrome("X11; Linux x86_64", "142.0.1.0"));
    let form = json!({"email": alice.email, "password": "trunkline1"});
    let mut pair =
        visitor.post_with("/api/v1/auth/login", &[("user-agent", &before)], &form).await.expect(200);
    let edge = format!("{after} Edg/142.0.0.0");
    let on_windows = chrome("Windows NT 10.0; Win64; x64", "142.0.1.0");
    for agent in [edge.as_str(), &on_windows, "curl/8.5.0", ""] {
        let token = json!({"refresh_token": pair["refresh_token"]});
        visitor.post_with(REFRESH, &[("user-agent", agent)], &token).await.refused(401, "session_over");
    }
    for agent in [&after, &after, &before] {
        let token = json!({"refresh_token": pair["refresh_token"]});
        pair = visitor.post_with(REFRESH, &[("user-agent", agent)], &token).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_refreshes_by_cookie() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let cookie = format!("refresh_token={}", alice.refresh_token);
    let foreign = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
    visitor.post_with(REFRESH, &foreign, &json!({})).await.refused(403, "foreign_origin");
    let answer = visitor.post_with(REFRESH, &[("cookie", &cookie)], &json!({})).await;
    let set: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(set.len(), 2);
    let token = of(&answer.expect(200), "refresh_token");
    let cookie = format!("refresh_token={token}");
    let bare = visitor.request(Method::POST, REFRESH).header("cookie", cookie);
    Person::send(bare).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_was_left_behind_signs_nobody_out() {
    let world = World::with(&[("TRUNKLINE_AUTH__REFRESH_GRACE_SECONDS", "0")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let spent = alice.refresh_token.clone();
    let mut good = of(&refresh(&visitor, &spent).await.expect(200), "refresh_token");
    // A longer path comes first, whatever it holds: rubbish, or the spent one of the same session.
    for others in ["stale".to_owned(), spent.clone(), format!("; refresh_token=older; refresh_token={spent}")]
    {
        let cookie = format!("refresh_token={others}; refresh_token={good}");
        let pair = visitor.post_with(REFRESH, &[("cookie", &cookie)], &json!({})).await.expect(200);
        good = of(&pair, "refresh_token");
    }
    // The good one may not hide behind any number of them.
    let cookie = format!("{}refresh_token={good}", "refresh_token=x; ".repeat(4));
    visitor.post_with(REFRESH, &[("cookie", &cookie)], &json!({})).await.refused(401, "session_over");
    // Where none is good, a spent one is what it always was.
    let cookie = format!("refresh_token=stale; refresh_token={spent}");
    visitor.post_with(REFRESH, &[("cookie", &cookie)], &json!({})).await.refused(401, "session_over");
    refresh(&visitor, &good).await.refused(401, "session_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_account_and_an_old_token_get_no_pair() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let visitor = Visitor::at(&here.base);
    let psql = world.psql().await;
    psql.execute("update users set status = 'suspended' where id = $1", &[&alice.id]).await.unwrap();
    psql.batch_execute("update refresh_tokens set expires_at = now() - interval '1 second'").await.unwrap();
    refresh(&visitor, &bob.refresh_token).await.refused(401, "session_over");
    refresh(&visitor, &alice.refresh_token).await.refused(401, "session_over");
    let form = json!({"email": alice.email, "password": "trunkline1"});
    visitor.post("/api/v1/auth/login", &form).await.refused(403, "suspended");
    let wrong = json!({"email": alice.email, "password": "trunkline2"});
    visitor.post("/api/v1/auth/login", &wrong).await.refused(401, "wrong_credentials");
}
