//! Any role of the database may send a notification. Nothing that arrives by one is believed without the tables, or without a
//! signature that only servers can make.

use std::{pin::Pin, time::Duration};

use futures_util::{StreamExt, stream};
use serde_json::json;
use tokio_postgres::{AsyncMessage, NoTls};
use uuid::Uuid;

use crate::support::{Instance, Person, Socket, World};

/// A gateway that follows everything, past its welcome.
async fn gateway(person: &Person) -> Socket {
    let mut socket = Socket::open(&person.base, "/api/v1/ws?subscribe=all", &person.token).await.unwrap();
    for _ in socket.expect("welcome").await["chats"].as_array().unwrap() {
        socket.expect("caught_up").await;
    }
    socket
}

async fn session_of(world: &World, person: &Person) -> Uuid {
    let sql = "select id from sessions where user_id = $1 and revoked_at is null";
    world.psql().await.query_one(sql, &[&person.id]).await.unwrap().get(0)
}

async fn refused(instance: &Instance) -> u64 {
    let metrics = instance.metrics().await;
    let line = metrics.lines().find_map(|line| line.strip_prefix("trunkline_notifications_refused_total "));
    line.expect("it is there from the start").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_look_ends_nothing_and_speaks_for_nobody() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let (chat, elsewhere) = (alice.creates_private_chat("Attic").await, alice.creates_chat("Lobby").await);
    world.adds(chat, bob.id).await;
    let (mut single, mut all) = (bob.opens(chat).await, gateway(&bob).await);
    let (session, a, b) = (session_of(&world, &bob).await, alice.id, bob.id);
    let token = bob
        .post("/api/v1/auth/tokens", &json!({"name": "mine", "current_password": "trunkline1"}))
        .await
        .expect(201);
    let bot = bob.bearing(token["token"].as_str().unwrap());
    bot.get("/api/v1/users/me").await.expect(200);
    let before = refused(&there).await;
    let (reader, _) = world.reader().await;
    let letters = format!(
        r#"[{{"t":["{chat}","{a}"]}},{{"c":["{chat}","{a}","{b}","\"hang up\""]}},{{"r":["{chat}","{a}",1]}}]"#
    );
    let mut payloads = vec![
        format!("s {session}"),
        format!("s {}", token["id"].as_str().unwrap()),
        format!("d {chat}"),
        format!("r {b}:{chat}"),
        format!("a {b}:{elsewhere}"),
        format!("o {a},{b}"),
        "g *".to_owned(),
        format!("g {b}"),
        format!("m {chat}:{}", i64::MAX),
        format!("m {chat}:-5"),
        format!("w {chat}"),
        format!("l {letters}"),
        format!("l+0 {letters}"),
        format!(
            "l {} {} 1 {} = {letters}",
            "0".repeat(32),
            a.simple(),
            chrono::Utc::now().timestamp_millis()
        ),
        format!("l  {} 1 {} = {letters}", a.simple(), chrono::Utc::now().timestamp_millis()),
        "l ".to_owned(),
        format!("l {}", "[".repeat(7_900)),
        format!("s {}", "0".repeat(7_900)),
        "x".repeat(7_999),
    ];
    payloads.extend((0..3_000).map(|_| format!("s {}", Uuid::new_v4())));
    payloads.extend((0..3_000).map(|_| format!("d {}", Uuid::new_v4())));
    payloads.extend((0..3_000).map(|number| format!("l {number} {letters}")));
    reader
        .execute("select pg_notify('trunkline', payload) from unnest($1::text[]) as payload", &[&payloads])
        .await
        .unwrap();
    single.hears_nothing().await;
    all.hears_nothing().await;
    for instance in [&here, &there] {
        bob.at(instance).get("/api/v1/users/me").await.expect(200);
        bot.at(instance).get("/api/v1/users/me").await.expect(200);
    }
    assert!(refused(&there).await > before, "what was refused is counted");
    // What is true is told at once all the same.
    alice.says(chat, "hello").await;
    let mut frames = [single.next().await, all.next().await];
    frames.iter_mut().for_each(|frame| assert_eq!(frame["message"]["content"], "hello", "{frame}"));
    alice.delete(&format!("/api/v1/chats/{chat}/members/{b}")).await.expect(204);
    assert_eq!(single.closed().await.0, 4403);
    all.expect("member_left").await;
    all.expect("chat_removed").await;
    bob.joins(elsewhere).await;
    all.expect("chat_added").await;
    bob.post("/api/v1/auth/logout", &json!({})).await.expect(204);
    assert_eq!(all.closed().await.0, 4401);
    tokio::time::sleep(Duration::from_millis(500)).await;
    for instance in [&here, &there] {
        bob.at(instance).get("/api/v1/users/me").await.expect(401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_is_not_heard_again() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_private_chat("Call").await;
    world.adds(chat, bob.id).await;
    let (mut hers, mut his) = (alice.opens(chat).await, bob.opens(chat).await);
    let (reader, url) = world.reader().await;
    let (listening, mut connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let (sender, mut overheard) = tokio::sync::mpsc::channel(100);
    let mut messages = stream::poll_fn(move |context| Pin::new(&mut connection).poll_message(context));
    tokio::spawn(async move {
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notification(notification) = message {
                let _ = sender.send(notification.payload().to_owned()).await;
            }
        }
    });
    listening.batch_execute("listen trunkline").await.unwrap();
    let signal = |data: String| json!({"type": "call.signal", "ref": 1, "chat_id": chat, "user_id": bob.id, "data": data});
    for data in ["ring".to_owned(), "x".repeat(20_000)] {
        assert_eq!(hers.asks(&signal(data.clone())).await["type"], "ack");
        assert_eq!(his.expect("call_signal").await["data"], data);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut heard: Vec<String> = Vec::new();
    while let Ok(payload) = overheard.try_recv() {
        if payload.starts_with("l ") {
            heard.push(payload);
        }
    }
    assert!(heard.len() >= 4, "{heard:?}");
    let again = "select pg_notify('trunkline', payload) from unnest($1::text[]) as payload";
    reader.execute(again, &[&heard]).await.unwrap();
    his.hears_nothing().await;
    // Nor on another connection, nor by who has just begun.
    world.deafens().await;
    let late = world.instance().await;
    late.listens(&world).await;
    let mut later = bob.at(&late).opens(chat).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    reader.execute(again, &[&heard]).await.unwrap();
    his.hears_nothing().await;
    later.hears_nothing().await;
    assert_eq!(hers.asks(&signal("once more".to_owned())).await["type"], "ack");
    for socket in [&mut his, &mut later] {
        assert_eq!(socket.expect("call_signal").await["data"], "once more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_changed_loses_no_letter() {
    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "another secret of at least 32 bytes";
    let world = World::new().await;
    let old = world.instance().await;
    let mut config = world.config();
    config.auth.jwt_secret = Some(trunkline::config::Secret::new(NEW));
    config.auth.old_jwt_secrets = vec![trunkline::config::Secret::new(OLD)];
    let new = world.instance_of(config).await;
    old.listens(&world).await;
    new.listens(&world).await;
    let (alice, bob) = (old.person("Alice").await, old.person("Bob").await);
    let chat = alice.creates_private_chat("Call").await;
    world.adds(chat, bob.id).await;
    let (mut hers, mut his) = (alice.opens(chat).await, bob.at(&new).opens(chat).await);
    let typing = json!({"type": "chat.typing", "ref": 1, "chat_id": chat});
    assert_eq!(hers.asks(&typing).await["type"], "ack");
    assert_eq!(his.expect("typing").await["user_id"], json!(alice.id));
    assert_eq!(his.asks(&typing).await["type"], "ack");
    assert_eq!(hers.expect("typing").await["user_id"], json!(bob.id));
}
