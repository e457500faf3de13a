//! A server of the benchmark's own: this very program in a temporary folder, with a private PostgreSQL, on a free port.

use std::{
    env, fs,
    io::ErrorKind,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::client::Failure;
use crate::db::embedded::Cluster;

/// How long a server may take to be ready: it makes a database first.
const START: Duration = Duration::from_secs(120);
/// How long a server may take to stop; its PostgreSQL writes everything first.
const STOP: Duration = Duration::from_secs(90);

/// How long a PostgreSQL that was left alone may take to end.
const LEAVING: Duration = Duration::from_secs(15);

/// A temporary folder. Take it away with [`Folder::remove`].
pub struct Folder(PathBuf);

/// A server that runs in a folder.
pub struct Private {
    child: Child,
    /// Its process.
    pub pid: u32,
    /// What it says. Nobody reads on when it is ready, but it must have somewhere to go.
    said: Lines<BufReader<ChildStdout>>,
}

impl Folder {
    /// Makes it. PostgreSQL may run as another user, who must be able to enter.
    pub fn new() -> Result<Self, Failure> {
        let path = env::temp_dir().join(format!("trunkline-bench-{}", Uuid::now_v7().simple()));
        fs::DirBuilder::new().mode(0o755).create(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database of the server that runs here.
    pub fn database_url(&self) -> Result<String, Failure> {
        let url = Cluster::url_of_running(&self.0.join("data/postgres"));
        url.ok_or_else(|| "the private PostgreSQL does not answer".into())
    }

    /// Removes it. A server that was ended while it started leaves its PostgreSQL to end by itself, a moment later, and
    /// until then that writes here.
    pub async fn remove(self) -> Result<(), Failure> {
        let postgres = self.0.join("data/postgres");
        // Where this folder cannot be entered by PostgreSQL's user, the database is elsewhere.
        let elsewhere = fs::read_to_string(postgres.join("location")).unwrap_or_default();
        let elsewhere = Some(elsewhere.trim_end()).filter(|place| place.starts_with("/var/lib/trunkline/"));
        let running = elsewhere.map_or(postgres, PathBuf::from).join("cluster/postmaster.pid");
        let patience = Instant::now() + LEAVING;
        loop {
            let is_over = Instant::now() > patience;
            if !running.exists() || is_over {
                let gone = |path: &Path| match fs::remove_dir_all(path) {
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                    done => done,
                };
                match elsewhere.map_or(Ok(()), |place| gone(Path::new(place))).and_then(|()| gone(&self.0)) {
                    Ok(()) => return Ok(()),
                    Err(error) if is_over => {
                        return Err(format!("{} could not be removed: {error}", self.0.display()).into());
                    }
                    Err(_) => {}
                }
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Private {
    /// Starts a server in this folder, with these arguments too. Nothing of the environment reaches it, and it listens on
    /// loopback.
    pub fn spawn(folder: &Folder, arguments: &[&str]) -> Result<Self, Failure> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("serve").args(arguments).current_dir(folder.path()).env_clear();
        command.env("PATH", env::var_os("PATH").unwrap_or_default());
        command.envs([
            ("TRUNKLINE_HTTP__ADDR", "127.0.0.1:0"),
            ("TRUNKLINE_HTTP__MAX_CONNECTIONS", "100000"),
            ("TRUNKLINE_LIMITS__ENABLED", "false"),
            // Signing in is not what is measured, and tokens must outlast a long run.
            ("TRUNKLINE_AUTH__BCRYPT_COST", "4"),
            ("TRUNKLINE_AUTH__ACCESS_MINUTES", "1440"),
            ("TRUNKLINE_LOG__LEVEL", "error"),
        ]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let (Some(stdout), Some(pid)) = (child.stdout.take(), child.id()) else {
            return Err("the server ended at once".into());
        };
        Ok(Self { child, pid, said: BufReader::new(stdout).lines() })
    }

    /// Waits until it is ready; gives where it answers, without a slash at the end.
    pub async fn ready(&mut self) -> Result<String, Failure> {
        let ready = async {
            while let Some(line) = self.said.next_line().await? {
                let line: serde_json::Value = serde_json::from_str(&line)?;
                if let Some(api) = line["api"].as_str() {
                    return Ok(Some(api.trim_end_matches("/api/v1").to_owned()));
                }
            }
            Ok::<_, Failure>(None)
        };
        let url = timeout(START, ready).await.map_err(|_| "the server was not ready in time")??;
        url.ok_or_else(|| "the server ended before it was ready".into())
    }

    /// Stops it, and waits until its PostgreSQL has ended too.
    pub async fn stop(mut self) -> Result<(), Failure> {
        let _ = kill(Pid::from_raw(i32::try_from(self.pid)?), Signal::SIGTERM);
        timeout(STOP, self.child.wait()).await.map_err(|_| "the server did not stop in time")??;
        Ok(())
    }
}
