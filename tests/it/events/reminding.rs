//! Who is reminded that an event begins soon: once, in time, whoever runs.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;

use super::{EVENTS, at, buys, id_in, listens, makes, path_of, told};
use crate::support::{Person, World};

async fn hears(psql: &Client, person: &Person, count: usize) -> Vec<Value> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let heard = told(psql, person.id, "event_soon").await;
        if heard.len() >= count {
            return heard;
        }
        assert!(Instant::now() < until, "only {heard:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_and_holders_are_reminded_once_however_many_instances_run() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let psql = listens(&world).await;
    let (alice, bob, carol) =
        (here.person("Alice").await, there.person("Bob").await, here.person("Carol").await);
    let (path, later) = (makes(&alice, "Concert", 5).await, makes(&alice, "Later", 5).await);
    buys(&bob, &path, 1).await;
    buys(&bob, &path, 1).await;
    let given = buys(&carol, &path, 1).await;
    super::gives_back(&carol, &path, &given).await;
    // An hour before is in two seconds.
    let begun = Instant::now();
    psql.execute("update events set event_time = $2 where id = $1", &[&id_in(&path), &at(3602)])
        .await
        .unwrap();
    sleep(Duration::from_millis(1000)).await;
    assert!(told(&psql, bob.id, "event_soon").await.is_empty() || begun.elapsed() > Duration::from_secs(2));
    for who in [&alice, &bob] {
        let heard = hears(&psql, who, 1).await;
        assert_eq!((heard.len(), &heard[0]["event_id"]), (1, &json!(id_in(&path))));
    }
    // Within a minute is what is promised.
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(told(&psql, alice.id, "event_soon").await.len(), 1);
    assert!(told(&psql, carol.id, "event_soon").await.is_empty());
    // Another time is reminded of anew; the same time, or another number of minutes, is not.
    let body = |seconds: i64, minutes: i64| json!({"name": "Concert", "event_time": at(seconds), "max_tickets": 5, "remind_minutes": minutes});
    let moved = alice.put(&path, &body(1800, 60)).await.expect(200);
    assert_eq!(hears(&psql, &bob, 2).await.len(), 2);
    let mut same = moved.clone();
    same["remind_minutes"] = json!(30);
    alice.put(&path, &same).await.expect(200);
    sleep(Duration::from_millis(500)).await;
    assert_eq!(told(&psql, bob.id, "event_soon").await.len(), 2);
    assert_eq!(alice.get(&later).await.expect(200)["remind_minutes"], 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_comes_at_once_where_its_time_is_past_and_never_after_the_start() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let alice = here.person("Alice").await;
    let makes = async |seconds: i64, minutes: i64| {
        let body = json!({"name": "Concert", "event_time": at(seconds), "max_tickets": 5, "remind_minutes": minutes});
        path_of(&alice.post(EVENTS, &body).await.expect(201))
    };
    let soon = makes(600, 60).await;
    assert_eq!(hears(&psql, &alice, 1).await[0]["event_id"], json!(id_in(&soon)));
    makes(-600, 60).await;
    let silent = makes(600, 0).await;
    // Who buys when the others have been reminded is reminded then, once.
    let bob = here.person("Bob").await;
    buys(&bob, &soon, 1).await;
    buys(&bob, &soon, 1).await;
    assert_eq!(told(&psql, bob.id, "event_soon").await.len(), 1);
    let nobody = "select count(*) from events where remind_at is not null";
    assert_eq!(psql.query_one(nobody, &[]).await.unwrap().get::<_, i64>(0), 0);
    assert_eq!(told(&psql, alice.id, "event_soon").await.len(), 1);
    // A reminder that is switched on later is a reminder, too.
    let mut wanted = alice.get(&silent).await.expect(200);
    wanted["remind_minutes"] = json!(60);
    alice.put(&silent, &wanted).await.expect(200);
    assert_eq!(hears(&psql, &alice, 2).await[1]["event_id"], json!(id_in(&silent)));
    // Nobody was there when it was due, and it has begun since.
    here.stop().await;
    psql.batch_execute(
        "set session_replication_role = replica;
        update events set event_time = now() - interval '1 second', remind_at = now() - interval '1 hour'",
    )
    .await
    .unwrap_err();
    let superuser = world.superuser().await;
    superuser
        .batch_execute(
            "set session_replication_role = replica;
            update events set event_time = now() - interval '1 second', remind_at = now() - interval '1 hour'",
        )
        .await
        .unwrap();
    let _there = world.instance().await;
    while psql.query_one(nobody, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(told(&psql, alice.id, "event_soon").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_dies_leaves_it_to_the_next_and_downtime_loses_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let alice = here.person("Alice").await;
    let body = json!({"name": "Concert", "event_time": at(63), "max_tickets": 5, "remind_minutes": 1});
    alice.post(EVENTS, &body).await.expect(201);
    here.kill();
    sleep(Duration::from_secs(4)).await;
    assert!(told(&psql, alice.id, "event_soon").await.is_empty());
    // Both come at once.
    let (_one, _other) = tokio::join!(world.instance(), world.instance());
    hears(&psql, &alice, 1).await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!(told(&psql, alice.id, "event_soon").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_before_is_an_hour_before_on_the_days_on_which_clocks_change() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, psql) = (here.person("Alice").await, world.psql().await);
    for (zone, local) in [
        ("Europe/Berlin", "2027-03-28T03:30:00"),
        ("Europe/Berlin", "2027-10-31T03:00:00"),
        ("America/New_York", "2027-03-14T03:15:00"),
        ("America/New_York", "2027-11-07T02:00:00"),
        ("Australia/Lord_Howe", "2027-10-03T02:45:00"),
        ("Asia/Kathmandu", "2027-03-28T03:30:00"),
    ] {
        let body = json!({"name": "Concert", "event_time": local, "timezone": zone, "max_tickets": 1});
        let event = alice.post(EVENTS, &body).await.expect(201);
        let sql = "select extract(epoch from event_time - remind_at)::int from events where id = $1";
        let seconds: i32 = psql.query_one(sql, &[&id_in(&path_of(&event))]).await.unwrap().get(0);
        assert_eq!(seconds, 3600, "{local} in {zone}");
    }
}
