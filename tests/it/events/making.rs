//! Who makes an event, what it must be, and who may change it.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{EVENTS, at, buys, makes, path_of, plan};
use crate::support::{Person, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_made_seen_changed_and_called_off() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let body = json!({
        "name": "  Summer concert ", "event_time": "2027-06-27T19:00:00+02:00", "timezone": "Europe/Berlin",
        "description": "In the park", "duration_hours": 2, "duration_minutes": 30, "max_tickets": 200,
        "tickets_sold": 7, "tickets_left": 1,
    });
    let made = alice.post(EVENTS, &body).await;
    assert!(made.headers["location"].to_str().unwrap().starts_with("/api/v1/events/"));
    let event = made.expect(201);
    let path = path_of(&event);
    for (field, value) in [
        ("owner_id", json!(alice.id)),
        ("name", json!("Summer concert")),
        ("event_time", json!("2027-06-27T17:00:00.000Z")),
        ("local_time", json!("2027-06-27T19:00:00.000+02:00")),
        ("ends_at", json!("2027-06-27T19:30:00.000Z")),
        ("timezone", json!("Europe/Berlin")),
        ("tickets_sold", json!(0)),
        ("tickets_left", json!(200)),
        ("with_chat", json!(false)),
        ("chat_id", Value::Null),
        ("remind_minutes", json!(60)),
        ("sequence", json!(0)),
    ] {
        assert_eq!(event[field], value, "{field}");
    }
    assert_eq!(bob.at(&there).get(&path).await.expect(200), event);
    buys(&bob, &path, 3).await;
    let seen = alice.get(&path).await.expect(200);
    assert_eq!((&seen["tickets_sold"], &seen["tickets_left"]), (&json!(3), &json!(197)));
    // What is left out is as for a new event.
    let changed = json!({"name": "Winter concert", "event_time": "2027-12-01T18:00:00Z", "max_tickets": 3});
    bob.put(&path, &changed).await.refused(403, "forbidden");
    let event = alice.put(&path, &changed).await.expect(200);
    assert_eq!((&event["name"], &event["sequence"]), (&json!("Winter concert"), &json!(1)));
    assert_eq!((&event["timezone"], &event["tickets_left"]), (&json!("UTC"), &json!(0)));
    assert_eq!((&event["description"], &event["duration_hours"]), (&json!(""), &json!(0)));
    let fewer = json!({"name": "Winter concert", "event_time": "2027-12-01T18:00:00Z", "max_tickets": 2});
    alice.put(&path, &fewer).await.refused(409, "conflict");
    // The same again changes nothing.
    assert_eq!(alice.put(&path, &changed).await.expect(200)["sequence"], 1);
    bob.delete(&path).await.refused(403, "forbidden");
    alice.delete(&path).await.refused(409, "tickets_sold");
    alice.delete(&format!("{path}?force=maybe")).await.refused(400, "validation_failed");
    alice.delete(&format!("{path}?force=true")).await.expect(204);
    for who in [&alice, &bob] {
        who.get(&path).await.refused(404, "not_found");
    }
    alice.delete(&path).await.refused(404, "not_found");
    alice.put(&path, &changed).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_change_and_delete_what_is_not_theirs() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, root) = (here.person("Alice").await, here.person("Root").await);
    world.promotes(root.id).await;
    let path = makes(&alice, "Concert", 5).await;
    let changed = root.put(&path, &plan("Moved", 6)).await.expect(200);
    assert_eq!((&changed["owner_id"], &changed["max_tickets"]), (&json!(alice.id), &json!(6)));
    root.delete(&path).await.expect(204);
    alice.get(&path).await.refused(404, "not_found");
    let audit = root.get("/api/v1/audit?action=event_deleted").await.expect(200);
    assert_eq!(audit["items"][0]["actor_id"], json!(root.id), "{audit}");
    assert_eq!(audit["items"][0]["data"]["name"], "Moved");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_event_is_refused_and_says_why() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let path = makes(&alice, "Concert", 5).await;
    let with = |field: &str, value: Value| {
        let mut body = plan("Concert", 5);
        body[field] = value;
        body
    };
    for (body, field) in [
        (json!({"event_time": at(60), "max_tickets": 1}), "name"),
        (json!({"name": "x", "max_tickets": 1}), "event_time"),
        (json!({"name": "x", "event_time": at(60)}), "max_tickets"),
        (with("name", json!("")), "name"),
        (with("name", json!(" \u{200b}")), "name"),
        (with("name", json!("two\nlines")), "name"),
        (with("name", json!("x".repeat(256))), "name"),
        (with("name", json!("nul\u{0}")), "name"),
        (with("name", json!(7)), "name"),
        (with("event_time", json!("tomorrow")), "event_time"),
        (with("event_time", json!("2027-02-30T10:00:00Z")), "event_time"),
        (with("event_time", json!("0001-01-01T00:00:00Z")), "event_time"),
        (with("event_time", json!("9999-12-31T23:59:59Z")), "event_time"),
        (with("event_time", json!(1_800_000_000)), "event_time"),
        (with("event_time", Value::Null), "event_time"),
        (with("timezone", json!("Europe/Atlantis")), "timezone"),
        (with("timezone", json!("CEST")), "timezone"),
        (with("timezone", json!("UTC+3")), "timezone"),
        (with("timezone", json!("../../etc/passwd")), "timezone"),
        (with("timezone", json!("x".repeat(10_000))), "timezone"),
        (with("timezone", json!("")), "timezone"),
        (with("description", json!("x".repeat(10_001))), "description"),
        (with("duration_hours", json!(-1)), "duration_hours"),
        (with("duration_hours", json!(8761)), "duration_hours"),
        (with("duration_minutes", json!(60)), "duration_minutes"),
        (with("duration_minutes", json!(1.5)), "duration_minutes"),
        (with("max_tickets", json!(-1)), "max_tickets"),
        (with("max_tickets", json!(1_000_001)), "max_tickets"),
        (with("max_tickets", json!("5")), "max_tickets"),
        (with("max_tickets", json!(i64::MAX)), "max_tickets"),
        (with("remind_minutes", json!(-1)), "remind_minutes"),
        (with("remind_minutes", json!(40_321)), "remind_minutes"),
        (with("with_chat", json!("yes")), "with_chat"),
    ] {
        let mut answers = vec![alice.post(EVENTS, &body).await];
        answers.push(alice.put(&path, &body).await);
        for answer in answers {
            let refused = answer.refused(400, "validation_failed");
            assert_eq!(refused["errors"][0]["field"], field, "{refused}");
        }
    }
    // Said when it is made.
    let refused = alice.put(&path, &with("with_chat", json!(true))).await.refused(400, "validation_failed");
    assert_eq!(refused["errors"][0]["field"], "with_chat");
    assert_eq!(alice.get(&path).await.expect(200)["name"], "Concert");
    assert_eq!(alice.get(EVENTS).await.expect(200)["total"], 1);
    // The ends of every range.
    for body in [
        with("name", json!("話".repeat(255))),
        with("description", json!("x".repeat(10_000))),
        json!({
            "name": "x", "event_time": "1900-01-01T00:00:00Z", "timezone": "Etc/GMT+12", "duration_hours": 8760,
            "duration_minutes": 59, "max_tickets": 0, "remind_minutes": 40_320,
        }),
        json!({"name": "x", "event_time": "9997-12-31T23:59:59.999Z", "duration_hours": 8760, "max_tickets": 1_000_000}),
        with("timezone", json!("America/Argentina/ComodRivadavia")),
    ] {
        let answer = alice.post(EVENTS, &body).await;
        // A zone that the program knows and the system of the database does not is refused, and is no fault.
        assert!([201, 400].contains(&answer.status), "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_makes_one_event() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let body = plan("Concert", 5);
    let keyed = |person: &Person, body: &Value| {
        Person::send(person.request(Method::POST, EVENTS).header("idempotency-key", "k").json(body))
    };
    let elsewhere = alice.at(&there);
    let (one, other) = tokio::join!(keyed(&alice, &body), keyed(&elsewhere, &body));
    assert_eq!(one.expect(201), other.expect(201));
    keyed(&alice, &plan("Another", 5)).await.refused(409, "idempotency_key_reused");
    assert_eq!(alice.get(EVENTS).await.expect(200)["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_has_no_more_than_a_thousand_to_come() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let sql = "insert into events (owner_id, name, event_time, max_tickets)
        select $1, 'Concert', now() + make_interval(days => 1 + n), 1 from generate_series(1, 998) as n";
    world.psql().await.execute(sql, &[&alice.id]).await.unwrap();
    // What is over does not count.
    alice.post(EVENTS, &json!({"name": "Past", "event_time": at(-60), "max_tickets": 1})).await.expect(201);
    let body = plan("Concert", 1);
    let many = futures_util::future::join_all((0..6).map(|_| alice.post(EVENTS, &body))).await;
    let made = many.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 2);
    for answer in many.into_iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "conflict");
    }
    here.person("Bob").await.post(EVENTS, &body).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_holds_the_event_holds_up_nobody_elses_requests() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (path, other) = (makes(&alice, "Held", 5).await, makes(&alice, "Free", 5).await);
    let psql = world.psql().await;
    psql.batch_execute(&format!("begin; select from events where id = '{}' for update", super::id_in(&path)))
        .await
        .unwrap();
    let waiting: Vec<_> = (0..12)
        .map(|_| {
            let (bob, path) = (bob.clone(), path.clone());
            tokio::spawn(async move { bob.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    // The pool has eight connections.
    buys(&alice, &other, 1).await;
    bob.get(&path).await.expect(200);
    let ghost = format!("{EVENTS}/{}", Uuid::now_v7());
    bob.post(&format!("{ghost}/tickets"), &json!({"quantity": 1})).await.refused(404, "not_found");
    psql.batch_execute("commit").await.unwrap();
    for one in waiting {
        let answer = one.await.unwrap();
        assert!([201, 409, 503].contains(&answer.status), "{}", answer.body);
    }
    let event = alice.get(&path).await.expect(200);
    assert!(event["tickets_sold"].as_i64().unwrap() <= 5, "{event}");
}
