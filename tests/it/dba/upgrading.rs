//! A running server notices nothing of a migration, and old and new run beside each other.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use trunkline::db::migrate::{Release, migrate, migrate_to};
use uuid::Uuid;

use super::{healthy, number, read};
use crate::{
    commands::{Folder, shared},
    support::{Person, World},
};

/// Posts until it is told to stop; how many it has posted. Every one must be taken.
fn posts(person: Person, chat: Uuid, stop: &Arc<AtomicBool>) -> JoinHandle<usize> {
    let stop = Arc::clone(stop);
    tokio::spawn(async move {
        let mut posted = 0;
        while !stop.load(Ordering::Relaxed) {
            person.says(chat, &format!("message {posted}")).await;
            posted += 1;
            // Traffic, and not all that the machine can carry.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        posted
    })
}

/// Every function and trigger of this release, all of them with another text.
fn all_changed(mark: &str) -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/functions");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    names
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = read(&format!("functions/{name}.sql"));
            let text = text.replace("returns ", &format!("/* {mark} */ returns "));
            (name, text.replace("execute function", &format!("/* {mark} */ execute function")))
        })
        .collect()
}

fn release(functions: &[(String, String)]) -> Release {
    let functions: Vec<_> = functions.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Release::and_then("9.0.0", &[], &functions).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loaded_instance_notices_no_migrate() {
    // The writers go faster than people may.
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let here = world.instance().await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for name in ["Alice", "Bob", "Carol", "Dave"] {
        let person = here.person(name).await;
        let chat = person.creates_chat(name).await;
        writers.push(posts(person, chat, &stop));
    }
    // Some come and go, react and edit, so that other tables are written, too.
    let (erin, frank) = (here.person("Erin").await, here.person("Frank").await);
    let room = erin.creates_chat("Room").await;
    let (stopped, rounds) = (Arc::clone(&stop), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&rounds);
    let busy = tokio::spawn(async move {
        while !stopped.load(Ordering::Relaxed) {
            frank.joins(room).await;
            let said = frank.says(room, "hello").await;
            let path = format!("/api/v1/chats/{room}/messages/{}", said["id"].as_str().unwrap());
            frank.patch(&path, &json!({"content": "hallo"})).await.expect(200);
            frank.leaves(room).await;
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    for _ in 0..20 {
        assert!(migrate(&world.url).await.unwrap().installed.is_empty());
    }
    // And with everything changed, each time: every trigger of every table is made anew.
    for mark in ["one", "two", "three", "four", "five"] {
        let progress = migrate_to(&world.url, &release(&all_changed(mark))).await.unwrap();
        assert!(progress.installed.len() > 90, "{}", progress.installed.len());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        assert!(writer.await.expect("every post was taken") > 5);
    }
    busy.await.expect("every request was answered");
    assert!(rounds.load(Ordering::Relaxed) > 2);
    let psql = world.psql().await;
    assert_eq!(
        number(&psql, "select deadlocks from pg_stat_database where datname = current_database()").await,
        0
    );
    healthy(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_transaction_holds_up_its_own_chat_and_the_migrate_alone() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (held, free) = (alice.creates_chat("Held").await, alice.creates_chat("Free").await);
    let psql = world.psql().await;
    let one = format!(
        "begin; insert into messages (chat_id, sender_id, content) values ('{held}', '{}', 'one')",
        alice.id
    );
    psql.batch_execute(&one).await.unwrap();
    // The same version: nothing is to be done, and the second instance serves.
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.extend([("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0"), ("TRUNKLINE_AUTH__BCRYPT_COST", "4")]);
    let mut second = folder.command(&["serve", "--migrate"], &env).spawn().unwrap();
    let url = world.url.clone();
    let upgrade = tokio::spawn(async move { migrate_to(&url, &release(&all_changed("new"))).await });
    for n in 0..40 {
        let begun = Instant::now();
        alice.says(free, &format!("message {n}")).await;
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!upgrade.is_finished(), "it waits for whoever writes");
    psql.batch_execute("commit").await.unwrap();
    assert!(upgrade.await.unwrap().unwrap().installed.len() > 90);
    assert!(second.try_wait().unwrap().is_none(), "the second instance serves");
    second.kill().await.unwrap();
    healthy(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_and_new_run_beside_each_other() {
    let world = World::new().await;
    let old = world.instance().await;
    let alice = old.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let stop = Arc::new(AtomicBool::new(false));
    let writer = posts(alice.at(&old), chat, &stop);
    // A release that adds a column, and fills it by a function that it changes.
    let column = "alter table chats add column topic text; create index chats_topic_idx on chats (topic)";
    let text = read("functions/log_chat_change.sql")
        .replace("'kind', new.kind,", "'kind', new.kind, 'topic', coalesce(new.topic, 'none'),");
    let next =
        Release::and_then("9.0.0", &[("V900__topics", column)], &[("log_chat_change", &text)]).unwrap();
    let progress = migrate_to(&world.url, &next).await.unwrap();
    assert_eq!(
        (progress.applied.len(), progress.installed),
        (1, vec!["function log_chat_change".to_owned()])
    );
    let new = world.instance().await;
    let (mut before, mut after) = (alice.opens(chat).await, alice.at(&new).opens(chat).await);
    stop.store(true, Ordering::Relaxed);
    assert!(writer.await.expect("every post was taken") > 0);
    let title = json!({"title": "Lounge"});
    alice.at(&old).patch(&format!("/api/v1/chats/{chat}"), &title).await.expect(200);
    alice.at(&new).says(chat, "from the new one").await;
    for socket in [&mut before, &mut after] {
        loop {
            let frame: Value = socket.next().await;
            if frame["message"]["content"] == "from the new one" {
                break;
            }
        }
    }
    let psql = world.psql().await;
    let topics = "select count(*) from messages where kind = 'chat_updated' and body ->> 'topic' = 'none'";
    assert_eq!(number(&psql, topics).await, 1);
    healthy(&psql).await;
}
