//! The private PostgreSQL of a test run: one cluster, a migrated template, a database a test.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};

use tokio_postgres::NoTls;
use trunkline::db::{
    embedded::{Cluster, Options},
    migrate::migrate,
};

/// What a run needs of its cluster: nothing survives it, so nothing is flushed.
const SETTINGS: [(&str, &str); 8] = [
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("max_connections", "400"),
    ("autovacuum", "off"),
    ("wal_level", "minimal"),
    ("shared_preload_libraries", "pg_stat_statements"),
    // Only in databases that say otherwise: whoever looks would read those of all stories.
    ("pg_stat_statements.track", "none"),
];

/// Who owns every database: somebody who is allowed nothing but that.
const OWNER: &str = "owner:story";
/// As whom instances sign in: somebody who may do what a server must, and no more.
const APP: &str = "trunkline_app:story";

static BASE: OnceLock<String> = OnceLock::new();
static NUMBER: AtomicU32 = AtomicU32::new(1);
static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The url of a fresh, migrated database.
pub async fn database() -> String {
    let base = tokio::task::spawn_blocking(|| BASE.get_or_init(start)).await.unwrap();
    let left = std::mem::take(&mut *LEFT.lock().unwrap());
    for url in left {
        let (_, name) = url.rsplit_once('/').unwrap();
        run(&format!("{base}/postgres"), &format!("drop database if exists {name} with (force)")).await;
    }
    let name = format!("story_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let sql = format!("create database {name} owner owner template story strategy file_copy");
    run(&format!("{base}/postgres"), &sql).await;
    url_of_owner(&format!("{base}/{name}"))
}

/// The same database, for its owner.
fn url_of_owner(url: &str) -> String {
    sign_in(url, OWNER)
}

/// The same database, for a superuser: who ends the connections of others, switches triggers off, reads statistics.
pub fn url_of_superuser(url: &str) -> String {
    let (Some(base), true) = (BASE.get(), url.contains(OWNER)) else {
        return url.to_owned(); // a story with a cluster of its own
    };
    let (_, name) = url.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

fn sign_in(url: &str, who: &str) -> String {
    let (_, place) = url.split_once('@').unwrap();
    format!("postgres://{who}@{place}")
}

/// Nobody comes back to this database, if it is one of these: it goes before the next one is made, so that a run holds no
/// more of them than it has stories under way.
pub fn leave(url: &str) {
    let here = BASE.get().and_then(|base| base.split_once('@')).is_some_and(|(_, place)| url.contains(place));
    if here && url.rsplit_once('/').is_some_and(|(_, name)| name.starts_with("story_")) {
        LEFT.lock().unwrap().push(url.to_owned());
    }
}

/// The same database, for an instance.
pub fn url_of_instances(url: &str) -> String {
    sign_in(url, APP)
}

/// Where PostgreSQL's programs are, if not where the distribution puts them, and the folder of their cluster: each version
/// has one.
fn programs() -> (Option<PathBuf>, String) {
    let Some(dir) = std::env::var_os("TEST_POSTGRES_BIN").map(PathBuf::from) else {
        return (None, "postgres".into());
    };
    let version = Command::new(dir.join("postgres")).arg("--version").output().expect("TEST_POSTGRES_BIN");
    let digits = version.stdout.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte));
    (Some(dir), format!("postgres-{}", digits.collect::<String>()))
}

/// Starts the cluster in a thread of its own: it lives as long as the process and ends with it.
fn start() -> String {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move {
            let mut settings: Vec<_> =
                SETTINGS.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            settings.push(("max_wal_senders".into(), "0".into()));
            let (bin_dir, name) = programs();
            let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
            let cluster =
                Cluster::start(Options { dir, bin_dir, settings, ..Options::default() }).await.unwrap();
            let url = cluster.url("postgres");
            let base = url.trim_end_matches("/postgres").to_owned();
            sweep(&url).await;
            for role in ["owner", "trunkline_app", "trunkline_reader", "trunkline_analyst"] {
                // A cluster that an earlier run made has them.
                let _ = connect(&url).await.batch_execute(&format!("create role {role}")).await;
                run(&url, &format!("alter role {role} login nosuperuser password 'story'")).await;
            }
            run(&url, "create database story owner owner").await;
            let story = url_of_owner(&format!("{base}/story"));
            migrate(&story).await.unwrap();
            run(&story, include_str!("../../../sql/ops/roles_and_grants.sql")).await;
            sender.send(base).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().expect("the cluster of the test run starts")
}

/// Removes what the run before left.
async fn sweep(url: &str) {
    let client = connect(url).await;
    let rows =
        client.query("select datname from pg_database where datname like 'story%'", &[]).await.unwrap();
    for row in rows {
        let name: String = row.get(0);
        client.batch_execute(&format!("drop database if exists {name} with (force)")).await.unwrap();
    }
}

async fn run(url: &str, sql: &str) {
    connect(url).await.batch_execute(sql).await.unwrap();
}

/// A plain connection, as psql would make it.
pub async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
