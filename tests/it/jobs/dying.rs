//! Workers that die, and what they say afterwards.

use std::time::Duration;

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use tokio::time::timeout;
use trunkline::{
    db::query,
    jobs::{Runner, Task},
};

use super::{TIMEOUT, becomes, queued, statuses, workshop};
use crate::{
    commands::{Folder, shared},
    support::World,
};

/// The lease of whoever gives no sign of life lapses now, and not in twenty seconds.
const TIME_PASSES: &str =
    "update jobs set leased_until = now() - interval '1 second' where status = 'running'";

#[tokio::test(flavor = "multi_thread")]
async fn the_job_of_a_killed_worker_runs_elsewhere() {
    let world = World::new().await;
    let (app, psql) = (workshop(&world), world.psql().await);
    let folder = Folder::new();
    let mut worker = folder.command(&["work"], &shared(&world.url)).spawn().unwrap();
    let job = queued(&app, "echo", json!({"wait_seconds": 600})).await;
    becomes(&psql, job.id, "status", "running".to_owned()).await;
    kill(Pid::from_raw(worker.id().unwrap() as i32), Signal::SIGKILL).unwrap();
    worker.wait().await.unwrap();
    psql.batch_execute("update jobs set args = '{}'").await.unwrap();
    psql.batch_execute(TIME_PASSES).await.unwrap();
    let other = Runner::start(app, trunkline::worker::TASKS, Duration::from_secs(3));
    becomes(&psql, job.id, "status", "succeeded".to_owned()).await;
    becomes(&psql, job.id, "attempts", 2).await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_told_to_stop_gives_back_and_exits_well() {
    let world = World::new().await;
    let (app, psql) = (workshop(&world), world.psql().await);
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.push(("TRUNKLINE_HTTP__SHUTDOWN_SECONDS", "1"));
    let mut worker = folder.command(&["work"], &env).spawn().unwrap();
    let job = queued(&app, "echo", json!({"wait_seconds": 600})).await;
    becomes(&psql, job.id, "status", "running".to_owned()).await;
    kill(Pid::from_raw(worker.id().unwrap() as i32), Signal::SIGTERM).unwrap();
    let ended = timeout(TIMEOUT, worker.wait()).await.unwrap().unwrap();
    assert_eq!(ended.code(), Some(0));
    assert_eq!(statuses(&psql).await, json!({"queued": 1}));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_lost_the_lease_has_nothing_to_say() {
    // Waits for the word of the story, so that it ends after another has taken over.
    const SLOW: &[Task] = &[Task {
        name: "slow",
        description: "",
        every: None,
        run: |app, job| {
            Box::pin(async move {
                let sql = "select pg_advisory_lock_shared(1), pg_advisory_unlock_shared(1)";
                query::exec(&app.db().await?, sql, &[]).await?;
                Ok(json!(format!("attempt {}", job.attempts)))
            })
        },
    }];
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute("select pg_advisory_lock(1)").await.unwrap();
    let (here, there) = (workshop(&world), workshop(&world));
    let job = queued(&here, "slow", json!({})).await;
    let first = Runner::start(here, SLOW, Duration::from_secs(3));
    becomes(&psql, job.id, "status", "running".to_owned()).await;
    // The lease is somebody else's by now, so that no sign of life of the first renews it.
    psql.batch_execute("update jobs set lease = gen_random_uuid()").await.unwrap();
    psql.batch_execute(TIME_PASSES).await.unwrap();
    let second = Runner::start(there, SLOW, Duration::from_secs(3));
    becomes(&psql, job.id, "attempts", 2).await;
    psql.batch_execute("select pg_advisory_unlock(1)").await.unwrap();
    becomes(&psql, job.id, "status", "succeeded".to_owned()).await;
    becomes::<Option<Value>>(&psql, job.id, "result", Some(json!("attempt 2"))).await;
    first.stop().await;
    second.stop().await;
    becomes::<Option<Value>>(&psql, job.id, "result", Some(json!("attempt 2"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_kills_its_workers_ends_some_time() {
    let world = World::new().await;
    let (app, psql) = (workshop(&world), world.psql().await);
    let sql = "insert into jobs (task, status, attempts, max_attempts, lease, leased_until) values ('echo', 'running', 2, 2, uuid_v7(), now()) returning id";
    let id = psql.query_one(sql, &[]).await.unwrap().get(0);
    let worker = Runner::start(app, trunkline::worker::TASKS, Duration::from_secs(3));
    becomes(&psql, id, "status", "failed".to_owned()).await;
    becomes(&psql, id, "error", Some("the instance that ran it sent no heartbeat".to_owned())).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_and_run_by_hand() {
    let world = World::new().await;
    let app = workshop(&world);
    let folder = Folder::new();
    let env = shared(&world.url);
    for number in 0..3 {
        queued(&app, "echo", json!({"number": number})).await;
    }
    let failing = queued(&app, "echo", json!({"fail": true})).await;
    // Of a later version, say. Its time comes when that is here.
    let later = "insert into jobs (task, run_at) values ('unheard_of', now() + interval '1 hour')";
    world.psql().await.batch_execute(later).await.unwrap();
    let (code, out, err) = folder.run(&["jobs", "list"], &env).await;
    let lines: Vec<_> = out.lines().collect();
    assert_eq!((code, lines.len()), (0, 6), "{err}");
    assert!(lines[0].starts_with("id ") && lines[0].contains("status"), "{out}");
    assert!(lines[1].ends_with("unheard_of  no worker knows this task"), "{out}");
    assert!(lines[2].starts_with(&failing.id.to_string()) && lines[2].ends_with("echo"), "{out}");
    let (code, out, _) = folder.run(&["jobs", "run", "--json"], &env).await;
    let counts: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, counts), (0, json!({"succeeded": 3, "failed": 0, "again": 1})));
    let (code, out, _) = folder.run(&["jobs", "list", "--status", "queued", "--json"], &env).await;
    let listed: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, listed["items"].as_array().unwrap().len()), (0, 2));
    assert_eq!(listed["items"][1]["error"], "validation_failed: it was asked to fail");
    assert_eq!(folder.run(&["jobs", "list", "--status", "sleeping"], &env).await.0, 2);
}
