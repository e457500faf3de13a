//! What failed is tried again because somebody says so, and what waits is taken back.

use serde_json::json;

use super::{JOBS, administrator, becomes, id_of, number};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_job_is_tried_again_and_a_waiting_one_is_due_at_once() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    let new = json!({"task": "echo", "args": {"fail": true}, "max_attempts": 1});
    let failed = id_of(&admin.post(JOBS, &new).await.expect(201));
    becomes(&psql, failed, "status", "failed".to_owned()).await;
    admin.delete(&format!("{JOBS}/{failed}")).await.refused(409, "conflict");
    psql.execute("update jobs set args = '{}' where id = $1", &[&failed]).await.unwrap();
    let again = admin.act(&format!("{JOBS}/{failed}/retry")).await.expect(200);
    assert_eq!(
        (&again["status"], &again["attempts"], &again["finished_at"]),
        (&json!("queued"), &json!(0), &json!(null))
    );
    let done = admin.get(&format!("{JOBS}/{failed}?wait_seconds=10")).await.expect(200);
    assert_eq!(done["status"], "succeeded");
    admin.act(&format!("{JOBS}/{failed}/retry")).await.refused(409, "conflict");
    let later = json!({"task": "echo", "run_at": "2099-01-01T00:00:00Z"});
    let later = id_of(&admin.post(JOBS, &later).await.expect(201));
    admin.act(&format!("{JOBS}/{later}/retry")).await.expect(200);
    becomes(&psql, later, "status", "succeeded".to_owned()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_job_is_taken_back_and_a_running_one_is_not() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    let later = json!({"task": "echo", "run_at": "2099-01-01T00:00:00Z", "unique_key": "k"});
    let later = id_of(&admin.post(JOBS, &later).await.expect(201));
    for _ in 0..2 {
        admin.delete(&format!("{JOBS}/{later}")).await.expect(204);
    }
    let shown = admin.get(&format!("{JOBS}/{later}")).await.expect(200);
    assert_eq!(shown["status"], "cancelled");
    assert!(shown["finished_at"].is_string());
    // Its key is another's by now.
    let other = json!({"task": "echo", "run_at": "2099-01-01T00:00:00Z", "unique_key": "k"});
    admin.post(JOBS, &other).await.expect(201);
    admin.act(&format!("{JOBS}/{later}/retry")).await.refused(409, "conflict");
    let long = json!({"task": "echo", "args": {"wait_seconds": 3}});
    let long = id_of(&admin.post(JOBS, &long).await.expect(201));
    becomes(&psql, long, "status", "running".to_owned()).await;
    admin.delete(&format!("{JOBS}/{long}")).await.refused(409, "conflict");
    admin.act(&format!("{JOBS}/{long}/retry")).await.refused(409, "conflict");
    becomes(&psql, long, "status", "succeeded".to_owned()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_failed_in_an_hour_is_tried_again() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    // Nobody takes them, so that they can be counted.
    psql.batch_execute(
        "insert into jobs (task, status, unique_key, finished_at)
        select 'unheard_of', 'failed', case when n % 2 = 0 then 'k' || n % 4 end, '2026-11-01T10:00:00Z'::timestamptz + make_interval(mins => n % 120)
        from generate_series(1, 2400) as n;
        insert into jobs (task, status, finished_at) values ('other', 'failed', '2026-11-01T10:30:00Z'), ('unheard_of', 'succeeded', '2026-11-01T10:30:00Z')",
    )
    .await
    .unwrap();
    let retry = async |body| admin.post(&format!("{JOBS}/retry"), &body).await.expect(200)["retried"].clone();
    let hour = json!({"task": "unheard_of", "failed_from": "2026-11-01T10:00:00Z", "failed_to": "2026-11-01T10:59:59.999Z"});
    // 1,200 of the first hour: of those with a key one of each.
    assert_eq!(retry(hour.clone()).await, 602);
    assert_eq!(retry(hour).await, 0);
    assert_eq!(
        number(&psql, "select count(*) from jobs where status = 'queued' and task = 'unheard_of'").await,
        602
    );
    assert_eq!(retry(json!({"task": "other"})).await, 1);
    assert_eq!(retry(json!({})).await, 600);
    let long = admin.post(&format!("{JOBS}/retry"), &json!({"task": "x".repeat(101)})).await;
    long.refused(400, "validation_failed");
    let wrong = admin.post(&format!("{JOBS}/retry"), &json!({"failed_from": "noon"})).await;
    wrong.refused(400, "validation_failed");
}
