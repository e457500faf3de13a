//! One at a time among equal keys.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::time::sleep;
use trunkline::{
    app::App,
    db::query,
    error::Result,
    jobs::{Job, Runner, Task},
};

use super::{TIMEOUT, number, statuses, workshop};
use crate::support::World;

/// Notes when it begins and ends.
async fn note(app: App, job: Job) -> Result<Value> {
    let sql = "insert into runs (job_id, begun_at) values ($1, clock_timestamp())";
    query::exec(&app.db().await?, sql, &[&job.id]).await?;
    sleep(Duration::from_millis(40)).await;
    let sql = "update runs set ended_at = clock_timestamp() where job_id = $1";
    query::exec(&app.db().await?, sql, &[&job.id]).await?;
    Ok(job.args)
}

const NOTE: &[Task] =
    &[Task { name: "note", description: "", every: None, run: |app, job| Box::pin(note(app, job)) }];

#[tokio::test(flavor = "multi_thread")]
async fn of_equal_keys_one_runs_at_a_time_and_others_do_not_wait_for_them() {
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute(
        "create table runs (job_id uuid, begun_at timestamptz, ended_at timestamptz);
        insert into jobs (task, concurrency_key) select 'note', 'key ' || n % 3 from generate_series(1, 45) as n;
        insert into jobs (task) select 'note' from generate_series(1, 20) as n",
    )
    .await
    .unwrap();
    let workers: Vec<_> =
        (0..3).map(|_| Runner::start(workshop(&world), NOTE, Duration::from_secs(3))).collect();
    let until = Instant::now() + TIMEOUT;
    while statuses(&psql).await != json!({"succeeded": 65}) {
        assert!(Instant::now() < until, "{}", statuses(&psql).await);
        sleep(Duration::from_millis(20)).await;
    }
    for worker in workers {
        worker.stop().await;
    }
    let at_once = "select count(*) from runs as one join jobs as a on a.id = one.job_id
        join runs as other on other.begun_at < one.ended_at and one.begun_at < other.ended_at and other.job_id <> one.job_id
        join jobs as b on b.id = other.job_id
        where a.concurrency_key = b.concurrency_key";
    assert_eq!(number(&psql, at_once).await, 0);
    assert_eq!(number(&psql, "select count(*) from runs").await, 65);
    let beside = "select count(*) from runs as one join runs as other
        on other.begun_at < one.ended_at and one.begun_at < other.ended_at and other.job_id <> one.job_id";
    assert!(number(&psql, beside).await > 20, "different keys run beside each other");
    let order = "select count(*) from (select j.id > lag(j.id) over (partition by concurrency_key order by begun_at) as in_order
        from runs join jobs as j on j.id = job_id where concurrency_key is not null) as each where in_order is false";
    // Those of one INSERT are in no order of theirs, but that of their ids.
    assert_eq!(number(&psql, order).await, 0);
}
