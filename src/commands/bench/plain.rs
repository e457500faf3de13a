//! What PostgreSQL alone makes of the same messages: plain inserts by pgbench, on the cluster the server uses.

use std::{fs, path::Path, process::Stdio};

use tokio::process::Command;
use tokio_postgres::{NoTls, config::Host};

use super::{Bench, client::Failure, report::Section};

const SET_UP: &str = include_str!("../../../sql/bench/set_up.sql");
const FILL: &str = include_str!("../../../sql/bench/fill.sql");
const INSERT: &str = include_str!("../../../sql/bench/insert.sql");

/// As many clients as there are senders, over as many chats, with prepared statements; `dir` takes the script. A machine
/// without pgbench gives a section without a rate.
pub async fn run(bench: &Bench, url: &str, dir: &Path) -> Result<Section, Failure> {
    let mut section = Section::new("plain");
    let chats = i32::try_from(bench.options.chats)?;
    let config: tokio_postgres::Config = url.parse()?;
    let (client, connection) = config.connect(NoTls).await?;
    let driver = tokio::spawn(connection);
    client.batch_execute(SET_UP).await?;
    client.execute(FILL, &[&chats]).await?;
    drop(client);
    driver.await??;
    let script = dir.join("insert.sql");
    fs::write(&script, INSERT)?;
    let (Some(Host::Tcp(host)), Some(port)) = (config.get_hosts().first(), config.get_ports().first()) else {
        return Err("the private PostgreSQL has no address".into());
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut pgbench = Command::new(program());
    pgbench.args(["--no-vacuum", "--protocol=prepared", "--host", host]).arg(format!("--port={port}"));
    pgbench.arg(format!("--username={}", config.get_user().unwrap_or_default()));
    pgbench.arg(format!("--client={}", bench.options.senders));
    pgbench.arg(format!("--jobs={}", cores.min(bench.options.senders)));
    pgbench.arg(format!("--time={}", bench.options.seconds)).arg(format!("--define=chats={chats}"));
    pgbench.arg("--file").arg(&script).arg(config.get_dbname().unwrap_or_default());
    let password = String::from_utf8_lossy(config.get_password().unwrap_or_default()).into_owned();
    pgbench.env("PGPASSWORD", password).stdin(Stdio::null()).kill_on_drop(true);
    let meter = bench.meter();
    let output = match pgbench.output().await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(section),
        output => output?,
    };
    let usage = meter.usage();
    let said = String::from_utf8_lossy(&output.stdout);
    let per_second =
        said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    let Some(per_second) = per_second.filter(|_| output.status.success()) else {
        return Err(format!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    };
    section.number("inserts_per_second", per_second, 0);
    let each = (per_second * bench.options.seconds as f64 / 1000.0).max(1e-3);
    section.number("postgres_cpu_seconds_per_1000_inserts", usage.postgres / each, 4);
    Ok(section)
}

/// The version of the PostgreSQL at this url.
pub async fn version(url: &str) -> Result<String, Failure> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    let version: String = client.query_one("show server_version", &[]).await?.try_get(0)?;
    Ok(version.split(' ').next().unwrap_or_default().to_owned())
}

/// The newest of the distribution's, else that of PATH.
fn program() -> std::path::PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = installed.map(|entry| entry.path()).filter(|path| path.join("bin/pgbench").is_file());
    let newest = newest.max_by_key(|path| version(path));
    newest.map_or_else(|| "pgbench".into(), |path| path.join("bin/pgbench"))
}
