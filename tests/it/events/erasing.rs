//! What becomes of the events and tickets of somebody who is erased.

use serde_json::json;

use super::{buys, id_in, listens, makes, makes_with_chat, told};
use crate::support::{PASSWORD, Person, World};

async fn goes(world: &World, person: &Person) {
    let request = person.request(reqwest::Method::DELETE, "/api/v1/users/me");
    Person::send(request.json(&json!({"current_password": PASSWORD}))).await.expect(204);
    world.rests().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_holder_is_erased_has_places_for_the_next_in_line() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let (alice, bob, carol, dave) = (
        here.person("Alice").await,
        here.person("Bob").await,
        here.person("Carol").await,
        here.person("Dave").await,
    );
    let (path, chat) = makes_with_chat(&alice, "Concert", 2).await;
    buys(&bob, &path, 2).await;
    for who in [&dave, &carol] {
        who.post(&format!("{path}/tickets"), &json!({"quantity": 1, "wait": true})).await.expect(202);
    }
    goes(&world, &dave).await;
    goes(&world, &bob).await;
    let event = alice.get(&path).await.expect(200);
    assert_eq!((&event["tickets_sold"], &event["tickets_left"]), (&json!(0), &json!(1)));
    assert_eq!(told(&psql, carol.id, "place_free").await.len(), 1);
    let line = alice.get(&format!("{path}/waiting")).await.expect(200);
    assert_eq!((&line["total"], &line["items"][0]["user_id"]), (&json!(1), &json!(carol.id)));
    let members = alice.get(&format!("/api/v1/chats/{chat}/members")).await.expect(200);
    assert_eq!(members["total"], 1);
    buys(&carol, &path, 1).await;
    let rest = "select count(*) from users where id = any($1)";
    let ids = [bob.id, dave.id];
    assert_eq!(psql.query_one(rest, &[&&ids[..]]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_who_is_erased_end_and_holders_are_told() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (path, chat) = makes_with_chat(&alice, "Concert", 2).await;
    let plain = makes(&alice, "Plain", 2).await;
    buys(&bob, &path, 1).await;
    goes(&world, &alice).await;
    for gone in [&path, &plain, &format!("/api/v1/chats/{chat}")] {
        bob.get(gone).await.refused(404, "not_found");
    }
    let heard = told(&psql, bob.id, "event_changed").await;
    assert_eq!((heard.len(), &heard[0]["deleted"]), (1, &json!(true)));
    assert_eq!(heard[0]["event_id"], json!(id_in(&path)));
    assert_eq!(bob.get("/api/v1/users/me/tickets").await.expect(200)["total"], 0);
    for table in ["events", "tickets", "event_waiting"] {
        let count: i64 = psql.query_one(&format!("select count(*) from {table}"), &[]).await.unwrap().get(0);
        assert_eq!(count, 0, "{table}");
    }
}
