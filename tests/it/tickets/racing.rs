//! Two hundred people, ten places, two instances: never more than there are, and the line is served in its order.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use futures_util::{StreamExt, future::join_all, stream};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::json;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    events::{id_in, makes},
    support::{Instance, Person, World},
};

const PEOPLE: usize = 200;
const PLACES: i32 = 10;

/// Many people, half of them at each instance.
async fn crowd(here: &Instance, there: &Instance, count: usize) -> Vec<Person> {
    let register = |number: usize| async move {
        let place = if number.is_multiple_of(2) { here } else { there };
        place.person(&format!("Crowd{number}")).await
    };
    stream::iter(0..count).map(register).buffered(8).collect().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_buyers_never_have_more_than_there_is() {
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let path = makes(&alice, "Concert", PLACES).await;
    let people = crowd(&here, &there, PEOPLE).await;
    let id = id_in(&path);

    // At every moment, in one statement: what is counted is what is there, and no more than there is; and who waits first waits for
    // more than is free.
    let over = Arc::new(AtomicBool::new(false));
    let (watched, psql) = (Arc::clone(&over), world.psql().await);
    let watcher = tokio::spawn(async move {
        let sql = "select tickets_sold, tickets_held, max_tickets,
                (select coalesce(sum(quantity), 0)::int from tickets where event_id = $1 and cancelled_at is null),
                (select coalesce(sum(quantity), 0)::int from event_waiting where event_id = $1 and held_until is not null),
                coalesce((
                    select quantity from event_waiting where event_id = $1 and held_until is null order by place limit 1
                ), 1000)
            from events where id = $1";
        let mut looks = 0;
        while !watched.load(Relaxed) {
            let row = psql.query_one(sql, &[&id]).await.unwrap();
            let [sold, held, most, tickets, holds, first] =
                [0, 1, 2, 3, 4, 5].map(|at| row.get::<_, i32>(at));
            assert!(sold + held <= most && most == PLACES, "{sold} sold and {held} held of {most}");
            assert_eq!((sold, held), (tickets, holds));
            assert!(
                first > most - sold - held,
                "somebody waits for {first}, and {} are free",
                most - sold - held
            );
            looks += 1;
        }
        looks
    });

    let races = people.iter().enumerate().map(|(number, person)| {
        let path = path.clone();
        async move {
            let mut luck = StdRng::seed_from_u64(number as u64);
            for _ in 0..4 {
                sleep(Duration::from_millis(luck.random_range(0..400))).await;
                let quantity = luck.random_range(1..4);
                let body = json!({"quantity": quantity, "wait": luck.random_bool(0.7)});
                let answer = person.post(&format!("{path}/tickets"), &body).await;
                // Somebody else held the event for too long: that is an answer, too.
                assert!([201, 202, 409, 503].contains(&answer.status), "{}", answer.body);
                match answer.status {
                    201 if luck.random_bool(0.8) => {
                        sleep(Duration::from_millis(luck.random_range(0..100))).await;
                        let ticket = format!("{path}/tickets/{}", answer.body["id"].as_str().unwrap());
                        let gone = person.delete(&ticket).await;
                        assert!([204, 503].contains(&gone.status), "{}", gone.body);
                    }
                    202 if luck.random_bool(0.3) => {
                        let gone = person.delete(&format!("{path}/waiting")).await;
                        assert!([204, 404, 503].contains(&gone.status), "{}", gone.body);
                    }
                    _ => {}
                }
            }
        }
    });
    join_all(races).await;

    // Those who are left are served in the order in which they stand, each when the one before has taken or given up.
    let psql = world.psql().await;
    let sql = "select user_id, quantity, held_until is not null, place from event_waiting where event_id = $1 order by place";
    let rows = psql.query(sql, &[&id]).await.unwrap();
    let mut waiting: Vec<(Uuid, i32)> =
        rows.iter().filter(|row| !row.get::<_, bool>(2)).map(|row| (row.get(0), row.get(1))).collect();
    let known: BTreeMap<Uuid, &Person> = people.iter().map(|person| (person.id, person)).collect();
    psql.execute(
        "update tickets set cancelled_at = now() where event_id = $1 and cancelled_at is null",
        &[&id],
    )
    .await
    .unwrap();
    let until = Instant::now() + Duration::from_secs(120);
    let held = "select user_id, quantity from event_waiting where event_id = $1 and held_until is not null order by place";
    let mut served = vec![];
    while served.len() < waiting.len() {
        assert!(Instant::now() < until, "{} of {} were served", served.len(), waiting.len());
        for row in psql.query(held, &[&id]).await.unwrap() {
            let (user_id, quantity): (Uuid, i32) = (row.get(0), row.get(1));
            let person = known[&user_id];
            let ticket =
                person.post(&format!("{path}/tickets"), &json!({"quantity": quantity})).await.expect(201);
            person.delete(&format!("{path}/tickets/{}", ticket["id"].as_str().unwrap())).await.expect(204);
            if waiting.contains(&(user_id, quantity)) {
                served.push((user_id, quantity));
            }
        }
    }
    // Who stood behind somebody else was never served before them.
    waiting.truncate(served.len());
    assert_eq!(served, waiting);
    over.store(true, Relaxed);
    let looks = watcher.await.unwrap();
    assert!(looks > 100, "{looks}");
    let event = alice.get(&path).await.expect(200);
    assert_eq!((&event["tickets_sold"], &event["tickets_left"]), (&json!(0), &json!(PLACES)));
    assert!(!world.log().contains("deadlock"), "a deadlock was met");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_place_is_sold_once_on_two_instances() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let people = crowd(&here, &there, 20).await;
    for _ in 0..5 {
        let path = makes(&alice, "Concert", 1).await;
        let tries = people.iter().map(|person| {
            let path = path.clone();
            async move { person.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await }
        });
        let mut sold = 0;
        for answer in join_all(tries).await {
            match answer.status {
                201 => sold += 1,
                _ => _ = answer.refused(409, "sold_out"),
            }
        }
        assert_eq!(sold, 1);
    }
}
