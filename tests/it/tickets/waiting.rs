//! The line is strict: who came first is served first, and nobody overtakes.

use serde_json::{Value, json};

use super::{line, stands, waits};
use crate::{
    events::{buys, gives_back, listens, makes, told},
    support::{Person, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_more_than_is_free_waits_and_nobody_overtakes() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let psql = listens(&world).await;
    let (alice, bob, carol, dave) = (
        here.person("Alice").await,
        there.person("Bob").await,
        here.person("Carol").await,
        here.person("Dave").await,
    );
    let path = makes(&alice, "Concert", 4).await;
    let (one, two) = (buys(&alice, &path, 1).await, buys(&alice, &path, 2).await);
    // One is free, and she wants two.
    stands(&bob, &path, 2, 1).await;
    stands(&carol, &path, 1, 2).await;
    dave.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await.refused(409, "sold_out");
    stands(&dave, &path, 3, 3).await;
    // Again it is the same, whatever is asked for.
    stands(&carol, &path, 1, 2).await;
    stands(&carol, &path, 9, 2).await;
    assert_eq!(
        line(&alice, &path).await,
        [(json!(bob.id), 2, 1), (json!(carol.id), 1, 2), (json!(dave.id), 3, 3)]
    );
    assert_eq!(alice.get(&path).await.expect(200)["tickets_left"], 1);
    // Now two are free: they are held for the first, and nothing is left for the second.
    gives_back(&alice, &path, &one).await;
    assert_eq!(
        line(&alice, &path).await,
        [(json!(bob.id), 2, 0), (json!(carol.id), 1, 1), (json!(dave.id), 3, 2)]
    );
    assert_eq!(alice.get(&path).await.expect(200)["tickets_left"], 0);
    let heard = told(&psql, bob.id, "place_free").await;
    assert_eq!((heard.len(), &heard[0]["quantity"]), (1, &json!(2)));
    assert!(told(&psql, carol.id, "place_free").await.is_empty());
    // He takes one of the two, and the other is hers at once.
    let ticket = bob.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await.expect(201);
    assert_eq!(ticket["quantity"], 1);
    assert_eq!(line(&alice, &path).await, [(json!(carol.id), 1, 0), (json!(dave.id), 3, 1)]);
    // More than is held for her is not there; what is held is.
    carol.post(&format!("{path}/tickets"), &json!({"quantity": 2})).await.refused(409, "sold_out");
    assert_eq!(waits(&carol, &path, 2).await.expect(202)["position"], 0);
    waits(&carol, &path, 1).await.expect(201);
    // Two are free, he wants three; he may take two, being first.
    gives_back(&alice, &path, &two).await;
    assert_eq!(line(&alice, &path).await, [(json!(dave.id), 3, 1)]);
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await.refused(409, "sold_out");
    dave.post(&format!("{path}/tickets"), &json!({"quantity": 2})).await.expect(201);
    assert_eq!(line(&alice, &path).await, []);
    let event = alice.get(&path).await.expect(200);
    assert_eq!((&event["tickets_sold"], &event["tickets_left"]), (&json!(4), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gives_up_goes_to_the_end_and_a_hold_given_up_is_the_next_ones() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let path = makes(&alice, "Concert", 1).await;
    let ticket = buys(&alice, &path, 1).await;
    bob.delete(&format!("{path}/waiting")).await.refused(404, "not_found");
    stands(&bob, &path, 1, 1).await;
    stands(&carol, &path, 1, 2).await;
    bob.delete(&format!("{path}/waiting")).await.expect(204);
    stands(&bob, &path, 1, 2).await;
    gives_back(&alice, &path, &ticket).await;
    assert_eq!(line(&alice, &path).await, [(json!(carol.id), 1, 0), (json!(bob.id), 1, 1)]);
    carol.delete(&format!("{path}/waiting")).await.expect(204);
    assert_eq!(line(&alice, &path).await, [(json!(bob.id), 1, 0)]);
    // She who has cancelled stands at the end, too.
    stands(&carol, &path, 1, 1).await;
    let bought = buys(&bob, &path, 1).await;
    stands(&alice, &path, 1, 2).await;
    gives_back(&bob, &path, &bought).await;
    stands(&bob, &path, 1, 2).await;
    assert_eq!(
        line(&alice, &path).await,
        [(json!(carol.id), 1, 0), (json!(alice.id), 1, 1), (json!(bob.id), 1, 2)]
    );
    bob.delete(&format!("{path}/waiting")).await.expect(204);
    alice.delete(&format!("{path}/waiting")).await.expect(204);
    carol.delete(&format!("{path}/waiting")).await.expect(204);
    buys(&bob, &path, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_places_are_the_lines_first() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let path = makes(&alice, "Concert", 3).await;
    buys(&alice, &path, 2).await;
    stands(&bob, &path, 3, 1).await;
    stands(&carol, &path, 1, 2).await;
    let mut event = alice.get(&path).await.expect(200);
    event["max_tickets"] = json!(4);
    assert_eq!(alice.put(&path, &event).await.expect(200)["tickets_left"], 2);
    assert_eq!(line(&alice, &path).await, [(json!(bob.id), 3, 1), (json!(carol.id), 1, 2)]);
    event["max_tickets"] = json!(7);
    assert_eq!(alice.put(&path, &event).await.expect(200)["tickets_left"], 1);
    assert_eq!(line(&alice, &path).await, [(json!(bob.id), 3, 0), (json!(carol.id), 1, 0)]);
    // What is held cannot be taken away.
    event["max_tickets"] = json!(5);
    alice.put(&path, &event).await.refused(409, "conflict");
    event["max_tickets"] = json!(6);
    alice.put(&path, &event).await.expect(200);
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 3})).await.expect(201);
    carol.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await.expect(201);
    let event = alice.get(&path).await.expect(200);
    assert_eq!((&event["tickets_sold"], &event["tickets_left"]), (&json!(6), &json!(0)));
    here.person("Dave").await.get(&format!("{path}/waiting")).await.expect(200);
    assert_eq!(bob.get(&format!("{path}/waiting")).await.expect(200)["items"], Value::Array(vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_first_hears_of_fewer_places_than_they_wait_for_once() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let path = makes(&alice, "Concert", 5).await;
    let mut tickets = vec![];
    for _ in 0..4 {
        tickets.push(buys(&alice, &path, 1).await);
    }
    // One is free as he comes: he might have had it, and is told nothing.
    stands(&bob, &path, 4, 1).await;
    stands(&carol, &path, 2, 2).await;
    let heard = async |person: &Person| {
        let told = told(&psql, person.id, "place_free").await;
        told.iter()
            .map(|one| (one["quantity"].as_i64().unwrap(), one["held_until"].is_null()))
            .collect::<Vec<_>>()
    };
    assert_eq!(heard(&bob).await, []);
    for (number, ticket) in tickets[..2].iter().enumerate() {
        gives_back(&alice, &path, ticket).await;
        assert_eq!(heard(&bob).await.len(), number + 1);
    }
    assert_eq!(heard(&bob).await, [(2, true), (3, true)]);
    assert_eq!(heard(&carol).await, [], "she is not the first");
    // Nobody overtakes: it is his to say.
    carol.post(&format!("{path}/tickets"), &json!({"quantity": 1})).await.refused(409, "sold_out");
    // When he gives up, the next in line has hers, and nobody waits for the one that is left.
    bob.delete(&format!("{path}/waiting")).await.expect(204);
    assert_eq!(heard(&carol).await, [(2, false)]);
    assert_eq!(
        (heard(&bob).await.len(), &alice.get(&path).await.expect(200)["tickets_left"]),
        (2, &json!(1))
    );
    // He waits again, is the first again, and takes what there is.
    stands(&bob, &path, 4, 1).await;
    gives_back(&alice, &path, &tickets[2]).await;
    assert_eq!(heard(&bob).await[2..], [(2, true)]);
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 2})).await.expect(201);
    assert_eq!(line(&alice, &path).await, [(json!(carol.id), 2, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_more_than_there_are_any_more_is_out_of_the_line() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let path = makes(&alice, "Concert", 4).await;
    buys(&alice, &path, 2).await;
    stands(&bob, &path, 4, 1).await;
    stands(&carol, &path, 1, 2).await;
    let mut event = alice.get(&path).await.expect(200);
    event["max_tickets"] = json!(3);
    alice.put(&path, &event).await.expect(200);
    let told = bob.get("/api/v1/notifications?kind=event_changed").await.expect(200);
    assert_eq!((&told["total"], &told["items"][0]["data"]["changed"]), (&json!(1), &json!(["max_tickets"])));
    // The line goes on.
    assert_eq!(line(&alice, &path).await, [(json!(carol.id), 1, 0)]);
    assert_eq!(bob.get(&format!("{path}/waiting")).await.expect(200)["total"], 0);
    assert_eq!(carol.get("/api/v1/notifications?kind=place_free").await.expect(200)["total"], 1);
    // He may wait for fewer, at the end.
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 4, "wait": true})).await.expect(409);
    stands(&bob, &path, 3, 1).await;
    event["max_tickets"] = json!(10);
    alice.put(&path, &event).await.expect(200);
    assert_eq!(line(&alice, &path).await, [(json!(carol.id), 1, 0), (json!(bob.id), 3, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_is_passed_over_and_keeps_their_place() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let (alice, bob, carol, dave, root) = (
        here.person("Alice").await,
        here.person("Bob").await,
        here.person("Carol").await,
        here.person("Dave").await,
        here.person("Root").await,
    );
    world.promotes(root.id).await;
    let suspends = async |person: &Person, status: &str| {
        root.put(&format!("/api/v1/users/{}/status", person.id), &json!({"status": status}))
            .await
            .expect(200);
    };
    let path = makes(&alice, "Concert", 3).await;
    let tickets = [buys(&alice, &path, 1).await, buys(&alice, &path, 1).await, buys(&alice, &path, 1).await];
    for (number, person) in [&bob, &carol].into_iter().enumerate() {
        stands(person, &path, 1, number as i64 + 1).await;
    }
    suspends(&bob, "suspended").await;
    gives_back(&alice, &path, &tickets[0]).await;
    assert_eq!(line(&alice, &path).await, [(json!(bob.id), 1, 1), (json!(carol.id), 1, 0)]);
    assert!(told(&psql, bob.id, "place_free").await.is_empty());
    // Only he waits: a place that is free is anybody's.
    gives_back(&alice, &path, &tickets[1]).await;
    assert_eq!(alice.get(&path).await.expect(200)["tickets_left"], 1);
    buys(&dave, &path, 1).await;
    gives_back(&alice, &path, &tickets[2]).await;
    // Let in again, he stands where he stood, and there is room for him.
    suspends(&bob, "active").await;
    assert_eq!(line(&alice, &path).await, [(json!(bob.id), 1, 0), (json!(carol.id), 1, 0)]);
    assert_eq!(told(&psql, bob.id, "place_free").await.len(), 1);
    // Who wants much and is suspended holds nobody up.
    let other = makes(&alice, "Other", 2).await;
    buys(&alice, &other, 1).await;
    stands(&carol, &other, 2, 1).await;
    stands(&dave, &other, 1, 2).await;
    suspends(&carol, "suspended").await;
    assert_eq!(line(&alice, &other).await, [(json!(carol.id), 2, 1), (json!(dave.id), 1, 0)]);
}
