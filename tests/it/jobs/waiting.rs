//! Waiting for the end of a job.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{JOBS, administrator, id_of};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_told_at_once_on_whichever_instance_and_holds_no_connection() {
    let world = World::with(&[("TRUNKLINE_DATABASE__POOL_SIZE", "4")]).await;
    let (here, there) = world.two_instances().await;
    here.listens(&world).await;
    there.listens(&world).await;
    let admin = administrator(&world, &here).await;
    let job = json!({"task": "echo", "args": {"wait_seconds": 1.5}});
    let id = id_of(&admin.post(JOBS, &job).await.expect(201));
    // Many more than connections, and everybody else is answered meanwhile.
    let begun = Instant::now();
    let waits: Vec<_> = (0..12)
        .map(|n| {
            let (admin, path) =
                (admin.at(if n % 2 == 0 { &here } else { &there }), format!("{JOBS}/{id}?wait_seconds=20"));
            tokio::spawn(async move { (admin.get(&path).await.expect(200), begun.elapsed()) })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let asked = Instant::now();
    admin.get("/api/v1/users/me").await.expect(200);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    for wait in waits {
        let (answer, after) = wait.await.unwrap();
        assert_eq!(answer["status"], "succeeded");
        assert!(after > Duration::from_secs(1) && after < Duration::from_millis(3500), "{after:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_waited_long_enough_is_told_how_it_is() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let job = json!({"task": "echo", "run_at": "2099-01-01T00:00:00Z"});
    let id = id_of(&admin.post(JOBS, &job).await.expect(201));
    let begun = Instant::now();
    let answer = admin.get(&format!("{JOBS}/{id}?wait_seconds=1")).await.expect(200);
    assert_eq!(answer["status"], "queued");
    assert!(begun.elapsed() >= Duration::from_secs(1) && begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_answers_those_who_wait() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let job = json!({"task": "echo", "run_at": "2099-01-01T00:00:00Z"});
    let id = id_of(&admin.post(JOBS, &job).await.expect(201));
    let waits = tokio::spawn(async move { admin.get(&format!("{JOBS}/{id}?wait_seconds=30")).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begun = Instant::now();
    here.stop().await;
    assert_eq!(waits.await.unwrap().expect(200)["status"], "queued");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
