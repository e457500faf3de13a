//! Writing posts, changing and deleting them, and who may.

use reqwest::Method;
use serde_json::{Value, json};

use super::{POSTS, at, uuid, writes};
use crate::{
    audit::{actions, administrator, noted},
    support::{Person, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_there_for_everybody_and_its_owners_to_change() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let body = json!({"title": "  The garden opens ", "content": " In May.\nEvery day.\n"});
    let post = alice.post(POSTS, &body).await;
    assert_eq!(post.headers["location"], format!("{POSTS}/{}", post.body["id"].as_str().unwrap()));
    let post = post.expect(201);
    assert_eq!((&post["title"], &post["content"]), (&json!("The garden opens"), &body["content"]));
    assert_eq!((&post["owner_id"], &post["comment_count"]), (&json!(alice.id), &json!(0)));
    assert!(post.get("content_is_cut").is_none());
    let path = at(post["id"].as_str().unwrap());
    assert_eq!(bob.at(&there).get(&path).await.expect(200), post);
    assert_eq!(bob.get(POSTS).await.expect(200)["items"], json!([post]));

    // The same again is no change.
    let same = json!({"title": post["title"], "content": post["content"]});
    assert_eq!(alice.put(&path, &same).await.expect(200), post);
    let changed = alice.put(&path, &json!({"title": "It rains", "content": "Not yet."})).await.expect(200);
    assert_eq!(changed["title"], "It rains");
    assert!(changed["updated_at"].as_str() > post["updated_at"].as_str(), "{changed}");
    assert_eq!(changed["created_at"], post["created_at"]);

    bob.put(&path, &same).await.refused(403, "forbidden");
    bob.delete(&path).await.refused(403, "forbidden");
    alice.bearing("").get(&path).await.refused(401, "not_signed_in");
    alice.delete(&path).await.expect(204);
    for who in [&alice, &bob] {
        who.get(&path).await.refused(404, "not_found");
        who.put(&path, &same).await.refused(404, "not_found");
        who.delete(&path).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_post_is_told_field_by_field() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let path = at(writes(&alice, "One", "Two").await);
    let faults = |answer: &Value| {
        let mut fields: Vec<_> = answer["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| fault["field"].as_str().unwrap().to_owned())
            .collect();
        fields.dedup();
        fields
    };
    for (body, expected) in [
        (json!({}), vec!["title", "content"]),
        (json!({"title": " ", "content": "\u{200b}"}), vec!["title", "content"]),
        (json!({"title": "a\nb", "content": "x"}), vec!["title"]),
        (json!({"title": "x".repeat(256), "content": "x"}), vec!["title"]),
        (json!({"title": "x", "content": "x".repeat(65_537)}), vec!["content"]),
        (json!({"title": 1, "content": ["x"]}), vec!["title", "content"]),
        (json!({"title": "x\0", "content": "x"}), vec!["title"]),
    ] {
        for answer in [alice.post(POSTS, &body).await, alice.put(&path, &body).await] {
            let answer = answer.refused(400, "validation_failed");
            assert_eq!(faults(&answer), expected, "{body}");
        }
    }
    let whole = json!({"title": "界".repeat(255), "content": "👍".repeat(65_536)});
    let post = alice.post(POSTS, &whole).await.expect(201);
    assert_eq!(alice.get(&at(post["id"].as_str().unwrap())).await.expect(200)["content"], whole["content"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_is_one_post() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let write = |title: &str| {
        let request = alice.request(Method::POST, POSTS).header("idempotency-key", "k1");
        Person::send(request.json(&json!({"title": title, "content": "x"})))
    };
    let first = write("One").await.expect(201);
    assert_eq!(write("One").await.expect(201), first);
    write("Two").await.refused(409, "idempotency_key_reused");
    assert_eq!(alice.get(POSTS).await.expect(200)["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_may_change_and_delete_and_it_is_noted() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    let post = writes(&alice, "Rude", "words").await;
    let own = writes(&alice, "Hers", "to change").await;
    let body = json!({"title": "Polite", "content": "words"});
    admin.put(&at(&post), &body).await.expect(200);
    admin.delete(&at(&post)).await.expect(204);
    let records = noted(&admin, uuid(&post)).await;
    assert_eq!(actions(&records), ["post_changed", "post_deleted"]);
    assert_eq!(records[0]["data"], json!({"owner_id": alice.id, "title": "Rude"}));
    assert_eq!(records[1]["actor_id"], json!(admin.id));
    alice.put(&at(&own), &body).await.expect(200);
    alice.delete(&at(&own)).await.expect(204);
    assert!(noted(&admin, uuid(&own)).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_writes_so_much_in_a_second() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let body = json!({"title": "x", "content": "x"});
    let mut refused = None;
    for _ in 0..300 {
        let answer = alice.post(POSTS, &body).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        answer.expect(201);
    }
    let refused = refused.expect("somebody writes without end");
    assert!(refused.headers.contains_key("retry-after"));
    refused.refused(429, "too_many_requests");
    // That is hers alone, and she may go on reading.
    bob.post(POSTS, &body).await.expect(201);
    alice.get(POSTS).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_writes_posts_by_the_same_rules() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    psql.batch_execute("set search_path = pg_catalog").await.unwrap();
    let insert = "insert into public.posts (owner_id, title, content, comment_count) values ($1, $2, $3, 7)";
    for (owner, title, content, rule) in [
        (alice.id, " ", "x", "posts_title_check"),
        (alice.id, "a\nb", "x", "posts_title_check"),
        (alice.id, "x", "\u{3164}", "posts_content_check"),
        (uuid::Uuid::now_v7(), "x", "x", "posts_owner_id_fkey"),
    ] {
        let error = psql.execute(insert, &[&owner, &title, &content]).await.unwrap_err();
        assert_eq!(error.as_db_error().unwrap().constraint(), Some(rule));
    }
    psql.execute(insert, &[&alice.id, &"By SQL", &"x"]).await.unwrap();
    let post = alice.get(POSTS).await.expect(200)["items"][0].take();
    assert_eq!((&post["title"], &post["comment_count"]), (&json!("By SQL"), &json!(0)));
    psql.execute("update public.posts set content = 'y'", &[]).await.unwrap();
    let changed = alice.get(POSTS).await.expect(200)["items"][0].take();
    assert!(changed["updated_at"].as_str() > post["updated_at"].as_str());
}
