//! When the time has come.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::sleep;

use super::{SCHEDULES, administrator, id_of, number};
use crate::{
    commands::{Folder, shared},
    support::World,
};

const TIMEOUT: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn each_time_is_one_job_however_many_instances_run() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let third = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    let new = json!({"name": "pulse", "task": "echo", "every_seconds": 1, "args": {"pulse": true}});
    let made = admin.post(SCHEDULES, &new).await.expect(201);
    let done = "select count(*) from jobs where args = '{\"pulse\": true}' and status = 'succeeded'";
    let until = Instant::now() + TIMEOUT;
    while number(&psql, done).await < 4 {
        assert!(Instant::now() < until, "{}", number(&psql, done).await);
        sleep(Duration::from_millis(50)).await;
    }
    let one = format!("{SCHEDULES}/{}", id_of(&made));
    admin.patch(&one, &json!({"enabled": false})).await.expect(200);
    let apart = "select count(*) from (select created_at - lag(created_at) over (order by created_at) as apart from jobs
        where args = '{\"pulse\": true}') as each where apart < interval '500 milliseconds'";
    assert_eq!(number(&psql, apart).await, 0, "two jobs of one time");
    let shown = admin.get(&one).await.expect(200);
    assert!(shown["last_run_at"].is_string());
    let all = number(&psql, "select count(*) from jobs where args = '{\"pulse\": true}'").await;
    sleep(Duration::from_millis(2200)).await;
    let still = number(&psql, "select count(*) from jobs where args = '{\"pulse\": true}'").await;
    assert_eq!(all, still, "it is switched off");
    drop((there, third));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_of_psql_is_live_within_a_second() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let psql = world.psql().await;
    let sql = "insert into schedules (name, task, every_seconds) values ('by hand', 'echo', 3600)";
    psql.batch_execute(sql).await.unwrap();
    let is_planned = "select count(*) from schedules where name = 'by hand' and next_run_at > now()";
    let waits = async |sql: &str| {
        let begun = Instant::now();
        while number(&psql, sql).await == 0 {
            assert!(begun.elapsed() < Duration::from_secs(2), "{sql}");
            sleep(Duration::from_millis(20)).await;
        }
    };
    waits(is_planned).await;
    psql.batch_execute("update schedules set every_seconds = 1 where name = 'by hand'").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    waits("select count(*) from jobs where unique_key like 'schedule:%' and status = 'succeeded'").await;
    // What the database took and the server cannot read says why, and does not keep the others from running.
    psql.batch_execute(
        "insert into schedules (name, task, cron, timezone) values ('lost', 'echo', '* * * * *', 'posix/Europe/Berlin')",
    )
    .await
    .unwrap();
    waits("select count(*) from schedules where name = 'lost' and next_run_at is null and error like 'timezone must be%'").await;
    psql.batch_execute("update schedules set timezone = 'Europe/Berlin' where name = 'lost'").await.unwrap();
    waits("select count(*) from schedules where name = 'lost' and next_run_at is not null and error is null")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_done_once() {
    let world = World::new().await;
    let psql = world.psql().await;
    // Nobody was there for a hundred times.
    psql.batch_execute(
        "insert into schedules (name, task, every_seconds, args) values ('missed', 'echo', 60, '{\"missed\": 1}');
        update schedules set created_at = now() - interval '6030 seconds', next_run_at = now() - interval '6000 seconds',
            planned_at = now() - interval '6030 seconds'",
    )
    .await
    .unwrap();
    let here = world.instance().await;
    let done = "select count(*) from jobs where args = '{\"missed\": 1}'";
    let until = Instant::now() + TIMEOUT;
    while number(&psql, done).await == 0 {
        assert!(Instant::now() < until);
        sleep(Duration::from_millis(50)).await;
    }
    sleep(Duration::from_secs(1)).await;
    assert_eq!(number(&psql, done).await, 1);
    let next = "select count(*) from schedules where name = 'missed' and next_run_at between now() and now() + interval '31 seconds'";
    assert_eq!(number(&psql, next).await, 1, "and goes on at its pace");
    here.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_left_out_while_the_last_job_is_at_it_or_waits_behind_it() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    for overlap in ["skip", "queue"] {
        let new = json!({"name": overlap, "task": "echo", "every_seconds": 1, "overlap": overlap,
            "args": {"wait_seconds": 2.5, "overlap": overlap}});
        admin.post(SCHEDULES, &new).await.expect(201);
    }
    sleep(Duration::from_millis(4600)).await;
    psql.batch_execute("update schedules set enabled = false").await.unwrap();
    let of = |overlap: &str| format!("select count(*) from jobs where args ->> 'overlap' = '{overlap}'");
    let (skipped, queued) = (number(&psql, &of("skip")).await, number(&psql, &of("queue")).await);
    assert!((1..=2).contains(&skipped), "{skipped}");
    assert!((3..=5).contains(&queued), "{queued}");
    let at_once = number(&psql, &format!("{} and status = 'running'", of("queue"))).await;
    assert!(at_once <= 1, "{at_once}");
    psql.batch_execute("delete from jobs where status = 'queued'").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_serves_nobody_keeps_the_schedules() {
    let world = World::new().await;
    let psql = world.psql().await;
    let folder = Folder::new();
    let mut worker = folder.command(&["work"], &shared(&world.url)).spawn().unwrap();
    let until = Instant::now() + TIMEOUT;
    let waits = async |sql: &str| {
        while number(&psql, sql).await == 0 {
            assert!(Instant::now() < until, "{sql}");
            sleep(Duration::from_millis(50)).await;
        }
    };
    waits("select count(*) from schedules where built_in and next_run_at is not null").await;
    let sql = "insert into schedules (name, task, every_seconds, args) values ('alone', 'echo', 1, '{\"alone\": 1}')";
    psql.batch_execute(sql).await.unwrap();
    waits("select count(*) from jobs where args = '{\"alone\": 1}' and status = 'succeeded'").await;
    worker.kill().await.unwrap();
}
