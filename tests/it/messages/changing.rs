//! Changing what was said: edits and recalls, by whom, and how everyone hears of it.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Person, World};

fn path(chat: Uuid, message: &Value) -> String {
    format!("/api/v1/chats/{chat}/messages/{}", message["id"].as_str().unwrap())
}

async fn edits(person: &Person, chat: Uuid, message: &Value, content: &str) -> Answer {
    person.patch(&path(chat, message), &json!({"content": content})).await
}

async fn head(person: &Person, chat: Uuid) -> i64 {
    person.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_heard_everywhere_and_the_same_words_are_none() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_private_chat("Ours").await;
    let sql = "insert into members (chat_id, user_id) values ($1, $2)";
    world.psql().await.execute(sql, &[&chat, &bob.id]).await.unwrap();
    let said = alice.says(chat, "frist").await;
    let mut sockets = [alice.opens(chat).await, bob.opens(chat).await];
    let edited = edits(&alice, chat, &said, "first").await.expect(200);
    assert_eq!(
        (&edited["content"], &edited["seq"], &edited["id"]),
        (&json!("first"), &json!(2), &said["id"])
    );
    assert!(edited["edited_at"].is_string());
    assert_eq!(edits(&alice, chat, &said, "first").await.expect(200), edited);
    assert_eq!(head(&alice, chat).await, 3);
    for socket in &mut sockets {
        let entry = socket.expect("message_edited").await;
        assert_eq!(
            (&entry["message"], &entry["actor_id"], &entry["seq"]),
            (&edited, &json!(alice.id), &json!(3))
        );
        socket.hears_nothing().await;
    }
    assert_eq!(bob.get(&path(chat, &said)).await.expect(200), edited);
    let list = bob.get("/api/v1/chats").await.expect(200);
    assert_eq!(list["items"][0]["last_message"], edited);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_sender_edits_a_message() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (carol, eve) = (here.person("Carol").await, here.person("Eve").await);
    let (open, hidden) = (alice.creates_chat("Open").await, alice.creates_private_chat("Hidden").await);
    let secret = alice.says(hidden, "secret").await;
    bob.joins(open).await;
    let said = bob.says(open, "mine").await;
    carol.joins(open).await;
    edits(&eve, hidden, &secret, "x").await.refused(404, "not_found");
    edits(&alice, open, &secret, "x").await.refused(404, "not_found");
    for other in [&alice, &carol, &eve] {
        edits(other, open, &said, "x").await.refused(403, "forbidden");
    }
    for bad in ["", " \n", &"x".repeat(4097)] {
        edits(&bob, open, &said, bad).await.refused(400, "validation_failed");
    }
    let psql = world.psql().await;
    let sql = "insert into messages (chat_id, kind, content) values ($1, 'system', 'noon') returning id";
    let id: Uuid = psql.query_one(sql, &[&open]).await.unwrap().get(0);
    edits(&alice, open, &json!({"id": id}), "x").await.refused(403, "forbidden");
    let before = head(&alice, open).await;
    bob.leaves(open).await;
    edits(&bob, open, &said, "after leaving").await.refused(403, "forbidden");
    assert_eq!(head(&alice, open).await, before + 1);
    bob.joins(open).await;
    bob.delete(&path(open, &said)).await.expect(204);
    edits(&bob, open, &said, "too late").await.refused(409, "message_recalled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_takes_the_words_everywhere() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let (carol, eve) = (here.person("Carol").await, here.person("Eve").await);
    let chat = alice.creates_chat("Lobby").await;
    for person in [&bob, &carol] {
        person.joins(chat).await;
    }
    let psql = world.psql().await;
    let admin = "update members set role = 'admin' where chat_id = $1 and user_id = $2";
    psql.execute(admin, &[&chat, &carol.id]).await.unwrap();
    let (own, rude) = (bob.says(chat, "walrus one").await, bob.says(chat, "walrus two").await);
    let hers = alice.says(chat, "walrus three").await;
    let sql = "insert into messages (chat_id, kind, content) values ($1, 'system', 'noon') returning id";
    let system = json!({"id": psql.query_one(sql, &[&chat]).await.unwrap().get::<_, Uuid>(0)});
    for (who, message) in [(&eve, &own), (&bob, &hers), (&bob, &system)] {
        who.delete(&path(chat, message)).await.refused(403, "forbidden");
    }
    let before = head(&alice, chat).await;
    let mut sockets = [alice.opens(chat).await, bob.opens(chat).await];
    for (who, message) in [(&bob, &own), (&carol, &rude), (&carol, &hers), (&alice, &system)] {
        who.delete(&path(chat, message)).await.expect(204);
        who.delete(&path(chat, message)).await.expect(204);
        for socket in &mut sockets {
            let entry = socket.expect("message_recalled").await;
            assert_eq!((&entry["actor_id"], &entry["message"]["id"]), (&json!(who.id), &message["id"]));
            assert_eq!(entry["message"]["content"], Value::Null);
        }
    }
    assert_eq!(head(&alice, chat).await, before + 4);
    let log = bob.get(&format!("/api/v1/chats/{chat}/log?limit=100")).await.expect(200);
    let history = bob.get(&format!("/api/v1/chats/{chat}/messages")).await.expect(200);
    assert_eq!(history["total"], 4);
    let held: Vec<Option<String>> =
        psql.query("select content from messages", &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    for text in [log.to_string(), history.to_string(), format!("{held:?}")] {
        assert!(!text.contains("walrus"), "{text}");
    }
    bob.delete(&path(chat, &json!({"id": Uuid::now_v7()}))).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_edits_and_recalls() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let said = alice.says(chat, "frist").await;
    let (mut hers, mut his) = (alice.opens(chat).await, bob.opens(chat).await);
    let edit =
        json!({"type": "chat.edit", "ref": 1, "chat_id": chat, "message_id": said["id"], "content": "first"});
    let ack = hers.asks(&edit).await;
    assert_eq!((&ack["type"], &ack["event"]), (&json!("ack"), &json!("chat.edit")), "{ack}");
    assert_eq!(ack["data"], alice.get(&path(chat, &said)).await.expect(200));
    assert_eq!(his.asks(&edit).await["code"], "forbidden");
    let recall = json!({"type": "chat.recall", "ref": 2, "chat_id": chat, "message_id": said["id"]});
    assert_eq!(his.asks(&recall).await["code"], "forbidden");
    for _ in 0..2 {
        assert_eq!(hers.asks(&recall).await["data"], json!({}));
    }
    assert_eq!(hers.asks(&edit).await["code"], "message_recalled");
    let short = json!({"type": "chat.recall", "ref": 3, "chat_id": chat});
    assert_eq!(hers.asks(&short).await["data"]["errors"][0]["field"], "message_id");
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_sends_at_once_leave_one_log() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chats = [alice.creates_chat("One").await, alice.creates_chat("Two").await];
    let mut said = Vec::new();
    for chat in chats {
        said.push(alice.says(chat, "draft").await);
    }
    let mut sockets = [alice.opens(chats[0]).await, alice.at(&there).opens(chats[0]).await];
    let work: Vec<_> = (0..120)
        .map(|number| {
            let alice = alice.at(if number % 2 == 0 { &here } else { &there });
            let (chat, message) = (chats[number / 2 % 2], said[number / 2 % 2].clone());
            tokio::spawn(async move {
                let content = format!("words {number}");
                match number % 3 {
                    0 => {
                        let body = json!({"content": content});
                        alice.insists(Method::PATCH, &path(chat, &message), &body).await.expect(200)
                    }
                    _ => alice.says(chat, &content).await,
                }
            })
        })
        .collect();
    for task in work {
        task.await.unwrap();
    }
    let [one, other] = &mut sockets;
    let entries = one.reads(1, head(&alice, chats[0]).await).await;
    assert_eq!(entries.len(), 60);
    let seqs: Vec<_> = entries.iter().map(|entry| entry["seq"].clone()).collect();
    let others: Vec<_> =
        other.reads(1, 61).await.iter().map(|entry| entry["seq"].clone()).collect::<Vec<_>>();
    assert_eq!(seqs, others);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_chat_keeps_its_own_writers_waiting_and_nobody_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let (held, free) = (alice.creates_private_chat("Held").await, alice.creates_chat("Free").await);
    let (said, elsewhere) = (alice.says(held, "draft").await, alice.says(free, "draft").await);
    let psql = world.psql().await;
    let hold = format!("begin; select from chats where id = '{held}' for update");
    psql.batch_execute(&hold).await.unwrap();
    let begun = Instant::now();
    // More than the pool has connections.
    let waiting: Vec<_> = (0..20)
        .map(|number| {
            let (alice, path) = (alice.clone(), path(held, &said));
            let method = if number % 2 == 0 { Method::PATCH } else { Method::DELETE };
            tokio::spawn(async move {
                Person::send(alice.request(method, &path).json(&json!({"content": "patience"}))).await
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    for number in 0..5 {
        let begun = Instant::now();
        edits(&alice, free, &elsewhere, &format!("meanwhile {number}")).await.expect(200);
        edits(&eve, held, &said, "knock").await.refused(404, "not_found");
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    }
    for task in waiting {
        let answer = task.await.unwrap();
        assert!(answer.headers.contains_key("retry-after"));
        answer.refused(503, "not_ready");
    }
    let waited = begun.elapsed();
    assert!(waited > Duration::from_millis(4900) && waited < Duration::from_secs(7), "{waited:?}");
    psql.batch_execute("rollback").await.unwrap();
    assert_eq!(edits(&alice, held, &said, "now").await.expect(200)["content"], "now");
}
