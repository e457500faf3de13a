//! Pins: by the creator and admins, told in the log, gone with what they pin.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Person, World};

fn path(chat: Uuid, message: &Value) -> String {
    format!("/api/v1/chats/{chat}/messages/{}/pin", message["id"].as_str().unwrap())
}

async fn pins(person: &Person, chat: Uuid) -> Value {
    person.get(&format!("/api/v1/chats/{chat}/pins")).await.expect(200)
}

fn contents(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["content"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_is_told_and_listed_until_it_is_taken_off() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let (one, two) = (alice.says(chat, "one").await, bob.says(chat, "two").await);
    let three = bob.says(chat, "three").await;
    let mut sockets = [alice.opens(chat).await, bob.opens(chat).await];
    for message in [&one, &two, &one, &three] {
        alice.puts(&path(chat, message)).await.expect(204);
    }
    let mut times = Vec::new();
    for socket in &mut sockets {
        times.clear();
        for message in [&one, &two, &three] {
            let entry = socket.expect("pin_added").await;
            assert_eq!((&entry["message_id"], &entry["actor_id"]), (&message["id"], &json!(alice.id)));
            times.push(entry["created_at"].clone());
        }
    }
    let list = pins(&bob, chat).await;
    assert_eq!((contents(&list), &list["total"]), (vec!["three", "two", "one"], &json!(3)));
    let mut shown = one.clone();
    (shown["pinned_at"], shown["pinned_by"]) = (times[0].clone(), json!(alice.id));
    assert_eq!(list["items"][2], shown);
    let page = bob.get(&format!("/api/v1/chats/{chat}/pins?limit=1&offset=1")).await.expect(200);
    assert_eq!((contents(&page), &page["total"]), (vec!["two"], &json!(3)));
    for _ in 0..2 {
        alice.delete(&path(chat, &two)).await.expect(204);
    }
    // Its own sender takes it back, and with it the pin.
    bob.delete(path(chat, &three).strip_suffix("/pin").unwrap()).await.expect(204);
    for socket in &mut sockets {
        let entry = socket.expect("pin_removed").await;
        assert_eq!((&entry["message_id"], &entry["actor_id"]), (&two["id"], &json!(alice.id)));
        socket.expect("message_recalled").await;
        let entry = socket.expect("pin_removed").await;
        assert_eq!((&entry["message_id"], &entry["actor_id"]), (&three["id"], &json!(bob.id)));
        socket.hears_nothing().await;
    }
    assert_eq!(contents(&pins(&bob, chat).await), ["one"]);
    alice.puts(&path(chat, &three)).await.refused(409, "message_recalled");
    alice.delete(&path(chat, &three)).await.expect(204);
    alice.delete(&format!("/api/v1/chats/{chat}/messages")).await.expect(204);
    for socket in &mut sockets {
        socket.expect("messages_cleared").await;
        socket.hears_nothing().await;
    }
    assert_eq!(pins(&bob, chat).await, json!({"items": [], "total": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_creator_and_admins_pin() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (carol, eve) = (here.person("Carol").await, here.person("Eve").await);
    let (open, hidden) = (alice.creates_chat("Open").await, alice.creates_private_chat("Hidden").await);
    let (said, secret) = (alice.says(open, "hi").await, alice.says(hidden, "secret").await);
    for person in [&bob, &carol] {
        person.joins(open).await;
    }
    let psql = world.psql().await;
    psql.execute("update members set role = 'admin' where user_id = $1", &[&carol.id]).await.unwrap();
    for other in [&bob, &eve] {
        other.puts(&path(open, &said)).await.refused(403, "forbidden");
        other.delete(&path(open, &said)).await.refused(403, "forbidden");
    }
    eve.puts(&path(hidden, &secret)).await.refused(404, "not_found");
    eve.get(&format!("/api/v1/chats/{hidden}/pins")).await.refused(404, "not_found");
    alice.puts(&path(open, &secret)).await.refused(404, "not_found");
    carol.puts(&path(open, &said)).await.expect(204);
    assert_eq!(pins(&eve, open).await["items"][0]["pinned_by"], json!(carol.id));
    alice.delete(&path(open, &said)).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_race_to_pin_is_one_pin() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let said = alice.says(chat, "hi").await;
    let mut all = JoinSet::new();
    for number in 0..30 {
        let alice = alice.at(if number % 2 == 0 { &here } else { &there });
        let path = path(chat, &said);
        all.spawn(async move { alice.insists(Method::PUT, &path, &json!({})).await.expect(204) });
    }
    all.join_all().await;
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"], 2);
    let psql = world.psql().await;
    psql.execute("delete from pins where chat_id = $1", &[&chat]).await.unwrap();
    psql.execute(
        "insert into pins (chat_id, message_id) select chat_id, id from messages where kind = 'text'",
        &[],
    )
    .await
    .unwrap();
    let entries = alice.resumes(chat, 2).await.reads(2, 4).await;
    assert_eq!((&entries[0]["type"], &entries[1]["type"]), (&json!("pin_removed"), &json!("pin_added")));
    assert_eq!(pins(&alice, chat).await["items"][0]["pinned_by"], Value::Null);
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    let left: i64 = psql.query_one("select count(*) from pins", &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}
