//! Several hosts in one url, of which one is silent, or takes no writes any more.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::sleep;

use super::SECONDS;
use crate::support::{Pair, Proxy, World};

/// The same url with another host before or after its own.
fn with_hosts(url: &str, hosts: &[&str]) -> String {
    let (before, rest) = url.split_once('@').unwrap();
    let (_, database) = rest.split_once('/').unwrap();
    format!("{before}@{}/{database}?target_session_attrs=read-write", hosts.join(","))
}

fn host(url: &str) -> &str {
    url.split_once('@').unwrap().1.split_once('/').unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_host_costs_two_seconds_and_not_everything() {
    let world = World::with(SECONDS).await;
    let direct = world.url_of_instances();
    let silent = Proxy::start(&direct).await;
    silent.freeze();
    let url = with_hosts(&direct, &[host(silent.url()), host(&direct)]);
    let begun = Instant::now();
    let here = world.instance_at(&url).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "hello").await;
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    // From then on the one that answers is asked first.
    let begun = Instant::now();
    here.app.pool.discard_idle();
    alice.says(chat, "again").await;
    assert!(begun.elapsed() < Duration::from_millis(1900), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_host_in_use_falls_silent_everything_moves_to_the_next() {
    let world = World::with(SECONDS).await;
    let direct = world.url_of_instances();
    let (one, two) = (Proxy::start(&direct).await, Proxy::start(&direct).await);
    let url = with_hosts(&direct, &[host(one.url()), host(two.url())]);
    let mut config = world.config();
    config.database.url = Some(trunkline::config::Secret::new(&url));
    let here = world.instance_of(config).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    let mut last = alice.says(chat, "one").await["seq"].as_i64().unwrap();
    for (silent, answering) in [(&one, &two), (&two, &one)] {
        silent.freeze();
        let begun = Instant::now();
        let path = format!("/api/v1/chats/{chat}/messages");
        let body = json!({"content": "moved", "client_id": format!("{last}")});
        loop {
            let answer = alice.post(&path, &body).await;
            if matches!(answer.status, 200 | 201) {
                last = answer.body["seq"].as_i64().unwrap();
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{} {}", answer.status, answer.body);
            sleep(Duration::from_millis(100)).await;
        }
        // Pool, hub and LISTEN have moved, too.
        socket.reads(if last > 2 { 2 } else { 0 }, last).await;
        alice.get("/api/v1/chats").await.expect(200);
        assert!(answering.connections() > 0);
        silent.cut();
        silent.thaw();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_primary_that_comes_back_is_neither_read_nor_written() {
    let pair = Pair::start().await;
    let (one, two) = (Proxy::start(&pair.url()).await, Proxy::start(&pair.read_url()).await);
    let world = World::on(pair.url(), SECONDS);
    let url = with_hosts(&pair.url(), &[host(one.url()), host(two.url())]);
    let mut config = world.config();
    config.database.url = Some(trunkline::config::Secret::new(&url));
    let here = world.instance_of(config).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "one").await;
    let path = format!("/api/v1/chats/{chat}/messages");
    let says = async |content: &str| {
        let begun = Instant::now();
        loop {
            let answer = alice.post(&path, &json!({"content": content, "client_id": content})).await;
            if matches!(answer.status, 200 | 201) {
                return answer.body;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{} {}", answer.status, answer.body);
            sleep(Duration::from_millis(100)).await;
        }
    };
    // The first is cut off without a word, and the other takes over.
    one.freeze();
    let (standby, wire) = tokio_postgres::connect(&pair.read_url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(wire);
    standby.batch_execute("select pg_promote()").await.unwrap();
    let second = says("two").await;
    let seq = second["seq"].as_i64().unwrap();
    // The first is there again, and takes writes; the other is away for a moment.
    one.cut();
    one.thaw();
    two.refuse();
    two.cut();
    for n in 0..10 {
        let answer = alice.post(&path, &json!({"content": "lost", "client_id": format!("lost {n}")})).await;
        assert_eq!(answer.status, 503, "{}", answer.body);
        let log = alice.get(&format!("/api/v1/chats/{chat}/log?after_seq={}", seq - 1)).await;
        assert_eq!(log.status, 503, "{}", log.body);
    }
    two.thaw();
    let third = says("three").await;
    assert_eq!(third["seq"], seq + 1);
    let mut socket = alice.resumes(chat, seq - 1).await;
    socket.reads(seq - 1, seq + 1).await;
    let (former, wire) = tokio_postgres::connect(&pair.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(wire);
    let count: i64 =
        former.query_one("select count(*) from messages where content = 'lost'", &[]).await.unwrap().get(0);
    assert_eq!(count, 0);
    here.stop().await;
    pair.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_of_a_database_that_was_read_only_for_a_while_are_given_up() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let name = world.url.rsplit_once('/').unwrap().1.to_owned();
    let psql = world.psql().await;
    let drop_all = "select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    psql.batch_execute(&format!("alter database {name} set default_transaction_read_only = on"))
        .await
        .unwrap();
    world.superuser().await.batch_execute(drop_all).await.unwrap();
    let psql = world.psql().await;
    let path = format!("/api/v1/chats/{chat}/messages");
    for n in 0..12 {
        let answer = alice.post(&path, &json!({"content": "no", "client_id": format!("{n}")})).await;
        assert_eq!(answer.status, 503, "{}", answer.body);
    }
    alice.get(&path).await.expect(200);
    alice.get("/health/ready").await.refused(503, "not_ready");
    psql.batch_execute("set default_transaction_read_only = off").await.unwrap();
    psql.batch_execute(&format!("alter database {name} reset default_transaction_read_only")).await.unwrap();
    let begun = Instant::now();
    while alice.get("/health/ready").await.status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(10), "still read-only");
    }
    // Every connection of the pool, not only the one that was asked.
    let posts = (0..16).map(|n| {
        let (alice, path) = (alice.clone(), path.clone());
        tokio::spawn(async move {
            alice.post(&path, &json!({"content": "yes", "client_id": format!("y{n}")})).await
        })
    });
    for post in posts.collect::<Vec<_>>() {
        assert!(matches!(post.await.unwrap().status, 201 | 503));
    }
    for n in 0..12 {
        alice.says(chat, &format!("{n}")).await;
        alice.creates_chat(&format!("Chat {n}")).await;
    }
}
