//! What causes a notification, and for whom.

use serde_json::{Value, json};

use super::{MINE, kinds, mine, opens, username};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn each_cause_notifies_whom_it_concerns_on_every_instance() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob, admin) =
        (here.person("Alice").await, there.person("Bob").await, here.person("Admin").await);
    world.promotes(admin.id).await;
    let psql = world.psql().await;
    let (mut gateway, last) = opens(&bob, None).await;
    assert_eq!(last, 0);
    let mut next = async |kind: &str, seq: i64| -> Value {
        let frame = gateway.notified().await;
        assert_eq!((&frame["seq"], &frame["notification"]["kind"]), (&json!(seq), &json!(kind)), "{frame}");
        frame["notification"].clone()
    };

    let chat = alice.creates_private_chat("Lobby").await;
    let added = json!({"user_id": bob.id});
    alice.post(&format!("/api/v1/chats/{chat}/members"), &added).await.expect(201);
    let told = next("chat_added", 1).await;
    assert_eq!(told["data"], json!({"chat_id": chat}));
    assert_eq!(told["sender"], json!({"id": alice.id, "name": "Alice"}));

    let name = username(&bob).await;
    let said = alice.says(chat, &format!("a secret for @{name}")).await;
    let told = next("mention", 2).await;
    assert_eq!(told["data"], json!({"chat_id": chat, "message_id": said["id"], "seq": said["seq"]}));
    assert!(!told.to_string().contains("secret"), "{told}");
    assert!(told["read_at"].is_null() && told["created_at"].is_string());

    let mut own = bob.says(chat, "mine").await;
    let answer = json!({"content": "an answer", "reply_to": own["id"].take()});
    alice.post(&format!("/api/v1/chats/{chat}/messages"), &answer).await.expect(201);
    next("reply", 3).await;

    alice.befriends(&bob).await.expect(201);
    assert_eq!(next("friend_request", 4).await["data"], json!({"user_id": alice.id}));

    let later = json!({"content": "later", "client_id": "later", "send_at": chrono::Utc::now() + chrono::TimeDelta::days(1)});
    let receipt = bob.post(&format!("/api/v1/chats/{chat}/messages"), &later).await.expect(202);
    psql.execute("update scheduled_messages set failed_at = now(), reason = 'banned'", &[]).await.unwrap();
    let told = next("scheduled_failed", 5).await;
    assert_eq!((&told["data"]["id"], &told["data"]["reason"]), (&receipt["id"], &json!("banned")));
    assert_eq!((&told["data"]["send_at"], &told["sender"]), (&receipt["send_at"], &Value::Null));

    let new = json!({"recipient_id": bob.id, "message": "welcome"});
    let sent = admin.post(MINE, &new).await.expect(201);
    assert_eq!(next("message", 6).await, sent);
    assert_eq!(sent["message"], "welcome");

    bob.befriends(&alice).await.expect(200);
    // Of what she did herself, and of what others heard, Alice knows nothing.
    let told = mine(&alice).await;
    assert_eq!(
        (told.len(), &told[0]["kind"], &told[0]["sender"]["name"]),
        (1, &json!("friend_accepted"), &json!("Bob"))
    );
    let all = ["chat_added", "mention", "reply", "friend_request", "scheduled_failed", "message"];
    assert_eq!(kinds(&bob).await, all);
    super::is_counted(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_notified_of_what_they_do_themselves() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let name = username(&alice).await;
    let chat = alice.creates_chat("Lobby").await;
    let own = alice.says(chat, &format!("I, @{name}")).await;
    let answer = json!({"content": "I answer myself", "reply_to": own["id"]});
    alice.post(&format!("/api/v1/chats/{chat}/messages"), &answer).await.expect(201);
    bob.joins(chat).await;
    bob.leaves(chat).await;
    let invite = alice.post(&format!("/api/v1/chats/{chat}/invites"), &json!({})).await.expect(201);
    bob.act(&format!("/api/v1/invites/{}/accept", invite["token"].as_str().unwrap())).await.expect(200);
    alice.post("/api/v1/chats/direct", &json!({"user_id": bob.id})).await.expect(201);
    assert!(mine(&alice).await.is_empty() && mine(&bob).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_blocked_muted_or_left_hears_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (psql, name) = (world.psql().await, username(&bob).await);
    let chat = alice.creates_private_chat("Lobby").await;
    world.adds(chat, bob.id).await;
    let (call, path) = (format!("@{name}, hello"), format!("/api/v1/chats/{chat}/messages"));
    let mute = format!("/api/v1/chats/{chat}/mute");

    bob.blocks(&alice).await;
    alice.says(chat, &call).await;
    bob.unblocks(&alice).await;
    assert!(mine(&bob).await.is_empty());

    bob.puts(&mute).await.expect(204);
    alice.says(chat, &call).await;
    bob.delete(&mute).await.expect(204);
    let tomorrow = chrono::Utc::now() + chrono::TimeDelta::days(1);
    bob.put(&mute, &json!({"until": tomorrow})).await.expect(204);
    alice.says(chat, &call).await;
    assert!(mine(&bob).await.is_empty());
    // The time of the mute is over.
    psql.batch_execute("update chat_mutes set until = now() - interval '1 second'").await.unwrap();
    assert_eq!(bob.get(&mute).await.expect(200)["muted"], false);
    alice.says(chat, &call).await;
    assert_eq!(kinds(&bob).await, ["mention"]);

    let own = bob.says(chat, "mine").await;
    bob.leaves(chat).await;
    alice.post(&path, &json!({"content": "too late", "reply_to": own["id"]})).await.expect(201);
    alice.says(chat, &call).await;
    assert_eq!(kinds(&bob).await, ["mention"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_notifies_once_and_its_edits_those_who_are_new_in_them() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let (his, hers) = (username(&bob).await, username(&carol).await);
    let chat = alice.creates_chat("Lobby").await;
    for person in [&bob, &carol] {
        person.joins(chat).await;
    }
    let own = bob.says(chat, "mine").await;
    let answer = json!({"content": format!("@{his}, @{his}: both"), "reply_to": own["id"], "client_id": "a"});
    let path = format!("/api/v1/chats/{chat}/messages");
    let said = alice.post(&path, &answer).await.expect(201);
    alice.post(&path, &answer).await.expect(200);
    assert_eq!(kinds(&bob).await, ["mention"]);
    let edits = async |message: &Value, words: &str| {
        let edit = json!({"content": words});
        alice.patch(&format!("{path}/{}", message["id"].as_str().unwrap()), &edit).await.expect(200);
    };
    edits(&said, &format!("@{his}, edited")).await;
    assert_eq!(kinds(&bob).await, ["mention"]);
    // Carol is new in it; she is left out again, and comes back, and nobody is notified twice.
    for words in [format!("@{his} and @{hers}"), "nobody".to_owned(), format!("@{hers} and @{his}!")] {
        edits(&said, &words).await;
        assert_eq!(
            (kinds(&bob).await, kinds(&carol).await),
            (vec!["mention".to_owned()], vec!["mention".to_owned()])
        );
    }
    let told = mine(&carol).await.remove(0);
    assert_eq!(told["data"], json!({"chat_id": chat, "message_id": said["id"], "seq": said["seq"]}));
    assert_eq!(told["sender"]["id"], json!(alice.id));
    // Whom it has told that it replies to them knows of it.
    let hint = json!({"content": "yes", "reply_to": own["id"]});
    let hint = alice.post(&path, &hint).await.expect(201);
    edits(&hint, &format!("yes, @{his}")).await;
    assert_eq!(kinds(&bob).await, ["mention", "reply"]);
    // By SQL, several at once; one's own name is no news.
    let plain = alice.says(chat, "plain").await;
    let psql = world.psql().await;
    let sql = "update messages set content = '@' || $2 || ', look' where chat_id = $1 and kind = 'text' and content in ('plain', 'mine')";
    psql.execute(sql, &[&chat, &his]).await.unwrap();
    assert_eq!(mine(&bob).await[0]["data"]["message_id"], plain["id"]);
    assert_eq!(kinds(&bob).await.len(), 3);
    // What is recalled tells nobody anything.
    let last = alice.says(chat, "last").await;
    let recall = "update messages set content = '@' || $2, recalled_at = now() where chat_id = $1 and id = $3::text::uuid";
    psql.execute(recall, &[&chat, &hers, &last["id"].as_str().unwrap()]).await.unwrap();
    assert_eq!(kinds(&carol).await.len(), 1);
    super::is_counted(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_buries_anybody_under_notifications() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let (psql, name) = (world.psql().await, username(&bob).await);
    let chat = alice.creates_chat("Lobby").await;
    for person in [&bob, &carol] {
        person.joins(chat).await;
    }
    let calls = "insert into messages (chat_id, sender_id, content)
        select $1, $2, '@' || $3::text || n from generate_series(1, 20) as n, unnest(array['', ',', '!']) as mark";
    let calls = calls.replace("|| n from", "|| ', ' || n || mark from");
    for _ in 0..50 {
        psql.execute(&calls, &[&chat, &alice.id, &name]).await.unwrap();
    }
    let list = bob.get(MINE).await.expect(200);
    assert!((1_000..=1_100).contains(&list["total"].as_i64().unwrap()), "{}", list["total"]);
    // What others do is told all the same, and every message stands.
    psql.execute(&calls, &[&chat, &carol.id, &name]).await.unwrap();
    assert_eq!(mine(&bob).await[0]["sender"]["name"], "Carol");
    assert_eq!(bob.get(&format!("/api/v1/chats/{chat}/messages")).await.expect(200)["total"], 3_060);
}
