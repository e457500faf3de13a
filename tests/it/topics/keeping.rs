//! How long records are kept.

use serde_json::json;

use super::{at, offsets, produces, reads};
use crate::{audit::administrator, support::World};

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_keeps_what_its_retention_says() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    let fill = "insert into topic_records (topic, value, created_at)
        select name, to_jsonb(n), now() - make_interval(days => 20 - n, mins => 1) from generate_series(1, 20) as n, unnest(array['all', 'some', 'young', 'both', 'none']) as name";
    psql.batch_execute(fill).await.unwrap();
    for (topic, body) in [
        ("some", json!({"retention_records": 5})),
        ("young", json!({"retention_days": 3})),
        ("both", json!({"retention_days": 3, "retention_records": 1})),
        ("none", json!({"retention_days": 36_500, "retention_records": 100})),
    ] {
        let topic = admin.put(&at(topic), &body).await.expect(200);
        assert_eq!(topic["last_offset"], 20);
    }
    assert_eq!(offsets(&reads(&admin, "some", "group=g&limit=2&lease_seconds=1").await), [1, 2]);
    psql.batch_execute("insert into jobs (task) values ('trim_topics')").await.unwrap();
    world.rests().await;
    for (topic, first) in [("all", 1), ("some", 16), ("young", 18), ("both", 20), ("none", 1)] {
        let kept = offsets(&reads(&admin, topic, "limit=1000").await);
        assert_eq!(kept, (first..=20).collect::<Vec<_>>(), "{topic}");
        assert_eq!(admin.get(&at(topic)).await.expect(200)["first_offset"], first, "{topic}");
    }
    // A group goes on behind what is gone, and what was leased of it comes no more.
    assert_eq!(offsets(&reads(&admin, "some", "group=g&limit=3").await), [16, 17, 18]);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(offsets(&reads(&admin, "some", "group=g").await), [19, 20]);
    assert_eq!(offsets(&reads(&admin, "some", "group=new").await), [16, 17, 18, 19, 20]);
    // The numbers go on, also where nothing is left.
    psql.batch_execute("update topics set retention_days = 1 where name = 'young'; insert into jobs (task) values ('trim_topics')")
        .await
        .unwrap();
    world.rests().await;
    assert_eq!(offsets(&reads(&admin, "young", "").await), [20]);
    assert_eq!(produces(&admin, "young", &[json!(1)]).await.expect(201)["first_offset"], 21);
    for bad in [
        json!({"retention_days": 0}),
        json!({"retention_records": 0}),
        json!({"retention_days": "x"}),
        json!({"retention_days": 36_501}),
    ] {
        admin.put(&at("some"), &bad).await.refused(400, "validation_failed");
    }
    // What is left out is for ever.
    let topic = admin.put(&at("some"), &json!({})).await.expect(200);
    assert_eq!((&topic["retention_days"], &topic["retention_records"]), (&json!(null), &json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_topic_is_deleted_piece_by_piece() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    let fill = "select produce_records('large', array_fill(null::text, array[12000]), array_fill('1'::jsonb, array[12000]), array_fill(null::bytea, array[12000]))";
    psql.batch_execute(fill).await.unwrap();
    produces(&admin, "small", &[json!(1)]).await.expect(201);
    assert_eq!(reads(&admin, "large", "group=g").await.len(), 100);
    admin.delete(&at("large")).await.expect(204);
    admin.get(&at("large")).await.refused(404, "not_found");
    let left = "select (select count(*) from topic_records) + (select count(*) from topic_leases)";
    assert_eq!(psql.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 1);
}
