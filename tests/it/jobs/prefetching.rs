//! Short jobs are taken ahead of the worker that will run them; nothing waits behind a long one for that.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};
use trunkline::jobs::{Runner, Task};

use super::{TIMEOUT, number, workshop};
use crate::support::World;

/// Takes as many seconds as it is told.
const TASKS: &[Task] = &[Task {
    name: "rest",
    description: "",
    every: None,
    run: |_, job| {
        Box::pin(async move {
            sleep(Duration::from_secs(job.args.as_u64().unwrap())).await;
            Ok(Value::Null)
        })
    },
}];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_ahead_of_a_long_job_runs_elsewhere() {
    // With so few connections there is one worker for jobs.
    let world = World::with(&[("TRUNKLINE_DATABASE__POOL_SIZE", "4")]).await;
    let psql = world.psql().await;
    psql.batch_execute(
        "insert into jobs (task, args, run_at)
         select 'rest', to_jsonb(case n when 200 then 600 else 0 end), now() - interval '1 hour' + n * interval '1 second'
         from generate_series(1, 210) as n",
    )
    .await
    .unwrap();
    let busy = Runner::start(workshop(&world), TASKS, Duration::ZERO);
    let until = Instant::now() + TIMEOUT;
    let begun = "select count(*) from jobs where args = '600' and status = 'running'";
    while number(&psql, begun).await == 0 {
        assert!(Instant::now() < until, "the long one has not begun");
        sleep(Duration::from_millis(5)).await;
    }
    let idle = Runner::start(workshop(&world), TASKS, Duration::ZERO);
    let over =
        "select count(*) from finished_jobs where args = '0' and status = 'succeeded' and attempts = 1";
    while number(&psql, over).await < 209 {
        assert!(Instant::now() < until, "some wait behind the long one");
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(number(&psql, begun).await, 1);
    busy.stop().await;
    idle.stop().await;
    let held = "select count(*) from jobs where status = 'running'";
    assert_eq!(number(&psql, held).await, 0, "what was not finished is released");
}
