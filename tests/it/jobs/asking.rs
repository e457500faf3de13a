//! Jobs over the API: who may, what is refused, and what is shown of them.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{JOBS, administrator, becomes, id_of};
use crate::support::{Person, World};

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_queues_a_job_and_reads_what_became_of_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let new = json!({"task": "echo", "args": {"greeting": ["Hello", null, 1.5]}, "max_attempts": 2});
    let job = admin.post(JOBS, &new).await.expect(201);
    assert_eq!((&job["task"], &job["args"], &job["max_attempts"]), (&json!("echo"), &new["args"], &json!(2)));
    let done = admin.get(&format!("{JOBS}/{}?wait_seconds=10", id_of(&job))).await.expect(200);
    assert_eq!((&done["status"], &done["result"]), (&json!("succeeded"), &new["args"]));
    assert_eq!((&done["attempts"], &done["error"]), (&json!(1), &Value::Null));
    assert!(done["finished_at"].is_string() && done["created_at"] == job["created_at"], "{done}");
    // What is left out is usual.
    let plain = admin.post(JOBS, &json!({"task": "echo"})).await.expect(201);
    assert_eq!(
        (&plain["args"], &plain["max_attempts"], &plain["priority"]),
        (&json!({}), &json!(5), &json!(0))
    );
    let failing = json!({"task": "echo", "args": {"fail": true}, "max_attempts": 1});
    let failing = admin.post(JOBS, &failing).await.expect(201);
    let failed = admin.get(&format!("{JOBS}/{}?wait_seconds=10", id_of(&failing))).await.expect(200);
    assert_eq!((&failed["status"], &failed["result"]), (&json!("failed"), &Value::Null));
    assert!(failed["error"].as_str().unwrap().contains("asked to fail"), "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_may_do_anything_with_jobs() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    let job = admin.post(JOBS, &json!({"task": "echo"})).await.expect(201);
    let one = format!("{JOBS}/{}", id_of(&job));
    for answer in [
        alice.get(JOBS).await,
        alice.post(JOBS, &json!({"task": "echo"})).await,
        alice.get(&one).await,
        alice.delete(&one).await,
        alice.act(&format!("{one}/retry")).await,
        alice.post(&format!("{JOBS}/retry"), &json!({})).await,
        alice.get(&format!("{JOBS}/tasks")).await,
        alice.puts(&format!("{JOBS}/tasks/echo/pause")).await,
        alice.delete(&format!("{JOBS}/tasks/echo/pause")).await,
    ] {
        answer.refused(403, "forbidden");
    }
    alice.bearing("").get(JOBS).await.refused(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_queued_is_refused_by_its_field() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    for (field, wrong) in [
        ("task", json!({"task": "make_coffee"})),
        ("task", json!({})),
        // The server's own.
        ("task", json!({"task": "erase_user", "args": {"user_id": admin.id}})),
        ("task", json!({"task": "deliver_webhook"})),
        ("priority", json!({"task": "echo", "priority": 11})),
        ("priority", json!({"task": "echo", "priority": -11})),
        ("max_attempts", json!({"task": "echo", "max_attempts": 0})),
        ("max_attempts", json!({"task": "echo", "max_attempts": 101})),
        ("unique_key", json!({"task": "echo", "unique_key": ""})),
        ("unique_key", json!({"task": "echo", "unique_key": "x".repeat(256)})),
        ("concurrency_key", json!({"task": "echo", "concurrency_key": ""})),
        ("run_at", json!({"task": "echo", "run_at": "tomorrow"})),
        ("args.text", json!({"task": "echo", "args": {"text": "a\u{0}b"}})),
    ] {
        let refused = admin.post(JOBS, &wrong).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{wrong}");
    }
    let absent = format!("{JOBS}/{}", Uuid::now_v7());
    admin.get(&absent).await.refused(404, "not_found");
    admin.delete(&absent).await.refused(404, "not_found");
    admin.act(&format!("{absent}/retry")).await.refused(404, "not_found");
    admin.get(&format!("{JOBS}/seven")).await.expect(400);
    let job = id_of(&admin.post(JOBS, &json!({"task": "echo"})).await.expect(201));
    for wrong in ["31", "-1", "1.5", "soon"] {
        admin.get(&format!("{JOBS}/{job}?wait_seconds={wrong}")).await.expect(400);
    }
    for wrong in ["status=asleep", "sort=task", "created_at_from=noon", "limit=0"] {
        admin.get(&format!("{JOBS}?{wrong}")).await.expect(400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_one_job_while_it_is_unfinished_and_a_repeated_request_is_one_for_ever() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let later = json!({"task": "echo", "unique_key": "digest", "run_at": "2099-01-01T00:00:00Z"});
    let first = admin.post(JOBS, &later).await.expect(201);
    let again = admin.post(JOBS, &later).await.expect(200);
    assert_eq!(first, again);
    admin.delete(&format!("{JOBS}/{}", id_of(&first))).await.expect(204);
    let next = admin.post(JOBS, &later).await.expect(201);
    assert_ne!(first["id"], next["id"]);
    let send = async |body: &Value| {
        let request = admin.request(reqwest::Method::POST, JOBS).header("Idempotency-Key", "one").json(body);
        Person::send(request).await
    };
    let one = send(&json!({"task": "echo", "args": 1})).await.expect(201);
    let same = send(&json!({"task": "echo", "args": 1})).await.expect(201);
    assert_eq!(one["id"], same["id"]);
    send(&json!({"task": "echo", "args": 2})).await.refused(409, "idempotency_key_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_by_what_became_of_them_and_as_a_file() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    psql.batch_execute(
        "insert into jobs (task, status, created_at, finished_at)
        select 'old', 'succeeded', '2026-01-01T00:00:00Z'::timestamptz + make_interval(days => n),
            '2026-02-01T00:00:00Z'::timestamptz + make_interval(days => n)
        from generate_series(1, 12) as n;
        insert into jobs (task, run_at) values ('old', '2099-01-01T00:00:00Z')",
    )
    .await
    .unwrap();
    let total =
        async |query: &str| admin.get(&format!("{JOBS}?task=old&{query}")).await.expect(200)["total"].clone();
    assert_eq!(total("").await, 13);
    assert_eq!(total("status=succeeded").await, 12);
    assert_eq!(total("status=queued").await, 1);
    assert_eq!(total("status=failed").await, 0);
    assert_eq!(total("created_at_from=2026-01-05T00:00:00Z&created_at_to=2026-01-07T00:00:00Z").await, 3);
    assert_eq!(total("finished_at_to=2026-02-03T00:00:00Z").await, 2);
    let page = admin.get(&format!("{JOBS}?task=old&limit=2&sort=-created_at")).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(page["items"][0]["status"], "queued");
    let path = format!("{JOBS}?task=old&format=csv");
    let file = admin.request(reqwest::Method::GET, &path).send().await.unwrap().text().await.unwrap();
    assert!(file.starts_with("\u{feff}id,task,args,status,"), "{file}");
    assert_eq!(file.lines().count(), 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_queues_for_itself_keeps_its_args_to_itself() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let sql = "insert into jobs (task, args, unique_key, run_at)
        values ('send_password_reset', '{\"email\": \"alice@example.com\"}', 'alice@example.com', '2099-01-01') returning id";
    let id: Uuid = world.psql().await.query_one(sql, &[]).await.unwrap().get(0);
    let shown = [
        admin.get(&format!("{JOBS}/{id}")).await.expect(200),
        admin.get(JOBS).await.expect(200),
        admin.act(&format!("{JOBS}/{id}/retry")).await.expect(200),
    ];
    for answer in shown {
        assert!(!answer.to_string().contains("alice"), "{answer}");
    }
    let file = admin.request(reqwest::Method::GET, &format!("{JOBS}?format=csv")).send().await.unwrap();
    assert!(!file.text().await.unwrap().contains("alice"));
    let tasks = admin.get(&format!("{JOBS}/tasks?limit=100")).await.expect(200);
    let tasks = tasks["items"].as_array().unwrap();
    let open = |name: &str| tasks.iter().find(|task| task["task"] == name).map(|task| task["open"] == true);
    assert_eq!(
        (open("echo"), open("sweep_files"), open("erase_user")),
        (Some(true), Some(true), Some(false))
    );
    assert_eq!(open("deliver_webhook"), Some(false));
    assert!(tasks.iter().all(|task| task["description"].as_str().unwrap().len() > 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_job_by_sql_is_its_end() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let psql = world.psql().await;
    let later = json!({"task": "echo", "run_at": "2099-01-01T00:00:00Z", "args": {"n": 1}});
    let job = id_of(&admin.post(JOBS, &later).await.expect(201));
    let path = format!("{JOBS}/{job}?wait_seconds=20");
    let waiting = admin.get(&path);
    let ends = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let sql = "update jobs set status = 'cancelled', finished_at = now() where id = $1";
        psql.execute(sql, &[&job]).await.unwrap();
    };
    let begun = std::time::Instant::now();
    let (answer, ()) = tokio::join!(waiting, ends);
    assert_eq!(answer.expect(200)["status"], "cancelled");
    assert!(begun.elapsed() < Duration::from_secs(5));
    let place = "select tableoid::regclass::text from jobs where id = $1";
    assert_eq!(psql.query_one(place, &[&job]).await.unwrap().get::<_, &str>(0), "finished_jobs");
    // And back again: it runs.
    let sql = "update jobs set status = 'queued', finished_at = null, run_at = now() where id = $1";
    psql.execute(sql, &[&job]).await.unwrap();
    becomes(&psql, job, "status", "succeeded".to_owned()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_keep_every_digit_in_args_and_results() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let sent = r#"{"task":"echo","args":{"n":[10000000000000000000000000000000000000000,-18446744073709551617,0.12345678901234567890123,1e40,1.50,7]}}"#;
    let kept = r#"[10000000000000000000000000000000000000000,-18446744073709551617,0.12345678901234567890123,10000000000000000000000000000000000000000,1.50,7]"#;
    let post = |body: &str| {
        let request = admin.request(reqwest::Method::POST, JOBS).header("content-type", "application/json");
        Person::send(request.body(body.to_owned()))
    };
    let made = post(sent).await.expect(201);
    let done = admin.get(&format!("{JOBS}/{}?wait_seconds=30", id_of(&made))).await.expect(200);
    for held in [&made["args"]["n"], &done["args"]["n"], &done["result"]["n"]] {
        assert_eq!(held.to_string(), kept);
    }
    // What the database would write out as a million zeros.
    for bad in ["1e309", "1e1000000", "1e-1000000", "1e99999999999"] {
        let body = sent.replace("1e40", bad);
        assert_eq!(post(&body).await.status, 400, "{bad}");
    }
}
