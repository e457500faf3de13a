//! Schedules that SQL writes: what cannot be understood is refused, in words.

use std::time::{Duration, SystemTime};

use chrono_tz::UTC;
use trunkline::schedules::rule::Cron;
use uuid::Uuid;

use super::number;
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_psql_writes_and_nobody_understands_is_refused_in_words() {
    let world = World::new().await;
    let psql = world.psql().await;
    let refuses = async |columns: &str, values: &str, constraint: &str, words: &str| {
        let sql = format!("insert into schedules (name, task, {columns}) values ('x', 'echo', {values})");
        let error = psql.batch_execute(&sql).await.expect_err(&sql);
        let error = error.as_db_error().unwrap();
        assert_eq!(
            (error.constraint(), error.code().code()),
            (Some(constraint), "23514"),
            "{values}: {}",
            error.message()
        );
        assert!(error.message().contains(words), "{values}: {}", error.message());
    };
    let rule = ("schedules_rule_check", "one of cron, every_seconds and solar");
    refuses("cron, every_seconds", "'* * * * *', 1", rule.0, rule.1).await;
    refuses("timezone", "'UTC'", rule.0, rule.1).await;
    refuses("every_seconds", "0", "schedules_every_seconds_check", "from 1 to 31536000").await;
    let zone = ("schedules_timezone_check", "Mars/Olympus is none");
    refuses("cron, timezone", "'* * * * *', 'Mars/Olympus'", zone.0, zone.1).await;
    for solar in [
        "{}",
        "[]",
        r#"{"event": "eclipse", "latitude": 0, "longitude": 0}"#,
        r#"{"event": "noon", "latitude": 91, "longitude": 0}"#,
        r#"{"event": "noon", "latitude": "9", "longitude": 0}"#,
        r#"{"event": "noon", "latitude": 0}"#,
        r#"{"event": "noon", "latitude": 0, "longitude": true}"#,
    ] {
        refuses("solar", &format!("'{solar}'"), "schedules_solar_check", "solar must be like").await;
    }
    for (cron, words) in [
        ("hello", "minute, hour, day of the month"),
        ("* * * * * *", "minute, hour, day of the month"),
        ("@noon", "minute, hour, day of the month"),
        ("61 * * * *", "the minute must be 0 to 59, and is 61"),
        ("* 24 * * *", "the hour must be 0 to 23, and is 24"),
        ("* * 0 * *", "the day of the month must be 1 to 31, and is 0"),
        ("* * * 1-13 *", "the month must be 1 to 12, and is 13"),
        ("* * * * 8", "the day of the week must be 0 to 7, and is 8"),
        ("5/10 * * * *", "5/10 is no minute"),
        ("*/0 * * * *", "*/0 is no minute"),
        ("30-10 * * * *", "30-10 is no minute"),
        ("* * L-3 * *", "L-3 is no day of the month"),
        ("* * * XYZ *", "XYZ is no month"),
        ("* * * * MON#6", "MON#6 is no day of the week"),
    ] {
        refuses("cron", &format!("'{cron}'"), "schedules_cron_check", words).await;
    }
    // An UPDATE, too; one that changes none of it is not looked at.
    psql.batch_execute("insert into schedules (name, task, cron) values ('y', 'echo', '0 0 30 2 *')")
        .await
        .unwrap();
    assert!(psql.batch_execute("update schedules set cron = '0 0 * *' where name = 'y'").await.is_err());
    psql.batch_execute("update schedules set cron = cron, enabled = false where name = 'y'").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_takes_every_cron_that_the_server_reads() {
    let world = World::new().await;
    let psql = world.psql().await;
    for cron in [
        "* * * * *",
        " 30  6 * * 1-5 ",
        "*/15 1 1,15 1 1-5",
        "05 01 01 01 07",
        "5-59/5 0-12/2 * * *",
        "0 0 L * *",
        "0 0 LW * *",
        "0 0 15W,L * *",
        "0 0 ? * MON",
        "0 0 * JAN-MAR,dec SUN",
        "0 0 * * FRI-SUN",
        "0 0 * * 5#2,1L",
        "0 0 * * MON#L",
        "0 0 1 * +MON",
        "0 0 * * fri#1",
        "1,,2 * * * *",
        "@daily",
        "@Hourly",
        "0 0 * * 1-5#2",
        "0 0 * * L",
        "0 0 30 2 *",
    ] {
        Cron::parse(cron, UTC).unwrap_or_else(|fault| panic!("{cron}: {}", fault.message));
        let sql = "insert into schedules (name, task, cron) values ('x', 'echo', $1)";
        psql.execute(sql, &[&cron]).await.unwrap_or_else(|error| panic!("{cron}: {:?}", error.as_db_error()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reckons_late_moves_no_time_that_another_instance_has_reckoned() {
    let world = World::new().await;
    let psql = world.psql().await;
    let add = "insert into schedules (name, task, every_seconds) values ('late', 'sweep_cache', 3600) returning id, updated_at";
    let read = psql.query_one(add, &[]).await.unwrap();
    let (id, updated_at) = (read.get::<_, Uuid>(0), read.get::<_, SystemTime>(1));
    let plan = include_str!("../../../sql/queries/schedules/plan.sql");
    let next = SystemTime::now() + Duration::from_secs(3600);
    let no_error = None::<&str>;
    let planned = psql.execute(plan, &[&id, &updated_at, &next, &no_error]).await.unwrap();
    // Somebody wants it now, by hand; and one has read it before it was reckoned.
    psql.batch_execute("update schedules set next_run_at = now() - interval '1 second'").await.unwrap();
    let late = psql.execute(plan, &[&id, &updated_at, &next, &no_error]).await.unwrap();
    assert_eq!((planned, late), (1, 0));
    assert_eq!(number(&psql, "select count(*) from schedules where next_run_at < now()").await, 1);
}
