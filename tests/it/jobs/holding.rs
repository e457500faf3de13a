//! Somebody holds an old snapshot: what was taken since cannot be cleaned up, and nobody walks over it again and again.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::sleep;

use super::{TIMEOUT, becomes, number, queued};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_found_at_once_among_thousands_that_were_done() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (psql, holder) = (world.psql().await, world.psql().await);
    holder.batch_execute("begin isolation level repeatable read; select count(*) from jobs").await.unwrap();
    let many = "insert into jobs (task) select 'echo' from generate_series(1, 1000)";
    psql.batch_execute(many).await.unwrap();
    let until = Instant::now() + TIMEOUT * 2;
    while number(&psql, "select count(*) from jobs where status = 'succeeded'").await < 1000 {
        assert!(Instant::now() < until);
        sleep(Duration::from_millis(50)).await;
    }
    // Three that come late, with an earlier time: the notification of each says so.
    for _ in 0..3 {
        let sql = "insert into jobs (task, run_at) values ('echo', now() - interval '1 hour') returning id";
        let id = psql.query_one(sql, &[]).await.unwrap().get(0);
        let begun = Instant::now();
        becomes(&psql, id, "status", "succeeded".to_owned()).await;
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        let last = queued(&here.app, "echo", json!({})).await;
        becomes(&psql, last.id, "status", "succeeded".to_owned()).await;
    }
    holder.batch_execute("commit").await.unwrap();
}
