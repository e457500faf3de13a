//! Connections end, hang and come back; nobody misses anything.

use std::time::{Duration, Instant};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;

use crate::support::World;

const LISTENERS: &str = "select pid from pg_stat_activity where datname = current_database() and application_name like 'trunkline listener%'";

#[tokio::test(flavor = "multi_thread")]
async fn listeners_that_are_cut_off_miss_nothing() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut sockets = [alice.opens(chat).await, alice.at(&there).opens(chat).await];
    let writers = [("a", &here), ("b", &there)].map(|(name, instance)| {
        let alice = alice.at(instance);
        tokio::spawn(async move { alice.chatters(chat, name, 150).await })
    });
    let psql = world.superuser().await;
    for _ in 0..15 {
        psql.batch_execute(&LISTENERS.replace("pid", "pg_terminate_backend(pid)")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(80)).await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for socket in &mut sockets {
        socket.reads(0, 300).await;
        socket.hears_nothing().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_drops_everyone_loses_and_doubles_nothing() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 2000, 500).await;
    let mut live = [alice.opens(chat).await, alice.at(&there).opens(chat).await];
    // These are reading the log while its connections end under them.
    let mut behind = [alice.resumes(chat, 0).await, alice.at(&there).resumes(chat, 0).await];
    let writers = [("a", &here), ("b", &there)].map(|(name, instance)| {
        let alice = alice.at(instance);
        tokio::spawn(async move { alice.chatters(chat, name, 100).await })
    });
    let psql = world.superuser().await;
    for _ in 0..8 {
        let everyone = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        psql.batch_execute(everyone).await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for socket in &mut live {
        socket.reads(2000, 2200).await;
        socket.hears_nothing().await;
    }
    for socket in &mut behind {
        socket.reads(0, 2200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_hangs_is_replaced() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    instance.listens(&world).await;
    alice.says(chat, "before").await;
    socket.hears(1).await;
    let pid: i32 = world.superuser().await.query_one(LISTENERS, &[]).await.unwrap().get(0);
    let stopped = Stopped::stop(pid);
    let begun = Instant::now();
    alice.says(chat, "meanwhile").await;
    assert_eq!(socket.hears(1).await, ["meanwhile"]);
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    drop(stopped);
    alice.says(chat, "after").await;
    assert_eq!(socket.hears(1).await, ["after"]);
    socket.hears_nothing().await;
}

/// A backend that does nothing, as behind a broken network.
struct Stopped(Pid);

impl Stopped {
    fn stop(pid: i32) -> Self {
        kill(Pid::from_raw(pid), Signal::SIGSTOP).unwrap();
        Self(Pid::from_raw(pid))
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = kill(self.0, Signal::SIGCONT);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_vanishes_is_forgotten() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut stays = alice.opens(chat).await;
    for _ in 0..5 {
        // No good-bye: the connection just ends.
        drop(alice.opens(chat).await);
    }
    for _ in 0..100 {
        if instance.clients() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(instance.clients(), 1);
    alice.says(chat, "still here").await;
    stays.hears(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_says_when_to_come_back() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(alice.opens(chat).await);
    }
    // A request in flight: its chat is held.
    let psql = world.psql().await;
    psql.batch_execute("begin; select from chats for update").await.unwrap();
    let in_flight = tokio::spawn({
        let alice = alice.clone();
        async move { alice.tries(chat, &json!({"content": "in flight"})).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    let stop = tokio::spawn(here.stop());
    let mut moments = Vec::new();
    for socket in &mut sockets {
        let (code, reason) = socket.closed().await;
        assert_eq!(code, 1001);
        let reason: serde_json::Value = serde_json::from_str(&reason).unwrap();
        moments.push(reason["retry_after_ms"].as_u64().unwrap());
    }
    moments.sort_unstable();
    moments.dedup();
    assert_eq!(moments.len(), 10, "each has a moment of its own");
    psql.batch_execute("rollback").await.unwrap();
    in_flight.await.unwrap().expect(201);
    stop.await.unwrap();
    let mut resumed = alice.at(&there).resumes(chat, 0).await;
    assert_eq!(resumed.reads(0, 1).await[0]["message"]["content"], "in flight");
}
