//! Migrating is all or nothing, touches what has changed alone, and leaves nothing half done unnoticed.

use std::time::Duration;

use tokio::time::timeout;
use trunkline::db::migrate::{Release, migrate, migrate_to, migrate_within};

use super::{connect, dump, empty, number, runs};
use crate::{
    commands::{Folder, shared},
    support::World,
};

const RELATIONS: &str = "select count(*) from pg_class where relnamespace = 'public'::regnamespace";

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_fails_half_way_leaves_nothing() {
    let world = World::new().await;
    let url = empty(&world, "").await;
    let broken = [("V900__broken", "create table half (); select 1 / 0")];
    let release = Release::and_then("9.0.0", &broken, &[]).unwrap();
    let error = migrate_to(&url, &release).await.unwrap_err().causes();
    assert!(error.contains("V900__broken") && error.contains("division by zero"), "{error}");
    let psql = connect(&url).await;
    assert_eq!(number(&psql, RELATIONS).await, 0);

    // A function fails after its migration was fine: that is taken back, too.
    migrate(&url).await.unwrap();
    let before = number(&psql, RELATIONS).await;
    let fine = [("V900__fine", "create table whole (); alter table chats add column topic text")];
    let bad = [(
        "notify_instances",
        "create or replace function notify_instances(kind text, items text[]) returns int language sql as $$ select 1 $$;",
    )];
    let release = Release::and_then("9.0.0", &fine, &bad).unwrap();
    let error = migrate_to(&url, &release).await.unwrap_err().causes();
    assert!(error.contains("function notify_instances") && error.contains("nothing was changed"), "{error}");
    assert_eq!(number(&psql, RELATIONS).await, before);
    let topic = "select count(*) from pg_attribute where attrelid = 'chats'::regclass and attname = 'topic'";
    assert_eq!(number(&psql, topic).await, 0);
    assert!(migrate(&url).await.unwrap().installed.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migrate_with_nothing_to_do_waits_for_nobody() {
    let world = World::new().await;
    let psql = world.psql().await;
    let tables = "select string_agg(format('%I', relname), ', ') from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'
            and relname not in ('refinery_schema_history', 'installed_functions')";
    let tables: String = psql.query_one(tables, &[]).await.unwrap().get(0);
    psql.batch_execute(&format!("begin; lock table {tables} in access exclusive mode")).await.unwrap();
    let progress = timeout(Duration::from_secs(5), migrate(&world.url)).await.expect("it waits").unwrap();
    assert!(progress.applied.is_empty() && progress.installed.is_empty(), "{progress:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_has_changed_is_replaced() {
    let world = World::new().await;
    let psql = world.psql().await;
    let text = super::read("functions/notify_jobs.sql")
        .replace("update of status, run_at, priority on jobs", "update of status, run_at on jobs");
    let release = Release::and_then("9.0.0", &[], &[("notify_jobs", &text)]).unwrap();
    // What has to do with other tables is of no concern.
    psql.batch_execute("begin; lock table messages, chats, members in access exclusive mode").await.unwrap();
    let progress =
        timeout(Duration::from_secs(5), migrate_to(&world.url, &release)).await.expect("it waits").unwrap();
    assert_eq!(progress.installed, ["trigger jobs_notify_again on jobs"]);
    // The older program says so, serves nothing, and takes nothing back.
    let error = migrate(&world.url).await.unwrap_err().causes();
    assert!(error.contains("9.0.0") && error.contains("newer"), "{error}");
    let folder = Folder::new();
    let (code, _, err) = folder.run(&["serve"], &shared(&world.url)).await;
    assert!(code == 1 && err.contains("9.0.0"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_whole_is_not_served() {
    let world = World::new().await;
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.push(("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0"));
    let psql = world.psql().await;
    for (damage, named) in [
        ("drop function trim_messages", "function trim_messages"),
        ("drop trigger messages_number on messages", "trigger messages_number on messages"),
        ("alter table members disable trigger members_notify_came", "trigger members_notify_came on members"),
        (
            "update installed_functions set hash = 'x' where name = 'function notify_instances'",
            "function notify_instances",
        ),
        (
            "delete from installed_functions where name like 'trigger jobs_%'",
            "trigger jobs_move_finished on jobs and 2 more",
        ),
    ] {
        psql.batch_execute(damage).await.unwrap();
        let (code, _, err) = folder.run(&["serve"], &env).await;
        let said = err.lines().last().unwrap();
        assert!(code == 1 && said.contains(named) && said.contains("trunkline migrate"), "{damage}: {err}");
        let (_, out, _) = folder.run(&["doctor"], &env).await;
        let line = out.lines().find(|line| line.starts_with("FAIL")).unwrap();
        assert!(line.contains("migrations") && line.contains(named), "{damage}: {out}");
        let (code, out, err) = folder.run(&["migrate"], &env).await;
        assert!(code == 0 && out.contains("installed"), "{damage}: {out}{err}");
        assert_eq!(folder.run(&["doctor"], &env).await.0, 0, "{damage}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_without_its_rows_is_told_from_a_new_database() {
    let world = World::new().await;
    let url = empty(&world, "").await;
    assert_eq!(runs(&url, &dump(&world.url, &["--schema-only"]).await).await, "");
    let error = migrate(&url).await.unwrap_err().causes();
    assert!(error.contains("refinery_schema_history is empty") && error.contains("pg_dump"), "{error}");
    // As it says: with the rows of that table it is a database like any other, whose functions are put in anew.
    let rows = dump(&world.url, &["--data-only", "--table=refinery_schema_history"]).await;
    assert_eq!(runs(&url, &rows).await, "");
    let progress = migrate(&url).await.unwrap();
    assert!(progress.applied.is_empty() && progress.installed.len() > 90, "{progress:?}");
    let changed = "update refinery_schema_history set checksum = '1' where version = 3";
    connect(&url).await.batch_execute(changed).await.unwrap();
    let error = migrate(&url).await.unwrap_err().causes();
    assert!(error.contains("V3__chats"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_migrated_is_told_in_a_line() {
    let world = World::new().await;
    let folder = Folder::new();
    let (ascii, latin) = (
        empty(&world, "encoding 'SQL_ASCII' locale 'C'").await,
        empty(&world, "encoding 'LATIN1' locale 'C'").await,
    );
    let (frozen, closed) = (empty(&world, "").await, empty(&world, "").await);
    let name = |url: &str| url.rsplit_once('/').unwrap().1.to_owned();
    let root = world.superuser().await;
    let freeze = format!("alter database {} set default_transaction_read_only = on", name(&frozen));
    root.batch_execute(&freeze).await.unwrap();
    root.batch_execute(&format!("alter database {} owner to current_user", name(&closed))).await.unwrap();
    for (url, words) in [
        (ascii, "SQL_ASCII"),
        (latin, "LATIN1"),
        (frozen, "default_transaction_read_only"),
        (closed, "grant create on schema public"),
    ] {
        let (code, out, err) = folder.run(&["migrate"], &shared(&url)).await;
        assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
        assert!(err.contains(words), "{words}: {err}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_dies_while_migrating_holds_the_tables_for_a_minute_at_most() {
    let world = World::new().await;
    let witness = [("V900__witness", "create table witness as select name, setting from pg_settings")];
    let release = Release::and_then("9.0.0", &witness, &[]).unwrap();
    migrate_to(&world.url, &release).await.unwrap();
    let psql = world.psql().await;
    for (name, value) in [
        ("idle_in_transaction_session_timeout", "60000"),
        ("client_connection_check_interval", "5000"),
        ("tcp_keepalives_idle", "10"),
        ("tcp_keepalives_interval", "3"),
        ("tcp_user_timeout", "10000"),
        ("statement_timeout", "0"),
    ] {
        let sql = "select setting from witness where name = $1";
        assert_eq!(psql.query_one(sql, &[&name]).await.unwrap().get::<_, String>(0), value, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_another_migrate_says_for_whose() {
    let world = World::new().await;
    let psql = world.psql().await;
    let pid: i32 = psql.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0);
    psql.execute("select pg_advisory_lock(7236015521)", &[]).await.unwrap();
    let more = [("V900__more", "create table more ()")];
    let release = Release::and_then("9.0.0", &more, &[]).unwrap();
    let patience = Duration::from_secs(1);
    let error = migrate_within(&world.url, &release, patience).await.unwrap_err().causes();
    assert!(
        error.contains("another migrate") && error.contains(&format!("session {pid} of owner")),
        "{error}"
    );
    let waiting = tokio::spawn({
        let url = world.url.clone();
        async move { migrate_within(&url, &release, Duration::from_secs(60)).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!waiting.is_finished());
    psql.execute("select pg_advisory_unlock(7236015521)", &[]).await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().version, 900);
}
