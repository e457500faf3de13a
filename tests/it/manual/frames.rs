//! The frames in the manual of the sockets: its commands are sent, and what it shows is what comes.

use std::{collections::BTreeMap, time::Duration};

use reqwest::Method;
use serde_json::{Deserializer, Map, Value, json};
use trunkline::server::documentation;

use super::{blocks, guides};
use crate::support::{Person, Socket, World};

/// The chat of the examples.
const CHAT: &str = "01991f00-0000-7000-8000-00000000000c";

/// The frames of each block of examples.
fn shown() -> Vec<Vec<Value>> {
    let tags = documentation()["tags"].as_array().unwrap();
    let realtime = tags.iter().find(|tag| tag["name"] == "Realtime").unwrap();
    let blocks = blocks(realtime["description"].as_str().unwrap(), "json");
    let read = |block: &String| Deserializer::from_str(block).into_iter().map(Result::unwrap).collect();
    blocks.iter().map(read).collect()
}

/// The names of all fields, and of what kind each is; of a list the first item.
pub fn form(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), form(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.first().map_or(json!("empty"), |item| json!([form(item)])),
        Value::String(_) => json!("text"),
        Value::Number(_) => json!("number"),
        Value::Bool(_) => json!("bool"),
        Value::Null => Value::Null,
    }
}

fn note(seen: &mut BTreeMap<String, Value>, frame: Value) {
    seen.insert(frame["type"].as_str().unwrap().to_owned(), frame);
}

/// Until one of each of these has come.
async fn hears(socket: &mut Socket, seen: &mut BTreeMap<String, Value>, kinds: &[&str]) {
    while !kinds.iter().all(|kind| seen.contains_key(*kind)) {
        let frame = socket.next().await;
        note(seen, frame);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manual_shows_the_frames_as_they_come() {
    let [commands, answers, others] = shown().try_into().unwrap();
    let world = World::new().await;
    let here = world.instance().await;
    // What is ephemeral is heard only by who listens already.
    here.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    alice.says(chat, "before").await;
    let mut socket = Socket::open(&here.base, "/api/v1/ws", &alice.token).await.unwrap();
    let welcome = socket.expect("welcome").await;
    let last = welcome["chats"][0].clone();
    let mut seen = BTreeMap::from([("welcome".to_owned(), welcome)]);
    for mut command in commands {
        assert!(command["type"] == "ping" || command["chat_id"] == CHAT, "{command}");
        for (name, value) in
            [("after_seq", &last["last_seq"]), ("after_id", &last["last_id"]), ("chat_id", &json!(chat))]
        {
            if let Some(place) = command.get_mut(name) {
                *place = value.clone();
            }
        }
        let answer = if command["type"] == "ping" { "pong" } else { "ack" };
        socket.sends(&command).await;
        let answered = loop {
            let frame = socket.next().await;
            if frame["type"] == answer && frame["ref"] == command["ref"] {
                break frame;
            }
            note(&mut seen, frame);
        };
        // What is shown is the answer to a subscription.
        if command["type"] == "chat.subscribe" {
            note(&mut seen, answered);
        }
    }
    hears(&mut socket, &mut seen, &["caught_up", "new_message"]).await;
    while socket.mark.is_none() {
        if let Some(frame) = socket.next_within(Duration::from_millis(200)).await {
            note(&mut seen, frame);
        }
    }
    note(&mut seen, socket.mark.take().unwrap());
    let mut his = bob.opens(chat).await;
    his.sends(&json!({"type": "chat.typing", "chat_id": chat})).await;
    let message = seen["new_message"]["message"]["id"].as_str().unwrap();
    let path = format!("/api/v1/chats/{chat}/messages/{message}/reactions/👍");
    Person::send(bob.request(Method::PUT, &path)).await.expect(204);
    socket.sends(&json!({"type": "chat.send", "ref": 4, "chat_id": chat, "content": " "})).await;
    hears(&mut socket, &mut seen, &["typing", "reaction_added", "error"]).await;
    let name = alice.get("/api/v1/users/me").await.expect(200)["username"].as_str().unwrap().to_owned();
    let shown = seen["new_message"].clone();
    bob.says(chat, &format!("@{name}, look")).await;
    let told = socket.notified().await;
    let path = format!("/api/v1/notifications/{}/read", told["notification"]["id"].as_str().unwrap());
    note(&mut seen, told);
    alice.puts(&path).await.expect(204);
    hears(&mut socket, &mut seen, &["notifications_read"]).await;
    alice.delete(path.strip_suffix("/read").unwrap()).await.expect(204);
    hears(&mut socket, &mut seen, &["notifications_removed"]).await;
    note(&mut seen, shown);
    socket.sends(&json!({"type": "chat.subscribe", "ref": 5, "chat_id": chat, "after_seq": 1_000})).await;
    hears(&mut socket, &mut seen, &["reset"]).await;
    for frame in answers.iter().chain(&others).filter(|frame| frame["type"] != "pong") {
        let kind = frame["type"].as_str().unwrap();
        assert_eq!(form(frame), form(&seen[kind]), "{kind}");
    }
}

#[test]
fn the_error_of_the_guide_is_one() {
    let (_, text) = guides().into_iter().find(|(name, _)| name == "errors").unwrap();
    let shown: Value = serde_json::from_str(&blocks(&text, "json").concat()).unwrap();
    let problem = &documentation()["components"]["schemas"]["Problem"];
    assert!(crate::support::schema::faults(problem, &shown).is_empty());
    let real = &documentation()["components"]["schemas"]["Problem"]["example"];
    assert_eq!(form(&shown), form(real));
}
