//! The promises about sql/: every file is used, prepares and is installed, and migrating twice changes nothing.

use std::{collections::BTreeMap, fs, path::Path};

use trunkline::db::migrate::migrate;

use crate::{house::files, support::World};

/// Everything a migrate could change, as text: objects without their numbers.
pub const CATALOG: &str = "
    select format('column %s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
           pg_get_expr(adbin, adrelid))
      from pg_attribute join pg_class on pg_class.oid = attrelid
      left join pg_attrdef on adrelid = attrelid and adnum = attnum
     where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
    union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select pg_get_triggerdef(pg_trigger.oid) || ' ' || tgenabled::text from pg_trigger where not tgisinternal
    union all select pg_get_functiondef(pg_proc.oid) from pg_proc
     where pronamespace = 'public'::regnamespace and prokind in ('f', 'p') and not exists (
           select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')
    union all select format('class %s %s %s %s %s', relname, relkind, relpersistence, relacl, reloptions)
      from pg_class where relnamespace = 'public'::regnamespace
    union all select format('type %s %s', typname, typtype) from pg_type where typnamespace = 'public'::regnamespace
    union all select format('enum %s %s', enumtypid::regtype, enumlabel) from pg_enum
    union all select format('extension %s %s', extname, extversion) from pg_extension
    union all select format('migration %s %s %s %s', version, name, applied_on, checksum) from refinery_schema_history
    order by 1";

#[tokio::test(flavor = "multi_thread")]
async fn migrating_twice_changes_nothing() {
    let world = World::new().await;
    let psql = world.psql().await;
    let catalog = async || -> Vec<String> {
        psql.query(CATALOG, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    };
    let before = catalog().await;
    let progress = migrate(&world.url).await.unwrap();
    assert!(progress.applied.is_empty(), "{progress:?}");
    assert!(before.len() > 50);
    assert_eq!(before, catalog().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_query_prepares_against_the_migrated_schema() {
    let world = World::new().await;
    let psql = world.psql().await;
    for file in files("sql/queries", ".sql") {
        let sql = fs::read_to_string(&file).unwrap();
        if let Err(error) = psql.prepare(&sql).await {
            panic!("{}: {:?}", file.display(), error.as_db_error());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_file_is_installed() {
    let world = World::new().await;
    let psql = world.psql().await;
    for file in files("sql/functions", ".sql") {
        let name = stem(&file);
        let row = psql.query_one("select count(*) from pg_proc where proname = $1", &[&name]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 1, "{name} is not installed once");
    }
}

#[test]
fn every_query_begins_with_its_name() {
    let mut wrong = Vec::new();
    for file in files("sql/queries", ".sql") {
        let path = relative(&file);
        let name = path.trim_start_matches("sql/queries/").trim_end_matches(".sql");
        let (label, text) = (format!("-- {name}\n"), fs::read_to_string(&file).unwrap());
        if text.starts_with(&label) {
            continue;
        }
        wrong.push(path);
        if std::env::var_os("UPDATE_LABELS").is_some() {
            fs::write(&file, label + &text).unwrap();
        }
    }
    assert!(wrong.is_empty(), "UPDATE_LABELS=1 writes `-- folder/name` as the first line of {wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_the_database_sees_which_statement_runs_and_whose_it_is() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "hello").await;
    let at = here.base.trim_start_matches("http://");
    let psql = world.superuser().await;
    let sql =
        "select query from pg_stat_activity where datname = current_database() and application_name = $1";
    let rows = psql.query(sql, &[&format!("trunkline {at}")]).await.unwrap();
    let queries: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(queries.iter().any(|query| query.starts_with("-- ")), "{queries:?}");
    // A post that waits for the chat is found by its name.
    psql.batch_execute(&format!("begin; select from chats where id = '{chat}' for update")).await.unwrap();
    let waits = tokio::spawn({
        let alice = alice.at(&here);
        async move { alice.says(chat, "waits").await }
    });
    let waiting = "select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '-- messages/post%'";
    let mut found = 0;
    for _ in 0..200 {
        // Who asks in a transaction sees the same again and again, unless told otherwise.
        psql.batch_execute("select pg_stat_clear_snapshot()").await.unwrap();
        found = psql.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0);
        if found > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    psql.batch_execute("rollback").await.unwrap();
    waits.await.unwrap();
    assert_eq!(found, 1);
}

#[test]
fn every_query_belongs_to_one_function() {
    let used = included();
    for file in files("sql/queries", ".sql") {
        let path = relative(&file);
        let users = used.get(&path).map_or(&[][..], Vec::as_slice);
        assert_eq!(users.len(), 1, "{path} should be included by one function, and is by {users:?}");
    }
}

#[test]
fn every_migration_and_function_is_known_to_migrate() {
    let used = included();
    for file in [files("sql/migrations", ".sql"), files("sql/functions", ".sql")].concat() {
        let path = relative(&file);
        assert_eq!(
            used.get(&path).map(Vec::as_slice),
            Some(&["src/db/migrate/release.rs".to_owned()][..]),
            "{path}"
        );
    }
}

/// Each file of sql/ that src/ compiles in, with those who do.
fn included() -> BTreeMap<String, Vec<String>> {
    let mut used: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files("src", ".rs") {
        let text = fs::read_to_string(&file).unwrap();
        for (at, start) in text.match_indices("include_str!(\"") {
            let path = text[at + start.len()..].split('"').next().unwrap();
            if let Some(path) = path.split_once("sql/").map(|(_, path)| format!("sql/{path}")) {
                used.entry(path).or_default().push(relative(&file));
            }
        }
    }
    used
}

fn relative(file: &Path) -> String {
    file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap().to_owned()
}

fn stem(file: &Path) -> &str {
    file.file_stem().unwrap().to_str().unwrap()
}
