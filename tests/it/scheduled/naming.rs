//! One name is one message, whether it is sent now or later.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Duration, sleep};
use uuid::Uuid;

use super::{MINE, at, hands_in, messages};
use crate::support::{Answer, Person, World};

/// Says something now, by this name.
async fn says(person: &Person, chat: Uuid, content: &str, name: &str) -> Answer {
    let body = json!({"content": content, "client_id": name});
    person.post(&format!("/api/v1/chats/{chat}/messages"), &body).await
}

/// How many of somebody's wait.
async fn waiting(person: &Person) -> Value {
    person.get(MINE).await.expect(200)["total"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_sent_now_where_the_same_is_posted() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut socket = bob.at(&there).opens(chat).await;
    let when = at(2);
    let receipt = hands_in(&alice, chat, "hello", when).await.expect(202);
    // Other words are another message, and that name is taken; the one of somebody else is not.
    says(&alice, chat, "goodbye", "hello").await.refused(409, "client_id_reused");
    says(&bob, chat, "mine", "hello").await.expect(201);
    assert_eq!(socket.hears(1).await, ["mine"]);
    let sent = says(&alice.at(&there), chat, "hello", "hello").await.expect(201);
    assert_eq!((&sent["id"], &sent["client_id"], &sent["seq"]), (&receipt["id"], &json!("hello"), &json!(3)));
    let told = socket.expect("new_message").await;
    assert_eq!(told["message"], sent);
    // It is said by who is there, who has read up to it.
    let list = alice.get("/api/v1/chats").await.expect(200);
    assert_eq!(list["items"][0]["last_read_seq"], 3);
    assert_eq!(waiting(&alice).await, 0);
    // Again it is the same, now and for later.
    assert_eq!(says(&alice, chat, "hello", "hello").await.expect(200), sent);
    assert_eq!(hands_in(&alice, chat, "hello", when).await.expect(200), sent);
    says(&alice, chat, "goodbye", "hello").await.refused(409, "client_id_reused");
    sleep(Duration::from_secs(3)).await;
    assert_eq!(messages(&alice, chat, 2).await.len(), 2);
    assert_eq!(alice.get("/api/v1/notifications").await.expect(200)["total"], 0, "nothing has failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_replies_count_and_a_key_names_one_request() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let path = format!("/api/v1/chats/{chat}/messages");
    let first = alice.says(chat, "when?").await;
    let file = alice.uploads("plan.txt", "a plan").await;
    let whole =
        json!({"content": "so", "reply_to": first["id"], "attachments": [file["id"]], "client_id": "a"});
    let mut later = whole.clone();
    later["send_at"] = json!(at(3600));
    let receipt = alice.post(&path, &later).await.expect(202);
    for (field, other) in [("content", json!("no")), ("reply_to", Value::Null), ("attachments", json!([]))] {
        let mut body = whole.clone();
        body[field] = other;
        alice.post(&path, &body).await.refused(409, "client_id_reused");
    }
    let sent = alice.post(&path, &whole).await.expect(201);
    assert_eq!(
        (&sent["id"], &sent["kind"], &sent["reply_to"]),
        (&receipt["id"], &json!("media"), &first["id"])
    );
    assert_eq!(sent["attachments"][0]["id"], file["id"]);
    assert_eq!(waiting(&alice).await, 0);
    // A key is that of one request, and with a time it is another one.
    let keyed = |body: Value| {
        Person::send(alice.request(Method::POST, &path).header("idempotency-key", "k").json(&body))
    };
    keyed(json!({"content": "keyed", "send_at": at(3600)})).await.expect(202);
    keyed(json!({"content": "keyed"})).await.refused(409, "idempotency_key_reused");
    // What was not sent is no message, and its name is free.
    let psql = world.psql().await;
    hands_in(&alice, chat, "failed", at(3600)).await.expect(202);
    let fail =
        "update scheduled_messages set failed_at = now(), reason = 'banned' where client_id = 'failed'";
    psql.batch_execute(fail).await.unwrap();
    says(&alice, chat, "another", "failed").await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn now_and_later_at_once_are_one_message() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let elsewhere = alice.at(&there);
    let chat = alice.creates_chat("Lobby").await;
    for round in 0..25 {
        let name = format!("round {round}");
        let when = at(2);
        let tries = (0..6).map(|number| {
            let (person, name) = (if number % 2 == 0 { &alice } else { &elsewhere }, &name);
            async move {
                match number % 3 {
                    0 => hands_in(person, chat, name, when).await,
                    _ => says(person, chat, name, name).await,
                }
            }
        });
        let mut ids: Vec<_> = join_all(tries)
            .await
            .into_iter()
            .map(|answer| {
                assert!([200, 201, 202].contains(&answer.status), "{} {}", answer.status, answer.body);
                answer.body["id"].clone()
            })
            .collect();
        ids.dedup();
        assert_eq!(ids.len(), 1, "every answer names the same message: {ids:?}");
    }
    assert_eq!(waiting(&alice).await, 0);
    sleep(Duration::from_secs(3)).await;
    let sent = messages(&alice, chat, 25).await;
    assert_eq!(sent.len(), 25);
    assert_eq!(alice.get("/api/v1/notifications").await.expect(200)["total"], 0, "nothing has failed");
}
