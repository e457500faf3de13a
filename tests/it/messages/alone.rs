//! A message that is sent by itself: a shorter way into the log and out of it, and nobody can tell.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_postgres::Client;
use trunkline::config::Secret;
use uuid::Uuid;

use crate::support::{Instance, Proxy, World};

/// An instance that hears notifications at once, and everything else through a proxy.
async fn hears_first(world: &World) -> (Instance, Proxy) {
    let proxy = Proxy::start(&world.url_of_instances()).await;
    let mut config = world.config();
    config.database.url = Some(Secret::new(proxy.url()));
    config.database.listen_url = Some(Secret::new(world.url_of_instances()));
    let here = world.instance_of(config).await;
    here.listens(world).await;
    (here, proxy)
}

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

#[tokio::test(flavor = "multi_thread")]
async fn a_lone_message_is_not_read_back_when_its_notification_is_sooner_than_its_answer() {
    let world = World::new().await;
    let psql = world.superuser().await;
    world.counts_statements().await;
    let (here, proxy) = hears_first(&world).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    alice.says(chat, "to begin with").await;
    socket.hears(1).await;
    psql.execute("select pg_stat_statements_reset()", &[]).await.unwrap();
    proxy.delay(Duration::from_millis(5));
    for n in 0..40 {
        let said = n.to_string();
        alice.says(chat, &said).await;
        assert_eq!(socket.hears(1).await, [said]);
    }
    let sql = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements
        where query like '%messages/list_new%' and dbid = (select oid from pg_database where datname = current_database())";
    let read: i64 = psql.query_one(sql, &[]).await.unwrap().get(0);
    // Where the machine has something else to do, an answer may come later than is waited for.
    assert!(read < 20, "{read} of 40");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_is_heard_while_a_lone_message_hangs() {
    let world = World::with(&[("TRUNKLINE_DATABASE__STATEMENT_SECONDS", "2")]).await;
    let psql = world.psql().await;
    let (here, proxy) = hears_first(&world).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut met = 0;
    for round in 0..4 {
        let mut socket = alice.opens(chat).await;
        let body = json!({"content": "hangs", "client_id": round.to_string()});
        let send = || {
            let (alice, body) = (alice.clone(), body.clone());
            tokio::spawn(async move { alice.post(&format!("/api/v1/chats/{chat}/messages"), &body).await })
        };
        proxy.freeze_one();
        let sent = send();
        proxy.one_is_frozen().await;
        let sql = "insert into messages (chat_id, sender_id, content) values ($1, $2, $3)";
        for n in 0..3 {
            let said = n.to_string();
            psql.execute(sql, &[&chat, &alice.id, &said]).await.unwrap();
            let mut heard = socket.hears(1).await;
            if heard == ["hangs"] {
                heard = socket.hears(1).await;
            }
            assert_eq!(heard, [said]);
        }
        let was_sooner = !sent.is_finished();
        let sent = sent.await.unwrap();
        // On a busy machine something else may have been the next to ask.
        if sent.status != 201 {
            sent.refused(503, "outcome_unknown");
            met += u32::from(was_sooner);
        }
        proxy.thaw();
        assert!([200, 201].contains(&send().await.unwrap().status));
    }
    assert!(met > 0);
}
