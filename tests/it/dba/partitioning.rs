//! `messages` in partitions, by hash of the chat: nothing changes for anybody, and each chat is in one of them.

use tokio_postgres::Client;

use super::{connect, healthy, number, read, reading::answers, runs_with, tools::does};
use crate::support::{Person, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_partitioned_log_is_a_log_like_any_other() {
    // A statement is planned once a connection, and that looks at all partitions: few of them are soon through with it.
    let world = World::with(&[("TRUNKLINE_DATABASE__POOL_SIZE", "2")]).await;
    let psql = world.psql().await;
    psql.batch_execute(&read("seeds/demo.sql")).await.unwrap();
    let shape = "select string_agg(line, E'\\n' order by line) from (
        select conname || ' ' || pg_get_constraintdef(oid) as line from pg_constraint where conrelid = 'public.messages'::regclass
        union all select translate(pg_get_triggerdef(oid), '()', '') from pg_trigger where tgrelid = 'public.messages'::regclass and not tgisinternal
        union all select indexrelid::regclass::text from pg_index where indrelid = 'public.messages'::regclass
        union all select attname || coalesce(col_description(attrelid, attnum), '') from pg_attribute
            where attrelid = 'public.messages'::regclass and attnum > 0) as shapes";
    let before: String = psql.query_one(shape, &[]).await.unwrap().get(0);
    does(&world, "partition_messages", &["partitions=8"]).await;
    does(&world, "roles_and_grants", &[]).await;
    let after: String = psql.query_one(shape, &[]).await.unwrap().get(0);
    assert_eq!(after, before);
    assert!(trunkline::db::migrate::migrate(&world.url).await.unwrap().installed.is_empty());
    let (_, refused) =
        runs_with(&world.url, &["partitions=8"], read("ops/partition_messages.sql").as_bytes()).await;
    assert!(refused.contains("partitioned already"), "{refused}");
    healthy(&psql).await;

    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Hall").await;
    bob.joins(chat).await;
    let mut socket = bob.opens(chat).await;
    lives(&alice, &bob, chat).await;
    world.fills(chat, alice.id, 50, 20).await;
    let last = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"].as_i64().unwrap();
    socket.reads(1, last).await;
    let found = bob.get(&format!("/api/v1/chats/{chat}/messages?search=7xxx")).await.expect(200);
    assert_eq!(found["total"], 5);
    // Whatever happens in a chat looks into the partition of that chat, and into no other.
    let its = format!("select tableoid::regclass::text from messages where chat_id = '{chat}' limit 1");
    let its: String = psql.query_one(&its, &[]).await.unwrap().get(0);
    // What is done regularly looks into all of them, now and then.
    psql.batch_execute(
        "insert into paused_tasks (task) select distinct task from schedules on conflict do nothing",
    )
    .await
    .unwrap();
    let mut touched = Vec::new();
    for _ in 0..10 {
        settles(&alice).await;
        let before = scans(&psql).await;
        everything(&alice, &bob, chat).await;
        settles(&alice).await;
        let after = scans(&psql).await.into_iter().filter(|scan| !before.contains(scan));
        touched = after.map(|(name, _)| name).collect();
        if touched.len() == 1 {
            break;
        }
    }
    alice.delete(&format!("/api/v1/chats/{chat}/messages")).await.expect(204);
    assert_eq!(touched, [its]);
    healthy(&psql).await;
    assert_eq!(number(&psql, "select count(*) from api_v1_chats").await, 4);
    let reader = connect(&world.url.replace("//owner:", "//trunkline_reader:")).await;
    assert!(answers(&reader, "select count(*) from messages").await.is_some());
}

/// What is asked all the time about a chat that has more than twenty entries.
async fn everything(alice: &Person, bob: &Person, chat: uuid::Uuid) {
    lives(alice, bob, chat).await;
    for path in [
        "messages",
        "messages?after_seq=5",
        "messages?before_seq=9",
        "messages?around_seq=9",
        "messages?search=xxx",
        "log?after_seq=3",
        "pins",
        "reads",
    ] {
        alice.get(&format!("/api/v1/chats/{chat}/{path}")).await.expect(200);
    }
    alice.get("/api/v1/chats").await.expect(200);
    let put = serde_json::json!({"seq": 20});
    bob.put(&format!("/api/v1/chats/{chat}/read"), &put).await.expect(204);
    bob.resumes(chat, 3).await.reads(3, 20).await;
}

/// How often each partition was looked into.
async fn scans(psql: &Client) -> Vec<(String, i64)> {
    psql.batch_execute("select pg_stat_clear_snapshot()").await.unwrap();
    let sql = "select relname::text, seq_scan + coalesce(idx_scan, 0) from pg_stat_user_tables
        where relname ~ '^messages_[0-9]' order by 1";
    psql.query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Until every session has told what it has looked into: one does so with the first statement after a second.
async fn settles(alice: &Person) {
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let asks = (0..8).map(|_| alice.get("/api/v1/users/me"));
    futures_util::future::join_all(asks).await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
}

/// What people do in a chat.
async fn lives(alice: &Person, bob: &Person, chat: uuid::Uuid) {
    let said = alice.says(chat, "hello").await;
    let path = format!("/api/v1/chats/{chat}/messages/{}", said["id"].as_str().unwrap());
    bob.puts(&format!("{path}/reactions/👍")).await.expect(204);
    alice.patch(&path, &serde_json::json!({"content": "good-bye"})).await.expect(200);
    alice.delete(&path).await.expect(204);
    let again = serde_json::json!({"content": "once", "client_id": uuid::Uuid::new_v4()});
    let first = bob.tries(chat, &again).await.expect(201);
    assert_eq!(bob.tries(chat, &again).await.expect(200)["id"], first["id"]);
}
