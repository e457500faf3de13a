//! Read marks: forward only, and whose they are.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Answer, Person, World};

async fn reads(person: &Person, chat: Uuid, seq: impl Into<Value>) -> Answer {
    let seq: Value = seq.into();
    person.put(&format!("/api/v1/chats/{chat}/read"), &json!({"seq": seq})).await
}

/// The mark of the one who asks, as the list of chats has it, and what is unread after it.
async fn mark(person: &Person) -> (i64, i64) {
    let mine = person.get("/api/v1/chats").await.expect(200);
    let chat = &mine["items"][0];
    (chat["last_read_seq"].as_i64().unwrap(), chat["unread_count"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_mark_moves_forward_and_not_beyond_the_end() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    for number in 2..=6 {
        alice.says(chat, &format!("m{number}")).await;
    }
    assert_eq!(mark(&bob).await, (0, 5));
    for (seq, after) in [(3, (3, 3)), (2, (3, 3)), (0, (3, 3)), (i64::MAX, (6, 0)), (1, (6, 0))] {
        reads(&bob, chat, seq).await.expect(204);
        assert_eq!(mark(&bob).await, after, "{seq}");
    }
    for bad in [json!(-1), json!(1.5), json!("1"), Value::Null] {
        let problem = reads(&bob, chat, bad).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "seq");
    }
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"], 6);
    let list = alice.get(&format!("/api/v1/chats/{chat}/reads")).await.expect(200);
    assert_eq!(list["total"], 2);
    let items = list["items"].as_array().unwrap();
    let of = |person: &Person| items.iter().find(|item| item["user_id"] == json!(person.id)).unwrap();
    for person in [&alice, &bob] {
        assert!(of(person)["last_read_seq"] == 6 && of(person)["read_at"].is_string());
    }
    let page = alice.get(&format!("/api/v1/chats/{chat}/reads?limit=1&offset=1")).await.expect(200);
    assert_eq!((&page["items"][0], &page["total"]), (&items[1], &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_posts_has_read_up_to_there() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let (mut near, mut far) = (alice.opens(chat).await, bob.opens(chat).await);
    for number in 0..4 {
        alice.says(chat, &format!("question {number}")).await;
    }
    assert_eq!(mark(&bob).await, (0, 4));
    // Alone, as one of a batch with a reply in it, and by the socket.
    let said = bob.says(chat, "an answer").await;
    assert_eq!(mark(&bob).await, (6, 0));
    bob.tries(chat, &json!({"content": "to it", "reply_to": said["id"]})).await.expect(201);
    far.sends(&json!({"type": "chat.send", "chat_id": chat, "content": "and more"})).await;
    near.hears(7).await;
    assert_eq!(mark(&bob).await, (8, 0));
    // Each was followed by the mark, wherever it was written, until the next was heard.
    for _ in 0..50 {
        assert_eq!(near.next_within(Duration::from_millis(200)).await, None);
        if near.marks == 7 {
            break;
        }
    }
    assert_eq!(near.marks, 7);
    // The same again moves nothing, and nobody reads because of what is written by hand.
    let again = json!({"content": "once", "client_id": "one"});
    bob.tries(chat, &again).await.expect(201);
    alice.says(chat, "a word").await;
    bob.tries(chat, &again).await.expect(200);
    assert_eq!(mark(&bob).await, (9, 1));
    let psql = world.psql().await;
    let by_hand = "insert into messages (chat_id, sender_id, content) values ($1, $2, 'by hand')";
    psql.execute(by_hand, &[&chat, &bob.id]).await.unwrap();
    near.hears(3).await;
    near.hears_nothing().await;
    assert_eq!((near.marks, mark(&bob).await), (9, (9, 1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_whoever_holds_a_member() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut psql = world.psql().await;
    let held = psql.transaction().await.unwrap();
    let hold = "select from members where chat_id = $1 and user_id = $2 for update";
    held.execute(hold, &[&chat, &bob.id]).await.unwrap();
    let said = bob.says(chat, "alone").await;
    bob.tries(chat, &json!({"content": "with others", "reply_to": said["id"]})).await.expect(201);
    held.execute("update chats set description = 'x' where id = $1", &[&chat]).await.unwrap();
    held.commit().await.unwrap();
    assert_eq!(mark(&bob).await, (0, 0));
    let last = bob.says(chat, "and now").await["seq"].as_i64().unwrap();
    assert_eq!(mark(&bob).await, (last, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_members_have_read_marks() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let (open, hidden) = (alice.creates_chat("Open").await, alice.creates_private_chat("Hidden").await);
    alice.says(open, "hi").await;
    reads(&eve, hidden, 1).await.refused(404, "not_found");
    reads(&eve, open, 1).await.refused(403, "forbidden");
    eve.get(&format!("/api/v1/chats/{hidden}/reads")).await.refused(404, "not_found");
    let list = eve.get(&format!("/api/v1/chats/{open}/reads")).await.expect(200);
    assert_eq!(list["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_that_race_end_at_the_highest() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 40, 5).await;
    let mut all = JoinSet::new();
    for seq in 1..=40 {
        let alice = if seq % 2 == 0 { alice.clone() } else { alice.at(&there) };
        all.spawn(async move { reads(&alice, chat, seq * 7 % 41).await.expect(204) });
    }
    all.join_all().await;
    assert_eq!(mark(&alice).await.0, 40);
    let mut socket = alice.opens(chat).await;
    let ack = socket.asks(&json!({"type": "chat.read", "ref": 1, "chat_id": chat, "seq": 41})).await;
    assert_eq!((&ack["type"], &ack["event"], &ack["data"]), (&json!("ack"), &json!("chat.read"), &json!({})));
    let error = socket.asks(&json!({"type": "chat.read", "ref": 2, "chat_id": chat, "seq": -1})).await;
    assert_eq!(error["data"]["errors"][0]["field"], "seq");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_waits_for_nobody_who_writes() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "hi").await;
    let psql = world.psql().await;
    psql.batch_execute("begin; select from chats for no key update").await.unwrap();
    let begun = std::time::Instant::now();
    reads(&alice, chat, 1).await.expect(204);
    assert!(begun.elapsed().as_secs() < 2);
}
