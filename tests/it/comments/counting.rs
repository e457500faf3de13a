//! How many comments there are: counted right whoever writes, at once or one by one, and told without counting.

use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use super::{comments, event};
use crate::{posts::writes, support::World};

#[tokio::test(flavor = "multi_thread")]
async fn the_counter_is_right_whoever_writes() {
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let party = event(&psql, &alice, "Party").await;
    let post = writes(&alice, "One", "x").await;
    let on = format!("/api/v1/posts/{post}");
    let count = async || alice.get(&on).await.expect(200)["comment_count"].as_i64().unwrap();
    // Twenty at once, at two instances, half of which are deleted at once.
    let strangers = [alice.clone(), bob.at(&there)];
    join_all((0..20).map(|n| {
        let (who, on) = (&strangers[n % 2], &on);
        async move {
            let comment = comments(who, on, "x").await.expect(201);
            if n % 4 < 2 {
                who.delete(&format!("{on}/comments/{}", comment["id"].as_str().unwrap())).await.expect(204);
            }
        }
    }))
    .await;
    assert_eq!(count().await, 10);
    // Many in one statement, on two things; some rolled back.
    let fill = format!(
        "insert into comments (post_id, event_id, owner_id, content)
         select case when n % 2 = 0 then '{post}'::uuid end, case when n % 2 = 1 then '{party}'::uuid end, '{}', 'c' || n
         from generate_series(1, 1000) as n",
        bob.id
    );
    psql.batch_execute(&format!(
        "begin; {fill}; rollback; {fill}; delete from comments where content in ('c1', 'c2', 'c4')"
    ))
    .await
    .unwrap();
    assert_eq!(count().await, 10 + 498);
    let of_event = "select comment_count, sequence, updated_at = created_at from events";
    let row = psql.query_one(of_event, &[]).await.unwrap();
    // Comments are no change of an event.
    assert_eq!((row.get::<_, i32>(0), row.get::<_, i32>(1), row.get::<_, bool>(2)), (499, 0, true));
    assert_eq!(alice.get(&format!("/api/v1/events/{party}")).await.expect(200)["comment_count"], 499);
    let list = alice.get(&format!("{on}/comments")).await.expect(200);
    assert_eq!(list["total"], 508);
    // A second later their counter is still the truth.
    let wrong = "select count(*) from posts where comment_count <> (select count(*) from comments where post_id = posts.id)";
    assert_eq!(psql.query_one(wrong, &[]).await.unwrap().get::<_, i64>(0), 0);
    // What somebody has set by hand is counted anew.
    psql.batch_execute("update posts set comment_count = 7; update events set comment_count = 7")
        .await
        .unwrap();
    psql.batch_execute(include_str!("../../../sql/ops/recount.sql")).await.unwrap();
    assert_eq!(count().await, 508);
    assert_eq!(psql.query_one(of_event, &[]).await.unwrap().get::<_, i32>(0), 499);
    psql.batch_execute("truncate comments").await.unwrap();
    assert_eq!(count().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_notified_in_the_same_transaction_whoever_writes() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    // What is told, and to whom, in place of what tells it.
    psql.batch_execute(
        "create table told (recipients uuid[], kind text, message text, sender uuid, data jsonb);
         grant insert on told to public;
         create or replace function notify_people(recipients uuid[], kind text, message text, sender uuid, data jsonb) returns void
         language plpgsql as $$ begin insert into public.told values (recipients, kind, message, sender, data); end $$",
    )
    .await
    .unwrap();
    let party = event(&psql, &alice, "Party").await;
    let post = writes(&alice, "One", "x").await;
    let on = format!("/api/v1/posts/{post}");
    let comment = comments(&bob, &on, "secret words").await.expect(201);
    // What one does oneself is no news.
    comments(&alice, &on, "x").await.expect(201);
    let sql =
        format!("insert into comments (event_id, owner_id, content) values ('{party}', '{}', 'x')", bob.id);
    psql.batch_execute(&format!("begin; {sql}; rollback; {sql}")).await.unwrap();
    let rows = psql.query("select recipients, kind, message, sender, data from told", &[]).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!(row.get::<_, Vec<Uuid>>(0), [alice.id]);
        assert_eq!((row.get::<_, &str>(1), row.get::<_, Uuid>(3)), ("comment", bob.id));
    }
    assert_eq!(rows[0].get::<_, &str>(2), "commented on “One”");
    let data: serde_json::Value = rows[0].get(4);
    assert_eq!(data, json!({"comment_id": comment["id"], "post_id": post}));
    let data: serde_json::Value = rows[1].get(4);
    assert_eq!((&data["event_id"], data.get("post_id")), (&json!(party), None));
}
