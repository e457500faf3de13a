//! Who may delete a comment, and what goes with what it was on.

use serde_json::json;
use uuid::Uuid;

use super::{comments, contents, event};
use crate::{
    audit::{actions, administrator, noted},
    posts::writes,
    support::World,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_writer_the_owner_and_administrators_delete_a_comment_and_nobody_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let party = event(&world.psql().await, &alice, "Party").await;
    let (post, other) = (writes(&alice, "One", "x").await, writes(&eve, "Other", "x").await);
    for on in [format!("/api/v1/events/{party}"), format!("/api/v1/posts/{post}")] {
        let at = format!("{on}/comments");
        for (who, is_noted) in [(&bob, false), (&alice, true), (&admin, true)] {
            let comment = comments(&bob, &on, "x").await.expect(201)["id"].as_str().unwrap().to_owned();
            eve.delete(&format!("{at}/{comment}")).await.refused(403, "forbidden");
            // By way of another one that is hers.
            eve.delete(&format!("/api/v1/posts/{other}/comments/{comment}")).await.refused(404, "not_found");
            admin
                .delete(&format!("/api/v1/posts/{other}/comments/{comment}"))
                .await
                .refused(404, "not_found");
            who.delete(&format!("{at}/{comment}")).await.expect(204);
            who.delete(&format!("{at}/{comment}")).await.refused(404, "not_found");
            assert_eq!(alice.get(&at).await.expect(200)["total"], 0);
            let records = noted(&admin, comment.parse::<Uuid>().unwrap()).await;
            assert_eq!(actions(&records), if is_noted { vec!["comment_deleted"] } else { vec![] });
            if is_noted {
                assert_eq!(records[0]["data"]["owner_id"], json!(bob.id));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_end_with_what_they_are_on_however_many_there_are() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let party = event(&psql, &alice, "Party").await;
    let (post, kept) = (writes(&alice, "One", "x").await, writes(&alice, "Kept", "x").await);
    comments(&alice, &format!("/api/v1/posts/{kept}"), "stays").await.expect(201);
    let fill = format!(
        "insert into comments (post_id, owner_id, content) select '{post}', '{0}', 'c' || n from generate_series(1, 2500) as n;
         insert into comments (event_id, owner_id, content) select '{party}', '{0}', 'c' || n from generate_series(1, 1500) as n",
        alice.id
    );
    psql.batch_execute(&fill).await.unwrap();
    alice.delete(&format!("/api/v1/posts/{post}")).await.expect(204);
    psql.execute("delete from events where id = $1", &[&party]).await.unwrap();
    alice.get(&format!("/api/v1/posts/{post}/comments")).await.refused(404, "not_found");
    alice.get(&format!("/api/v1/events/{party}/comments")).await.refused(404, "not_found");
    // Nobody finds what is left, and nobody else gets it.
    let left = async || psql.query_one("select count(*) from comments", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(left().await, 1 + 1500 + 500);
    let again = "insert into posts (id, owner_id, title, content) values ($1, $2, 'x', 'x')";
    let error = psql.execute(again, &[&post.parse::<Uuid>().unwrap(), &alice.id]).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("posts_ended_check"));
    // Somebody holds one of them: the others go.
    let holder = world.psql().await;
    holder
        .batch_execute(&format!("begin; select from comments where post_id = '{post}' limit 1 for update"))
        .await
        .unwrap();
    psql.batch_execute("insert into jobs (task) values ('remove_ended_comments')").await.unwrap();
    world.rests().await;
    assert_eq!(left().await, 2);
    holder.batch_execute("rollback").await.unwrap();
    psql.batch_execute("insert into jobs (task) values ('remove_ended_comments')").await.unwrap();
    world.rests().await;
    assert_eq!(left().await, 1);
    let noted = "select (select count(*) from ended_comments) + (select count(*) from audit where action = 'comment_deleted')";
    assert_eq!(psql.query_one(noted, &[]).await.unwrap().get::<_, i64>(0), 0);
    psql.execute(again, &[&post.parse::<Uuid>().unwrap(), &alice.id]).await.unwrap();
    let list = alice.get(&format!("/api/v1/posts/{kept}/comments")).await.expect(200);
    assert_eq!(contents(&list), ["stays"]);
}
