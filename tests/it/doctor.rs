//! What the doctor finds before people do.

use serde_json::Value;

use crate::{
    commands::{Folder, shared},
    support::{Pair, World},
};

/// What the doctor says of one thing.
async fn says(folder: &Folder, env: &[(&str, &str)], check: &str) -> (bool, bool, String) {
    let (_, out, err) = folder.run(&["doctor", "--json"], env).await;
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let found = report["checks"].as_array().unwrap().iter().find(|found| found["check"] == check);
    let found = found.unwrap_or_else(|| panic!("no check of {check}: {report}"));
    let word = |name: &str| found[name].as_bool().unwrap();
    (word("ok"), word("warning"), found["detail"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_an_old_snapshot_is_named() {
    let world = World::new().await;
    let folder = Folder::new();
    let url = world.url_of_instances();
    let psql = world.psql().await;
    psql.batch_execute("begin isolation level repeatable read; select from chats").await.unwrap();
    let pid: i32 = psql.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0);
    let (ok, _, detail) = says(&folder, &shared(&url), "snapshots").await;
    assert!(ok && detail.contains(&format!("session {pid} ")), "{detail}");
    // Prometheus sees it, too: a hundred transactions later.
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for n in 0..20 {
        alice.creates_chat(&format!("Chat {n}")).await;
    }
    let metrics = reqwest::get(format!("{}/metrics", here.base)).await.unwrap().text().await.unwrap();
    let line =
        metrics.lines().find(|line| line.starts_with("trunkline_oldest_snapshot_transactions ")).unwrap();
    let age: f64 = line.split_once(' ').unwrap().1.parse().unwrap();
    assert!(age >= 20.0, "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_not_write_is_found_before_anybody_signs_up() {
    let world = World::new().await;
    let folder = Folder::new();
    let url = world.url_of_instances().replace("trunkline_app:", "trunkline_reader:");
    let (ok, _, detail) = says(&folder, &shared(&url), "rights").await;
    assert!(!ok && detail.contains("messages (") && detail.contains("roles_and_grants.sql"), "{detail}");
    let url = world.url_of_instances();
    let (ok, _, detail) = says(&folder, &shared(&url), "rights").await;
    assert!(ok, "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_no_writes_is_told_in_one_line() {
    let world = World::new().await;
    let folder = Folder::new();
    let name = world.url.rsplit_once('/').unwrap().1.to_owned();
    let psql = world.psql().await;
    psql.batch_execute(&format!("alter database {name} set default_transaction_read_only = on"))
        .await
        .unwrap();
    let url = world.url_of_instances();
    let (ok, _, detail) = says(&folder, &shared(&url), "writes").await;
    assert!(
        !ok && detail.contains("read-only") && detail.contains("target_session_attrs=read-write"),
        "{detail}"
    );
    let mut env = shared(&url).to_vec();
    env.push(("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0"));
    let (code, _, err) = folder.run(&["serve"], &env).await;
    let last = err.lines().last().unwrap_or_default();
    assert!(code == 1 && last.contains("writes are refused") && last.contains("read-write"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_folder_that_is_not_there_is_named() {
    let world = World::new().await;
    let folder = Folder::new();
    let url = world.url_of_instances();
    let mut env = shared(&url).to_vec();
    env.push(("TMPDIR", "/nowhere/at/all"));
    let (ok, _, detail) = says(&folder, &env, "temporary").await;
    assert!(!ok && detail.contains("/nowhere/at/all") && detail.contains("TMPDIR"), "{detail}");
    let (ok, _, detail) = says(&folder, &shared(&url), "space").await;
    assert!(ok && detail.contains("MiB"), "{detail}");
    let (ok, _, detail) = says(&folder, &shared(&url), "clock").await;
    assert!(ok && detail.contains("ms"), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_acknowledges_what_is_not_on_the_disc_is_warned() {
    let world = World::new().await;
    let folder = Folder::new();
    let name = world.url.rsplit_once('/').unwrap().1.to_owned();
    let psql = world.psql().await;
    for (value, warns) in [("off", true), ("on", false)] {
        psql.batch_execute(&format!("alter database {name} set synchronous_commit = {value}")).await.unwrap();
        let (ok, warning, detail) = says(&folder, &shared(&world.url_of_instances()), "durability").await;
        // The server of these stories flushes nothing.
        assert!(ok && warning && detail.contains("fsync = off"), "{detail}");
        assert_eq!(detail.contains("synchronous_commit = off"), warns, "{detail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_connections_are_told_with_how_many_are_needed() {
    let world = World::new().await;
    let folder = Folder::new();
    let role = format!("lonely_{}", uuid::Uuid::new_v4().simple());
    let psql = world.superuser().await;
    let make = format!("create role {role} login password 'story' connection limit 1 in role trunkline_app");
    psql.batch_execute(&make).await.unwrap();
    let url = world.url_of_instances().replace("trunkline_app:", &format!("{role}:"));
    let (ok, warning, detail) = says(&folder, &shared(&url), "connections").await;
    assert!(ok && warning && detail.starts_with("1 at most"), "{detail}");
    let (ok, _, detail) = says(&folder, &shared(&url), "notify").await;
    assert!(!ok && detail.contains("database.pool_size") && detail.contains("connection limit"), "{detail}");
    psql.batch_execute(&format!("drop role {role}")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_by_another_role_is_warned_of() {
    let world = World::new().await;
    let folder = Folder::new();
    let url = world.url_of_instances();
    let dump = world.psql().await;
    dump.batch_execute("begin isolation level repeatable read; select from chats").await.unwrap();
    let pid: i32 = dump.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0);
    let others =
        "do $$ begin for n in 1 .. 10000 loop perform pg_current_xact_id(); commit; end loop; end $$";
    world.psql().await.batch_execute(others).await.unwrap();
    // Since when it is open the role of servers may not know.
    let (ok, is_warning, detail) = says(&folder, &shared(&url), "snapshots").await;
    assert!(ok && is_warning && detail.contains(&format!("session {pid} of owner")), "{detail}");
    dump.batch_execute("commit").await.unwrap();
    let (ok, is_warning, detail) = says(&folder, &shared(&url), "snapshots").await;
    assert!(ok && !is_warning, "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_holds_a_snapshot_is_named() {
    let pair = Pair::start().await;
    let psql = |url: String| async move {
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    };
    let (primary, standby) = (psql(pair.url()).await, psql(pair.read_url()).await);
    let feedback = "alter system set hot_standby_feedback = on";
    standby.batch_execute(feedback).await.unwrap();
    standby.batch_execute("alter system set wal_receiver_status_interval = '1s'").await.unwrap();
    standby.batch_execute("select pg_reload_conf()").await.unwrap();
    standby.batch_execute("begin isolation level repeatable read; select from chats").await.unwrap();
    let others =
        "do $$ begin for n in 1 .. 10000 loop perform pg_current_xact_id(); commit; end loop; end $$";
    primary.batch_execute(others).await.unwrap();
    let folder = Folder::new();
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let (ok, _, detail) = says(&folder, &shared(&pair.url()), "snapshots").await;
        if ok && detail.contains("standby") {
            break;
        }
        assert!(tokio::time::Instant::now() < until, "{detail}");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    drop((primary, standby));
    pair.stop().await;
}
