//! Commits that wait for a standby.

use std::{path::PathBuf, time::Duration};

use reqwest::Method;
use serde_json::json;
use tokio::time::sleep;
use trunkline::db::{
    embedded::{Cluster, Options},
    migrate::migrate,
};
use uuid::Uuid;

use super::SECONDS;
use crate::support::{Person, World};

#[tokio::test(flavor = "multi_thread")]
async fn what_no_standby_has_is_not_acknowledged() {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("standing-by-{}", Uuid::new_v4()));
    let settings = [("wal_level", "replica"), ("max_wal_senders", "2"), ("fsync", "off")];
    let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    let cluster = Cluster::start(Options { dir: dir.clone(), settings, ..Options::default() }).await.unwrap();
    let url = cluster.url("trunkline");
    migrate(&url).await.unwrap();
    let world = World::on(url.clone(), SECONDS);
    let here = world.instance_at(&url).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let path = format!("/api/v1/chats/{chat}/messages");
    let psql = world.psql().await;
    let waits_for = async |standby: &str| {
        psql.batch_execute(&format!("alter system set synchronous_standby_names = '{standby}'"))
            .await
            .unwrap();
        psql.batch_execute("select pg_reload_conf()").await.unwrap();
        sleep(Duration::from_millis(300)).await;
    };
    psql.batch_execute("set synchronous_commit = local").await.unwrap();
    waits_for("nobody").await;
    // Nobody confirms it: the wait is given up, and nobody is told that it was done.
    alice.post(&path, &json!({"content": "one", "client_id": "one"})).await.refused(503, "outcome_unknown");
    // Somebody else cancels the wait: PostgreSQL answers like a success, with a warning.
    let sent = {
        let (alice, path) = (alice.clone(), path.clone());
        tokio::spawn(async move { alice.post(&path, &json!({"content": "two", "client_id": "two"})).await })
    };
    let cancel = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";
    while psql.query(cancel, &[]).await.unwrap().is_empty() {
        sleep(Duration::from_millis(10)).await;
    }
    sent.await.unwrap().refused(503, "outcome_unknown");
    // The same of everything that is committed, and the same key makes it once.
    let makes = async || {
        let request = alice.request(Method::POST, "/api/v1/chats").header("idempotency-key", "attic");
        Person::send(request.json(&json!({"title": "Attic"}))).await
    };
    makes().await.refused(503, "outcome_unknown");
    alice.patch("/api/v1/users/me", &json!({"bio": "x"})).await.refused(503, "outcome_unknown");
    // With or without a transaction of its own.
    alice.post("/api/v1/friends", &json!({"user_id": bob.id})).await.refused(503, "outcome_unknown");
    alice.put(&format!("/api/v1/blocks/{}", bob.id), &json!({})).await.refused(503, "outcome_unknown");
    waits_for("").await;
    assert_eq!(makes().await.expect(201)["title"], "Attic");
    // Both stand in the log of this server, each once.
    for (client_id, seq) in [("one", 1), ("two", 2)] {
        let again =
            alice.post(&path, &json!({"content": client_id, "client_id": client_id})).await.expect(200);
        assert_eq!(again["seq"], seq);
    }
    here.stop().await;
    drop(psql);
    cluster.stop().await;
    let _ = std::fs::remove_dir_all(dir);
}
