//! Files that come with messages: once, by their owner, and gone with them.

use image::ImageFormat;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Person, World, picture};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_with_files_is_the_same_through_every_door() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut socket = bob.opens(chat).await;
    let (one, two) =
        (alice.uploads("one.png", picture(ImageFormat::Png, 9, 9)).await, alice.uploads("two", "two").await);
    let body = json!({"attachments": [two["id"], one["id"]], "client_id": "c1"});
    let silent = alice.tries(chat, &body).await.expect(201);
    assert_eq!((&silent["kind"], &silent["content"]), (&json!("media"), &Value::Null));
    let seen_by = |base: &str, file: &Value| -> Value {
        serde_json::from_str(&file.to_string().replace(&here.base, base)).unwrap()
    };
    assert_eq!(silent["attachments"], json!([two, one]));
    let theirs = seen_by(&there.base, &silent);
    assert_eq!(socket.expect("new_message").await["message"], theirs);
    let path = format!("/api/v1/chats/{chat}");
    let id = silent["id"].as_str().unwrap();
    assert_eq!(alice.get(&format!("{path}/messages/{id}")).await.expect(200), silent);
    for window in ["", "?before_seq=9", "?after_seq=1", "?around_seq=2"] {
        let list = alice.get(&format!("{path}/messages{window}")).await.expect(200);
        assert_eq!(list["items"], json!([silent]), "{window}");
    }
    let log = bob.get(&format!("{path}/log?after_seq=1")).await.expect(200);
    assert_eq!(log["items"][0]["message"], theirs);
    assert_eq!(bob.resumes(chat, 1).await.expect("new_message").await["message"], theirs);
    let mine = alice.get("/api/v1/chats").await.expect(200);
    assert_eq!(mine["items"][0]["last_message"], silent);
    let inbox = bob.get("/api/v1/chats").await.expect(200);
    assert_eq!(inbox["items"][0]["unread_count"], 1, "files are unread, too");
    alice.puts(&format!("{path}/messages/{id}/pin")).await.expect(204);
    let pins = alice.get(&format!("{path}/pins")).await.expect(200);
    assert_eq!(pins["items"][0]["attachments"], silent["attachments"]);
    // Said again it is the same; with other files, or none, it is not.
    assert_eq!(alice.tries(chat, &body).await.expect(200), silent);
    for other in [json!([one["id"], two["id"]]), json!([one["id"]])] {
        let other = json!({"attachments": other, "client_id": "c1"});
        alice.tries(chat, &other).await.refused(409, "client_id_reused");
    }
    // Words may stand beside them, and be changed, and the files stay.
    socket.expect("pin_added").await;
    let three = bob.uploads("three", "three").await;
    let command = json!({"type": "chat.send", "ref": 1, "chat_id": chat, "content": "look", "attachments": [three["id"]]});
    let said = socket.asks(&command).await["data"].clone();
    assert_eq!(
        (&said["kind"], &said["content"], &said["attachments"]),
        (&json!("media"), &json!("look"), &json!([three]))
    );
    let path = format!("{path}/messages/{}", said["id"].as_str().unwrap());
    let edited = bob.patch(&path, &json!({"content": "look here"})).await.expect(200);
    assert_eq!((&edited["content"], &edited["attachments"]), (&json!("look here"), &said["attachments"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_loose_files_of_ones_own_come_with_a_message() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let (hers, his) = (alice.uploads("hers", "hers").await, bob.uploads("his", "his").await);
    let used = alice.uploads("used", "used").await;
    alice.shows(chat, &[&used]).await;
    let mut many = Vec::new();
    for number in 0..11 {
        many.push(alice.uploads("one of many", format!("{number}")).await["id"].clone());
    }
    for bad in [
        json!([his["id"]]),
        json!([used["id"]]),
        json!([Uuid::now_v7()]),
        json!([hers["id"], his["id"]]),
        json!([hers["id"], hers["id"]]),
        json!(many),
        json!(["nonsense"]),
        json!("nonsense"),
    ] {
        let answer = alice.tries(chat, &json!({"content": "look", "attachments": bad})).await;
        let problem = answer.refused(400, "validation_failed");
        let field = problem["errors"][0]["field"].as_str().unwrap();
        assert!(field.starts_with("attachments"), "{bad}: {problem}");
    }
    for blank in [json!({"content": "", "attachments": [hers["id"]]}), json!({"attachments": []}), json!({})]
    {
        let problem = alice.tries(chat, &blank).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "content", "{blank}");
    }
    let ten = alice.tries(chat, &json!({"attachments": many[..10]})).await.expect(201);
    let ids: Vec<_> = ten["attachments"].as_array().unwrap().iter().map(|file| file["id"].clone()).collect();
    assert_eq!(ids, many[..10]);
    assert_eq!(ten["seq"], 2, "what was refused took no number");
    // The reply does not stand, so neither is the file taken.
    let lost = json!({"attachments": [hers["id"]], "reply_to": Uuid::now_v7()});
    let problem = alice.tries(chat, &lost).await.refused(400, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], "reply_to");
    let hidden = bob.creates_private_chat("Hidden").await;
    alice.tries(hidden, &json!({"attachments": [hers["id"]]})).await.refused(404, "not_found");
    alice.shows(chat, &[&hers]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_with_one_of_those_who_want_it_at_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chats = [alice.creates_chat("One").await, alice.creates_chat("Two").await];
    for round in 0..5 {
        let file = alice.uploads("wanted", format!("{round}")).await;
        let mut all = JoinSet::new();
        for number in 0..24 {
            let who = if number % 2 == 0 { alice.clone() } else { alice.at(&there) };
            let (chat, id) = (chats[number / 2 % 2], file["id"].clone());
            all.spawn(async move {
                let body = match number % 3 {
                    0 => json!({"content": "beside them"}),
                    _ => json!({"content": "mine", "attachments": [id]}),
                };
                (number % 3 == 0, who.tries(chat, &body).await)
            });
        }
        let mut posted = 0;
        for (plain, answer) in all.join_all().await {
            match (plain, answer.status) {
                (true, 201) => {}
                (false, 201) => posted += 1,
                (false, 400) => assert_eq!(answer.body["errors"][0]["field"], "attachments"),
                _ => panic!("{answer:?}"),
            }
        }
        assert_eq!(posted, 1, "in round {round}");
    }
}

async fn url_of(person: &Person, chat: Uuid, name: &str) -> (Value, String) {
    let file = person.uploads(name, picture(ImageFormat::Png, 5, 5)).await;
    let message = person.shows(chat, &[&file]).await;
    (file, format!("/api/v1/chats/{chat}/messages/{}", message["id"].as_str().unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recalled_cleared_or_deleted_takes_its_files_along() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let (recalled, its_message) = url_of(&alice, chat, "recalled").await;
    let (cleared, _) = url_of(&alice, chat, "cleared").await;
    alice.delete(&its_message).await.expect(204);
    let message = alice.get(&its_message).await.expect(200);
    assert_eq!((&message["kind"], &message["attachments"]), (&json!("media"), &json!([])));
    for url in [&recalled["url"], &recalled["thumbnail_url"]] {
        assert_eq!(alice.knocks(url).await, 404);
    }
    let again = json!({"attachments": [recalled["id"]]});
    alice.tries(chat, &again).await.refused(400, "validation_failed");
    assert_eq!(alice.knocks(&cleared["url"]).await, 200);
    alice.delete(&format!("/api/v1/chats/{chat}/messages")).await.expect(204);
    assert_eq!(alice.knocks(&cleared["url"]).await, 404);
    let log = alice.get(&format!("/api/v1/chats/{chat}/log")).await.expect(200);
    assert!(!log.to_string().contains("/files/"), "{log}");
    let (deleted, _) = url_of(&alice, chat, "deleted").await;
    alice.delete(&format!("/api/v1/chats/{chat}")).await;
    let psql = world.psql().await;
    psql.execute("delete from chats where id = $1", &[&chat]).await.unwrap();
    assert_eq!(alice.knocks(&deleted["url"]).await, 404);
    let left = "select count(*) from files where state <> 'orphaned'";
    assert_eq!(psql.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn psql_attaches_files_too() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    let (hers, his) = (alice.uploads("hers", "hers").await, bob.uploads("his", "his").await);
    let psql = world.psql().await;
    let insert = "insert into messages (chat_id, sender_id, kind, body) values ($1, $2, 'media', $3)";
    let bad = [
        json!({"attachments": [his["id"]]}),
        json!({"attachments": [hers["id"], hers["id"]]}),
        json!({"attachments": []}),
        json!({"attachments": "nonsense"}),
        json!({}),
        Value::Null,
    ];
    for body in bad {
        let refused = psql.execute(insert, &[&chat, &alice.id, &body]).await.unwrap_err();
        let constraint = refused.as_db_error().unwrap().constraint().unwrap().to_owned();
        assert!(constraint.starts_with("messages_attachments_"), "{body}: {constraint}");
    }
    let body = json!({"attachments": [hers["id"]]});
    psql.execute(insert, &[&chat, &alice.id, &body]).await.unwrap();
    let frame = socket.expect("new_message").await;
    assert_eq!((&frame["seq"], &frame["message"]["attachments"]), (&json!(1), &json!([hers])));
    assert_eq!(bob.knocks(&hers["url"]).await, 200);
    psql.execute("update messages set recalled_at = now() where chat_id = $1", &[&chat]).await.unwrap();
    assert_eq!(socket.expect("message_recalled").await["message"]["attachments"], json!([]));
    assert_eq!(bob.knocks(&hers["url"]).await, 404);
}
