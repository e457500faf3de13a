//! What fails is tried again, and what stops gives back.

use std::time::Duration;

use serde_json::json;
use trunkline::{
    error::Error,
    jobs::{self, NewJob, Runner, Task},
};

use super::{becomes, number, queued, statuses, workshop};
use crate::support::World;

const TASKS: &[Task] = &[
    Task {
        name: "third_time",
        description: "",
        every: None,
        run: |_, job| {
            Box::pin(async move {
                match job.attempts {
                    3 => Ok(json!("at last")),
                    _ => Err(Error::internal(format!("attempt {}", job.attempts))),
                }
            })
        },
    },
    Task { name: "panic", description: "", every: None, run: |_, _| Box::pin(async { panic!("oh no") }) },
    Task {
        name: "long",
        description: "",
        every: None,
        run: |_, _| {
            Box::pin(async {
                tokio::time::sleep(Duration::from_secs(600)).await;
                Ok(json!(null))
            })
        },
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_tried_again_after_growing_pauses() {
    let world = World::new().await;
    let (app, psql) = (workshop(&world), world.psql().await);
    let job = queued(&app, "third_time", json!({})).await;
    let worker = Runner::start(app, TASKS, Duration::from_secs(3));
    becomes(
        &psql,
        job.id,
        "error",
        Some("internal: something went wrong on the server: attempt 1".to_owned()),
    )
    .await;
    let pause = "select extract(epoch from run_at - now())::float8 between 0 and 1.5 from jobs";
    assert!(psql.query_one(pause, &[]).await.unwrap().get::<_, bool>(0));
    becomes(&psql, job.id, "result", Some(json!("at last"))).await;
    becomes(&psql, job.id, "error", None::<String>).await;
    let waited = "select extract(epoch from finished_at - created_at)::bigint from jobs";
    assert!(number(&psql, waited).await >= 3, "a second, then two");
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_failure_and_nobody_else_suffers() {
    let world = World::new().await;
    let (app, psql) = (workshop(&world), world.psql().await);
    let new = NewJob { max_attempts: 1, ..NewJob::new("panic", json!({})) };
    let job = jobs::queue(&app.db().await.unwrap(), new).await.unwrap();
    let worker = Runner::start(app.clone(), TASKS, Duration::from_secs(3));
    becomes(&psql, job.id, "status", "failed".to_owned()).await;
    becomes(&psql, job.id, "error", Some("it panicked: oh no".to_owned())).await;
    let next = queued(&app, "third_time", json!({})).await;
    becomes(&psql, next.id, "status", "succeeded".to_owned()).await;
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_gives_back_what_is_not_finished() {
    let world = World::new().await;
    let (app, psql) = (workshop(&world), world.psql().await);
    let long = queued(&app, "long", json!({})).await;
    let worker = Runner::start(app.clone(), TASKS, Duration::from_millis(300));
    becomes(&psql, long.id, "status", "running".to_owned()).await;
    worker.stop().await;
    let row = psql.query_one("select status, attempts, lease from jobs", &[]).await.unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, i32>(1)), ("queued", 0));
    assert_eq!(row.get::<_, Option<uuid::Uuid>>(2), None);
    // What can be finished in time is.
    psql.batch_execute("delete from jobs").await.unwrap();
    let brief = queued(&app, "echo", json!({"wait_seconds": 0.7})).await;
    let worker = Runner::start(app, trunkline::worker::TASKS, Duration::from_secs(10));
    becomes(&psql, brief.id, "status", "running".to_owned()).await;
    queued(&workshop(&world), "echo", json!({"after": "the end"})).await;
    worker.stop().await;
    let done = statuses(&psql).await["succeeded"].as_i64().unwrap();
    assert!((1..=2).contains(&done), "{done}");
    assert_eq!(statuses(&psql).await["running"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_counted_by_task_and_outcome() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    let new = NewJob { max_attempts: 1, ..NewJob::new("echo", json!({"fail": true})) };
    let job = jobs::queue(&here.app.db().await.unwrap(), new).await.unwrap();
    becomes(&psql, job.id, "status", "failed".to_owned()).await;
    let text = reqwest::get(format!("{}/metrics", here.base)).await.unwrap().text().await.unwrap();
    let line = "trunkline_jobs_total{task=\"echo\",outcome=\"failed\"} ";
    assert!(text.lines().any(|found| found.starts_with(line)), "{text}");
    assert!(text.contains("trunkline_jobs_waiting "), "{text}");
}
