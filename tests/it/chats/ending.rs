//! The end of a chat: gone at once for everybody however long its log is, and the log is removed afterwards, in pieces.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio_postgres::Client;
use trunkline::chats::jobs::remove_ended;
use uuid::Uuid;

use crate::{
    commands::{Folder, shared},
    support::{Instance, World},
};

/// Makes a log long, with reactions, pins and an index, as a restore would.
async fn grows(world: &World, chat: Uuid, sender: Uuid, entries: i64) {
    let sql = format!(
        "begin;
        set local session_replication_role = replica;
        insert into messages (chat_id, seq, sender_id, content)
        select '{chat}', seq, '{sender}', 'walrus ' || seq
        from chats cross join lateral generate_series(chats.last_seq + 1, chats.last_seq + {entries}) as seq where id = '{chat}';
        update chats set last_seq = last_seq + {entries}, message_count = message_count + {entries} where id = '{chat}';
        insert into reactions (chat_id, message_id, emoji, user_id, since)
        select chat_id, id, '+', sender_id, now() from messages where chat_id = '{chat}' and seq % 50 = 0;
        insert into pins (chat_id, message_id) select chat_id, id from messages where chat_id = '{chat}' and seq % 1000 = 0;
        insert into search_runs (chat_id, run, grams, speakers)
        select '{chat}', run, array(select generate_series(run::integer, run::integer + 300)), array['{sender}'::uuid]
        from generate_series(0, {entries} / 32) as run;
        insert into search_ends (chat_id, seq) values ('{chat}', {entries} / 32 * 32)
        on conflict on constraint search_ends_pkey do update set seq = excluded.seq;
        commit"
    );
    world.superuser().await.batch_execute(&sql).await.unwrap();
}

async fn count(psql: &Client, sql: &str) -> i64 {
    psql.query_one(sql, &[]).await.unwrap().get(0)
}

/// What is there of chats that are gone, table by table.
async fn left(psql: &Client) -> Vec<(&'static str, i64)> {
    let mut left = Vec::new();
    for table in ["messages", "reactions", "pins", "search_runs", "search_ends", "members", "invites"] {
        let sql = format!(
            "select count(*) from {table} where not exists (select from chats where chats.id = {table}.chat_id)"
        );
        left.push((table, count(psql, &sql).await));
    }
    left.push(("ended_chats", count(psql, "select count(*) from ended_chats").await));
    left
}

