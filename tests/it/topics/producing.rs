//! Adding records, and reading them freely: in the order of commits, without a gap.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{at, offsets, produces, reads};
use crate::{
    audit::administrator,
    support::{Person, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn records_are_read_as_they_came() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    let body = json!({"records": [
        {"key": "a", "value": {"b": [1, null, "x"]}}, {"value": null}, {"value": "text"}, {"value": 7.5},
        {"key": null, "value_base64": "AP8="}, {"value_base64": ""},
    ]});
    let path = format!("{}/records", at("orders"));
    let produced = admin.post(&path, &body).await.expect(201);
    assert_eq!(produced, json!({"first_offset": 1, "last_offset": 6}));
    assert_eq!(produces(&admin, "orders", &[json!(8)]).await.expect(201)["first_offset"], 7);
    let records = reads(&admin.at(&there), "orders", "").await;
    assert_eq!(offsets(&records), [1, 2, 3, 4, 5, 6, 7]);
    for (record, sent) in records.iter().zip(body["records"].as_array().unwrap()) {
        assert_eq!(record["key"], sent["key"]);
        assert_eq!(
            (record.get("value"), record.get("value_base64")),
            (sent.get("value"), sent.get("value_base64"))
        );
        assert!(record["created_at"].is_string());
    }
    assert_eq!(offsets(&reads(&admin, "orders", "after=3&limit=2").await), [4, 5]);
    assert!(reads(&admin, "orders", "after=7").await.is_empty());
    let topic = admin.get(&at("orders")).await.expect(200);
    assert_eq!((&topic["first_offset"], &topic["last_offset"]), (&json!(1), &json!(7)));
    let list = admin.get("/api/v1/topics?search=ORD").await.expect(200);
    assert_eq!((&list["items"], &list["total"]), (&json!([topic]), &json!(1)));

    // It is no affair of those who have a new account.
    for answer in [alice.post(&path, &body).await, alice.get(&path).await, alice.get(&at("orders")).await] {
        answer.refused(403, "forbidden");
    }
    admin.get(&format!("{}/records", at("nothing"))).await.refused(404, "not_found");
    admin.delete(&at("orders")).await.expect(204);
    admin.get(&path).await.refused(404, "not_found");
    admin.delete(&at("orders")).await.refused(404, "not_found");
    // Its name can be used again, and begins anew.
    assert_eq!(produces(&admin, "orders", &[json!(1)]).await.expect(201)["first_offset"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_record_is_refused_and_nothing_of_it_is_there() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let path = format!("{}/records", at("orders"));
    let many: Vec<Value> = (0..10_001).map(|n| json!({"value": n})).collect();
    for (records, field) in [
        (json!([]), "records"),
        (json!(many), "records"),
        (json!([{"value": 1}, {}]), "records[1].value"),
        (json!([{"value": 1, "value_base64": ""}]), "records[0].value"),
        (json!([{"value_base64": "?"}]), "records[0].value_base64"),
        (json!([{"key": "x".repeat(1025), "value": 1}]), "records[0].key"),
        (json!([{"key": 7, "value": 1}]), "records[0].key"),
        (json!([{"value": {"a": ["b\0"]}}]), ""),
    ] {
        let refused = admin.post(&path, &json!({"records": records})).await.refused(400, "validation_failed");
        let named = refused["errors"][0]["field"].as_str().unwrap();
        assert!(field.is_empty() || named == field, "{field}: {refused}");
    }
    for bad in ["-x", ".x", "a%20b", "%C3%A4", &"x".repeat(129)] {
        let records = json!({"records": [{"value": 1}]});
        admin
            .post(&format!("/api/v1/topics/{bad}/records"), &records)
            .await
            .refused(400, "validation_failed");
        admin.put(&format!("/api/v1/topics/{bad}"), &json!({})).await.refused(400, "validation_failed");
    }
    admin.get(&at("orders")).await.refused(404, "not_found");
    for bad in
        ["limit=0", "limit=10001", "after=-1", "after=x", "wait_seconds=31", "lease_seconds=0", "group=%20"]
    {
        admin.get(&format!("{path}?{bad}")).await.refused(400, "validation_failed");
    }
    let again = || {
        let request = admin.request(Method::POST, &path).header("idempotency-key", "k");
        Person::send(request.json(&json!({"records": [{"value": 1}]})))
    };
    assert_eq!(again().await.expect(201), again().await.expect(201));
    assert_eq!(admin.get(&at("orders")).await.expect(200)["last_offset"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_never_misses_a_record_of_a_slow_transaction() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    produces(&admin, "orders", &[json!("first")]).await.expect(201);
    let slow = world.psql().await;
    slow.batch_execute("begin; insert into topic_records (topic, value) values ('orders', '\"slow\"')")
        .await
        .unwrap();
    let fast = {
        let admin = admin.clone();
        tokio::spawn(async move { produces(&admin, "orders", &[json!("fast")]).await.expect(201) })
    };
    // What comes behind an open transaction waits for it; nothing is shown out of order.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(offsets(&reads(&admin, "orders", "").await), [1]);
    slow.batch_execute("commit").await.unwrap();
    assert_eq!(fast.await.unwrap()["first_offset"], 3);
    let read = reads(&admin, "orders", "after=1").await;
    assert_eq!((&read[0]["value"], &read[1]["value"]), (&json!("slow"), &json!("fast")));
    // One that is rolled back leaves no gap.
    slow.batch_execute("begin; insert into topic_records (topic, value) values ('orders', '0'); rollback")
        .await
        .unwrap();
    assert_eq!(produces(&admin, "orders", &[json!("next")]).await.expect(201)["first_offset"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_producers_share_a_topic_and_one_reader_sees_all_of_it_once() {
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let (here, there) = world.two_instances().await;
    let admin = administrator(&world, &here).await;
    let seen = async {
        let (mut seen, mut after) = (Vec::new(), 0);
        while seen.len() < 400 {
            let records = reads(&admin, "orders", &format!("after={after}&wait_seconds=5&limit=1000")).await;
            after = offsets(&records).last().copied().unwrap_or(after);
            seen.extend(records);
        }
        seen
    };
    produces(&admin, "orders", &[json!("begin")]).await.expect(201);
    let writers = join_all((0..8).map(|n| {
        let admin = if n % 2 == 0 { admin.clone() } else { admin.at(&there) };
        async move {
            for round in 0..10 {
                let values: Vec<_> = (0..5).map(|part| json!([n, round * 5 + part])).collect();
                produces(&admin, "orders", &values).await.expect(201);
            }
        }
    }));
    let (seen, _) = tokio::join!(seen, writers);
    assert_eq!(offsets(&seen), (1..=i64::try_from(seen.len()).unwrap()).collect::<Vec<_>>());
    for writer in 0..8 {
        let own = seen
            .iter()
            .filter(|record| record["value"][0] == writer)
            .map(|record| record["value"][1].as_i64().unwrap());
        assert!(
            own.collect::<Vec<_>>().is_sorted_by(|one, next| one + 1 == *next),
            "{writer} is out of order"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_is_woken_by_what_comes_wherever_it_was_written() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let admin = administrator(&world, &here).await;
    admin.put(&at("orders"), &json!({})).await.expect(200);
    let psql = world.psql().await;
    for query in ["after=0&wait_seconds=20", "group=g&wait_seconds=20"] {
        let waits = {
            let admin = admin.at(&there);
            tokio::spawn(async move {
                let records = reads(&admin, "orders", query).await;
                (records, Instant::now())
            })
        };
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!waits.is_finished());
        // What happens elsewhere wakes nobody.
        psql.batch_execute("insert into topic_records (topic, value) values ('other', '1')").await.unwrap();
        let begun = Instant::now();
        psql.batch_execute("insert into topic_records (topic, value) values ('orders', '1')").await.unwrap();
        let (records, woken) = waits.await.unwrap();
        assert_eq!(records.len(), 1, "{query}");
        assert!(woken - begun < Duration::from_millis(900), "{:?}", woken - begun);
        psql.batch_execute(
            "delete from topics where name = 'orders'; insert into topics (name) values ('orders')",
        )
        .await
        .unwrap();
    }
    let begun = Instant::now();
    assert!(reads(&admin, "orders", "wait_seconds=1").await.is_empty());
    assert!((Duration::from_millis(900)..Duration::from_secs(5)).contains(&begun.elapsed()));
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_adds_records_and_changes_none() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    psql.batch_execute(
        "set search_path = pg_catalog;
         insert into public.topic_records (topic, key, value) select 'orders', n::text, to_jsonb(n) from generate_series(1, 100) as n;
         insert into public.topic_records (topic, value_bytes) values ('orders', '\\x00ff')",
    )
    .await
    .unwrap();
    let records = reads(&admin, "orders", "limit=1000").await;
    assert_eq!(offsets(&records), (1..=101).collect::<Vec<_>>());
    assert_eq!((&records[9]["key"], &records[100]["value_base64"]), (&json!("10"), &json!("AP8=")));
    for (sql, code) in [
        (
            "insert into public.topic_records (topic, record_offset, value) values ('orders', 102, '1')",
            "23514",
        ),
        ("insert into public.topic_records (topic) values ('orders')", "23514"),
        ("insert into public.topic_records (topic, value) values ('a b', '1')", "23514"),
        ("update public.topic_records set value = '1'", "23001"),
        ("delete from public.topic_records", "23001"),
    ] {
        let error = psql.batch_execute(sql).await.unwrap_err();
        assert_eq!(error.code().unwrap().code(), code, "{sql}");
    }
    assert_eq!(produces(&admin, "orders", &[json!(1)]).await.expect(201)["first_offset"], 102);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_read_what_is_gone_is_told_by_the_time_of_the_last_record() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    let three = [json!(1), json!(2), json!(3)];
    produces(&admin, "orders", &three).await.expect(201);
    let last = reads(&admin, "orders", "").await.pop().unwrap();
    let place = format!("after=3&after_created_at={}", last["created_at"].as_str().unwrap());
    assert!(reads(&admin, "orders", &place).await.is_empty());
    produces(&admin, "orders", &[json!(4)]).await.expect(201);
    assert_eq!(offsets(&reads(&admin, "orders", &place).await), [4]);
    // As after a backup that was restored: other records stand there, or none.
    psql.batch_execute("delete from topics where name = 'orders'").await.unwrap();
    let path = format!("{}/records?{place}", at("orders"));
    admin.get(&path).await.refused(404, "not_found");
    for _ in 0..2 {
        produces(&admin, "orders", &three).await.expect(201);
        admin.get(&path).await.refused(409, "log_changed");
    }
    assert_eq!(offsets(&reads(&admin, "orders", "after=0").await), [1, 2, 3, 4, 5, 6]);
    for bad in ["after=0", "group=g&after=1", ""] {
        let place = place.replace("after=3", bad);
        let path = format!("{}/records?{}", at("orders"), place.trim_start_matches('&'));
        let refused = admin.get(&path).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "after_created_at");
    }
}
