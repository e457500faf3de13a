//! Where PostgreSQL's programs are: a configured folder, the distribution's folders, PATH.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::EmbeddedError;

/// The oldest major version we run on.
const OLDEST: u32 = 15;

/// A folder with `postgres` and `initdb` of one major version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    pub dir: PathBuf,
    pub major: u32,
}

/// All that can be used, newest first: only the configured folder if there is one.
pub(super) fn find(configured: Option<&Path>) -> Result<Vec<Binaries>, EmbeddedError> {
    if let Some(dir) = configured {
        let dir = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
        return Ok(vec![look(&dir).ok_or(EmbeddedError::BadBinDir(dir))?]);
    }
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = debian.filter_map(|e| look(&e.path().join("bin"))).collect();
    found.sort_by_key(|b| std::cmp::Reverse(b.major));
    let path = env::var_os("PATH").unwrap_or_default();
    found.extend(env::split_paths(&path).filter(|d| d.is_absolute()).filter_map(|d| look(&d)));
    if found.is_empty() { Err(EmbeddedError::NoBinaries) } else { Ok(found) }
}

/// The newest, or, where a cluster exists, those that wrote it.
pub(super) fn choose(found: Vec<Binaries>, cluster: &Path) -> Result<Binaries, EmbeddedError> {
    let written = fs::read_to_string(cluster.join("PG_VERSION")).ok().and_then(|v| v.trim().parse().ok());
    let majors: Vec<_> = found.iter().map(|b| b.major.to_string()).collect();
    let mut fitting = found.into_iter().filter(|b| written.is_none_or(|w| w == b.major));
    fitting.next().ok_or_else(|| EmbeddedError::WrongVersion {
        dir: cluster.to_owned(),
        cluster: written.unwrap_or_default(),
        found: majors.join(" and "),
    })
}

fn look(dir: &Path) -> Option<Binaries> {
    if !dir.join("initdb").is_file() || !dir.join("postgres").is_file() {
        return None;
    }
    let out = Command::new(dir.join("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
    let major = major(&String::from_utf8_lossy(&out.stdout))?;
    (major >= OLDEST).then(|| Binaries { dir: dir.to_owned(), major })
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`, `… 18beta1` → the major version.
pub(super) fn major(version: &str) -> Option<u32> {
    let number = version.split_once("(PostgreSQL) ")?.1;
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_major_version_is_read_from_every_kind_of_version() {
        for (text, major) in [
            ("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", Some(15)),
            ("postgres (PostgreSQL) 18beta1\n", Some(18)),
            ("postgres (PostgreSQL) 17", Some(17)),
            ("mysqld", None),
        ] {
            assert_eq!(super::major(text), major, "{text}");
        }
    }
}
