//! A streaming replica carries what is read, and nobody sees less than they have seen.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use uuid::Uuid;

use crate::{
    commands::{Folder, shared},
    support::{Instance, Pair, Proxy, World},
};

/// How often the replica was asked and with what outcome, in the whole test run: other stories have none.
async fn count(instance: &Instance, outcome: &str) -> u64 {
    let metrics = instance.metrics().await;
    let name = format!("trunkline_replica_reads_total{{outcome=\"{outcome}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |count| count.parse().unwrap())
}

/// Rows that the backends of this server have fetched by index from the messages: what reading costs it.
async fn fetched(psql: &tokio_postgres::Client) -> i64 {
    psql.batch_execute("select pg_stat_force_next_flush()").await.unwrap();
    let sql = "select coalesce(idx_tup_fetch, 0) + seq_tup_read from pg_stat_user_tables where relname = 'messages'";
    psql.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_carries_what_is_read_and_lies_to_nobody() {
    let pair = Pair::start().await;
    let proxy = Proxy::start(&pair.read_url()).await;
    let world = World::on(pair.url(), &[("TRUNKLINE_DATABASE__READ_URL", proxy.url())]);
    let here = world.instance_at(&pair.url()).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat: Uuid = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let messages = format!("/api/v1/chats/{chat}/messages");
    // Each sees their own post at once, whatever the replica knows by then: in history, in the log, by search.
    for n in 0..40 {
        let said = alice.says(chat, &format!("word{n}")).await;
        let page = alice.get(&format!("{messages}?limit=1")).await.expect(200);
        assert_eq!(page["items"][0]["id"], said["id"]);
        let log = bob
            .get(&format!("/api/v1/chats/{chat}/log?after_seq={}", said["seq"].as_i64().unwrap() - 1))
            .await;
        assert_eq!(log.expect(200)["items"][0]["message"]["id"], said["id"]);
        let found = bob.get(&format!("/api/v1/search/messages?search=word{n}")).await.expect(200);
        assert_eq!(found["items"][0]["id"], said["id"]);
        let found = bob.get(&format!("{messages}?search=word{n}")).await.expect(200);
        assert_eq!(found["items"][0]["id"], said["id"]);
    }
    assert!(count(&here, "used").await > 20, "the replica is hardly used");

    // A replica that stands still is passed over: what was written since is seen all the same.
    let standby = tokio_postgres::connect(&pair.read_url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(standby.1);
    standby.0.batch_execute("select pg_wal_replay_pause()").await.unwrap();
    let behind = count(&here, "lagging").await;
    let said = alice.says(chat, "while it stands still").await;
    alice
        .patch(&format!("{messages}/{}", said["id"].as_str().unwrap()), &json!({"content": "edited"}))
        .await
        .expect(200);
    let page = bob.get(&format!("{messages}?limit=1")).await.expect(200);
    assert_eq!(page["items"][0]["content"], "edited");
    let found = bob.get("/api/v1/search/messages?search=edited").await.expect(200);
    assert_eq!(found["total"], 1);
    assert!(count(&here, "lagging").await > behind);
    // Who was put out meanwhile reads nothing there.
    let attic = alice.creates_private_chat("Attic").await;
    alice.delete(&format!("/api/v1/chats/{chat}/members/{}", bob.id)).await.expect(204);
    bob.get(&format!("/api/v1/chats/{attic}/messages")).await.refused(404, "not_found");
    standby.0.batch_execute("select pg_wal_replay_resume()").await.unwrap();

    // One that falls silent, and one that is gone, cost a moment once and nothing after.
    proxy.freeze();
    bob.get(&format!("{messages}?limit=1")).await.expect(200);
    let begun = Instant::now();
    for _ in 0..10 {
        bob.get(&format!("{messages}?limit=1")).await.expect(200);
    }
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert!(count(&here, "unavailable").await > 0);
    proxy.cut();
    proxy.thaw();

    // What a reconnect storm costs the primary, with the replica and without.
    world.fills(chat, alice.id, 3000, 500).await;
    sleep(Duration::from_secs(6)).await;
    let psql = world.psql().await;
    let last = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"].as_i64().unwrap();
    // One who is live, so that the instance knows where the log stands.
    let _live = alice.opens(chat).await;
    let without = World::on(pair.url(), &[]);
    let plain = without.instance_at(&pair.url()).await;
    let _live_there = alice.at(&plain).opens(chat).await;
    let mut costs = Vec::new();
    // The replica may be passed over for a while after it was away, or while the machine is short of time: then once more.
    for instance in [&plain].into_iter().chain([&here; 10]) {
        if costs.len() > 1 && costs[1] * 4 < costs[0] {
            break;
        }
        sleep(Duration::from_secs(1)).await;
        let before = fetched(&psql).await;
        let mut sockets = Vec::new();
        for _ in 0..12 {
            sockets.push(alice.at(instance).resumes(chat, 0).await);
        }
        for socket in &mut sockets {
            socket.reads(0, last).await;
        }
        // Backends tell what they did when they are idle for a while, or end.
        instance.app.pool.discard_idle();
        sleep(Duration::from_millis(1500)).await;
        costs.truncate(1);
        costs.push(fetched(&psql).await - before);
    }
    println!(
        "rows of messages read at the primary by 12 who resume {last} entries: {} without a replica, {} with one",
        costs[0], costs[1]
    );
    // Who resumes at the same time reads the same pages together.
    assert!(costs[0] > last && costs[1] * 4 < costs[0], "{costs:?}");

    // One that falls silent while pages are read there: who reads goes on at the primary, and lacks nothing.
    for moment in [5, 40] {
        let used = count(&here, "used").await;
        let begun = Instant::now();
        while count(&here, "used").await == used {
            bob.get(&format!("{messages}?limit=1")).await.expect(200);
            assert!(begun.elapsed() < Duration::from_secs(60), "the replica is left alone for good");
        }
        let mut reading = JoinSet::new();
        for _ in 0..6 {
            let person = alice.at(&here);
            reading.spawn(async move {
                let mut socket = person.resumes(chat, 0).await;
                socket.reads(0, last).await;
            });
        }
        sleep(Duration::from_millis(moment)).await;
        proxy.freeze();
        let all = timeout(Duration::from_secs(60), reading.join_all()).await;
        all.expect("who reads waits for a replica that says nothing");
        proxy.cut();
        proxy.thaw();
    }

    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.push(("TRUNKLINE_DATABASE__READ_URL", proxy.url()));
    let (_, out, _) = folder.run(&["doctor"], &env).await;
    assert!(out.lines().any(|line| line.starts_with("ok    replica")), "{out}");

    // One that was promoted is no replica any more.
    standby.0.batch_execute("select pg_promote()").await.unwrap();
    let away = count(&here, "unavailable").await;
    let begun = Instant::now();
    while count(&here, "unavailable").await == away {
        alice.says(chat, "after").await;
        let page = alice.get(&format!("{messages}?limit=1")).await.expect(200);
        assert_eq!(page["items"][0]["content"], "after");
        assert!(begun.elapsed() < Duration::from_secs(20));
        sleep(Duration::from_millis(200)).await;
    }
    let (_, out, _) = folder.run(&["doctor"], &env).await;
    assert!(
        out.contains("warn  replica             database.read_url leads to a server that is no replica"),
        "{out}"
    );
    here.stop().await;
    plain.stop().await;
    pair.stop().await;
}
