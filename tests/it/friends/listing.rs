//! The lists of friends and requests.

use serde_json::{Value, json};

use crate::support::{Person, World};

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["user"]["name"].as_str().unwrap()).collect()
}

async fn list(person: &Person, path: &str) -> Value {
    person.get(&format!("/api/v1/{path}")).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn friends_and_requests_are_listed_in_order_page_by_page() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut others = Vec::new();
    for name in ["dora", "Bob", "Carol", "Asks", "Asked"] {
        others.push(here.person(name).await);
    }
    for friend in &others[..3] {
        friend.befriends(&alice).await.expect(201);
        alice.befriends(friend).await.expect(200);
    }
    others[3].befriends(&alice).await.expect(201);
    alice.befriends(&others[4]).await.expect(201);
    for (path, expected) in [
        ("friends", &["Bob", "Carol", "dora"][..]),
        ("friends?sort=-name", &["dora", "Carol", "Bob"]),
        ("friends?sort=since", &["dora", "Bob", "Carol"]),
        ("friends?sort=-since", &["Carol", "Bob", "dora"]),
        ("friends?sort=username", &["Bob", "Carol", "dora"]),
        ("friends?search=BO", &["Bob"]),
        ("friends?search=o&sort=-name", &["dora", "Carol", "Bob"]),
        ("friends?search=asks", &[]),
        ("friends/requests", &["Asked", "Asks"]),
        ("friends/requests?search=asked", &["Asked"]),
        ("friends/requests?search=ask&direction=incoming", &["Asks"]),
        ("friends/requests?sort=created_at", &["Asks", "Asked"]),
        ("friends/requests?sort=-name", &["Asks", "Asked"]),
        ("friends/requests?direction=incoming", &["Asks"]),
        ("friends/requests?direction=outgoing", &["Asked"]),
    ] {
        let found = list(&alice, path).await;
        assert_eq!((names(&found), &found["total"]), (expected.to_vec(), &json!(expected.len())), "{path}");
    }
    let requests = list(&alice, "friends/requests").await;
    let directions: Vec<_> =
        requests["items"].as_array().unwrap().iter().map(|item| &item["direction"]).collect();
    assert_eq!(directions, ["outgoing", "incoming"]);
    assert_eq!(list(&others[3], "friends/requests").await["items"][0]["direction"], "outgoing");
    let page = list(&alice, "friends?limit=1&offset=1").await;
    assert_eq!((names(&page), &page["total"]), (vec!["Carol"], &json!(3)));
    assert_eq!(list(&alice, "friends?offset=9").await, json!({"items": [], "total": 3}));
    for path in [
        "friends?sort=email",
        "friends?limit=0",
        "friends?kind=group",
        "friends/requests?direction=both",
        "friends/requests?sort=since",
        "blocks?sort=created_at",
    ] {
        let problem = alice.get(&format!("/api/v1/{path}")).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{problem}");
    }
    let stranger = here.person("Stranger").await;
    for path in ["friends", "friends/requests", "blocks"] {
        assert_eq!(list(&stranger, path).await, json!({"items": [], "total": 0}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_deletes_their_account_is_nobodys_friend() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    alice.befriends(&bob).await.expect(201);
    bob.befriends(&alice).await.expect(200);
    alice.blocks(&carol).await;
    world.psql().await.execute("delete from users where id <> $1", &[&alice.id]).await.unwrap();
    for path in ["friends", "friends/requests", "blocks"] {
        assert_eq!(list(&alice, path).await["total"], 0);
    }
}
