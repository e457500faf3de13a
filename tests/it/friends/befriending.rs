//! Asking, accepting, declining, withdrawing, and doing it all at once.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, World};

const FRIENDS: &str = "/api/v1/friends";
const REQUESTS: &str = "/api/v1/friends/requests";

async fn total(person: &Person, path: &str) -> i64 {
    person.get(path).await.expect(200)["total"].as_i64().unwrap()
}

/// Who is a friend, and who has asked or was asked.
async fn stands(person: &Person) -> (i64, i64) {
    (total(person, FRIENDS).await, total(person, REQUESTS).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_asks_and_the_other_accepts() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let asked = alice.befriends(&bob).await.expect(201);
    assert_eq!((&asked["user"]["id"], &asked["direction"]), (&json!(bob.id), &json!("outgoing")));
    assert_eq!(asked["since"], Value::Null);
    assert!(asked["user"].get("contacts").is_none() && asked["created_at"].is_string());
    assert_eq!(alice.befriends(&bob).await.expect(200), asked, "it stands already");
    assert_eq!((stands(&alice).await, stands(&bob).await), ((0, 1), (0, 1)));
    let accepted = bob.befriends(&alice).await.expect(200);
    assert_eq!((&accepted["user"]["id"], &accepted["direction"]), (&json!(alice.id), &json!("incoming")));
    assert_eq!(accepted["created_at"], asked["created_at"]);
    assert!(accepted["since"].is_string() && accepted["user"]["contacts"].is_object());
    for (one, other) in [(&alice, &bob), (&bob, &alice)] {
        assert_eq!(stands(one).await, (1, 0));
        let friend = &one.get(FRIENDS).await.expect(200)["items"][0];
        assert_eq!((&friend["user"]["id"], &friend["since"]), (&json!(other.id), &accepted["since"]));
        one.befriends(other).await.refused(409, "already_friends");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_declined_or_withdrawn_and_a_friendship_ended_by_either() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    for (asks, ends) in [(&alice, &bob), (&alice, &alice), (&bob, &bob)] {
        let other = if ends.id == bob.id { &alice } else { &bob };
        asks.befriends(if asks.id == bob.id { &alice } else { &bob }).await.expect(201);
        ends.unfriends(other).await;
        assert_eq!((stands(&alice).await, stands(&bob).await), ((0, 0), (0, 0)));
        // Nothing is there any more, and that is fine.
        ends.unfriends(other).await;
    }
    for ends in [&alice, &bob] {
        alice.befriends(&bob).await.expect(201);
        bob.befriends(&alice).await.expect(200);
        ends.unfriends(if ends.id == bob.id { &alice } else { &bob }).await;
        assert_eq!((stands(&alice).await, stands(&bob).await), ((0, 0), (0, 0)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_befriends_themselves_or_nobody() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let problem = alice.befriends(&alice).await.refused(400, "validation_failed");
    assert_eq!(problem["errors"], json!([{"field": "user_id", "message": "must be somebody else"}]));
    for nobody in [Uuid::nil(), Uuid::now_v7(), Uuid::max()] {
        alice.post(FRIENDS, &json!({"user_id": nobody})).await.refused(404, "not_found");
        alice.delete(&format!("{FRIENDS}/{nobody}")).await.refused(404, "not_found");
    }
    for (bad, message) in [(json!({}), "is required"), (json!({"user_id": 7}), "must be a UUID")] {
        let problem = alice.post(FRIENDS, &bad).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"], json!([{"field": "user_id", "message": message}]));
    }
    let problem = alice.delete(&format!("{FRIENDS}/7")).await.refused(400, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], "user_id");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_answer() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let keyed = async |who: &Person, other: &Person, key: &str| {
        let request = who.request(reqwest::Method::POST, FRIENDS).header("idempotency-key", key);
        Person::send(request.json(&json!({"user_id": other.id}))).await
    };
    let asked = keyed(&alice, &bob, "k1").await.expect(201);
    assert_eq!(keyed(&alice, &bob, "k1").await.expect(201), asked);
    keyed(&alice, &carol, "k1").await.refused(409, "idempotency_key_reused");
    let accepted = keyed(&bob, &alice, "k1").await.expect(200);
    assert_eq!(keyed(&bob, &alice, "k1").await.expect(200), accepted);
    // A refusal is not kept.
    keyed(&bob, &alice, "k2").await.refused(409, "already_friends");
    bob.unfriends(&alice).await;
    keyed(&bob, &alice, "k2").await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_ask_each_other_at_once_are_friends_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    for round in 0..50 {
        let (one, other) = tokio::join!(alice.befriends(&bob), bob.befriends(&alice));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201], "round {round}: {} {}", one.body, other.body);
        assert_eq!((stands(&alice).await, stands(&bob).await), ((1, 0), (1, 0)));
        alice.unfriends(&bob).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_does_everything_at_once_and_nothing_contradicts() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let psql = world.psql().await;
    let path = |what: &str, other: &Person| format!("/api/v1/{what}/{}", other.id);
    for round in 0..25 {
        let (block, unblock) = (path("blocks", &bob), path("blocks", &bob));
        let (end, back) = (path("friends", &alice), path("friends", &bob));
        let answers = tokio::join!(
            alice.befriends(&bob),
            bob.befriends(&alice),
            alice.puts(&block),
            bob.delete(&end),
            bob.befriends(&alice),
            alice.delete(&back),
        );
        let all = [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5];
        for answer in &all {
            assert!([200, 201, 204, 403, 409].contains(&answer.status), "round {round}: {}", answer.body);
        }
        let left: i64 = psql.query_one("select count(*) from friends", &[]).await.unwrap().get(0);
        assert_eq!(left, 0, "round {round}: who is blocked is no friend, and asks no more");
        alice.delete(&unblock).await.expect(204);
    }
}
