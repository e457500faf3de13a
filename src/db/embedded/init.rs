//! Makes a new cluster, whole or not at all.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use nix::sys::signal::Signal;

use super::{EmbeddedError, USER, binaries::Binaries, error::Attempt, home::Home};

/// Runs initdb in a folder beside the cluster's and renames it when all is done and on disk, so that a half-made cluster
/// never bears the name; what an interrupted attempt left is removed. Answers the password, old or new.
pub(super) fn ensure(home: &Home, binaries: &Binaries, ephemeral: bool) -> Result<String, EmbeddedError> {
    let path = home.dir.join("password");
    if home.cluster().is_dir() {
        let password = fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
        return if password.is_empty() { Err(EmbeddedError::NoPassword(path)) } else { Ok(password) };
    }
    for entry in fs::read_dir(&home.dir).attempt("read", &home.dir)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("cluster.new-") {
            tracing::warn!("{} was never finished: making it again", entry.path().display());
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let password = format!("{:032x}", rand::random::<u128>());
    let mut file = home.open("password", OpenOptions::new().write(true).create(true).truncate(true))?;
    writeln!(file, "{password}").and_then(|()| file.sync_all()).attempt("write", &path)?;

    // A fresh name: children of an initdb that was killed may still write under the old one.
    let new = home.dir.join(format!("cluster.new-{:08x}", rand::random::<u32>()));
    if let Err(first) = initdb(home, binaries, &new, &path, "C.UTF-8", ephemeral) {
        if !first.contains("locale") {
            return Err(EmbeddedError::Init(first));
        }
        initdb(home, binaries, &new, &path, "C", ephemeral).map_err(EmbeddedError::Init)?;
    }
    fs::rename(&new, home.cluster()).attempt("rename", &new)?;
    File::open(&home.dir).and_then(|d| d.sync_all()).attempt("sync", &home.dir)?;
    Ok(password)
}

fn initdb(
    home: &Home,
    binaries: &Binaries,
    new: &Path,
    password: &Path,
    locale: &str,
    ephemeral: bool,
) -> Result<(), String> {
    let _ = fs::remove_dir_all(new);
    fs::create_dir(new).map_err(|e| e.to_string())?;
    fs::set_permissions(new, Permissions::from_mode(0o700)).map_err(|e| e.to_string())?;
    home.account.own_dir(new, true).map_err(|e| e.to_string())?;
    let mut command = home.account.command(&binaries.dir.join("initdb"), Signal::SIGTERM);
    command.arg("--pgdata").arg(new).arg("--pwfile").arg(password).args(["--username", USER]);
    command.args(["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", locale]);
    if ephemeral {
        command.arg("--no-sync");
    }
    let out = command.output().map_err(|e| e.to_string())?;
    if out.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&out.stderr);
    let said: Vec<_> = said.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let _ = fs::remove_dir_all(new);
    Err(if said.is_empty() { out.status.to_string() } else { said.join(" / ") })
}
