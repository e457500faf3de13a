//! Clients that do not wait for their answers.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

use super::SECONDS;
use crate::support::{Person, World};

/// The statements of instances that are running or waiting for a lock.
const BUSY: &str = "select count(*) from pg_stat_activity
    where datname = current_database() and application_name like 'trunkline %' and application_name not like 'trunkline listener%' and state <> 'idle'";

/// Sends a request and is gone before anybody could answer.
async fn hangs_up(person: &Person, method: Method, path: &str, body: Option<serde_json::Value>) {
    let request = person.request(method, path).timeout(Duration::from_millis(60));
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    request.send().await.unwrap_err();
}

async fn until_nothing_runs(world: &World) {
    let psql = world.psql().await;
    let begun = Instant::now();
    while psql.query_one(BUSY, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "statements go on for nobody");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_early_takes_no_connection_along() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Long").await;
    let message = alice.says(chat, "hello").await["id"].as_str().unwrap().to_owned();
    // Whatever reads or writes messages waits, for as long as the story wants.
    let psql = world.psql().await;
    psql.batch_execute("begin; lock table messages in access exclusive mode").await.unwrap();
    let messages = format!("/api/v1/chats/{chat}/messages");
    for _ in 0..8 {
        hangs_up(&alice, Method::GET, &messages, None).await;
        hangs_up(&alice, Method::GET, &format!("{messages}?search=zq"), None).await;
        hangs_up(&alice, Method::GET, &format!("{messages}?format=csv"), None).await;
        hangs_up(&alice, Method::GET, "/api/v1/search/messages?search=hello&format=xlsx", None).await;
        hangs_up(&alice, Method::GET, &format!("/api/v1/chats/{chat}/log"), None).await;
        hangs_up(&alice, Method::PATCH, &format!("{messages}/{message}"), Some(json!({"content": "no"})))
            .await;
        hangs_up(&alice, Method::DELETE, &format!("{messages}/{message}"), None).await;
        hangs_up(&alice, Method::PUT, &format!("{messages}/{message}/pin"), None).await;
    }
    until_nothing_runs(&world).await;
    // A pool of eight, sixty-four hang-ups: everybody else is served, and the chat is not held.
    for _ in 0..8 {
        bob.get("/api/v1/users/me").await.expect(200);
    }
    psql.batch_execute("rollback").await.unwrap();
    let now = alice.get(&format!("{messages}/{message}")).await.expect(200);
    assert_eq!((&now["content"], &now["recalled_at"]), (&json!("hello"), &serde_json::Value::Null));
    alice.says(chat, "free").await;
    bob.get(&format!("{messages}?format=csv")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_cancelled_and_says_when_to_come_again() {
    let world = World::with(SECONDS).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat: Uuid = alice.creates_chat("Slow").await;
    let psql = world.psql().await;
    psql.batch_execute("begin; lock table members, messages in access exclusive mode").await.unwrap();
    for path in
        [format!("/api/v1/chats/{chat}/members"), format!("/api/v1/chats/{chat}/log"), "/api/v1/chats".into()]
    {
        let answer = alice.get(&path).await;
        assert!(answer.headers.contains_key("retry-after"), "{path}");
        answer.refused(503, "not_ready");
    }
    until_nothing_runs(&world).await;
    psql.batch_execute("rollback").await.unwrap();
    alice.get(&format!("/api/v1/chats/{chat}/members")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_transaction_does_not_hold_a_chat_for_hours() {
    let world = World::new().await;
    let here = world.instance().await;
    let db = here.app.db().await.unwrap();
    let sql = "select setting || unit from pg_settings where name = $1";
    for (name, wanted) in [
        ("idle_in_transaction_session_timeout", "15000ms"),
        ("tcp_keepalives_idle", "10s"),
        ("tcp_user_timeout", "10000ms"),
        ("client_connection_check_interval", "5000ms"),
        ("statement_timeout", "600000ms"),
        ("idle_session_timeout", "0ms"),
    ] {
        let is: Option<String> = trunkline::db::query::scalar(&db, sql, &[&name]).await.unwrap();
        assert_eq!(is.as_deref(), Some(wanted), "{name}");
    }
}
