//! `pg_dump` and `pg_restore`, run as a client of the database that the configuration names.

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::Outcome;
use crate::{
    config::{Config, read_database_url},
    db::embedded::find_program,
};

/// How much of what a program complains of is kept.
const MOST_OF_STDERR: u64 = 16 * 1024;
/// Where systems keep the certificates they trust, as one file.
const AUTHORITIES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// Finds a program for a server of this major version.
pub fn find(config: &Config, name: &str, server: u32) -> Outcome<PathBuf> {
    find_program(name, server, config.database.bin_dir.as_deref()).map_err(|there| {
        let there: Vec<_> = there.iter().map(u32::to_string).collect();
        let there = match there.is_empty() {
            true => "none is here".to_owned(),
            false => format!("here is {}", there.join(" and ")),
        };
        format!(
            "{name} of PostgreSQL {server} or newer is needed, and {there} (on Debian: postgresql-client-{server}; \
             database.bin_dir names another folder)"
        )
        .into()
    })
}

/// A program that finds the database of this url in its environment: no other user of the machine sees a password.
pub fn command(program: &Path, url: &str, name: &str) -> Outcome<Command> {
    let config = read_database_url(url).map_err(|must| format!("the database url {must}"))?;
    let mut command = bare(program);
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    });
    let set = |command: &mut Command, key: &str, values: Vec<String>| {
        if !values.is_empty() {
            command.env(key, values.join(","));
        }
    };
    set(&mut command, "PGHOST", hosts.collect());
    set(&mut command, "PGHOSTADDR", config.get_hostaddrs().iter().map(ToString::to_string).collect());
    set(&mut command, "PGPORT", config.get_ports().iter().map(ToString::to_string).collect());
    set(&mut command, "PGUSER", config.get_user().into_iter().map(str::to_owned).collect());
    set(&mut command, "PGOPTIONS", config.get_options().into_iter().map(str::to_owned).collect());
    if let Some(password) = config.get_password() {
        command.env("PGPASSWORD", std::str::from_utf8(password)?);
    }
    let database = config.get_dbname().or(config.get_user()).unwrap_or("postgres");
    command.env("PGDATABASE", database).env("PGAPPNAME", name).env("PGCONNECT_TIMEOUT", "10");
    if config.get_target_session_attrs() == TargetSessionAttrs::ReadWrite {
        command.env("PGTARGETSESSIONATTRS", "read-write");
    }
    if config.get_ssl_mode() == SslMode::Require {
        // As the server verifies it.
        command.env("PGSSLMODE", "verify-full");
        let named = env::var_os("SSL_CERT_FILE").map(PathBuf::from);
        let known = AUTHORITIES.into_iter().map(PathBuf::from).find(|path| path.exists());
        if let Some(authorities) = named.or(known) {
            command.env("PGSSLROOTCERT", authorities);
        }
    } else {
        command.env("PGSSLMODE", "disable");
    }
    Ok(command)
}

/// A program that goes to no database.
pub fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_default()).env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Waits for the end; fails with what the program complained of.
pub async fn ends(child: &mut Child, what: &str) -> Outcome {
    let complaint = match child.stderr.take() {
        Some(stderr) => read(stderr).await,
        None => String::new(),
    };
    let status = child.wait().await?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{what} failed: {}", complaint.trim().replace('\n', "; ")).into()),
    }
}

/// What a program says, up to so much; the rest is read and forgotten, so that it never waits for us.
async fn read(mut from: impl AsyncRead + Unpin) -> String {
    let mut kept = Vec::new();
    let _ = (&mut from).take(MOST_OF_STDERR).read_to_end(&mut kept).await;
    let _ = tokio::io::copy(&mut from, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&kept).into_owned()
}
