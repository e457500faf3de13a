//! What is sold, to whom, and what comes back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    events::{EVENTS, at, buys, gives_back, id_in, makes, path_of},
    support::{Person, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_bought_seen_listed_and_given_back() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let path = makes(&alice, "Concert", 5).await;
    let bought = bob.post(&format!("{path}/tickets"), &json!({"quantity": 3})).await;
    let at_ticket = bought.headers["location"].to_str().unwrap().to_owned();
    let ticket = bought.expect(201);
    assert_eq!(at_ticket, format!("{path}/tickets/{}", ticket["id"].as_str().unwrap()));
    assert_eq!((&ticket["event_id"], &ticket["holder_id"]), (&json!(id_in(&path)), &json!(bob.id)));
    assert_eq!((&ticket["quantity"], &ticket["checked_in_at"]), (&json!(3), &Value::Null));
    for who in [&bob, &alice.at(&there)] {
        assert_eq!(who.get(&at_ticket).await.expect(200), ticket);
        assert_eq!(who.get(&format!("{path}/tickets")).await.expect(200)["items"], json!([ticket]));
    }
    let mine = bob.get("/api/v1/users/me/tickets").await.expect(200);
    let event = &mine["items"][0]["event"];
    assert_eq!((&mine["items"][0]["id"], &event["name"]), (&ticket["id"], &json!("Concert")));
    assert_eq!((&event["timezone"], mine["total"].as_i64()), (&json!("UTC"), Some(1)));
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 3})).await.refused(409, "sold_out");
    buys(&bob, &path, 2).await;
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await.refused(409, "sold_out");
    gives_back(&bob, &path, &ticket).await;
    bob.delete(&at_ticket).await.refused(404, "not_found");
    bob.get(&at_ticket).await.refused(404, "not_found");
    assert_eq!(bob.get(&format!("{path}/tickets")).await.expect(200)["total"], 1);
    assert_eq!(alice.get(&path).await.expect(200)["tickets_left"], 3);
    // The row stays for calendars, for a month.
    let psql = world.psql().await;
    let rest = "select count(*) from tickets where cancelled_at is not null";
    assert_eq!(psql.query_one(rest, &[]).await.unwrap().get::<_, i64>(0), 1);
    psql.batch_execute("update tickets set cancelled_at = now() - interval '32 days' where cancelled_at is not null; insert into jobs (task) values ('sweep_tickets')")
        .await
        .unwrap();
    world.rests().await;
    // His calendar goes on with the event, and this was the latest change there.
    assert_eq!(psql.query_one(rest, &[]).await.unwrap().get::<_, i64>(0), 1);
    assert_eq!(alice.get(&path).await.expect(200)["tickets_sold"], 2);
    psql.batch_execute("update tickets set cancelled_at = now() - interval '32 days'; insert into jobs (task) values ('sweep_tickets')")
        .await
        .unwrap();
    world.rests().await;
    assert_eq!(psql.query_one(rest, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_number_of_places_is_refused() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let path = makes(&alice, "Concert", 50).await;
    for body in [
        json!({}),
        json!({"quantity": 0}),
        json!({"quantity": 11}),
        json!({"quantity": -1}),
        json!({"quantity": 1.5}),
        json!({"quantity": "1"}),
        json!({"quantity": null}),
        json!({"quantity": i64::MAX}),
    ] {
        let refused = alice.post(&format!("{path}/tickets"), &body).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "quantity", "{refused}");
    }
    let wrong = json!({"quantity": 1, "wait": "yes"});
    alice.post(&format!("{path}/tickets"), &wrong).await.refused(400, "validation_failed");
    for quantity in [1, 10] {
        buys(&alice, &path, quantity).await;
    }
    let none = makes(&alice, "No places", 0).await;
    alice.post(&format!("{none}/tickets"), &json!({"quantity": 1})).await.refused(409, "sold_out");
    let wait = json!({"quantity": 1, "wait": true});
    alice.post(&format!("{none}/tickets"), &wait).await.refused(409, "sold_out");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_buys_once_and_answers_the_same() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let path = makes(&alice, "Concert", 3).await + "/tickets";
    let keyed = |person: &Person, key: &str, body: Value| {
        Person::send(person.request(Method::POST, &path).header("idempotency-key", key).json(&body))
    };
    let elsewhere = bob.at(&there);
    let two = json!({"quantity": 2, "wait": true});
    let (one, other, again) = tokio::join!(
        keyed(&bob, "a", two.clone()),
        keyed(&elsewhere, "a", two.clone()),
        keyed(&elsewhere, "a", two.clone())
    );
    let ticket = one.expect(201);
    assert_eq!((&ticket, ticket.clone()), (&other.expect(201), again.expect(201)));
    keyed(&bob, "a", json!({"quantity": 1})).await.refused(409, "idempotency_key_reused");
    // So is a place in line.
    let waits = keyed(&bob, "b", two.clone()).await.expect(202);
    assert_eq!(keyed(&bob, "b", two.clone()).await.expect(202), waits);
    // What was refused was not done, and may be done later.
    keyed(&alice, "c", json!({"quantity": 2})).await.refused(409, "sold_out");
    assert_eq!(bob.get(&path).await.expect(200)["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_buys_what_has_begun() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let body = json!({"name": "Past", "event_time": at(-1), "max_tickets": 5});
    let path = path_of(&alice.post(EVENTS, &body).await.expect(201));
    for wait in [false, true] {
        let body = json!({"quantity": 1, "wait": wait});
        bob.post(&format!("{path}/tickets"), &body).await.refused(409, "event_started");
    }
    // A ticket may be given back afterwards; nobody gets its places.
    let path = makes(&alice, "Concert", 1).await;
    let ticket = buys(&alice, &path, 1).await;
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 1, "wait": true})).await.expect(202);
    world.psql().await.batch_execute("update events set event_time = now()").await.unwrap();
    gives_back(&alice, &path, &ticket).await;
    let place = bob.get(&format!("{path}/waiting")).await.expect(200)["items"][0].take();
    assert_eq!((&place["held_until"], &place["position"]), (&Value::Null, &json!(1)));
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await.refused(409, "event_started");
    bob.delete(&format!("{path}/waiting")).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_holds_and_waits_for_no_more_than_they_may() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (path, full) = (makes(&alice, "Concert", 100_000).await, makes(&alice, "Full", 0).await);
    let superuser = world.superuser().await;
    let fill = format!(
        "set session_replication_role = replica;
        insert into tickets (event_id, holder_id, quantity) select '{}', '{bob}', 1 from generate_series(1, 998);
        insert into events (owner_id, name, event_time, max_tickets)
        select '{alice}', 'Full', now() + interval '1 day', 1 from generate_series(1, 100);
        insert into event_waiting (event_id, user_id, quantity, place) select id, '{bob}', 1, 1 from events where max_tickets = 1",
        id_in(&path),
        bob = bob.id,
        alice = alice.id,
    );
    superuser.batch_execute(&fill).await.unwrap();
    let one = json!({"quantity": 1});
    let tickets = format!("{path}/tickets");
    let many = futures_util::future::join_all((0..6).map(|_| bob.post(&tickets, &one))).await;
    assert_eq!(many.iter().filter(|answer| answer.status == 201).count(), 2);
    for answer in many.into_iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "conflict");
    }
    superuser
        .batch_execute(&format!("update events set max_tickets = 1 where id = '{}'", id_in(&full)))
        .await
        .unwrap();
    buys(&alice, &full, 1).await;
    let wait = json!({"quantity": 1, "wait": true});
    bob.post(&format!("{full}/tickets"), &wait).await.refused(409, "conflict");
    here.person("Carol").await.post(&format!("{full}/tickets"), &wait).await.expect(202);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_sorted_paged_and_downloaded() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let path = makes(&alice, "Concert", 50).await;
    for quantity in [2, 3, 1] {
        buys(&bob, &path, quantity).await;
    }
    let quantities = async |sort: &str| {
        let list = alice.get(&format!("{path}/tickets?sort={sort}&include=users")).await.expect(200);
        assert_eq!(list["users"][0]["id"], json!(bob.id));
        let items = list["items"].as_array().unwrap();
        items.iter().map(|ticket| ticket["quantity"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(quantities("created_at").await, [2, 3, 1]);
    assert_eq!(quantities("-created_at").await, [1, 3, 2]);
    assert_eq!(quantities("quantity").await, [1, 2, 3]);
    assert_eq!(quantities("-quantity").await, [3, 2, 1]);
    let page = alice.get(&format!("{path}/tickets?limit=1&offset=1")).await.expect(200);
    assert_eq!((&page["total"], &page["items"][0]["quantity"]), (&json!(3), &json!(3)));
    alice.get(&format!("{path}/tickets?sort=holder")).await.refused(400, "validation_failed");
    let other = makes(&alice, "Sooner", 50).await;
    world
        .psql()
        .await
        .execute("update events set event_time = $2 where id = $1", &[&id_in(&other), &at(7200)])
        .await
        .unwrap();
    buys(&bob, &other, 5).await;
    let mine = async |query: &str| {
        let list = bob.get(&format!("/api/v1/users/me/tickets?limit=100&{query}")).await.expect(200);
        let items = list["items"].as_array().unwrap();
        items.iter().map(|ticket| ticket["quantity"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(mine("").await, [5, 2, 3, 1]);
    assert_eq!(mine("sort=-created_at").await, [5, 1, 3, 2]);
    assert_eq!(mine(&format!("event_time_to={}", at(10_000).format("%Y-%m-%dT%H:%M:%SZ"))).await, [5]);
    assert_eq!(
        mine(&format!("event_time_from={}", at(10_000).format("%Y-%m-%dT%H:%M:%SZ"))).await,
        [2, 3, 1]
    );
    for list in [format!("{path}/tickets"), "/api/v1/users/me/tickets".to_owned(), format!("{path}/waiting")]
    {
        let request = bob.request(Method::GET, &format!("{list}?format=csv"));
        let file = request.send().await.unwrap().text().await.unwrap();
        let lines = if list.ends_with("waiting") {
            1
        } else if list.ends_with("me/tickets") {
            5
        } else {
            4
        };
        assert_eq!(file.lines().count(), lines, "{file}");
        assert_eq!(file.contains("event.local_time"), list.ends_with("me/tickets"), "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_dies_in_the_middle_sells_once_or_not_at_all() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (there.person("Alice").await, here.person("Bob").await);
    let path = makes(&alice, "Concert", 5).await;
    let holder = world.psql().await;
    holder
        .batch_execute(&format!("begin; select from events where id = '{}' for update", id_in(&path)))
        .await
        .unwrap();
    let keyed = |person: &Person| {
        let request =
            person.request(Method::POST, &format!("{path}/tickets")).header("idempotency-key", "once");
        request.json(&json!({"quantity": 2}))
    };
    // Whatever becomes of this one: nobody is there to answer it.
    let lost = tokio::spawn(tokio::time::timeout(std::time::Duration::from_secs(3), keyed(&bob).send()));
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    here.kill();
    holder.batch_execute("commit").await.unwrap();
    let _ = lost.await.unwrap();
    let bob = bob.at(&there);
    let ticket = Person::send(keyed(&bob)).await.expect(201);
    assert_eq!(bob.get(&format!("{path}/tickets")).await.expect(200)["items"], json!([ticket]));
    assert_eq!(alice.get(&path).await.expect(200)["tickets_sold"], 2);
}
