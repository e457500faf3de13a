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
    // Vacuum has counted the few that live; those that are over are still in every index, and an end is not looked for among them.
    psql.batch_execute("vacuum analyze jobs").await.unwrap();
    psql.batch_execute("set plan_cache_mode = force_generic_plan; begin").await.unwrap();
    let ends = "select count(*) from finish_jobs(
        array(select gen_random_uuid() from generate_series(1, 8)), array(select gen_random_uuid() from generate_series(1, 8)),
        array_fill('succeeded'::text, array[8]), array_fill('null'::jsonb, array[8]), array_fill(''::text, array[8]),
        array_fill(0::double precision, array[8])
    )";
    assert_eq!(number(&psql, ends).await, 0);
    let read = number(&psql, "select pg_stat_get_xact_tuples_returned('jobs_pkey'::regclass)").await;
    assert!(read < 100, "{read} entries of the index were read");
    psql.batch_execute("commit").await.unwrap();
    holder.batch_execute("commit").await.unwrap();
}
