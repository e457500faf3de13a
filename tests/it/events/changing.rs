//! Who is told when an event changes, and when it is called off.

use serde_json::json;

use super::{at, buys, gives_back, id_in, listens, makes, plan, told};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_a_ticket_is_told_what_has_changed_and_nobody_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let (alice, bob, carol, dave) = (
        here.person("Alice").await,
        here.person("Bob").await,
        here.person("Carol").await,
        here.person("Dave").await,
    );
    let root = here.person("Root").await;
    world.promotes(root.id).await;
    let path = makes(&alice, "Concert", 5).await;
    buys(&bob, &path, 1).await;
    buys(&bob, &path, 1).await;
    buys(&alice, &path, 1).await;
    let given = buys(&carol, &path, 1).await;
    gives_back(&carol, &path, &given).await;
    let time = at(90_000);
    let mut body = json!({"name": "Concert", "event_time": time, "max_tickets": 5});
    assert_eq!(alice.put(&path, &body).await.expect(200)["sequence"], 1);
    // Once, though he has two tickets; and she knows what she does herself.
    let heard = told(&psql, bob.id, "event_changed").await;
    assert_eq!((heard.len(), &heard[0]["changed"]), (1, &json!(["event_time"])));
    assert_eq!((&heard[0]["event_id"], &heard[0]["deleted"]), (&json!(id_in(&path)), &json!(false)));
    for nobody in [&alice, &carol, &dave] {
        assert!(told(&psql, nobody.id, "event_changed").await.is_empty());
    }
    // More places, or another reminder, concern nobody.
    body["max_tickets"] = json!(50);
    body["remind_minutes"] = json!(5);
    assert_eq!(alice.put(&path, &body).await.expect(200)["sequence"], 1);
    assert_eq!(told(&psql, bob.id, "event_changed").await.len(), 1);
    body["name"] = json!("Great concert");
    body["description"] = json!("With a band");
    body["duration_hours"] = json!(2);
    assert_eq!(root.put(&path, &body).await.expect(200)["sequence"], 2);
    for one in [&alice, &bob] {
        let heard = told(&psql, one.id, "event_changed").await;
        assert_eq!(heard.last().unwrap()["changed"], json!(["name", "description", "duration"]));
    }
    assert!(told(&psql, root.id, "event_changed").await.is_empty());
    // Called off.
    alice.delete(&format!("{path}?force=true")).await.expect(204);
    let heard = told(&psql, bob.id, "event_changed").await;
    assert_eq!((heard.len(), &heard[2]["deleted"]), (3, &json!(true)));
    assert_eq!(heard[2]["name"], "Great concert");
    assert!(told(&psql, carol.id, "event_changed").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_hears_of_a_purchase_and_the_holder_of_a_cancellation() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let path = makes(&alice, "Concert", 5).await;
    buys(&alice, &path, 1).await;
    assert!(told(&psql, alice.id, "ticket_bought").await.is_empty());
    let ticket = buys(&bob, &path, 2).await;
    let heard = told(&psql, alice.id, "ticket_bought").await;
    assert_eq!((heard.len(), &heard[0]["ticket_id"], &heard[0]["quantity"]), (1, &ticket["id"], &json!(2)));
    gives_back(&bob, &path, &ticket).await;
    assert!(told(&psql, bob.id, "event_changed").await.is_empty());
    let ticket = buys(&bob, &path, 2).await;
    gives_back(&alice, &path, &ticket).await;
    let heard = told(&psql, bob.id, "event_changed").await;
    assert_eq!((&heard[0]["ticket_id"], &heard[0]["changed"]), (&ticket["id"], &json!(["ticket"])));
    // What is over is called off without a word.
    buys(&bob, &path, 1).await;
    psql.batch_execute("update events set event_time = now() - interval '1 hour'").await.unwrap();
    let before = told(&psql, bob.id, "event_changed").await.len();
    alice.delete(&format!("{path}?force=true")).await.expect(204);
    assert_eq!(told(&psql, bob.id, "event_changed").await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_change_at_once_are_numbered_one_after_the_other() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let path = makes(&alice, "Concert", 5).await;
    let elsewhere = alice.at(&there);
    let changes = (0..20).map(|number| {
        let (who, path) = (if number % 2 == 0 { &alice } else { &elsewhere }, path.clone());
        async move { who.put(&path, &plan(&format!("Concert {number}"), 5)).await.expect(200) }
    });
    let answers = futures_util::future::join_all(changes).await;
    let mut numbers: Vec<_> = answers.iter().map(|answer| answer["sequence"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, Vec::from_iter(1..=20));
}
