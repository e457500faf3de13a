//! Who queues a job, and how often it is done.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::time::sleep;
use trunkline::{
    db::query,
    error::Result,
    jobs::{self, Job, NewJob, Runner, Task},
    schedules,
    time::Timestamp,
};

use super::{TIMEOUT, becomes, number, queued, statuses, workshop};
use crate::support::World;

/// Notes each run in a table of the story's own.
async fn note(app: trunkline::app::App, job: Job) -> Result<Value> {
    let sql = "insert into runs (job_id, pid) values ($1, pg_backend_pid())";
    query::exec(&app.db().await?, sql, &[&job.id]).await?;
    Ok(job.args)
}

const NOTE: &[Task] =
    &[Task { name: "note", description: "", every: None, run: |app, job| Box::pin(note(app, job)) }];

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_share_two_hundred_jobs_and_do_each_once() {
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute("create table runs (job_id uuid, pid integer)").await.unwrap();
    let insert = "insert into jobs (task, args) select 'note', to_jsonb(n) from generate_series(1, 200) as n";
    psql.batch_execute(insert).await.unwrap();
    let workers: Vec<_> =
        (0..2).map(|_| Runner::start(workshop(&world), NOTE, Duration::from_secs(3))).collect();
    let until = Instant::now() + TIMEOUT;
    while statuses(&psql).await != json!({"succeeded": 200}) {
        assert!(Instant::now() < until, "{}", statuses(&psql).await);
        sleep(Duration::from_millis(20)).await;
    }
    for worker in workers {
        worker.stop().await;
    }
    assert_eq!(number(&psql, "select count(*) from runs").await, 200);
    assert_eq!(number(&psql, "select count(distinct job_id) from runs").await, 200);
    assert_eq!(number(&psql, "select count(*) from jobs where result <> args or attempts <> 1").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_written_in_psql_runs_at_once() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let psql = world.psql().await;
    let mut quick = 0;
    for round in 0..10 {
        let begun = Instant::now();
        let sql = "insert into jobs (task, args) values ('echo', $1) returning id";
        let id = psql.query_one(sql, &[&json!({"round": round})]).await.unwrap().get(0);
        becomes(&psql, id, "result", Some(json!({"round": round}))).await;
        quick += i32::from(begun.elapsed() < Duration::from_millis(500));
    }
    assert!(quick >= 8, "{quick} of 10 were done before anyone looked by the clock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_queued_by_the_transaction_that_wants_it_or_not_at_all() {
    let world = World::new().await;
    let here = world.instance().await;
    let mut db = here.app.db().await.unwrap();
    let transaction = db.transaction().await.unwrap();
    let never = jobs::queue(&transaction, NewJob::new("echo", json!(1))).await.unwrap();
    transaction.rollback().await.unwrap();
    let transaction = db.transaction().await.unwrap();
    let done = jobs::queue(&transaction, NewJob::new("echo", json!(2))).await.unwrap();
    sleep(Duration::from_millis(1200)).await;
    let psql = world.psql().await;
    assert_eq!(statuses(&psql).await, json!({}), "nobody sees it before the commit");
    transaction.commit().await.unwrap();
    becomes(&psql, done.id, "status", "succeeded".to_owned()).await;
    assert_eq!(statuses(&psql).await, json!({"succeeded": 1}));
    assert_ne!(never.id, done.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_waits_for_its_time_and_the_urgent_goes_first() {
    // With so few connections there is one worker for jobs.
    let world = World::with(&[("TRUNKLINE_DATABASE__POOL_SIZE", "4")]).await;
    let app = workshop(&world);
    let psql = world.psql().await;
    let db = app.db().await.unwrap();
    let at = Timestamp(Utc::now() + TimeDelta::seconds(2));
    let later =
        jobs::queue(&db, NewJob { run_at: Some(at), ..NewJob::new("echo", json!({})) }).await.unwrap();
    for priority in [0, 10, -10, 5, 0] {
        jobs::queue(&db, NewJob { priority, ..NewJob::new("echo", json!({})) }).await.unwrap();
    }
    drop(db);
    let counts = Runner::run_all(app.clone(), trunkline::worker::TASKS, |_| {}).await.unwrap();
    assert_eq!((counts.succeeded, counts.failed), (5, 0));
    let order =
        "select string_agg(priority::text, ' ' order by finished_at) from jobs where finished_at is not null";
    let order: String = psql.query_one(order, &[]).await.unwrap().get(0);
    assert_eq!(order, "10 5 0 0 -10");
    assert_eq!(statuses(&psql).await, json!({"succeeded": 5, "queued": 1}));
    let worker = Runner::start(app, trunkline::worker::TASKS, Duration::from_secs(3));
    becomes(&psql, later.id, "status", "succeeded".to_owned()).await;
    assert!(Utc::now() >= at.0);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_who_want_the_same_at_once_get_one_job() {
    let world = World::new().await;
    let app = workshop(&world);
    let wants = || {
        let app = app.clone();
        tokio::spawn(async move {
            let new = NewJob { unique_key: Some("digest"), ..NewJob::new("echo", json!({})) };
            jobs::queue(&app.db().await.unwrap(), new).await.unwrap().id
        })
    };
    let all: Vec<_> = (0..50).map(|_| wants()).collect();
    let mut ids = Vec::new();
    for one in all {
        ids.push(one.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    Runner::run_all(app.clone(), trunkline::worker::TASKS, |_| {}).await.unwrap();
    let next = wants().await.unwrap();
    assert_ne!(next, ids[0], "the first is done, so this is another");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_regularly_is_done_once_a_turn_however_many_work() {
    const REGULAR: &[Task] = &[Task {
        name: "note",
        description: "",
        every: Some(Duration::from_secs(3600)),
        run: |app, job| Box::pin(note(app, job)),
    }];
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute("create table runs (job_id uuid, pid integer)").await.unwrap();
    let apps: Vec<_> = (0..4).map(|_| workshop(&world)).collect();
    let workers: Vec<_> =
        apps.iter().map(|app| Runner::start(app.clone(), REGULAR, Duration::from_secs(3))).collect();
    let planners: Vec<_> =
        apps.iter().map(|app| tokio::spawn(schedules::run(app.clone(), REGULAR.iter().collect()))).collect();
    let until = Instant::now() + TIMEOUT;
    let planned = "select count(*) from schedules where built_in and task = 'note' and next_run_at > now() + interval '50 minutes'";
    while number(&psql, planned).await == 0 {
        assert!(Instant::now() < until, "its first turn is after one interval");
        sleep(Duration::from_millis(20)).await;
    }
    // The hour is over.
    psql.batch_execute("update schedules set next_run_at = now()").await.unwrap();
    // Nobody listens here: planners and workers look every few seconds.
    let until = Instant::now() + TIMEOUT;
    while number(&psql, "select count(*) from runs").await == 0 {
        assert!(Instant::now() < until);
        sleep(Duration::from_millis(20)).await;
    }
    sleep(Duration::from_millis(300)).await;
    assert_eq!(statuses(&psql).await, json!({"succeeded": 1}));
    for planner in planners {
        planner.abort();
    }
    for worker in workers {
        worker.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_newer_version_waits_for_one_who_knows_it() {
    let world = World::new().await;
    let app = workshop(&world);
    let psql = world.psql().await;
    queued(&app, "unheard_of", json!({})).await;
    let counts = Runner::run_all(app, trunkline::worker::TASKS, |_| {}).await.unwrap();
    assert_eq!(counts.succeeded + counts.failed, 0);
    assert_eq!(statuses(&psql).await, json!({"queued": 1}));
}
