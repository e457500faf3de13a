//! What the log says of people: that a request came and how it ended, and nothing they said.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, Wire, World};

/// From now on no profile can be changed, and the database says so with the row in its detail.
const BROKEN: &str = "
    create function broken() returns trigger language plpgsql as
        $$ begin new.username := null; return new; end $$;
    create trigger zz_broken before update on users for each row execute function broken()";

/// The lines of one request; the stories beside this one are heard too, and say nothing of ours.
fn of(log: &str, id: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["id"] == id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_one_line_and_nothing_people_said() {
    let world = World::new().await;
    let here = world.instance().await;
    let (password, text) = ("s3cret-walrus-password", "the-walrus-and-the-carpenter");
    let email = "walrus-in-the-log@example.com";
    let mut walrus = here.person("Stranger").await;
    walrus.token.clear();
    let send = async |who: &Person, id: &str, method: Method, path: &str, body: Value| {
        Person::send(who.request(method, path).header("x-request-id", id).json(&body)).await
    };
    let (post, get) = (Method::POST, Method::GET);
    let account = json!({"email": email, "password": password, "name": "Walrus"});
    send(&walrus, "log-register", post.clone(), "/api/v1/auth/register", account.clone()).await.expect(201);
    send(&walrus, "log-again", post.clone(), "/api/v1/auth/register", account).await.expect(409);
    let wrong = json!({"email": email, "password": "wrong-walrus-password1"});
    send(&walrus, "log-wrong", post.clone(), "/api/v1/auth/login", wrong).await.expect(401);
    let right = json!({"email": email, "password": password});
    let pair = send(&walrus, "log-login", post.clone(), "/api/v1/auth/login", right).await.expect(200);
    let token = |name: &str| pair[name].as_str().unwrap().to_owned();
    (walrus.token, walrus.refresh_token) = (token("access_token"), token("refresh_token"));
    let change = json!({"current_password": password, "new_password": "new-walrus-password1"});
    send(&walrus, "log-change", post.clone(), "/api/v1/auth/password", change).await.expect(204);
    let made = send(&walrus, "log-token", post.clone(), "/api/v1/auth/tokens", json!({"name": text}))
        .await
        .expect(201);
    let bot = walrus.bearing(made["token"].as_str().unwrap());
    send(&bot, "log-bot", Method::GET, "/api/v1/users/me", json!({})).await.expect(200);
    let chat = walrus.creates_chat("Log").await;
    let path = format!("/api/v1/chats/{chat}/messages");
    send(&walrus, "log-post", post.clone(), &path, json!({"content": text})).await.expect(201);
    send(&walrus, "log-broken", post.clone(), &path, json!({"content": text, "reply_to": text}))
        .await
        .expect(400);
    let query = format!("/api/v1/chats?search={text}&access_token={}", walrus.token);
    send(&walrus, "log-search", get.clone(), &query, json!({})).await.expect(200);
    send(&walrus, "log-nowhere", get, &format!("/nowhere/{text}"), json!({})).await.expect(404);
    let invite = walrus.act(&format!("/api/v1/chats/{chat}/invites")).await.expect(201);
    let invite = invite["token"].as_str().unwrap();
    let accept = format!("/api/v1/invites/{invite}/accept");
    send(&walrus, "log-accept", post.clone(), &accept, json!({})).await.expect(200);
    send(&walrus, "log-nobody", post.clone(), &format!("{accept}/{text}"), json!({})).await.expect(404);
    let mut socket = walrus.opens(chat).await;
    socket.sends(&json!({"type": "chat.send", "ref": 1, "chat_id": chat, "content": text})).await;
    assert!(socket.next().await.to_string().contains(text));
    // A failure whose cause holds the whole row, and in it what was written.
    world.psql().await.batch_execute(BROKEN).await.unwrap();
    send(&walrus, "log-failure", Method::PATCH, "/api/v1/users/me", json!({"name": text})).await.expect(500);
    Wire::exchange(&here.base, format!("{text} / HTTP/1.1\r\nauthorization: {password}\r\n\r\n")).await;

    let log = world.log();
    for (id, method, path, status) in [
        ("log-register", "POST", "/api/v1/auth/register", 201),
        ("log-again", "POST", "/api/v1/auth/register", 409),
        ("log-wrong", "POST", "/api/v1/auth/login", 401),
        ("log-login", "POST", "/api/v1/auth/login", 200),
        ("log-change", "POST", "/api/v1/auth/password", 204),
        ("log-token", "POST", "/api/v1/auth/tokens", 201),
        ("log-bot", "GET", "/api/v1/users/me", 200),
        ("log-post", "POST", "/api/v1/chats/{chat_id}/messages", 201),
        ("log-broken", "POST", "/api/v1/chats/{chat_id}/messages", 400),
        ("log-search", "GET", "/api/v1/chats", 200),
        ("log-nowhere", "GET", "-", 404),
        ("log-accept", "POST", "/api/v1/invites/{token}/accept", 200),
        ("log-nobody", "POST", "-", 404),
        ("log-failure", "PATCH", "/api/v1/users/me", 500),
    ] {
        let mut lines = of(&log, id);
        let line = lines.pop().unwrap_or_else(|| panic!("{id} is not in the log"));
        let found = (line["method"].as_str(), line["path"].as_str(), line["status"].as_u64());
        assert_eq!(found, (Some(method), Some(path), Some(status)), "{id}");
        assert!(line["ms"].as_f64().is_some_and(|ms| ms >= 0.0), "{line}");
        assert_eq!(lines.len(), usize::from(status == 500), "{lines:?}");
    }
    let tokens = [walrus.token.as_str(), walrus.refresh_token.as_str(), bot.token.as_str(), invite];
    for secret in [password, "wrong-walrus", "new-walrus", text, email].into_iter().chain(tokens) {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_else_is_said_while_a_request_is_answered_has_its_id() {
    let world = World::with(&[("TRUNKLINE_AUTH__REFRESH_GRACE_SECONDS", "0")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for (id, status) in [("log-first", 200), ("log-theft", 401)] {
        let body = json!({"refresh_token": alice.refresh_token});
        let request = alice.request(Method::POST, "/api/v1/auth/token/refresh").header("x-request-id", id);
        Person::send(request.json(&body)).await.expect(status);
    }
    let log = world.log();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let said: Vec<_> = lines.filter(|line| line["span"]["id"] == "log-theft").collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0]["message"], "a used refresh token came back: session revoked");
    assert_eq!(of(&log, "log-theft").len(), 1);
}
