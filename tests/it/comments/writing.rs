//! Commenting, and who may.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{comments, contents, event};
use crate::{
    posts::writes,
    support::{Person, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_comments_posts_and_events_alike() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let party = event(&world.psql().await, &alice, "Party").await;
    let post = writes(&alice, "One", "x").await;
    for (on, field, id) in [
        (format!("/api/v1/events/{party}"), "event_id", party.to_string()),
        (format!("/api/v1/posts/{post}"), "post_id", post.clone()),
    ] {
        let at = format!("{on}/comments");
        let first = comments(&bob, &on, " How\nnice ").await.expect(201);
        assert_eq!((&first["content"], &first["owner_id"]), (&json!(" How\nnice "), &json!(bob.id)));
        let other = if field == "post_id" { "event_id" } else { "post_id" };
        assert_eq!((&first[field], &first[other]), (&json!(id), &Value::Null));
        comments(&alice, &on, "Thank you").await.expect(201);
        let list = bob.at(&there).get(&at).await.expect(200);
        assert_eq!((contents(&list), &list["total"]), (vec!["Thank you", " How\nnice "], &json!(2)));
        let list = bob.get(&format!("{at}?sort=created_at&limit=1&include=users")).await.expect(200);
        assert_eq!((contents(&list), &list["total"]), (vec![" How\nnice "], &json!(2)));
        assert_eq!(list["users"][0]["id"], json!(bob.id));
        let until = first["created_at"].as_str().unwrap();
        let list = bob.get(&format!("{at}?created_at_to={until}")).await.expect(200);
        assert_eq!((contents(&list), &list["total"]), (vec![" How\nnice "], &json!(1)));
        let csv = bob.request(Method::GET, &format!("{at}?format=csv")).send().await.unwrap();
        assert!(
            csv.text()
                .await
                .unwrap()
                .starts_with("\u{feff}id,event_id,post_id,owner_id,content,created_at\r\n")
        );

        for bad in ["", " ", "\u{200b}", &"x".repeat(4_097)] {
            let refused = comments(&bob, &on, bad).await.refused(400, "validation_failed");
            assert_eq!(refused["errors"][0]["field"], "content");
        }
        comments(&bob, &on, &"👍".repeat(4_096)).await.expect(201);
        let twice = || {
            let request = bob.request(Method::POST, &at).header("idempotency-key", "k");
            Person::send(request.json(&json!({"content": "once"})))
        };
        assert_eq!(twice().await.expect(201), twice().await.expect(201));
        assert_eq!(bob.get(&at).await.expect(200)["total"], 4);
        alice.bearing("").get(&at).await.refused(401, "not_signed_in");
    }
    // What is a post is no event.
    for on in [
        format!("/api/v1/events/{post}"),
        format!("/api/v1/posts/{party}"),
        format!("/api/v1/posts/{}", Uuid::now_v7()),
    ] {
        comments(&bob, &on, "x").await.refused(404, "not_found");
        bob.get(&format!("{on}/comments")).await.refused(404, "not_found");
        bob.delete(&format!("{on}/comments/{}", Uuid::now_v7())).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_owner_has_blocked_reads_and_does_not_comment() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let party = event(&psql, &alice, "Party").await;
    let post = writes(&alice, "One", "x").await;
    for on in [format!("/api/v1/events/{party}"), format!("/api/v1/posts/{post}")] {
        comments(&bob, &on, "before").await.expect(201);
        alice.blocks(&bob).await;
        comments(&bob, &on, "meanwhile").await.refused(403, "blocked");
        assert_eq!(contents(&bob.get(&format!("{on}/comments")).await.expect(200)), ["before"]);
        alice.unblocks(&bob).await;
        comments(&bob, &on, "after").await.expect(201);
        // Who blocks may comment what is theirs whom they block, and is told of it when they look.
        bob.blocks(&alice).await;
        comments(&bob, &on, "still").await.expect(201);
        bob.unblocks(&alice).await;
    }
    alice.blocks(&bob).await;
    let sql = "insert into comments (post_id, owner_id, content) values ($1, $2, 'by SQL')";
    let error = psql.execute(sql, &[&post.parse::<Uuid>().unwrap(), &bob.id]).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("comments_blocked_check"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_comment_and_a_block_at_once_the_second_sees_the_first() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let on = format!("/api/v1/posts/{}", writes(&alice, "One", "x").await);
    let mut refused = 0;
    for _ in 0..10 {
        let (said, ()) = tokio::join!(comments(&bob, &on, "x"), alice.blocks(&bob));
        assert!([201, 403].contains(&said.status), "{}", said.body);
        refused += usize::from(said.status == 403);
        comments(&bob, &on, "afterwards").await.refused(403, "blocked");
        alice.unblocks(&bob).await;
    }
    let total = alice.get(&format!("{on}/comments")).await.expect(200)["total"].as_u64().unwrap();
    assert_eq!(total, 10 - refused as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_comments_by_the_same_rules_and_moves_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let (post, party) = (writes(&alice, "One", "x").await, event(&psql, &alice, "Party").await);
    let post: Uuid = post.parse().unwrap();
    psql.batch_execute("set search_path = pg_catalog").await.unwrap();
    let insert = "insert into public.comments (event_id, post_id, owner_id, content) values ($1, $2, $3, $4)";
    let (nothing, nobody) = (None::<Uuid>, Uuid::now_v7());
    for (event, post, owner, content, rule) in [
        (nothing, Some(post), alice.id, " ", "comments_content_check"),
        (nothing, Some(post), nobody, "x", "comments_owner_id_fkey"),
        (nothing, Some(nobody), alice.id, "x", "comments_on_id_fkey"),
        (Some(post), nothing, alice.id, "x", "comments_on_id_fkey"),
        (Some(party), Some(post), alice.id, "x", "comments_place_check"),
        (nothing, nothing, alice.id, "x", "comments_on_id_fkey"),
    ] {
        let error = psql.execute(insert, &[&event, &post, &owner, &content]).await.unwrap_err();
        assert_eq!(error.as_db_error().unwrap().constraint(), Some(rule));
    }
    psql.execute(insert, &[&nothing, &Some(post), &alice.id, &"x"]).await.unwrap();
    let moved = psql
        .execute("update public.comments set post_id = null, event_id = $1", &[&party])
        .await
        .unwrap_err();
    assert_eq!(moved.as_db_error().unwrap().constraint(), Some("comments_moved_check"));
    psql.execute("update public.comments set content = 'y', post_id = post_id", &[]).await.unwrap();
    let list = alice.get(&format!("/api/v1/posts/{post}/comments")).await.expect(200);
    assert_eq!(contents(&list), ["y"]);
}
