//! Three PostgreSQL that Patroni keeps, and the etcd they agree in.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};
use tokio_postgres::{Client, NoTls};

use super::member::Member;
use crate::support::quiet_port;

/// Of everybody.
pub const PASSWORD: &str = "failover";

/// How long the members may take to be whole again: one of them may have to be copied anew.
const TIMEOUT: Duration = Duration::from_secs(180);

/// How the standbys follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replication {
    /// No commit is acknowledged that no standby has; with none there is none.
    Strict,
    /// As they can.
    Asynchronous,
}

/// All of it.
pub struct Patroni {
    /// One, two and three.
    pub members: Vec<Member>,
    replication: Replication,
    etcd: Child,
    dir: PathBuf,
}

impl Patroni {
    /// Starts it, with a database `trunkline` in which there is nothing. Somebody else may have taken one of its ports just
    /// before; then it is started once more, at others.
    pub async fn start(replication: Replication) -> Self {
        let mut patroni = Self::begin(replication).await;
        if !patroni.comes_together().await {
            drop(patroni);
            patroni = Self::begin(replication).await;
        }
        patroni.is_whole().await;
        let psql = patroni.session().await.expect("one of them takes writes");
        psql.batch_execute("create database trunkline").await.unwrap();
        patroni
    }

    async fn begin(replication: Replication) -> Self {
        // Another user must be able to enter.
        let dir = std::env::temp_dir().join(format!("trunkline-failover-{:08x}", rand::random::<u32>()));
        std::fs::create_dir(&dir).unwrap();
        as_postgres::owns(&dir);
        let at = format!("http://127.0.0.1:{}", quiet_port());
        let etcd = etcd(&dir, &at);
        let bin = newest();
        let mut members = Vec::new();
        for name in ["one", "two", "three"] {
            members.push(Member::start(name, &dir, &at, &bin, replication).await);
        }
        Self { members, replication, etcd, dir }
    }

    /// The url that names all three, for instances.
    pub fn url(&self) -> String {
        let places: Vec<_> = self.members.iter().map(Member::address).collect();
        format!(
            "postgres://postgres:{PASSWORD}@{}/trunkline?target_session_attrs=read-write",
            places.join(",")
        )
    }

    /// Which one writes.
    pub async fn primary(&self) -> usize {
        loop {
            if let Some(number) = self.leader().await {
                return number;
            }
            sleep(Duration::from_millis(200)).await;
        }
    }

    async fn leader(&self) -> Option<usize> {
        for member in &self.members {
            let Some(cluster) = member.says("/cluster").await else { continue };
            let leader =
                cluster["members"].as_array()?.iter().find(|m| m["role"] == "leader")?["name"].clone();
            return self.members.iter().position(|member| leader == member.name);
        }
        None
    }

    /// Waits until all three are there, and what the primary commits is with a standby.
    pub async fn is_whole(&self) {
        if !self.comes_together().await {
            panic!("Patroni's members do not come together:\n{}", self.logs());
        }
    }

    /// What each of the members has said last.
    pub fn logs(&self) -> String {
        self.members.iter().map(|member| format!("== {}\n{}\n", member.name, member.log())).collect()
    }

    async fn comes_together(&self) -> bool {
        let begun = Instant::now();
        while !self.looks_whole().await {
            if begun.elapsed() > TIMEOUT {
                return false;
            }
            sleep(Duration::from_millis(300)).await;
        }
        true
    }

    async fn looks_whole(&self) -> bool {
        for member in &self.members {
            let Some(Value::Array(members)) =
                member.says("/cluster").await.map(|mut all| all["members"].take())
            else {
                return false;
            };
            let runs = |member: &&Value| {
                (member["state"] == "running" || member["state"] == "streaming")
                    && (member["role"] == "leader"
                        || member["lag"].as_u64().is_some_and(|lag| lag < 1_000_000))
            };
            let timelines: std::collections::BTreeSet<_> =
                members.iter().map(|m| m["timeline"].as_u64()).collect();
            let is_covered = self.replication == Replication::Asynchronous
                || members.iter().any(|member| member["role"] == "sync_standby");
            if !is_covered || members.iter().filter(runs).count() < self.members.len() || timelines.len() != 1
            {
                return false;
            }
        }
        // Whoever has just lost its standby waits for the next one.
        let settings = "select current_setting('synchronous_standby_names') = '' or exists
            (select from pg_stat_replication where sync_state = 'sync' and state = 'streaming')";
        let Some(psql) = self.session().await else { return false };
        timeout(Duration::from_secs(2), psql.query_one(settings, &[]))
            .await
            .is_ok_and(|row| row.is_ok_and(|row| row.get(0)))
    }

    /// A session at whoever writes, past the networks, if there is one.
    pub async fn session(&self) -> Option<Client> {
        for member in &self.members {
            let url = member.url("postgres");
            let connecting = tokio_postgres::connect(&url, NoTls);
            if let Ok(Ok((client, connection))) = timeout(Duration::from_secs(2), connecting).await {
                tokio::spawn(connection);
                return Some(client);
            }
        }
        None
    }
}

impl Drop for Patroni {
    fn drop(&mut self) {
        self.members.clear();
        let _ = self.etcd.start_kill();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// What cannot be done here, if anything is missing.
pub fn is_missing() -> Option<&'static str> {
    let has = |name: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|dir| dir.join(name).is_file())
    };
    ["patroni", "etcd"].into_iter().find(|name| !has(name))
}

fn etcd(dir: &Path, at: &str) -> Child {
    let peers = format!("http://127.0.0.1:{}", quiet_port());
    let data = dir.join("etcd");
    let log = std::fs::File::create(dir.join("etcd.log")).unwrap();
    let mut command = Command::new("etcd");
    command.args(["--name", "etcd", "--data-dir"]).arg(data);
    command.args(["--listen-client-urls", at, "--advertise-client-urls", at]);
    command.args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers]);
    command.args(["--initial-cluster", &format!("etcd={peers}"), "--enable-v2=true"]);
    command.current_dir("/").stdin(std::process::Stdio::null()).kill_on_drop(true);
    command.stdout(log.try_clone().unwrap()).stderr(log);
    as_postgres::runs(&mut command);
    command.spawn().expect("etcd starts")
}

/// The newest PostgreSQL of the distribution.
fn newest() -> PathBuf {
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL of the distribution").flatten();
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.map(|entry| entry.path()).filter(|path| path.join("bin/pg_rewind").is_file());
    newest.max_by_key(version).expect("PostgreSQL of the distribution").join("bin")
}

/// PostgreSQL refuses root.
pub mod as_postgres {
    use std::{os::unix::fs::PermissionsExt, path::Path};

    use nix::unistd::{Uid, User, chown};
    use tokio::process::Command;

    fn other() -> Option<User> {
        Uid::effective().is_root().then(|| User::from_name("postgres").unwrap().expect("a user postgres"))
    }

    /// Gives a folder and the files in it to whom PostgreSQL runs as.
    pub fn owns(dir: &Path) {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).unwrap();
        let Some(user) = other() else { return };
        let files = std::fs::read_dir(dir).unwrap().flatten().map(|entry| entry.path());
        for path in files.chain([dir.to_owned()]) {
            chown(&path, Some(user.uid), Some(user.gid)).unwrap();
        }
    }

    /// Lets a program run as that user.
    pub fn runs(command: &mut Command) {
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin").env("LC_ALL", "C.UTF-8");
        if let Some(user) = other() {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
    }
}
