//! The folder for DBAs: what it says holds, and what it offers runs.

mod backing_up;
mod cookbook;
mod granting;
mod loading;
mod migrating;
mod owning;
mod partitioning;
mod plans;
mod reading;
mod restoring;
mod rules;
mod schema;
mod settings;
mod texts;
mod tools;
mod upgrading;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio_postgres::Client;

use crate::support::World;

/// The text of a file under `sql/`.
fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The url of an empty database of the same owner, made with these options.
pub async fn empty(world: &World, options: &str) -> String {
    let name = format!("story_{}", uuid::Uuid::new_v4().simple());
    let sql = format!("create database {name} owner owner template template0 {options}");
    world.superuser().await.batch_execute(&sql).await.unwrap();
    format!("{}/{name}", world.url.rsplit_once('/').unwrap().0)
}

/// A plain connection.
async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn number(psql: &Client, sql: &str) -> i64 {
    psql.query_one(sql, &[]).await.unwrap().get(0)
}

/// No log is broken.
async fn healthy(psql: &Client) {
    let broken = psql.query(&read("ops/check_logs.sql"), &[]).await.unwrap();
    assert!(broken.is_empty(), "{broken:?}");
}

/// A program of the newest PostgreSQL, such as psql.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).max();
    newest.map_or_else(|| name.into(), |newest| format!("/usr/lib/postgresql/{newest}/bin/{name}").into())
}

/// What `pg_dump` writes of a database.
async fn dump(url: &str, options: &[&str]) -> Vec<u8> {
    let mut command = tokio::process::Command::new(program("pg_dump"));
    let output = command.args(options).args(["--dbname", url]).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Runs a script with `psql -v ON_ERROR_STOP=1`; what it complained of.
async fn runs(url: &str, script: &[u8]) -> String {
    runs_with(url, &[], script).await.1
}

/// The same with these variables; what it printed, unaligned, and what it complained of.
async fn runs_with(url: &str, variables: &[&str], script: &[u8]) -> (String, String) {
    use tokio::io::AsyncWriteExt;
    let mut command = tokio::process::Command::new(program("psql"));
    command.args(["--quiet", "--no-psqlrc", "--no-align", "-v", "ON_ERROR_STOP=1", "--dbname", url]);
    command.args(variables.iter().flat_map(|variable| ["-v", variable]));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let script = script.to_owned();
    let written = tokio::spawn(async move { input.write_all(&script).await });
    let output = child.wait_with_output().await.unwrap();
    let _ = written.await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}
