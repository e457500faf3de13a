//! Clearing a room: the words are gone everywhere, the places stay, and it is told once.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, World};

fn path(chat: Uuid) -> String {
    format!("/api/v1/chats/{chat}/messages")
}

async fn log(person: &Person, chat: Uuid, after: i64) -> Vec<Value> {
    let path = format!("/api/v1/chats/{chat}/log?limit=100&after_seq={after}");
    person.get(&path).await.expect(200)["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cleared_room_has_places_and_no_words() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let first = alice.says(chat, "walrus one").await;
    let second = alice.says(chat, "walrus two").await;
    alice.delete(&format!("{}/{}", path(chat), second["id"].as_str().unwrap())).await.expect(204);
    let edit = json!({"content": "walrus three"});
    let one = format!("{}/{}", path(chat), first["id"].as_str().unwrap());
    alice.patch(&one, &edit).await.expect(200);
    let system = "insert into messages (chat_id, kind, content) values ($1, 'system', 'walrus four')";
    world.psql().await.execute(system, &[&chat]).await.unwrap();
    let recalled = alice.get(&path(chat)).await.expect(200)["items"][1].clone();
    let mut sockets = [alice.opens(chat).await, bob.opens(chat).await];
    alice.delete(&path(chat)).await.expect(204);
    for socket in &mut sockets {
        let entry = socket.expect("messages_cleared").await;
        assert_eq!(
            (&entry["seq"], &entry["up_to_seq"], &entry["actor_id"]),
            (&json!(7), &json!(6), &json!(alice.id))
        );
        socket.hears_nothing().await;
    }
    let history = bob.get(&path(chat)).await.expect(200);
    assert_eq!(history["total"], 3);
    for item in history["items"].as_array().unwrap() {
        assert_eq!(
            (&item["content"], &item["attachments"], &item["mentions"]),
            (&Value::Null, &json!([]), &json!([]))
        );
        assert!(item["recalled_at"].is_string());
    }
    assert_eq!(history["items"][1], recalled, "what was recalled before is as it was");
    let entries = log(&bob, chat, 0).await;
    let kinds: Vec<_> = entries.iter().map(|entry| entry["type"].as_str().unwrap()).collect();
    let expected = [
        "member_joined",
        "new_message",
        "new_message",
        "message_recalled",
        "message_edited",
        "new_message",
        "messages_cleared",
    ];
    assert_eq!(kinds, expected);
    let inbox = bob.get("/api/v1/chats").await.expect(200);
    assert_eq!(inbox["items"][0]["unread_count"], 0);
    let replay = bob.resumes(chat, 0).await.reads(0, 7).await;
    assert_eq!(replay, entries);
    for text in [json!(entries), history, inbox] {
        assert!(!text.to_string().contains("walrus"), "{text}");
    }
    // What is gone stays gone, and what comes after is as ever.
    alice.patch(&one, &edit).await.refused(409, "message_recalled");
    alice.delete(&one).await.expect(204);
    alice.delete(&path(chat)).await.expect(204);
    assert_eq!(alice.says(chat, "a new beginning").await["seq"], 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_creator_clears_a_room() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let (open, hidden) = (alice.creates_chat("Open").await, alice.creates_private_chat("Hidden").await);
    bob.joins(open).await;
    alice.says(open, "stays").await;
    let admin = "update members set role = 'admin' where user_id = $1";
    world.psql().await.execute(admin, &[&bob.id]).await.unwrap();
    bob.delete(&path(open)).await.refused(403, "forbidden");
    eve.delete(&path(open)).await.refused(403, "forbidden");
    eve.delete(&path(hidden)).await.refused(404, "not_found");
    assert_eq!(alice.get(&path(open)).await.expect(200)["items"][0]["content"], "stays");
    // Nothing to clear is nothing to tell.
    alice.delete(&path(hidden)).await.expect(204);
    assert_eq!(alice.get(&format!("/api/v1/chats/{hidden}")).await.expect(200)["last_seq"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_room_is_cleared_in_pieces_and_told_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 25_000, 20).await;
    bob.joins(chat).await;
    let mut socket = bob.opens(chat).await;
    let talker = tokio::spawn(async move { bob.chatters(chat, "meanwhile", 20).await });
    alice.delete(&path(chat)).await.expect(204);
    talker.await.unwrap();
    let entries = socket.reads(25_001, 25_022).await;
    let cleared: Vec<_> = entries.iter().filter(|entry| entry["type"] == "messages_cleared").collect();
    assert_eq!(cleared.len(), 1);
    let up_to = cleared[0]["up_to_seq"].as_i64().unwrap();
    assert_eq!(cleared[0]["seq"], up_to + 1);
    let psql = world.psql().await;
    let wrong = "select count(*) from messages where kind = 'text' and (content is null) <> (seq <= $1)";
    assert_eq!(psql.query_one(wrong, &[&up_to]).await.unwrap().get::<_, i64>(0), 0);
    let others = "select count(*) from messages where kind <> 'text'";
    assert_eq!(psql.query_one(others, &[]).await.unwrap().get::<_, i64>(0), 2);
    // Nothing is left to clear, and nobody is told.
    let empty = alice.creates_chat("Attic").await;
    world.fills(empty, alice.id, 3_000, 20).await;
    for last_seq in [3_001, 3_001] {
        alice.delete(&path(empty)).await.expect(204);
        assert_eq!(alice.get(&format!("/api/v1/chats/{empty}")).await.expect(200)["last_seq"], last_seq);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn psql_clears_a_room_too() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "gone").await;
    let mut socket = alice.opens(chat).await;
    let sql = "select clear_messages(id) from chats where title = 'Lobby'";
    for count in [1, 0] {
        assert_eq!(world.psql().await.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), count);
    }
    let entry = socket.expect("messages_cleared").await;
    assert_eq!((&entry["up_to_seq"], &entry["actor_id"]), (&json!(1), &Value::Null));
    socket.hears_nothing().await;
}
