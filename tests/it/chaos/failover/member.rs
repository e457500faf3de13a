//! One member: a PostgreSQL that Patroni keeps, and the networks around it.

use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use super::patroni::{PASSWORD, Replication, as_postgres};
use crate::support::{Proxy, quiet_port};

/// A member, whether it runs or not.
pub struct Member {
    /// What Patroni calls it.
    pub name: &'static str,
    /// Where clients reach its PostgreSQL.
    pub clients: Proxy,
    /// Where the others replicate from.
    pub peers: Proxy,
    rest: Proxy,
    etcd: Proxy,
    /// PostgreSQL itself, and Patroni's own API.
    port: u16,
    rest_port: u16,
    dir: PathBuf,
    process: Option<Child>,
}

impl Member {
    /// Starts one that joins the others, or begins if it is the first.
    pub async fn start(
        name: &'static str,
        dir: &Path,
        etcd: &str,
        bin: &Path,
        replication: Replication,
    ) -> Self {
        let dir = dir.join(name);
        std::fs::create_dir(&dir).unwrap();
        let (port, rest_port) = (quiet_port(), quiet_port());
        let at = |port| format!("http://127.0.0.1:{port}");
        let mut member = Self {
            name,
            clients: Proxy::start(&at(port)).await,
            peers: Proxy::start(&at(port)).await,
            rest: Proxy::start(&at(rest_port)).await,
            etcd: Proxy::start(etcd).await,
            port,
            rest_port,
            dir,
            process: None,
        };
        // JSON is YAML.
        std::fs::write(member.file("patroni.yaml"), member.settings(bin, replication).to_string()).unwrap();
        as_postgres::owns(&member.dir);
        member.comes_back();
        member
    }

    fn settings(&self, bin: &Path, replication: Replication) -> Value {
        let is_strict = replication == Replication::Strict;
        let account = |name| json!({"username": name, "password": PASSWORD});
        json!({
            "scope": "trunkline",
            "name": self.name,
            "restapi": {"listen": format!("127.0.0.1:{}", self.rest_port), "connect_address": address(&self.rest)},
            // By etcd's older protocol: by the newer one Patroni 3.0, frozen and thawed, takes the key of the leader without
            // looking whose it is by now, and what was acknowledged meanwhile is lost.
            "etcd": {"host": address(&self.etcd), "use_proxies": true},
            "bootstrap": {
                "dcs": {
                    // The smallest that Patroni allows.
                    "ttl": 20, "loop_wait": 1, "retry_timeout": 3,
                    "primary_start_timeout": 0,
                    "maximum_lag_on_failover": 100_000_000,
                    "synchronous_mode": is_strict, "synchronous_mode_strict": is_strict,
                    "postgresql": {
                        "use_pg_rewind": true,
                        "parameters": {
                            "max_connections": 150, "wal_log_hints": "on", "wal_keep_size": "512MB",
                            // Nothing is acknowledged before a standby follows the new primary: one that asks before it
                            // is ready asks again after this, and not after five seconds.
                            "wal_retrieve_retry_interval": "200ms",
                        },
                    },
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": format!("127.0.0.1:{}", self.port),
                "connect_address": address(&self.peers),
                "data_dir": self.file("data"), "bin_dir": bin, "pgpass": self.file("pgpass"),
                "authentication": {"superuser": account("postgres"), "replication": account("replicator")},
                "pg_hba": ["host replication replicator 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256"],
                "parameters": {"unix_socket_directories": "", "shared_buffers": "64MB"},
                "remove_data_directory_on_rewind_failure": true,
                "remove_data_directory_on_diverged_timelines": true,
            },
        })
    }

    /// Starts Patroni, which starts PostgreSQL.
    pub fn comes_back(&mut self) {
        let log = File::options().create(true).append(true).open(self.file("log")).unwrap();
        let mut command = Command::new("patroni");
        command.arg(self.file("patroni.yaml")).current_dir("/").stdin(std::process::Stdio::null());
        command.stdout(log.try_clone().unwrap()).stderr(log);
        as_postgres::runs(&mut command);
        self.process = Some(command.spawn().expect("patroni starts"));
    }

    /// A url of it alone, past the networks; of no use unless it takes writes.
    pub fn url(&self, database: &str) -> String {
        let port = self.port;
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/{database}?target_session_attrs=read-write")
    }

    /// The place where clients reach it.
    pub fn address(&self) -> String {
        address(&self.clients)
    }

    /// What its Patroni says at a path, if it says anything.
    pub async fn says(&self, path: &str) -> Option<Value> {
        let request = reqwest::Client::new().get(format!("http://127.0.0.1:{}{path}", self.rest_port));
        request.timeout(Duration::from_secs(2)).send().await.ok()?.json().await.ok()
    }

    /// Asks its Patroni for a planned switchover: to the standby that has everything, where there is one.
    pub async fn switches_over(&self) -> Result<(), String> {
        let cluster = self.says("/cluster").await.unwrap_or_default();
        let members = cluster["members"].as_array().cloned().unwrap_or_default();
        let candidate = members.iter().find(|member| member["role"] == "sync_standby");
        let candidate = candidate.map(|member| member["name"].clone());
        let request = reqwest::Client::new().post(format!("http://127.0.0.1:{}/switchover", self.rest_port));
        let request = request
            .json(&json!({"leader": self.name, "candidate": candidate}))
            .timeout(Duration::from_secs(60));
        let answer = request.send().await.map_err(|error| error.to_string())?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(answer.text().await.unwrap_or_default()) }
    }

    /// Cuts it off from everybody: nobody hears anything any more, nothing is closed.
    pub fn is_cut_off(&self) {
        for network in [&self.clients, &self.peers, &self.rest, &self.etcd] {
            network.freeze();
        }
    }

    /// Ends that.
    pub fn is_reached_again(&self) {
        for network in [&self.clients, &self.peers, &self.rest, &self.etcd] {
            network.thaw();
        }
    }

    /// Sends a signal to all of it: Patroni, PostgreSQL, and every backend.
    pub fn signal(&self, signal: Signal) {
        let patroni = self.process.as_ref().and_then(Child::id).map(|id| i32::try_from(id).unwrap());
        let pid = std::fs::read_to_string(self.file("data/postmaster.pid")).unwrap_or_default();
        let postmaster: Option<i32> = pid.lines().next().and_then(|line| line.parse().ok());
        let parents = parents();
        let mut pids: Vec<i32> = patroni.into_iter().chain(postmaster).collect();
        let mut known = 0;
        while known < pids.len() {
            let parent = pids[known];
            pids.extend(parents.iter().filter(|(_, of)| **of == parent).map(|(pid, _)| *pid));
            known += 1;
        }
        // First who would start the others again.
        for pid in pids {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// Kills all of it.
    pub async fn dies(&mut self) {
        self.signal(Signal::SIGKILL);
        if let Some(mut process) = self.process.take() {
            let _ = process.wait().await;
        }
    }

    /// The end of what it has said.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.file("log")).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(100)..].join("\n")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.signal(Signal::SIGCONT);
        self.signal(Signal::SIGKILL);
    }
}

fn address(proxy: &Proxy) -> String {
    proxy.url().split_once("://").unwrap().1.to_owned()
}

/// Who started whom, of all processes.
fn parents() -> BTreeMap<i32, i32> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let of = |name: String| {
        let pid = name.parse().ok()?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let parent = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
        Some((pid, parent))
    };
    processes.filter_map(|entry| of(entry.file_name().into_string().ok()?)).collect()
}
