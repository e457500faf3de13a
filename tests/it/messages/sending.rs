//! Saying something: what is taken, and what was said twice.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Answer, Person, World};

fn path(chat: uuid::Uuid) -> String {
    format!("/api/v1/chats/{chat}/messages")
}

async fn with_key(person: &Person, chat: uuid::Uuid, key: &str, body: &Value) -> Answer {
    let request = person.request(reqwest::Method::POST, &path(chat));
    Person::send(request.header("idempotency-key", key).json(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_has_1_to_4096_characters_and_shows_something() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    for good in [
        "x",
        " kept as it is \n",
        &"话".repeat(4096),
        &"👋".repeat(4096),
        "🏳️‍🌈",
        "\u{200b}.",
        "\u{2800}\u{283f}",
    ] {
        assert_eq!(alice.says(chat, good).await["content"], good);
    }
    let unseen = "\u{200b}\u{200d}\u{202e}\u{2060}\u{ad}\u{34f}\u{115f}\u{3164}\u{2800}\u{fe0f}\u{feff}\u{ffa0}\u{e0020}\u{7}";
    for bad in [
        "",
        " ",
        "\t\n",
        "\u{3000}\u{a0}",
        "a\0b",
        &"话".repeat(4097),
        "\u{200b}",
        "\u{2800} \u{3164}",
        unseen,
    ] {
        let problem =
            alice.post(&path(chat), &json!({"content": bad})).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "content", "{bad:?}");
    }
    for bad in [json!({}), json!({"content": null}), json!({"content": 1}), json!([]), json!("x")] {
        assert_eq!(alice.post(&path(chat), &bad).await.status, 400, "{bad}");
    }
    let unknown = json!({"content": "x", "attachments": [uuid::Uuid::now_v7()]});
    alice.post(&path(chat), &unknown).await.refused(400, "validation_failed");
    let chat = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
    assert_eq!(chat["last_seq"], 7, "what was refused took no number");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_told_whole() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let first = alice.says(chat, "first").await;
    let body = json!({"content": "second", "reply_to": first["id"], "client_id": "c1", "attachments": []});
    let second = alice.post(&path(chat), &body).await.expect(201);
    let got = alice.get(&format!("{}/{}", path(chat), second["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(got, second);
    let mut fixed = second.clone();
    for varying in ["id", "created_at", "updated_at"] {
        fixed.as_object_mut().unwrap().remove(varying);
    }
    let expected = json!({
        "chat_id": chat, "seq": 2, "sender_id": alice.id, "kind": "text", "content": "second", "attachments": [],
        "reply_to": first["id"], "mentions": [], "reactions": [], "client_id": "c1", "edited_at": null,
        "recalled_at": null,
    });
    assert_eq!(fixed, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_stays_in_its_chat() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (one, two) = (alice.creates_chat("One").await, alice.creates_chat("Two").await);
    let elsewhere = alice.says(two, "elsewhere").await;
    bob.joins(one).await;
    let log = alice.get(&format!("/api/v1/chats/{one}/log")).await.expect(200);
    assert_eq!(log["items"][0]["type"], "member_joined");
    for target in [elsewhere["id"].clone(), json!(uuid::Uuid::now_v7())] {
        let reply = json!({"content": "re", "reply_to": target});
        let problem = alice.post(&path(one), &reply).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "reply_to");
    }
    let nonsense = json!({"content": "re", "reply_to": "nonsense"});
    alice.post(&path(one), &nonsense).await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_client_id_is_the_same_message() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let client_id = "ü".repeat(64);
    let body = json!({"content": "once", "client_id": client_id});
    let mut all = JoinSet::new();
    for n in 0..20 {
        let alice = if n % 2 == 0 { alice.clone() } else { alice.at(&there) };
        let body = body.clone();
        all.spawn(async move { alice.post(&path(chat), &body).await });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    let mut messages: Vec<_> = answers.into_iter().map(|answer| (answer.status / 100, answer.body)).collect();
    messages.dedup();
    assert_eq!(messages.len(), 1, "{messages:?}");
    let other = json!({"content": "other", "client_id": client_id});
    alice.post(&path(chat), &other).await.refused(409, "client_id_reused");
    bob.post(&path(chat), &other).await.expect(201);
    let elsewhere = alice.creates_chat("Two").await;
    alice.post(&path(elsewhere), &other).await.expect(201);
    for bad in ["", &"ü".repeat(65)] {
        let body = json!({"content": "x", "client_id": bad});
        alice.post(&path(chat), &body).await.refused(400, "validation_failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_idempotency_key_is_the_same_answer() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    for key in ["short", &"k".repeat(255)] {
        let body = json!({"content": "once"});
        let first = with_key(&alice, chat, key, &body).await.expect(201);
        assert_eq!(with_key(&alice, chat, key, &body).await.expect(201), first);
        let other = json!({"content": "other"});
        with_key(&alice, chat, key, &other).await.refused(409, "idempotency_key_reused");
        assert_eq!(first["client_id"], json!(null), "the key is nobody else's to see");
    }
    // A client_id of the same letters names another message, and the two together name none.
    let body = json!({"content": "once", "client_id": "short"});
    alice.post(&path(chat), &body).await.expect(201);
    with_key(&alice, chat, "short", &body).await.refused(400, "validation_failed");
    let list = alice.get(&path(chat)).await.expect(200);
    assert_eq!(list["total"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn posting_joins_a_public_chat_and_a_private_one_is_not_there() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (open, hidden) = (alice.creates_chat("Open").await, alice.creates_private_chat("Hidden").await);
    let secret = alice.says(hidden, "secret").await;
    assert_eq!(bob.says(open, "hi").await["seq"], 2);
    let log = alice.get(&format!("/api/v1/chats/{open}/log")).await.expect(200);
    assert_eq!(
        (&log["items"][0]["type"], &log["items"][1]["type"]),
        (&json!("member_joined"), &json!("new_message"))
    );
    let body = json!({"content": "hi"});
    bob.post(&path(hidden), &body).await.refused(404, "not_found");
    bob.post(&path(uuid::Uuid::now_v7()), &body).await.refused(404, "not_found");
    let id = secret["id"].as_str().unwrap();
    for door in [path(hidden), format!("{}/{id}", path(hidden)), format!("/api/v1/chats/{hidden}/log")] {
        bob.get(&door).await.refused(404, "not_found");
    }
    // Not even through a chat that is open to them.
    bob.get(&format!("{}/{id}", path(open))).await.refused(404, "not_found");
}
