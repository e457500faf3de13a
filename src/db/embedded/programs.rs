//! The programs of a client of PostgreSQL, `pg_dump` and `pg_restore`: found where the server's own are.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::binaries::major;

/// Finds a program of PostgreSQL for a server of this major version: one of the same version, else the next newer one. The
/// configured folder comes first, then those of the distribution, then PATH. `Err` lists the versions that are there.
pub fn find_program(name: &str, server: u32, configured: Option<&Path>) -> Result<PathBuf, Vec<u32>> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = configured.map(Path::to_owned).into_iter().collect();
    folders.extend(debian.map(|entry| entry.path().join("bin")));
    let path = env::var_os("PATH").unwrap_or_default();
    folders.extend(env::split_paths(&path).filter(|folder| folder.is_absolute()));
    let found: Vec<_> = folders.iter().filter_map(|folder| look(&folder.join(name))).collect();
    let fitting = found.iter().filter(|(version, _)| *version >= server);
    // Of equal ones the first: min_by_key keeps it.
    match fitting.min_by_key(|(version, _)| *version) {
        Some((_, program)) => Ok(program.clone()),
        None => Err(found.into_iter().map(|(version, _)| version).collect()),
    }
}

fn look(program: &Path) -> Option<(u32, PathBuf)> {
    if !program.is_file() {
        return None;
    }
    let out = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    Some((major(&String::from_utf8_lossy(&out.stdout))?, program.to_owned()))
}
