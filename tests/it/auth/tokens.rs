//! Personal API tokens: a program acts for somebody, as long as they like and no longer.

use std::time::Duration;

use serde_json::{Value, json};
use trunkline::http::Caller;
use uuid::Uuid;

use super::signing_in::dies;
use crate::support::{Person, Proxy, Socket, World};

const TOKENS: &str = "/api/v1/auth/tokens";
const ME: &str = "/api/v1/users/me";

/// Makes a token; whoever bears it, and the answer.
async fn token_of(person: &Person, wish: Value) -> (Person, Value) {
    let made = person.post(TOKENS, &wish).await.expect(201);
    (person.bearing(made["token"].as_str().unwrap()), made)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_every_door_its_owner_may_open() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let (bot, made) = token_of(&alice, json!({"name": " weather bot "})).await;
    assert_eq!(
        (&made["name"], &made["scopes"], &made["expires_at"]),
        (&json!("weather bot"), &json!([]), &Value::Null)
    );
    assert!(bot.token.starts_with("tl_"));
    assert_eq!(bot.at(&there).get(ME).await.expect(200)["id"], json!(alice.id));
    let chat = bot.creates_chat("Weather").await;
    let mut socket = bot.at(&there).opens(chat).await;
    bot.says(chat, "rain").await;
    assert_eq!(socket.hears(1).await, ["rain"]);
    let protocols = format!("trunkline.v1, bearer.{}", bot.token);
    let headers = [("sec-websocket-protocol", protocols.as_str())];
    Socket::open_with(&here.base, "/api/v1/ws", &headers).await.unwrap().expect("welcome").await;

    let list = alice.get(TOKENS).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &made["id"]));
    assert!(
        list["items"][0]["last_used_at"].is_string() && list["items"][0].get("token").is_none(),
        "{list}"
    );
    let psql = world.psql().await;
    let rows = psql.query_one("select row_to_json(api_tokens)::text from api_tokens", &[]).await.unwrap();
    assert!(!rows.get::<_, String>(0).contains(&bot.token[20..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_ended_is_refused_everywhere() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    there.listens(&world).await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let chat = alice.creates_chat("Weather").await;
    let psql = world.psql().await;
    for way in ["api", "itself", "update", "delete"] {
        let (bot, made) = token_of(&alice, json!({"name": way})).await;
        let (mut near, mut far) = (bot.opens(chat).await, bot.at(&there).opens(chat).await);
        let id: Uuid = made["id"].as_str().unwrap().parse().unwrap();
        let path = format!("{TOKENS}/{id}");
        eve.delete(&path).await.refused(404, "not_found");
        match way {
            "api" => _ = alice.delete(&path).await.expect(204),
            "itself" => _ = bot.delete(&path).await.expect(204),
            "update" => {
                let sql = "update api_tokens set revoked_at = now() where id = $1";
                psql.execute(sql, &[&id]).await.unwrap();
            }
            _ => _ = psql.execute("delete from api_tokens where id = $1", &[&id]).await.unwrap(),
        }
        if ["api", "itself"].contains(&way) {
            bot.get(ME).await.refused(401, "not_signed_in");
        }
        assert_eq!((near.closed().await.0, far.closed().await.0), (4401, 4401), "{way}");
        dies(&bot).await;
        dies(&bot.at(&there)).await;
        alice.delete(&path).await.refused(404, "not_found");
    }
    assert_eq!(alice.get(TOKENS).await.expect(200)["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_costs_no_query_with_each_request() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (bot, _) = token_of(&alice, json!({"name": "bot"})).await;
    bot.get(ME).await.expect(200);
    let psql = world.psql().await;
    // Nothing can be read of the table any more: what is known is enough for a while.
    psql.batch_execute("alter table api_tokens rename to api_tokens_elsewhere").await.unwrap();
    for _ in 0..5 {
        bot.get(ME).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_when_it_was_to_end() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let soon = (chrono::Utc::now() + chrono::TimeDelta::milliseconds(1500)).to_rfc3339();
    let (bot, _) = token_of(&alice, json!({"name": "bot", "expires_at": soon})).await;
    let mut socket = Socket::open(&here.base, "/api/v1/ws", &bot.token).await.unwrap();
    bot.get(ME).await.expect(200);
    tokio::time::sleep(Duration::from_millis(1600)).await;
    bot.get(ME).await.refused(401, "not_signed_in");
    // At once, and not with the next heartbeat.
    let ended = tokio::time::timeout(Duration::from_secs(3), socket.closed()).await;
    assert_eq!(ended.expect("the socket of an expired token stays open").0, 4401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_while_its_socket_is_let_in_ends_it() {
    let world = World::new().await;
    let proxy = Proxy::start(&world.url_of_instances()).await;
    let here = world.instance_at(proxy.url()).await;
    let alice = here.person("Alice").await;
    let soon = chrono::Utc::now() + chrono::TimeDelta::milliseconds(2500);
    let (bot, _) = token_of(&alice, json!({"name": "bot", "expires_at": soon.to_rfc3339()})).await;
    // Known by now: the handshake asks nobody, who is let in has to wait.
    bot.get(ME).await.expect(200);
    proxy.freeze();
    let (base, token) = (here.base.clone(), bot.token.clone());
    let opened = tokio::spawn(async move { Socket::open(&base, "/api/v1/ws", &token).await });
    let left = (soon - chrono::Utc::now()).to_std().unwrap_or_default();
    tokio::time::sleep(left + Duration::from_millis(200)).await;
    proxy.thaw();
    let mut socket = opened.await.unwrap().expect("the handshake waits for no table");
    let ended = tokio::time::timeout(Duration::from_secs(10), socket.closed()).await;
    assert_eq!(ended.expect("the socket of an expired token stays open").0, 4401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_does_not_make_more_of_itself() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let scopes = json!(["GET:/api/v1/users/me", "POST:/api/v1/chats"]);
    let (bot, made) = token_of(&alice, json!({"name": "bot", "scopes": scopes})).await;
    assert_eq!(made["scopes"], scopes);
    let (other, _) = token_of(&alice, json!({"name": "other"})).await;
    bot.post(TOKENS, &json!({"name": "more"})).await.refused(403, "forbidden");
    let change = json!({"current_password": "trunkline1", "new_password": "trunkline2"});
    bot.post("/api/v1/auth/password", &change).await.refused(403, "forbidden");
    bot.act("/api/v1/auth/logout").await.refused(403, "forbidden");
    // Who reads the mail of an account may set its password.
    let mine = alice.get(ME).await.expect(200);
    let mut profile = json!({"name": "Alice", "username": mine["username"], "email": "evil@example.com"});
    other.put(&format!("/api/v1/users/{}", alice.id), &profile).await.refused(403, "forbidden");
    profile["email"] = mine["email"].clone();
    other.put(&format!("/api/v1/users/{}", alice.id), &profile).await.expect(200);
    let session = alice.get("/api/v1/auth/sessions").await.expect(200)["items"][0]["id"].clone();
    let session = session.as_str().unwrap();
    bot.delete(&format!("/api/v1/auth/sessions/{session}")).await.refused(403, "forbidden");
    let all = alice.get(TOKENS).await.expect(200);
    let id =
        all["items"].as_array().unwrap().iter().find(|token| token["name"] == "other").unwrap()["id"].clone();
    bot.delete(&format!("{TOKENS}/{}", id.as_str().unwrap())).await.refused(403, "forbidden");
    other.get(ME).await.expect(200);
    // What it is good for is known wherever it is shown.
    let caller = Caller::from_token(&here.app, &poem::Request::default(), &bot.token).await.unwrap();
    let known = caller.scopes(&here.app).await.unwrap();
    assert_eq!(json!(known.as_deref()), scopes);
    caller.require_scope(&here.app, "POST:/api/v1/chats").await.unwrap();
    caller.require_scope(&here.app, "GET:/api/v1/chats").await.unwrap_err();
    let caller = Caller::from_token(&here.app, &poem::Request::default(), &alice.token).await.unwrap();
    assert_eq!(caller.scopes(&here.app).await.unwrap(), None);
    caller.require_scope(&here.app, "GET:/api/v1/chats").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_makes_no_sense_is_refused_by_name() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for (wish, field) in [
        (json!({"name": " "}), "name"),
        (json!({"name": "x".repeat(256)}), "name"),
        (json!({"name": "bot", "expires_at": "2020-01-01T00:00:00Z"}), "expires_at"),
        (json!({"name": "bot", "expires_at": "tomorrow"}), "expires_at"),
        (json!({"name": "bot", "scopes": ["GET:/api/v1/chats", "everything"]}), "scopes[1]"),
        (json!({"name": "bot", "scopes": ["GET:/api/v1/chats", "GET:/api/v1/nosuch"]}), "scopes[1]"),
        (json!({"name": "bot", "scopes": vec!["*"; 201]}), "scopes"),
    ] {
        let refused = alice.post(TOKENS, &wish).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    for nonsense in ["tl_", "tl_AAAA", &format!("tl_{}", "A".repeat(64))] {
        alice.bearing(nonsense).get(ME).await.refused(401, "not_signed_in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_token() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let with = async |who: &Person, name: &str| {
        let request = who.request(reqwest::Method::POST, TOKENS).header("idempotency-key", "once");
        Person::send(request.json(&json!({"name": name}))).await
    };
    let elsewhere = alice.at(&there);
    let (one, other) = tokio::join!(with(&alice, "bot"), with(&elsewhere, "bot"));
    let one = one.expect(201);
    assert_eq!(one, other.expect(201));
    with(&alice, "another").await.refused(409, "idempotency_key_reused");
    assert_eq!(alice.get(TOKENS).await.expect(200)["total"], 1);
    let sql = "select answer::text from idempotency_keys";
    let kept: String = world.psql().await.query_one(sql, &[]).await.unwrap().get(0);
    assert!(!kept.contains("tl_"), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_has_no_tokens() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    there.listens(&world).await;
    let alice = here.person("Alice").await;
    let (bot, _) = token_of(&alice, json!({"name": "bot"})).await;
    let mut socket = Socket::open(&there.base, "/api/v1/ws", &bot.token).await.unwrap();
    let psql = world.psql().await;
    psql.execute("update users set status = 'suspended' where id = $1", &[&alice.id]).await.unwrap();
    assert_eq!(socket.closed().await.0, 4401);
    dies(&bot).await;
    psql.execute("update users set status = 'active' where id = $1", &[&alice.id]).await.unwrap();
    bot.get(ME).await.refused(401, "not_signed_in");
}
