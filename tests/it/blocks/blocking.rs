//! Blocking and unblocking: what ends with it, and who may still ask.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, World};

const BLOCKS: &str = "/api/v1/blocks";

async fn total(person: &Person, path: &str) -> Value {
    person.get(path).await.expect(200)["total"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_ends_a_friendship_and_every_request() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    for story in ["friends", "she asked", "he asked"] {
        if story != "he asked" {
            alice.befriends(&bob).await.expect(201);
        }
        if story != "she asked" {
            bob.befriends(&alice).await;
        }
        alice.blocks(&bob).await;
        for person in [&alice, &bob] {
            assert_eq!(total(person, "/api/v1/friends").await, 0, "{story}");
            assert_eq!(total(person, "/api/v1/friends/requests").await, 0, "{story}");
        }
        let his = bob.befriends(&alice).await.refused(403, "blocked");
        assert_eq!(his["detail"], "this person has blocked you");
        let hers = alice.befriends(&bob).await.refused(403, "blocked");
        assert_eq!(hers["detail"], "you have blocked this person; unblock them first");
        alice.blocks(&bob).await;
        alice.unblocks(&bob).await;
        assert_eq!(total(&alice, "/api/v1/friends").await, 0, "what was ended stays ended");
    }
    bob.befriends(&alice).await.expect(201);
    alice.befriends(&bob).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_i_have_blocked_is_listed_for_me_alone() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    alice.blocks(&carol).await;
    alice.blocks(&bob).await;
    let list = async |query: &str| {
        let list = alice.get(&format!("{BLOCKS}{query}")).await.expect(200);
        let items = list["items"].as_array().unwrap().clone();
        assert!(items.iter().all(|item| item["since"].is_string() && item["user"].get("email").is_none()));
        items.iter().map(|item| item["user"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list("").await, ["Bob", "Carol"], "the latest first");
    assert_eq!(list("?sort=since").await, ["Carol", "Bob"]);
    assert_eq!(list("?search=car").await, ["Carol"]);
    assert_eq!(list("?sort=-name&limit=1").await, ["Carol"]);
    assert_eq!((total(&alice, BLOCKS).await, total(&bob, BLOCKS).await), (json!(2), json!(0)));
    // Each for themselves: her unblocking does not undo his block.
    bob.blocks(&alice).await;
    alice.unblocks(&bob).await;
    assert_eq!((total(&alice, BLOCKS).await, total(&bob, BLOCKS).await), (json!(1), json!(1)));
    let refused = alice.befriends(&bob).await.refused(403, "blocked");
    assert_eq!(refused["detail"], "this person has blocked you");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_blocks_themselves_or_nobody() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let problem = alice.puts(&format!("{BLOCKS}/{}", alice.id)).await.refused(400, "validation_failed");
    assert_eq!(problem["errors"], json!([{"field": "user_id", "message": "must be somebody else"}]));
    let nobody = format!("{BLOCKS}/{}", Uuid::now_v7());
    alice.puts(&nobody).await.refused(404, "not_found");
    alice.delete(&nobody).await.refused(404, "not_found");
    alice.unblocks(&bob).await;
    for round in 0..20 {
        let path = format!("{BLOCKS}/{}", bob.id);
        let back = format!("{BLOCKS}/{}", alice.id);
        let answers =
            tokio::join!(alice.puts(&path), bob.puts(&back), alice.puts(&path), alice.delete(&path));
        for answer in [answers.0, answers.1, answers.2, answers.3] {
            assert_eq!(answer.status, 204, "round {round}: {}", answer.body);
        }
        bob.delete(&back).await.expect(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_from_psql_ends_a_friendship_too() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    alice.befriends(&bob).await.expect(201);
    bob.befriends(&alice).await.expect(200);
    let psql = world.psql().await;
    let sql = "insert into blocks (user_id, blocked_id) values ($1, $2)";
    psql.execute(sql, &[&alice.id, &bob.id]).await.unwrap();
    assert_eq!(total(&alice, "/api/v1/friends").await, 0);
    let sql =
        "insert into friends (low_id, high_id, asked_by) values (least($1::uuid, $2), greatest($1, $2), $2)";
    let refused = psql.execute(sql, &[&alice.id, &bob.id]).await.unwrap_err();
    assert_eq!(refused.as_db_error().unwrap().constraint(), Some("friends_blocked_check"));
}
