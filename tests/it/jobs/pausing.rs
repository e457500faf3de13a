//! A task that is paused.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use super::{JOBS, administrator, becomes, id_of};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_jobs_of_a_paused_task_wait_until_it_is_resumed() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    let pause = format!("{JOBS}/tasks/echo/pause");
    admin.puts(&pause).await.expect(204);
    admin.puts(&pause).await.expect(204);
    let tasks = admin.get(&format!("{JOBS}/tasks?limit=100")).await.expect(200);
    let paused: Vec<_> =
        tasks["items"].as_array().unwrap().iter().filter(|task| task["paused"] == true).collect();
    assert_eq!((paused.len(), &paused[0]["task"]), (1, &json!("echo")));
    let job = id_of(&admin.post(JOBS, &json!({"task": "echo"})).await.expect(201));
    let other = id_of(&admin.post(JOBS, &json!({"task": "sweep_cache"})).await.expect(201));
    becomes(&psql, other, "status", "succeeded".to_owned()).await;
    sleep(Duration::from_millis(1500)).await;
    becomes(&psql, job, "status", "queued".to_owned()).await;
    admin.delete(&pause).await.expect(204);
    let done = admin.get(&format!("{JOBS}/{job}?wait_seconds=2")).await.expect(200);
    assert_eq!(done["status"], "succeeded");
    admin.puts(&format!("{JOBS}/tasks/make_coffee/pause")).await.refused(404, "not_found");
    admin.delete(&format!("{JOBS}/tasks/make_coffee/pause")).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_paused_and_resumed_in_psql() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    psql.batch_execute("insert into paused_tasks (task) values ('echo')").await.unwrap();
    let job = id_of(&admin.post(JOBS, &json!({"task": "echo"})).await.expect(201));
    sleep(Duration::from_millis(700)).await;
    becomes(&psql, job, "status", "queued".to_owned()).await;
    psql.batch_execute("delete from paused_tasks").await.unwrap();
    let done = admin.get(&format!("{JOBS}/{job}?wait_seconds=2")).await.expect(200);
    assert_eq!(done["status"], "succeeded");
}
