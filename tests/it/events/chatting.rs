//! The chat of an event: its owner and those who hold a ticket are in it, and nobody else comes in.

use serde_json::{Value, json};

use super::{EVENTS, at, buys, gives_back, makes_with_chat, plan};
use crate::support::{Person, World};

async fn members(person: &Person, chat: uuid::Uuid) -> Vec<Value> {
    let list = person.get(&format!("/api/v1/chats/{chat}/members?limit=100")).await.expect(200);
    list["items"].as_array().unwrap().iter().map(|member| member["user_id"].clone()).collect()
}

async fn said(person: &Person, chat: uuid::Uuid) -> Vec<Value> {
    let list = person.get(&format!("/api/v1/chats/{chat}/messages?limit=100&sort=seq")).await.expect(200);
    list["items"].as_array().unwrap().iter().map(|message| message["content"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_and_go_with_their_tickets() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let (path, chat) = makes_with_chat(&alice, "Concert", 5).await;
    let at_chat = format!("/api/v1/chats/{chat}");
    let seen = alice.get(&at_chat).await.expect(200);
    assert_eq!((&seen["title"], &seen["visibility"]), (&json!("Concert"), &json!("private")));
    assert_eq!((&seen["owner_id"], &seen["last_seq"]), (&json!(alice.id), &json!(0)));
    bob.get(&at_chat).await.refused(404, "not_found");
    let mut socket = alice.at(&there).opens(chat).await;
    let (one, other) = (buys(&bob, &path, 1).await, buys(&bob, &path, 2).await);
    let come = socket.expect("member_joined").await;
    assert_eq!(come["member"]["user_id"], json!(bob.id), "{come}");
    assert_eq!(bob.get(&path).await.expect(200)["chat_id"], json!(chat));
    assert_eq!(carol.get(&path).await.expect(200)["chat_id"], Value::Null);
    bob.says(chat, "Who else?").await;
    socket.expect("new_message").await;
    // One of two is enough to stay.
    gives_back(&bob, &path, &one).await;
    bob.get(&at_chat).await.expect(200);
    gives_back(&bob, &path, &other).await;
    let gone = socket.expect("member_left").await;
    assert_eq!(gone["user_id"], json!(bob.id), "{gone}");
    bob.get(&at_chat).await.refused(404, "not_found");
    assert_eq!(bob.get(&path).await.expect(200)["chat_id"], Value::Null);
    // Her own tickets change nothing.
    let own = buys(&alice, &path, 1).await;
    gives_back(&alice, &path, &own).await;
    assert_eq!(members(&alice, chat).await, [json!(alice.id)]);
    // It ends with the event.
    buys(&carol, &path, 1).await;
    carol.get(&at_chat).await.expect(200);
    alice.delete(&format!("{path}?force=true")).await.expect(204);
    for who in [&alice, &carol] {
        who.get(&at_chat).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_is_said_there() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (path, chat) = makes_with_chat(&alice, "Concert", 5).await;
    buys(&bob, &path, 1).await;
    let mut body = plan("Great concert", 5);
    body["event_time"] = json!("2027-07-01T19:00:00");
    body["timezone"] = json!("Asia/Kathmandu");
    alice.put(&path, &body).await.expect(200);
    assert_eq!(
        said(&bob, chat).await,
        ["The event “Great concert” now begins at 2027-07-01 19:00 (Asia/Kathmandu)."]
    );
    assert_eq!(bob.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["title"], "Great concert");
    body["name"] = json!("Greater concert");
    alice.put(&path, &body).await.expect(200);
    body["max_tickets"] = json!(7);
    alice.put(&path, &body).await.expect(200);
    let said = said(&bob, chat).await;
    assert_eq!(
        (said.len(), &said[1]),
        (2, &json!("The event “Great concert” is called “Greater concert” now."))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_other_way_in_and_none_for_the_owner_out() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let (path, chat) = makes_with_chat(&alice, "Concert", 5).await;
    let at_chat = format!("/api/v1/chats/{chat}");
    buys(&bob, &path, 1).await;
    eve.act(&format!("{at_chat}/join")).await.refused(404, "not_found");
    let user = json!({"user_id": eve.id});
    alice.post(&format!("{at_chat}/members"), &user).await.refused(409, "conflict");
    let invite = alice.post(&format!("{at_chat}/invites"), &json!({})).await.expect(201);
    let accept = format!("/api/v1/invites/{}/accept", invite["token"].as_str().unwrap());
    eve.act(&accept).await.refused(409, "conflict");
    alice.patch(&at_chat, &json!({"visibility": "public"})).await.refused(409, "conflict");
    alice.delete(&at_chat).await.refused(409, "conflict");
    let creator = json!({"role": "creator"});
    alice.patch(&format!("{at_chat}/members/{}", bob.id), &creator).await.refused(409, "conflict");
    alice.act(&format!("{at_chat}/leave")).await.refused(409, "owner_cannot_leave");
    // Who leaves keeps the ticket, and may come again.
    bob.leaves(chat).await;
    assert_eq!(bob.get(&format!("{path}/tickets")).await.expect(200)["total"], 1);
    alice.act(&format!("{at_chat}/leave")).await.refused(409, "conflict");
    bob.act(&accept).await.expect(200);
    bob.leaves(chat).await;
    alice.post(&format!("{at_chat}/members"), &json!({"user_id": bob.id})).await.expect(201);
    // Who is banned there may have a ticket all the same.
    let ban = format!("{at_chat}/bans/{}", bob.id);
    alice.puts(&ban).await.expect(204);
    buys(&bob, &path, 1).await;
    bob.get(&at_chat).await.refused(404, "not_found");
    alice.get(&at_chat).await.expect(200);
    assert_eq!(eve.get(&format!("{path}/tickets")).await.expect(200)["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gives_a_ticket_back_while_they_are_added_is_no_member() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let (path, chat) = makes_with_chat(&alice, "Concert", 5).await;
    for _ in 0..10 {
        let ticket = buys(&bob, &path, 1).await;
        bob.leaves(chat).await;
        let (members, user) = (format!("/api/v1/chats/{chat}/members"), json!({"user_id": bob.id}));
        let (added, ()) = tokio::join!(alice.post(&members, &user), gives_back(&bob, &path, &ticket));
        assert!([201, 409].contains(&added.status), "{}", added.body);
        bob.get(&format!("/api/v1/chats/{chat}")).await.refused(404, "not_found");
    }
    let event =
        alice.post(EVENTS, &json!({"name": "x", "event_time": at(60), "max_tickets": 1})).await.expect(201);
    assert_eq!((&event["with_chat"], &event["chat_id"]), (&json!(false), &Value::Null));
}
