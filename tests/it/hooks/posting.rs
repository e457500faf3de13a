//! What is posted to a hook, and how it arrives.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use super::{hook, latest, path, posts};
use crate::support::{Person, World};

#[tokio::test(flavor = "multi_thread")]
async fn it_arrives_live_on_every_instance_like_any_message() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Private").await;
    world.adds(chat, bob.id).await;
    let made = hook(&alice, chat, "Monitor").await;
    let mut sockets = [alice.opens(chat).await, bob.at(&there).opens(chat).await];
    let username = bob.get("/api/v1/users/me").await.expect(200)["username"].as_str().unwrap().to_owned();
    let posted = posts(&made, &json!({"text": format!("disk is full @{username}")})).await.expect(200);
    assert_eq!((posted.as_object().unwrap().len(), &posted["ok"]), (2, &json!(true)));
    for socket in &mut sockets {
        let frame = socket.expect("new_message").await;
        assert_eq!((&frame["message"]["id"], &frame["actor_id"]), (&posted["id"], &made["bot_id"]));
        assert_eq!(frame["message"]["mentions"], json!([bob.id]));
    }
    let inbox = bob.at(&there).get("/api/v1/chats").await.expect(200)["items"][0].take();
    assert_eq!((&inbox["unread_count"], &inbox["mention_count"]), (&json!(1), &json!(1)));
    // The other instance takes it, too; it is in nobody's list of members.
    let address = made["url"].as_str().unwrap().replace(&here.base, &there.base);
    Person::send(Client::new().post(address).json(&json!({"text": "still full"}))).await.expect(200);
    assert_eq!(sockets[0].hears(1).await, ["still full"]);
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}/members")).await.expect(200)["total"], 2);
    let list = alice.get(&path(chat)).await.expect(200);
    assert!(list["items"][0]["used_at"].is_string(), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_one_message() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let made = hook(&alice, chat, "Monitor").await;
    let send = async |base: &str, body: Value| {
        let url = made["url"].as_str().unwrap().replace(&here.base, base);
        Person::send(Client::new().post(url).header("idempotency-key", "7").json(&body)).await
    };
    let first = send(&here.base, json!({"text": "once"})).await.expect(200);
    assert_eq!(send(&there.base, json!({"text": "once"})).await.expect(200), first);
    send(&here.base, json!({"text": "other"})).await.refused(409, "idempotency_key_reused");
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}/messages")).await.expect(200)["total"], 1);
    assert_eq!(latest(&alice, chat).await["client_id"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_nothing_is_refused_and_what_is_too_long_is_cut() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let made = hook(&alice, chat, "Monitor").await;
    for body in [
        json!({}),
        json!({"text": ""}),
        json!({"text": 7}),
        json!({"texts": "x"}),
        json!({"text": "a\u{0}b"}),
    ] {
        let refused = posts(&made, &body).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "text", "{refused}");
    }
    posts(&made, &json!(["text"])).await.refused(400, "malformed");
    posts(&made, &json!({"text": "x".repeat(1024 * 1024)})).await.refused(413, "too_large");
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}/messages")).await.expect(200)["total"], 0);
    posts(&made, &json!({"text": "x".repeat(100_000)})).await.expect(200);
    let said = latest(&alice, chat).await["content"].as_str().unwrap().to_owned();
    assert!(said.ends_with("x\n… (cut: 100000 characters were sent)") && said.chars().count() == 4096);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_floods_is_stopped_and_nobody_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let (loud, quiet) = (hook(&alice, chat, "Loud").await, hook(&alice, chat, "Quiet").await);
    let mut refused = None;
    for _ in 0..400 {
        let answer = posts(&loud, &json!({"text": "x"})).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("five a second, and no more");
    assert!(refused.headers.contains_key("retry-after"));
    refused.refused(429, "too_many_requests");
    posts(&quiet, &json!({"text": "y"})).await.expect(200);
    alice.says(chat, "z").await;
    // A moment later it goes on.
    for wait in 0..50 {
        if posts(&loud, &json!({"text": "x"})).await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100 * wait.min(5))).await;
    }
    panic!("it is refused for ever");
}
