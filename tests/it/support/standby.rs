//! A primary of a story's own, and a streaming standby of it.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::Command,
};

use trunkline::db::{
    embedded::{Cluster, Options},
    migrate::migrate,
};
use uuid::Uuid;

/// Two servers: one that takes writes, one that follows it.
pub struct Pair {
    pub primary: Cluster,
    pub standby: Cluster,
    dir: PathBuf,
}

impl Pair {
    /// Starts both, migrated.
    pub async fn start() -> Self {
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("pair-{}", Uuid::new_v4()));
        let settings = [("wal_level", "replica"), ("max_wal_senders", "4"), ("fsync", "off")];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        let options =
            |name: &str| Options { dir: dir.join(name), settings: settings.clone(), ..Options::default() };
        std::fs::create_dir_all(&dir).unwrap();
        let primary = Cluster::start(options("primary")).await.unwrap();
        let url = primary.url("trunkline");
        migrate(&url).await.unwrap();
        copy(&url, primary.dir(), &dir.join("standby"));
        let standby = Cluster::start(options("standby")).await.unwrap();
        Self { primary, standby, dir }
    }

    /// Where the primary is.
    pub fn url(&self) -> String {
        self.primary.url("trunkline")
    }

    /// Where the standby is.
    pub fn read_url(&self) -> String {
        self.standby.url("trunkline")
    }

    /// Stops both.
    pub async fn stop(self) {
        self.standby.stop().await;
        self.primary.stop().await;
        let _ = std::fs::remove_dir_all(self.dir);
    }
}

/// Takes a base backup that follows its source, with the same owner and password.
fn copy(url: &str, from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    let programs = std::fs::read_dir("/usr/lib/postgresql").unwrap();
    let newest = programs.map(|found| found.unwrap().path()).max().unwrap();
    let program = std::env::var_os("TEST_POSTGRES_BIN")
        .map(|dir| Path::new(&dir).join("pg_basebackup"))
        .filter(|path| path.exists())
        .unwrap_or_else(|| newest.join("bin/pg_basebackup"));
    let out = Command::new(program)
        .args(["--write-recovery-conf", "--checkpoint=fast", "--dbname", url, "--pgdata"])
        .arg(to.join("cluster"))
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    std::fs::copy(from.join("password"), to.join("password")).unwrap();
    // The program may run as somebody else than its servers do.
    let owner = std::fs::metadata(from.join("cluster")).unwrap();
    let whose = format!("{}:{}", owner.uid(), owner.gid());
    assert!(Command::new("chown").args(["-R", &whose]).arg(to).status().unwrap().success());
}
