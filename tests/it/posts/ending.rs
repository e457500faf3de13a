//! What becomes of posts and comments when those who wrote them are erased, and what is exported before.

use serde_json::{Value, json};

use super::{POSTS, at, writes};
use crate::{
    commands::{Folder, shared},
    support::{PASSWORD, Person, World},
};

async fn erases(person: &Person, messages: &str) {
    let body = json!({"current_password": PASSWORD, "messages": messages});
    let request = person.request(reqwest::Method::DELETE, "/api/v1/users/me").json(&body);
    Person::send(request).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_stays_under_an_id_that_names_nobody_or_goes_with_them() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let (hers, his) = (writes(&alice, "Hers", "x").await, writes(&bob, "His", "x").await);
    let third = writes(&carol, "Third", "x").await;
    for who in [&alice, &bob] {
        for post in [&hers, &his, &third] {
            who.post(&format!("{}/comments", at(post)), &json!({"content": "y"})).await.expect(201);
        }
    }
    erases(&alice, "keep").await;
    erases(&bob, "clear").await;
    world.rests().await;
    let list = carol.get(&format!("{POSTS}?sort=created_at&include=users")).await.expect(200);
    assert_eq!(super::titles(&list), ["Hers", "Third"]);
    assert_eq!(list["items"][0]["owner_id"], json!(alice.id));
    let users: Vec<_> = list["users"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect();
    assert_eq!(users, [json!(carol.id)]);
    for post in [&hers, &third] {
        let comments = carol.get(&format!("{}/comments", at(post))).await.expect(200);
        let owners: Vec<_> =
            comments["items"].as_array().unwrap().iter().map(|one| one["owner_id"].clone()).collect();
        assert_eq!((owners, &comments["total"]), (vec![json!(alice.id)], &json!(1)));
    }
    // Nobody is told that what is nobody's was commented.
    carol.post(&format!("{}/comments", at(&hers)), &json!({"content": "z"})).await.expect(201);
    // Their own doing is no news for the audit.
    let psql = world.psql().await;
    let noted = "select count(*) from audit where action in ('post_deleted', 'comment_deleted')";
    assert_eq!(psql.query_one(noted, &[]).await.unwrap().get::<_, i64>(0), 0);
    let insert = "insert into posts (owner_id, title, content) values ($1, 'x', 'x')";
    psql.execute(insert, &[&alice.id]).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_exported_with_what_it_has_written() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let long = "long ".repeat(2_000);
    let hers = writes(&alice, "Hers", &long).await;
    let his = writes(&bob, "His", "secret words").await;
    alice.post(&format!("{}/comments", at(&his)), &json!({"content": "By her"})).await.expect(201);
    bob.post(&format!("{}/comments", at(&hers)), &json!({"content": "By him"})).await.expect(201);
    let (folder, env) = (Folder::new(), shared(&world.url));
    let (code, out, err) = folder.run(&["export", "account", &alice.email], &env).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).collect::<Vec<_>>();
    assert_eq!((of("post").len(), &of("post")[0]["post"]["content"]), (1, &json!(long)));
    assert_eq!((of("comment").len(), &of("comment")[0]["comment"]["content"]), (1, &json!("By her")));
    assert!(!out.contains("secret words") && !out.contains("By him"));
}