/// Until everything is removed; the job that does it every minute may be at it, too.
async fn removes(here: &Instance, psql: &Client) {
    for _ in 0..400 {
        remove_ended(&here.app).await.unwrap();
        if count(psql, "select count(*) from ended_chats").await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("there is always more to remove");
}

async fn verifies(world: &World) {
    let (code, out, err) = Folder::new().run(&["verify"], &shared(&world.url)).await;
    assert_eq!(code, 0, "{out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_chat_is_gone_at_once_and_removed_in_pieces() {
    let world = World::with(&[("TRUNKLINE_DATABASE__STATEMENT_SECONDS", "1")]).await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let psql = world.psql().await;
    let (chat, other) = (alice.creates_chat("Stadium").await, alice.creates_chat("Lobby").await);
    for chat in [chat, other] {
        bob.joins(chat).await;
    }
    let file = bob.uploads("kept.txt", "kept").await;
    bob.shows(chat, &[&file]).await;
    let link = bob.get(&format!("/api/v1/files/{}/link", file["id"].as_str().unwrap())).await.expect(200);
    grows(&world, chat, bob.id, 200_000).await;
    let mut watching = bob.opens(chat).await;
    let path = format!("/api/v1/chats/{chat}");

    // Others go on meanwhile, and are never told to come again.
    let talker = {
        let bob = bob.clone();
        tokio::spawn(async move {
            for number in 0..40 {
                bob.says(other, &format!("meanwhile {number}")).await;
            }
        })
    };
    alice.delete(&path).await.expect(204);
    assert_eq!(watching.closed().await.0, 4404);
    for part in
        ["", "/messages", "/messages?sort=seq", "/messages?kind=text", "/log", "/members", "/reads", "/pins"]
    {
        bob.get(&format!("{path}{part}")).await.refused(404, "not_found");
    }
    bob.post(&format!("{path}/join"), &json!({})).await.refused(404, "not_found");
    bob.tries(chat, &json!({"content": "too late"})).await.refused(404, "not_found");
    for (list, total) in [("/api/v1/search/messages?search=walrus", 0), ("/api/v1/chats", 1)] {
        assert_eq!(bob.get(list).await.expect(200)["total"], total, "{list}");
    }
    assert_eq!(bob.knocks(&file["url"]).await, 404);
    assert_eq!(reqwest::get(link["url"].as_str().unwrap()).await.unwrap().status(), 404);
    // Its title is free.
    let again = alice.creates_chat("Stadium").await;

    let behind = left(&psql).await;
    assert!(behind.iter().any(|(table, rows)| *table == "messages" && *rows > 0), "{behind:?}");
    assert!(behind.iter().all(|(table, rows)| !["members", "invites"].contains(table) || *rows == 0));
    verifies(&world).await;
    // Nor does SQL bring anything of it back.
    let message =
        format!("(select id from messages where chat_id = '{chat}' and content is not null limit 1)");
    let refused = [
        format!("insert into chats (id, title) values ('{chat}', 'Again')"),
        format!(
            "insert into messages (chat_id, sender_id, content) values ('{chat}', '{}', 'again')",
            bob.id
        ),
        format!(
            "insert into reactions (chat_id, message_id, user_id, emoji) values ('{chat}', {message}, '{}', '-')",
            bob.id
        ),
        format!("insert into pins (chat_id, message_id) values ('{chat}', {message})"),
    ];
    for sql in refused {
        psql.batch_execute(&sql).await.unwrap_err();
    }
    psql.batch_execute("update messages set content = 'x' where content = 'walrus 9999'").await.unwrap();
    psql.batch_execute("delete from reactions where user_id = (select user_id from reactions limit 1)")
        .await
        .unwrap();

    // One is killed after some pieces, another goes on; two at once share the work.
    for _ in 0..3 {
        psql.execute("select remove_ended($1, 1000)", &[&chat]).await.unwrap();
    }
    let (one, two) = tokio::join!(remove_ended(&here.app), remove_ended(&there.app));
    assert!(one.is_ok() && two.is_ok());
    removes(&here, &psql).await;
    talker.await.unwrap();
    let behind = left(&psql).await;
    assert!(behind.iter().all(|(_, rows)| *rows == 0), "{behind:?}");
    assert_eq!(count(&psql, "select count(*) from files where state = 'attached'").await, 0);
    assert_eq!(remove_ended(&here.app).await.unwrap(), 0);
    verifies(&world).await;
    assert_eq!(alice.says(again, "hello").await["seq"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_deletes_by_sql_deletes_all_of_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let mut chats = Vec::new();
    for number in 0..3 {
        let chat = alice.creates_chat(&format!("Room {number}")).await;
        bob.joins(chat).await;
        alice.says(chat, "walrus").await;
        chats.push(chat);
    }
    grows(&world, chats[0], alice.id, 5_000).await;
    let mut watching = bob.opens(chats[1]).await;
    assert_eq!(psql.execute("delete from chats where title <> 'Room 2'", &[]).await.unwrap(), 2);
    assert_eq!(watching.closed().await.0, 4404);
    // What is short is gone with the commit.
    let there = "select count(*) from messages where chat_id = $1";
    assert_eq!(psql.query_one(there, &[&chats[1]]).await.unwrap().get::<_, i64>(0), 0);
    assert_eq!(count(&psql, "select count(*) from ended_chats").await, 1);
    // The job that is done every minute removes the rest.
    psql.batch_execute("insert into jobs (task) values ('remove_ended_chats')").await.unwrap();
    world.rests().await;
    let behind = left(&psql).await;
    assert!(behind.iter().all(|(_, rows)| *rows == 0), "{behind:?}");
    let removed: Value = psql
        .query_one("select result from jobs where task = 'remove_ended_chats' and status = 'succeeded'", &[])
        .await
        .unwrap()
        .get(0);
    assert!(removed["removed"].as_i64().unwrap() > 4_000, "{removed}");
    // And the id may be used again.
    psql.execute("insert into chats (id, title) values ($1, 'Room 0')", &[&chats[0]]).await.unwrap();
    let creator = "insert into members (chat_id, user_id, role) values ($1, $2, 'creator')";
    psql.execute(creator, &[&chats[0], &alice.id]).await.unwrap();
    assert_eq!(alice.says(chats[2], "still here").await["seq"], 3);
    verifies(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_account_ends_takes_a_long_chat_along() {
    let world = World::with(&[("TRUNKLINE_DATABASE__STATEMENT_SECONDS", "1")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let chat = alice.creates_private_chat("Diary").await;
    grows(&world, chat, alice.id, 100_000).await;
    // Longer than a request may take: somebody alters the table while the job looks through it.
    let holder = world.psql().await;
    holder.batch_execute("begin; lock table messages in access exclusive mode").await.unwrap();
    let begun = Instant::now();
    assert!(psql.query_one("select erase_user($1, true)", &[&alice.id]).await.unwrap().get::<_, bool>(0));
    tokio::time::sleep(Duration::from_secs(3)).await;
    holder.batch_execute("commit").await.unwrap();
    world.rests().await;
    assert!(begun.elapsed() > Duration::from_secs(3));
    let attempts = "select attempts::bigint from jobs where task = 'erase_user' and status = 'succeeded'";
    assert_eq!(count(&psql, attempts).await, 1, "it was not given up");
    assert_eq!(count(&psql, "select count(*) from chats").await, 0);
    assert_eq!(count(&psql, "select count(*) from users").await, 0);
    removes(&here, &psql).await;
    let behind = left(&psql).await;
    assert!(behind.iter().all(|(_, rows)| *rows == 0), "{behind:?}");
}
