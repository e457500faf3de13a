//! The schema file, the way back of each migration, and the indexes that what is asked most must use.

use std::{env, fs, path::PathBuf, process::Command};

use tokio_postgres::Client;
use trunkline::db::migrate::{latest, migrate, version};

use super::{program, read};
use crate::support::World;

/// The dump program, if it is of a PostgreSQL whose dumps look alike.
fn pg_dump() -> Option<PathBuf> {
    let program = program("pg_dump");
    let version = Command::new(&program).arg("--version").output().ok()?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let major: u32 = version.split_whitespace().nth(2)?.split('.').next()?.parse().ok()?;
    (15..=17).contains(&major).then_some(program)
}

/// What matters of a dump: no settings, no versions, no ornaments.
fn normalised(dump: &str) -> String {
    let mut text = String::from(
        "-- The tables as they are now, written by scripts/schema. Functions are in functions/.\n",
    );
    let noise = ["--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict"];
    for line in dump.lines().filter(|line| !noise.iter().any(|start| line.starts_with(start))) {
        if !(line.is_empty() && text.ends_with("\n\n")) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.trim_end().to_owned() + "\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_file_is_the_schema() {
    let Some(program) = pg_dump() else {
        println!("skipped: no pg_dump of PostgreSQL 15 to 17");
        return;
    };
    let world = World::new().await;
    let dump = Command::new(program)
        .args(["--schema-only", "--no-owner", "--no-privileges", "--table=public.*"])
        .args(["--exclude-table=refinery_schema_history", "--dbname", &world.url])
        .output()
        .unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let schema = normalised(&String::from_utf8(dump.stdout).unwrap());
    if env::var_os("UPDATE_SCHEMA").is_some() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sql/schema.sql");
        fs::write(path, &schema).unwrap();
    }
    assert!(read("schema.sql") == schema, "sql/schema.sql is not the schema any more: run scripts/schema");
}

async fn names(psql: &Client) -> Vec<String> {
    let sql = "select 'relation ' || relname from pg_class
        where relnamespace = 'public'::regnamespace and relname not like 'refinery%'
        union all
        select 'function ' || proname from pg_proc
        where pronamespace = 'public'::regnamespace
            and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
        union all
        select 'trigger ' || tgname from pg_trigger where not tgisinternal
        order by 1";
    psql.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_has_a_way_back() {
    let world = World::new().await;
    let psql = world.psql().await;
    let whole = names(&psql).await;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sql/migrations");
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let number = |name: &str| name[1..name.find("__").unwrap()].parse::<i32>().unwrap();
    files.sort_by_key(|name| number(name));
    assert_eq!(files.last().map(|name| number(name)), Some(latest()));
    for depth in 1..=files.len() {
        for (at, name) in files.iter().enumerate().rev().take(depth) {
            psql.batch_execute(&read(&format!("down/{name}"))).await.unwrap();
            let before = at.checked_sub(1).map_or(0, |before| number(&files[before]));
            assert_eq!(version(&world.url).await.unwrap(), before);
        }
        if depth == files.len() {
            assert_eq!(names(&psql).await, Vec::<String>::new());
        }
        assert_eq!(migrate(&world.url).await.unwrap().applied.len(), depth);
        assert_eq!(names(&psql).await, whole);
    }
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let lobby = alice.creates_chat("Lobby").await;
    alice.says(lobby, "still here").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_says_in_the_catalog_what_it_is_for() {
    let world = World::new().await;
    let silent = "select array_agg(oid::regprocedure::text) from pg_proc
        where pronamespace = 'public'::regnamespace and obj_description(oid, 'pg_proc') is null
            and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')";
    let silent: Option<Vec<String>> = world.psql().await.query_one(silent, &[]).await.unwrap().get(0);
    assert_eq!(silent, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_touches_no_index_of_its_chat() {
    let world = World::new().await;
    let psql = world.psql().await;
    let columns = "select count(*) from pg_index, pg_attribute
        where indrelid = 'chats'::regclass and attrelid = indrelid and attnum = any (indkey)
            and attname in ('last_seq', 'message_count', 'member_count', 'active_at')";
    let indexed: i64 = psql.query_one(columns, &[]).await.unwrap().get(0);
    assert_eq!(indexed, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_of_public_chats_finds_its_index() {
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute(
        "set enable_seqscan = off; drop index chats_public_folded_title_key, chats_public_title_key, chats_public_ranked_at_idx",
    )
    .await
    .unwrap();
    let query = read("queries/chat_list/search_public.sql");
    psql.batch_execute(&format!(
        "prepare search (text, text[], text, text, text, timestamptz, timestamptz, bigint, bigint, uuid) as {query}"
    ))
    .await
    .unwrap();
    let explain = "explain (costs off) execute search ('%garden%', '{%garden%,%rose%}', '-active_at', null, null, null, null, 10, 0, null)";
    let plan: Vec<String> = psql.query(explain, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(plan.iter().any(|line| line.contains("chats_folded_search_idx")), "{plan:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_of_people_finds_its_index() {
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute("set enable_seqscan = off; set plan_cache_mode = force_generic_plan").await.unwrap();
    for (file, types, arguments) in [
        (
            "search",
            "text, text[], text, uuid, text, text, text, timestamptz, timestamptz, bigint, bigint, uuid[]",
            "null, 'name', null, null, null, null, 10, 0, null",
        ),
        (
            "count_search",
            "text, text[], text, text, text, timestamptz, timestamptz, uuid[]",
            "null, null, null, null, null",
        ),
    ] {
        let query = read(&format!("queries/users/{file}.sql"));
        psql.batch_execute(&format!("prepare {file} ({types}) as {query}")).await.unwrap();
        let explain = format!(
            "explain (costs off) execute {file} ('%alice%', '{{%alice%,%li%}}', 'alice li', {arguments})"
        );
        let rows = psql.query(&explain, &[]).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        for index in ["users_folded_search_idx", "users_email_folded_key"] {
            assert!(plan.iter().any(|line| line.contains(index)), "{plan:#?}");
        }
    }
}
