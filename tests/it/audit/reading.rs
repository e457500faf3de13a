//! Who may read what was noted, and that nobody may change it.

use serde_json::{Value, json};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::{AUDIT, administrator};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn administrators_read_it_filtered_ordered_and_as_a_file() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    alice.get(AUDIT).await.refused(403, "forbidden");
    let other = Uuid::now_v7();
    let sql = "insert into audit (at, actor_id, action, target, data)
        select '2026-01-01T00:00:00Z'::timestamptz + number * interval '1 day', $1, 'tested', 'it', jsonb_build_object('n', number)
        from generate_series(1, 12) as number";
    world.psql().await.execute(sql, &[&other]).await.unwrap();
    let numbers = async |query: &str| -> (Value, Vec<i64>) {
        let list = admin.get(&format!("{AUDIT}?actor_id={other}{query}")).await.expect(200);
        let items = list["items"].as_array().unwrap();
        (list["total"].clone(), items.iter().map(|record| record["data"]["n"].as_i64().unwrap()).collect())
    };
    assert_eq!(numbers("&limit=3").await, (json!(12), vec![12, 11, 10]));
    assert_eq!(numbers("&limit=3&offset=2&sort=at").await, (json!(12), vec![3, 4, 5]));
    let days = "&at_from=2026-01-05T00:00:00Z&at_to=2026-01-07T00:00:00Z";
    assert_eq!(numbers(days).await, (json!(3), vec![6, 5, 4]));
    assert_eq!(numbers("&action=tested&target=it&limit=1").await, (json!(12), vec![12]));
    assert_eq!(numbers("&action=other").await, (json!(0), vec![]));
    for (query, field) in [("sort=target", "sort"), ("actor_id=7", "actor_id"), ("at_from=noon", "at_from")] {
        let refused = admin.get(&format!("{AUDIT}?{query}")).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field);
    }
    let path = format!("{AUDIT}?actor_id={other}&format=csv&sort=at");
    let file = admin.request(reqwest::Method::GET, &path).send().await.unwrap().text().await.unwrap();
    let mut lines = file.lines();
    assert_eq!(lines.next(), Some("\u{feff}id,at,actor_id,action,target,data,address"));
    assert!(lines.next().unwrap().ends_with(r#",tested,it,"{""n"":1}","#), "{file}");
    assert_eq!(lines.count(), 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_what_was_noted_and_a_server_may_not_even_try() {
    let world = World::new().await;
    let here = world.instance().await;
    administrator(&world, &here).await;
    let owner = world.psql().await;
    let changes = ["update audit set target = ''", "delete from audit", "truncate audit"];
    for sql in changes {
        let error = owner.batch_execute(sql).await.unwrap_err();
        let db = error.as_db_error().unwrap();
        assert!(db.message().contains("never changed"), "{sql}: {db}");
    }
    let app = world.psql_as("trunkline_app").await;
    let more = [
        "alter table audit disable trigger all",
        "drop table audit",
        "create table mine ()",
        "alter table users add mine int",
    ];
    for sql in changes.iter().chain(&more) {
        let error = app.batch_execute(sql).await.unwrap_err();
        let code = error.code().unwrap();
        assert_eq!(*code, SqlState::INSUFFICIENT_PRIVILEGE, "{sql}: {error}");
        assert!(!error.as_db_error().unwrap().message().contains("never changed"), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_goes_where_it_is_said_and_nothing_of_the_last_month_does() {
    let world = World::with(&[("TRUNKLINE_AUDIT__RETENTION_DAYS", "60")]).await;
    let here = world.instance().await;
    administrator(&world, &here).await;
    world.rests().await;
    let owner = world.psql().await;
    let noted =
        "insert into audit (at, action, target) select now() - n * interval '20 days', 'tested', n::text
        from generate_series(0, 4) as n, generate_series(1, 700)";
    owner.batch_execute(noted).await.unwrap();
    let left = async || -> String {
        let sql =
            "select string_agg(distinct target, ',' order by target) from audit where action = 'tested'";
        owner.query_one(sql, &[]).await.unwrap().get(0)
    };
    assert_eq!(trunkline::audit::jobs::trim(&here.app).await.unwrap(), 1400);
    assert_eq!((left().await.as_str(), trunkline::audit::jobs::trim(&here.app).await.unwrap()), ("0,1,2", 0));
    // A server may ask for nothing less than thirty days, and a reader for nothing.
    let app = world.psql_as("trunkline_app").await;
    let error = app.batch_execute("select trim_audit(29, 10)").await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("audit_retention_check"));
    let reader = world.psql_as("trunkline_reader").await;
    let error = reader.batch_execute("select trim_audit(30, 10)").await.unwrap_err();
    assert_eq!(*error.code().unwrap(), SqlState::INSUFFICIENT_PRIVILEGE);
    for sql in [
        "set trunkline.trimming = on; delete from audit",
        "set trunkline.trimming = on; update audit set target = ''",
    ] {
        let error = owner.batch_execute(sql).await.unwrap_err();
        assert!(error.as_db_error().unwrap().message().contains("never changed"), "{sql}: {error}");
    }
    assert_eq!(app.query_one("select trim_audit(30, 1000)", &[]).await.unwrap().get::<_, i64>(0), 700);
    assert_eq!(left().await, "0,1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_everything_but_secrets_and_writes_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    here.person("Alice").await;
    let reader = world.psql_as("trunkline_reader").await;
    for sql in [
        "select id, name, email from users",
        "select * from audit",
        "select * from messages",
        "select * from sessions",
    ] {
        reader.batch_execute(sql).await.unwrap();
    }
    for sql in [
        "select * from users",
        "select password_hash from users",
        "select contacts from users",
        "select hash from refresh_tokens",
        "select answer from idempotency_keys",
        "insert into audit (action, target) values ('a', 'b')",
        "update users set name = 'Eve'",
        "delete from chats",
    ] {
        let error = reader.batch_execute(sql).await.unwrap_err();
        assert_eq!(*error.code().unwrap(), SqlState::INSUFFICIENT_PRIVILEGE, "{sql}");
    }
}
