//! What is removed when nobody looks.

use serde_json::json;
use trunkline::{jobs::Runner, worker::TASKS};

use super::{number, queued, statuses, workshop};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_good_for_anything_goes() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    here.stop().await;
    let (app, psql) = (workshop(&world), world.psql().await);
    // Twice as much as one piece of each, and one that stays.
    for rows in [
        "insert into refresh_tokens (hash, session_id, expires_at)
            select sha256(n::text::bytea), sessions.id, now() - interval '1 second' from generate_series(1, 2000) as n, sessions",
        "insert into jobs (task, status, finished_at) select 'old', 'succeeded', now() - interval '8 days' from generate_series(1, 2000)",
        "insert into jobs (task, status, finished_at) values ('recent', 'failed', now())",
    ] {
        psql.batch_execute(rows).await.unwrap();
    }
    let keys = "insert into idempotency_keys (user_id, path, key, request_hash, created_at)
        select $1, 'POST:/', n::text, '', now() - make_interval(hours => n % 2 * 25) from generate_series(1, 3001) as n";
    psql.execute(keys, &[&alice.id]).await.unwrap();
    for task in ["sweep_refresh_tokens", "sweep_idempotency_keys", "sweep_jobs"] {
        queued(&app, task, json!({})).await;
    }
    let counts = Runner::run_all(app, TASKS, |_| {}).await.unwrap();
    assert_eq!((counts.succeeded, counts.failed + counts.again), (3, 0));
    for (table, left) in [("refresh_tokens", 1), ("idempotency_keys", 1500)] {
        assert_eq!(number(&psql, &format!("select count(*) from {table}")).await, left, "{table}");
    }
    assert_eq!(statuses(&psql).await, json!({"succeeded": 3, "failed": 1}));
    let told = "select sum((result ->> 'removed')::bigint)::bigint from jobs where task like 'sweep%'";
    assert_eq!(number(&psql, told).await, 2000 + 1501 + 2000);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_task_is_described_and_every_regular_one_runs() {
    let (world, mut names) = (World::new().await, Vec::new());
    let app = workshop(&world);
    for task in TASKS {
        assert!(task.description.ends_with('.'), "{}", task.name);
        names.push(task.name);
        if task.every.is_some() {
            queued(&app, task.name, json!({})).await;
        }
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TASKS.len());
    let counts = Runner::run_all(app, TASKS, |_| {}).await.unwrap();
    // The index is put off for some seconds, again and again.
    let regular = TASKS.iter().filter(|task| task.every.is_some() && task.name != "index_messages");
    assert_eq!((counts.succeeded, counts.failed + counts.again), (regular.count() as u64, 0));
}
