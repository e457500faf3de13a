//! A message that is sent by itself: a shorter way into the log and out of it, and nobody can tell.

use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_message_is_told_as_the_log_has_it() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut sockets = [bob.opens(chat).await, bob.at(&there).opens(chat).await];
    let psql = world.psql().await;
    let name = psql.query_one("select username from users where id = $1", &[&bob.id]).await.unwrap();
    let mention = format!("hello @{}, 👋\n\"quoted\"", name.get::<_, String>(0));
    let mut last = 1;
    for round in 0..5 {
        // One after the other, by turns with what is no plain text, and with what others write.
        let said = alice.says(chat, "first").await;
        alice.tries(chat, &json!({"content": mention, "client_id": format!("c{round}")})).await.expect(201);
        alice.tries(chat, &json!({"content": "re", "reply_to": said["id"]})).await.expect(201);
        bob.at(&there).says(chat, "from there").await;
        let sql = "insert into messages (chat_id, sender_id, content) values ($1, $2, 'from psql')";
        psql.execute(sql, &[&chat, &alice.id]).await.unwrap();
        let message = format!("/api/v1/chats/{chat}/messages/{}", said["id"].as_str().unwrap());
        let told = alice.says(chat, "last").await;
        for socket in &mut sockets {
            let entries = socket.reads(last, last + 6).await;
            assert_eq!(entries[0]["message"], said);
            assert_eq!(entries[1]["message"]["mentions"], json!([bob.id]));
            assert_eq!(entries[5]["message"], told);
            let log =
                bob.get(&format!("/api/v1/chats/{chat}/log?after_seq={last}&limit=6")).await.expect(200);
            assert_eq!(log["items"], json!(entries));
        }
        alice.delete(&message).await.expect(204);
        for socket in &mut sockets {
            socket.expect("message_recalled").await;
        }
        last += 7;
    }
    let outcome =
        psql.query_one("select count(*), max(seq) from messages where chat_id = $1", &[&chat]).await;
    let outcome = outcome.unwrap();
    assert_eq!((outcome.get::<_, i64>(0), outcome.get::<_, i64>(1)), (last, last), "without a gap");
    let count = "select last_seq, message_count from chats where id = $1";
    let count = psql.query_one(count, &[&chat]).await.unwrap();
    assert_eq!((count.get::<_, i64>(0), count.get::<_, i64>(1)), (last, 30), "and counted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_message_goes_on_from_the_same_log_alone() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    for n in 0..3 {
        alice.says(chat, &n.to_string()).await;
    }
    socket.reads(0, 3).await;
    // Entry 3 is another one now, as after a restored backup, and nobody was told.
    world.replaces_log(chat, alice.id, 2, 1).await;
    alice.says(chat, "after another").await;
    let frame = socket.next().await;
    assert_eq!(frame["type"], "reset", "{frame}");
}

async fn asks(psql: &Client, call: &str) -> (String, Option<i64>, Vec<Uuid>) {
    psql.batch_execute("begin").await.unwrap();
    let row = psql.query_one(call, &[]).await.unwrap_or_else(|error| panic!("{call}: {error:?}"));
    psql.batch_execute("rollback").await.unwrap();
    (row.get("outcome"), row.get("seq"), row.get::<_, Option<_>>("mentions").unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_is_judged_like_a_batch() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let (open, closed) = (alice.creates_chat("Open").await, alice.creates_private_chat("Closed").await);
    bob.joins(open).await;
    alice.tries(open, &json!({"content": "once", "client_id": "used"})).await.expect(201);
    let direct = world.direct_chat(alice.id, bob.id).await;
    let unfriendly = world.direct_chat(eve.id, bob.id).await;
    bob.blocks(&eve).await;
    let banned = alice.creates_chat("Without Eve").await;
    alice.puts(&format!("/api/v1/chats/{banned}/bans/{}", eve.id)).await.expect(204);
    let psql = world.psql().await;
    let name = psql.query_one("select username from users where id = $1", &[&bob.id]).await.unwrap();
    let name = name.get::<_, String>(0);
    let text = format!("'hello @{name}'");
    let cases = [
        (open, alice.id, "null", "posted"),
        (open, alice.id, "'fresh'", "posted"),
        (open, alice.id, "'used'", "seen"),
        (open, bob.id, "'used'", "posted"),
        // Posting to a public chat joins it.
        (open, eve.id, "null", "posted"),
        (closed, alice.id, "null", "posted"),
        (closed, eve.id, "null", "no_chat"),
        (Uuid::now_v7(), alice.id, "null", "no_chat"),
        (banned, eve.id, "null", "banned"),
        (direct, alice.id, "null", "posted"),
        (direct, eve.id, "null", "no_chat"),
        (unfriendly, eve.id, "null", "blocked"),
        (unfriendly, bob.id, "null", "blocking"),
    ];
    let compare = async |cases: &[(Uuid, Uuid, &str, &str)], psql: &Client| {
        for (chat, sender, client, expected) in cases {
            let one =
                format!("select * from post_message('{chat}', '{sender}', uuid_v7(), {text}, {client})");
            let many = format!(
                "select * from post_messages(array['{chat}']::uuid[], array['{sender}']::uuid[], array[uuid_v7()], array[{text}],
                array[{client}]::text[], array[null]::uuid[], '{{}}', '{{}}', false)"
            );
            let (one, many) = (asks(psql, &one).await, asks(psql, &many).await);
            assert_eq!(one, many, "{chat} {sender} {client}");
            assert_eq!(one.0, *expected, "{chat} {sender} {client}");
        }
    };
    compare(&cases, &psql).await;
    // Somebody holds the chats: who may post there comes again, a stranger learns nothing.
    let holder = world.psql().await;
    holder.batch_execute("begin; select from chats for update").await.unwrap();
    let held = [
        (open, alice.id, "null", "busy"),
        (open, eve.id, "null", "busy"),
        (closed, alice.id, "null", "busy"),
        (closed, eve.id, "null", "no_chat"),
        (direct, bob.id, "null", "busy"),
        (direct, eve.id, "null", "no_chat"),
    ];
    compare(&held, &psql).await;
    holder.batch_execute("rollback").await.unwrap();
    compare(&cases, &psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_in_the_same_transaction_is_numbered_and_told_as_ever() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    let psql = world.psql().await;
    let posts = format!("select post_message('{chat}', '{}', uuid_v7(), 'posted', null)", alice.id);
    let writes = format!(
        "insert into messages (chat_id, sender_id, content) values ('{chat}', '{}', 'written')",
        alice.id
    );
    psql.batch_execute(&format!("begin; {posts}; {writes}; {posts}; {writes}; commit; {writes}"))
        .await
        .unwrap();
    let contents: Vec<_> =
        socket.reads(0, 5).await.iter().map(|entry| entry["message"]["content"].clone()).collect();
    assert_eq!(contents, ["posted", "written", "posted", "written", "written"]);
    // A notification each, whoever rings.
    psql.batch_execute(&posts).await.unwrap();
    assert_eq!(socket.next().await["seq"], 6);
    psql.batch_execute(&writes).await.unwrap();
    assert_eq!(socket.next().await["seq"], 7);
    let chat: Value = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
    assert_eq!(chat["last_seq"], 7);
}
