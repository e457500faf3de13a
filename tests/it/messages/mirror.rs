//! Who holds a snapshot and hears the frames since has what a fresh snapshot shows.

use std::collections::BTreeMap;

use image::ImageFormat;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    support::{Person, World, picture},
    wild::{next, one_in},
};

/// What a careful client knows of a chat: the chat, its members, its messages by id, and its pins.
#[derive(Debug, Clone, PartialEq)]
struct Mirror {
    chat: Value,
    members: BTreeMap<String, Value>,
    messages: BTreeMap<String, Value>,
    pins: BTreeMap<String, (Value, Value)>,
}

fn id(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Mirror {
    async fn snapshot(person: &Person, chat: Uuid) -> Self {
        let base = format!("/api/v1/chats/{chat}");
        let (mut messages, mut before) = (BTreeMap::new(), i64::MAX >> 10);
        loop {
            let path = format!("{base}/messages?limit=100&before_seq={before}");
            let page = person.get(&path).await.expect(200);
            let Some(last) = page["items"].as_array().unwrap().last() else { break };
            before = last["seq"].as_i64().unwrap();
            messages
                .extend(page["items"].as_array().unwrap().iter().map(|item| (id(&item["id"]), item.clone())));
        }
        let list = person.get(&format!("{base}/pins?limit=100")).await.expect(200);
        let items = list["items"].as_array().unwrap().iter();
        let pins = items.map(|pin| (id(&pin["id"]), (pin["pinned_at"].clone(), pin["pinned_by"].clone())));
        let pins = pins.collect();
        let list = person.get(&format!("{base}/members?limit=100")).await.expect(200);
        let items = list["items"].as_array().unwrap().iter();
        let members = items.map(|member| (id(&member["user_id"]), member.clone())).collect();
        let chat = person.get(&base).await.expect(200);
        Self { chat, members, messages, pins }
    }

    /// Applies a frame; the same one twice, or one that the snapshot held already, does no harm.
    fn hear(&mut self, frame: &Value) {
        let actor = &frame["actor_id"];
        match frame["type"].as_str().unwrap() {
            "new_message" | "message_edited" | "message_recalled" => {
                self.messages.insert(id(&frame["message"]["id"]), frame["message"].clone());
            }
            kind @ ("reaction_added" | "reaction_removed") => {
                let message = self.messages.get_mut(&id(&frame["message_id"])).unwrap();
                if message["recalled_at"].is_null() {
                    react(&mut message["reactions"], &frame["emoji"], actor, kind == "reaction_added");
                }
            }
            "pin_added" => {
                let pin = (frame["created_at"].clone(), actor.clone());
                self.pins.insert(id(&frame["message_id"]), pin);
            }
            "pin_removed" => drop(self.pins.remove(&id(&frame["message_id"]))),
            "messages_cleared" => {
                let up_to = frame["up_to_seq"].as_i64();
                let standing = |message: &&mut Value| {
                    message["seq"].as_i64() <= up_to && message["recalled_at"].is_null()
                };
                for message in self.messages.values_mut().filter(standing) {
                    message["content"] = Value::Null;
                    for list in ["attachments", "mentions", "reactions"] {
                        message[list] = json!([]);
                    }
                    for time in ["updated_at", "recalled_at"] {
                        message[time] = frame["created_at"].clone();
                    }
                }
                self.pins.clear();
            }
            "member_joined" | "member_changed" => {
                let member = &frame["member"];
                self.members.insert(id(&member["user_id"]), member.clone());
            }
            "member_left" => drop(self.members.remove(&id(&frame["user_id"]))),
            "chat_updated" => self.chat = frame["chat"].clone(),
            other => panic!("what is {other}?"),
        }
        self.chat["member_count"] = json!(self.members.len());
        self.chat["last_seq"] = json!(self.chat["last_seq"].as_i64().max(frame["seq"].as_i64()));
    }
}

fn react(reactions: &mut Value, emoji: &Value, actor: &Value, added: bool) {
    let list = reactions.as_array_mut().unwrap();
    let mut found = list.iter().position(|each| each["emoji"] == *emoji);
    if found.is_none() && added {
        list.push(json!({"emoji": emoji, "count": 0, "user_ids": []}));
        found = Some(list.len() - 1);
    }
    let Some(at) = found else { return };
    let people = list[at]["user_ids"].as_array_mut().unwrap();
    let is_there = people.contains(actor);
    if added && !is_there {
        people.push(actor.clone());
    } else if !added {
        people.retain(|person| person != actor);
    }
    let count = people.len();
    list[at]["count"] = json!(count);
    if count == 0 {
        list.remove(at);
    }
}

/// Puts the reactions of a message into an order that does not depend on when they came.
fn sort_reactions(message: Option<&mut Value>) {
    let Some(reactions) = message.and_then(|message| message["reactions"].as_array_mut()) else { return };
    reactions.sort_by_key(|each| each["emoji"].to_string());
    for each in reactions {
        each["user_ids"].as_array_mut().unwrap().sort_by_key(Value::to_string);
    }
}

/// Who is in the story beside the one who acts.
struct Others {
    /// With whom the chat is handed back and forth.
    partner: Uuid,
    /// Who is added and removed by the API.
    carol: Uuid,
    /// Who is added and removed by SQL.
    dora: Uuid,
    psql: Client,
}

/// Does something to the chat, as the seed says.
async fn act(person: &Person, others: &Others, chat: Uuid, seed: &mut u64) {
    if one_in(3, seed) {
        return manage(person, others, chat, seed).await;
    }
    let base = format!("/api/v1/chats/{chat}/messages");
    // The latest few, so that people meet at them.
    let latest = person.get(&format!("{base}?limit=3")).await.expect(200);
    let target = id(&latest["items"][next(seed) as usize % 3]["id"]);
    let emoji = ["%F0%9F%91%8D", "%3Aparty%3A", "%E2%9D%A4"][next(seed) as usize % 3];
    let (message, number) = (format!("{base}/{target}"), next(seed) % 1000);
    let reaction = format!("{message}/reactions/{emoji}");
    let answer = match next(seed) % 20 {
        0 => person.post(&base, &json!({"content": format!("words {number}")})).await,
        1 => {
            let file = person.uploads("note", format!("file {number}")).await;
            person.post(&base, &json!({"attachments": [file["id"]]})).await
        }
        2 | 3 => person.patch(&message, &json!({"content": format!("other words {number}")})).await,
        4 if number < 300 => person.delete(&message).await,
        4..=11 => person.puts(&reaction).await,
        12..=14 => person.delete(&reaction).await,
        15..=17 => person.puts(&format!("{message}/pin")).await,
        18 => person.delete(&format!("{message}/pin")).await,
        _ if number < 200 => person.delete(&base).await,
        _ => person.post(&base, &json!({"content": "hello"})).await,
    };
    assert!([200, 201, 204, 403, 409, 503].contains(&answer.status), "{}", answer.body);
}

/// Does something to the chat itself, or to those who are in it.
async fn manage(person: &Person, others: &Others, chat: Uuid, seed: &mut u64) {
    let base = format!("/api/v1/chats/{chat}");
    let member = |id: Uuid| format!("{base}/members/{id}");
    let (number, carol) = (next(seed) % 1000, member(others.carol));
    let role = if number < 500 { "admin" } else { "member" };
    let answer = match next(seed) % 12 {
        0 => person.patch(&base, &json!({"title": format!("Lobby {number}")})).await,
        1 => person.patch(&base, &json!({"description": format!("About {number}")})).await,
        2 => person.patch(&base, &json!({"retention_days": (number < 500).then_some(number + 1)})).await,
        3 | 4 => person.post(&format!("{base}/members"), &json!({"user_id": others.carol})).await,
        5 => person.delete(&carol).await,
        6 | 7 => person.patch(&carol, &json!({"role": role})).await,
        8 => person.patch(&member(others.partner), &json!({"role": "creator"})).await,
        9 => {
            let file = Part::bytes(picture(ImageFormat::Png, 3, 2));
            let request = person.request(Method::POST, &format!("{base}/image"));
            Person::send(request.multipart(Form::new().part("file", file))).await
        }
        door => {
            let dora = others.dora;
            let sql = match (door, number % 3) {
                (10, _) => format!("update chats set title = 'By SQL {number}' where id = '{chat}'"),
                (_, 0) => format!("delete from members where chat_id = '{chat}' and user_id = '{dora}'"),
                (_, 1) => format!(
                    "update members set role = '{role}' where chat_id = '{chat}' and user_id = '{dora}'"
                ),
                _ => format!(
                    "insert into members (chat_id, user_id) values ('{chat}', '{dora}') on conflict do nothing"
                ),
            };
            return others.psql.batch_execute(&sql).await.unwrap();
        }
    };
    assert!([200, 201, 204, 403, 404, 503].contains(&answer.status), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_and_the_frames_since_are_a_fresh_snapshot() {
    // The addresses of files must not depend on which instance is asked.
    let world = World::with(&[("TRUNKLINE_HTTP__PUBLIC_URL", "https://chat.example.com")]).await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let (carol, dora) = (here.person("Carol").await, here.person("Dora").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    for number in 0..6 {
        alice.says(chat, &format!("hers {number}")).await;
        bob.says(chat, &format!("his {number}")).await;
    }
    let begun = Mirror::snapshot(&alice, chat).await;
    let mut socket = alice.opens(chat).await;
    let mut people = Vec::new();
    for (number, who) in [&alice, &bob, &alice, &bob].into_iter().enumerate() {
        let who = who.clone();
        let partner = if who.id == alice.id { bob.id } else { alice.id };
        let others = Others { partner, carol: carol.id, dora: dora.id, psql: world.psql().await };
        people.push(tokio::spawn(async move {
            let mut seed = number as u64;
            for _ in 0..120 {
                act(&who, &others, chat, &mut seed).await;
            }
        }));
    }
    // In the middle of it.
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    let path = format!("/api/v1/chats/{chat}");
    let head = async || alice.get(&path).await.expect(200)["last_seq"].as_i64().unwrap();
    let middle_seq = head().await;
    let middle = Mirror::snapshot(&alice, chat).await;
    for person in people {
        person.await.unwrap();
    }
    let mut fresh = Mirror::snapshot(&bob, chat).await;
    let last = head().await;
    let live = socket.reads(13, last).await;
    let replayed = bob.resumes(chat, 13).await.reads(13, last).await;
    for (name, mut mirror, frames) in [
        ("live from the beginning", begun.clone(), &live[..]),
        ("replayed from the beginning", begun, &replayed[..]),
        ("live from the middle", middle.clone(), &live[middle_seq as usize - 13..]),
        ("replayed from the middle", middle, &replayed[middle_seq as usize - 13..]),
    ] {
        for frame in frames {
            mirror.hear(frame);
        }
        assert_eq!(mirror.pins, fresh.pins, "{name}");
        // Marks are in no log.
        for members in [&mut mirror.members, &mut fresh.members] {
            members.values_mut().for_each(|member| member["last_read_seq"] = Value::Null);
        }
        assert_eq!(mirror.members, fresh.members, "{name}");
        assert_eq!(mirror.chat, fresh.chat, "{name}");
        for (id, message) in &fresh.messages {
            let (mut ours, mut theirs) = (mirror.messages.get(id).cloned(), Some(message.clone()));
            // A replay shows a message as it is at its end: what came and went after it was said finds the others there.
            if name.starts_with("replayed") {
                sort_reactions(ours.as_mut());
                sort_reactions(theirs.as_mut());
            }
            assert_eq!(ours, theirs, "{name}");
        }
        assert_eq!(mirror.messages.len(), fresh.messages.len(), "{name}");
    }
}
