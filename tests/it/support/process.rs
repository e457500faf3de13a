//! An instance as a process of its own: what it holds, of memory and descriptors, is its own.

use std::{fs, process::Stdio, time::Duration};

use tokio::process::{Child, Command};

use super::{World, log, quiet_port};

/// A running `trunkline serve`.
pub struct Process {
    /// The address it answers at, without a slash at the end.
    pub base: String,
    child: Child,
    dir: tempfile::TempDir,
}

impl Process {
    /// Serves a world, with these environment variables, too.
    pub async fn serve(world: &World, env: &[(&str, &str)]) -> Self {
        let addr = format!("127.0.0.1:{}", quiet_port());
        let dir = tempfile::tempdir().unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_trunkline"))
            .arg("serve")
            .current_dir(dir.path())
            .env_clear()
            .env("DATABASE_URL", world.url_of_instances())
            .env("TRUNKLINE_HTTP__ADDR", &addr)
            .env("TRUNKLINE_AUTH__BCRYPT_COST", "4")
            .env("TRUNKLINE_AUTH__JWT_SECRET", "0123456789abcdef0123456789abcdef")
            .env("TRUNKLINE_SECRETS__KEY", "t1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
            .envs(env.iter().copied())
            .stdout(Stdio::null())
            .stderr(fs::File::create(dir.path().join("log")).unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let process = Self { base: format!("http://{addr}"), child, dir };
        for _ in 0..600 {
            if reqwest::get(format!("{}/healthcheck", process.base)).await.is_ok() {
                return process;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it does not serve: {}", process.log());
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// How many descriptors it holds.
    pub fn descriptors(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.pid())).unwrap().count()
    }

    /// The memory it holds by itself, less what lies in files.
    pub fn held_bytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// A metric without labels, as Prometheus would read it.
    pub async fn metric(&self, name: &str) -> f64 {
        let text = reqwest::get(format!("{}/metrics", self.base)).await.unwrap().text().await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no metric {name}: {text}")).parse().unwrap()
    }

    /// What it has said.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap()
    }

    /// Ends it; what it has said is searched for secrets like everything else.
    pub async fn end(mut self) {
        self.child.kill().await.unwrap();
        log::add(&self.log());
    }
}
