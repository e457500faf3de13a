//! What all instances remember for a while.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;
use trunkline::{app::App, cache};

use crate::support::World;

const LONG: Duration = Duration::from_secs(60);

fn apps(world: &World) -> [App; 2] {
    [(); 2].map(|()| App::new(world.config(), world.url.clone()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_shared_until_it_expires() {
    let world = World::new().await;
    let [here, there] = apps(&world);
    let (here, there) = (here.db().await.unwrap(), there.db().await.unwrap());
    assert_eq!(cache::get(&here, "colour").await.unwrap(), None);
    cache::set(&here, "colour", &json!({"name": "green"}), LONG).await.unwrap();
    assert_eq!(cache::get(&there, "colour").await.unwrap(), Some(json!({"name": "green"})));
    cache::set(&there, "colour", &json!("blue"), Duration::from_millis(200)).await.unwrap();
    assert_eq!(cache::get(&here, "colour").await.unwrap(), Some(json!("blue")));
    sleep(Duration::from_millis(250)).await;
    assert_eq!(cache::get(&here, "colour").await.unwrap(), None);
    cache::set(&here, "colour", &json!("red"), LONG).await.unwrap();
    cache::delete(&there, "colour").await.unwrap();
    assert_eq!(cache::get(&here, "colour").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_count_at_once_lose_nothing() {
    let world = World::new().await;
    let counting: Vec<_> = apps(&world)
        .into_iter()
        .flat_map(|app| {
            (0..50).map(move |_| {
                let app = app.clone();
                tokio::spawn(async move {
                    cache::incr(&app.db().await.unwrap(), "visits", 1, LONG).await.unwrap()
                })
            })
        })
        .collect();
    let mut counts = Vec::new();
    for count in counting {
        counts.push(count.await.unwrap());
    }
    counts.sort_unstable();
    assert_eq!(counts, (1..=100).collect::<Vec<i64>>(), "each was told another number");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_begins_anew_when_it_has_expired_and_what_has_is_swept() {
    let world = World::new().await;
    let [app, _] = apps(&world);
    let db = app.db().await.unwrap();
    let brief = Duration::from_millis(300);
    assert_eq!(cache::incr(&db, "tries", 1, brief).await.unwrap(), 1);
    assert_eq!(cache::incr(&db, "tries", 2, LONG).await.unwrap(), 3);
    sleep(Duration::from_millis(350)).await;
    assert_eq!(cache::incr(&db, "tries", 1, LONG).await.unwrap(), 1, "a later count prolongs nothing");
    for number in 0..1_500 {
        cache::set(&db, &format!("old {number}"), &json!(1), Duration::ZERO).await.unwrap();
    }
    assert_eq!(cache::sweep(&app.pool).await.unwrap(), 1_500);
    assert_eq!(cache::incr(&db, "tries", -1, LONG).await.unwrap(), 0);
    cache::set(&db, "word", &json!("word"), LONG).await.unwrap();
    assert!(cache::incr(&db, "word", 1, LONG).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_database_empties_the_cache_and_forgets_no_throttle() {
    let world = World::new().await;
    let [app, _] = apps(&world);
    let db = app.db().await.unwrap();
    // What a crash empties is what is unlogged: who is connected where, and what may be forgotten.
    let psql = world.psql().await;
    let sql = "select array_agg(relname::text order by relname) from pg_class where relpersistence = 'u' and relkind = 'r'";
    let unlogged: Vec<String> = psql.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(unlogged, ["cache", "instances", "presences"]);
    // Empty as after one, it goes on.
    cache::set(&db, "colour", &json!("green"), LONG).await.unwrap();
    cache::incr(&db, "visits", 5, LONG).await.unwrap();
    psql.batch_execute("truncate cache").await.unwrap();
    assert_eq!(cache::get(&db, "colour").await.unwrap(), None);
    assert_eq!(cache::incr(&db, "visits", 1, LONG).await.unwrap(), 1);
    assert_eq!(cache::sweep(&app.pool).await.unwrap(), 0);
}
