//! What is taken for later, and what is not.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::{MINE, at, hands_in};
use crate::support::{Person, World};

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_is_listed_and_can_be_taken_back_by_its_sender_alone() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let when = at(3600);
    let receipt = hands_in(&alice, chat, "later", when).await.expect(202);
    assert_eq!(receipt.as_object().unwrap().len(), 2);
    // Again it is the same; with other words, or at another time, it is not.
    assert_eq!(hands_in(&alice, chat, "later", when).await.expect(202), receipt);
    let path = format!("/api/v1/chats/{chat}/messages");
    let other = json!({"content": "other", "client_id": "later", "send_at": when});
    alice.post(&path, &other).await.refused(409, "client_id_reused");
    hands_in(&alice, chat, "later", at(7200)).await.refused(409, "client_id_reused");
    let key = |content: &str| {
        let body = json!({"content": content, "send_at": when});
        Person::send(alice.request(Method::POST, &path).header("idempotency-key", "k").json(&body))
    };
    let keyed = key("keyed").await.expect(202);
    assert_eq!(key("keyed").await.expect(202), keyed);
    key("another").await.refused(409, "idempotency_key_reused");
    let unnamed = alice.post(&path, &json!({"content": "unnamed", "send_at": at(60)})).await.expect(202);
    let list = alice.get(MINE).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(3), &unnamed["id"]));
    assert_eq!((&list["items"][1]["status"], &list["items"][1]["reason"]), (&json!("waiting"), &json!(null)));
    assert_eq!(alice.get(&format!("{MINE}?chat_id={}", Uuid::now_v7())).await.expect(200)["total"], 0);
    assert_eq!(bob.get(MINE).await.expect(200)["total"], 0);
    let one = format!("{MINE}/{}", receipt["id"].as_str().unwrap());
    bob.delete(&one).await.refused(404, "not_found");
    alice.delete(&one).await.expect(204);
    alice.delete(&one).await.refused(404, "not_found");
    assert_eq!(alice.get(&path).await.expect(200)["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_never_be_sent_is_refused_at_once() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Private").await;
    let path = format!("/api/v1/chats/{chat}/messages");
    for (send_at, field) in [
        (json!(at(-1)), "send_at"),
        (json!(at(367 * 86400)), "send_at"),
        (json!("tomorrow"), "send_at"),
        (json!(7), "send_at"),
    ] {
        let body = json!({"content": "x", "send_at": send_at});
        let refused = alice.post(&path, &body).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let send_at = at(60);
    for (body, field) in [
        (json!({"send_at": send_at}), "content"),
        (json!({"content": " ", "send_at": send_at}), "content"),
        (json!({"content": "x", "reply_to": Uuid::now_v7(), "send_at": send_at}), "reply_to"),
        (json!({"content": "x", "attachments": [Uuid::now_v7()], "send_at": send_at}), "attachments"),
    ] {
        let refused = alice.post(&path, &body).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    hands_in(&bob, chat, "x", send_at).await.refused(404, "not_found");
    hands_in(&bob, Uuid::now_v7(), "x", send_at).await.refused(404, "not_found");
    let direct = world.direct_chat(alice.id, bob.id).await;
    alice.put(&format!("/api/v1/blocks/{}", bob.id), &json!({})).await.expect(204);
    hands_in(&bob, direct, "x", send_at).await.refused(403, "blocked");
    // A socket says it now or not at all.
    let mut socket = alice.opens(chat).await;
    socket.sends(&json!({"type": "chat.send", "chat_id": chat, "content": "x", "send_at": send_at})).await;
    assert_eq!(socket.expect("error").await["code"], "validation_failed");
    assert_eq!(alice.get(MINE).await.expect(200)["total"], 0);
    assert_eq!(alice.get(&path).await.expect(200)["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_wait_for_one_person_however_many_come_at_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let sql = "insert into scheduled_messages (user_id, chat_id, client_id, content, send_at)
        select $1, $2, n::text, 'x', now() + interval '1 hour' from generate_series(1, 95) as n";
    world.psql().await.execute(sql, &[&alice.id, &chat]).await.unwrap();
    let elsewhere = alice.at(&there);
    let wants = (0..12).map(|number| {
        let person = if number % 2 == 0 { &alice } else { &elsewhere };
        async move { hands_in(person, chat, &format!("more {number}"), at(3600)).await }
    });
    let mut taken = 0;
    for answer in join_all(wants).await {
        match answer.status {
            202 => taken += 1,
            _ => _ = answer.refused(409, "conflict"),
        }
    }
    assert_eq!((taken, &alice.get(MINE).await.expect(200)["total"]), (5, &json!(100)));
    hands_in(&here.person("Bob").await, chat, "x", at(60)).await.expect(202);
}
