//! One server process: its settings, its start, its end.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    sys::{
        signal::Signal,
        wait::{Id, WaitPidFlag, WaitStatus, waitid},
    },
    unistd::Pid,
};

use super::{EmbeddedError, binaries::Binaries, error::Attempt, home::Home, log::Log, pidfile, state::State};

/// Recovery after a crash may take long, and interrupting it would begin it anew.
const READY_LIMIT: Duration = Duration::from_secs(600);

/// How long backends of a killed server may take to notice, and others to leave our port.
const RETRY_LIMIT: Duration = Duration::from_secs(30);

/// What a private server on a small machine wants; the caller's settings come after and win. Durable: fsync stays on.
const SETTINGS: [(&str, &str); 9] = [
    ("max_connections", "200"),
    ("shared_buffers", "128MB"),
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_checkpoints", "off"),
    ("log_line_prefix", "%m [%p] "),
    // What people wrote stands in the details of an error and in its statement: neither is for a log.
    ("log_error_verbosity", "terse"),
    ("log_min_error_statement", "panic"),
];

/// All that is needed to start the server, again and again on the same port.
pub(super) struct Server {
    pub home: Home,
    pub binaries: Binaries,
    pub settings: Vec<(String, String)>,
    pub log: Log,
    pub port: u16,
}

impl Server {
    /// Starts the server and waits until it accepts connections. To be called by the thread that stays with it. `first`:
    /// nobody knows the port yet, so another will do if it is taken.
    pub fn start(&mut self, state: &State, first: bool) -> Result<Child, EmbeddedError> {
        let start = Instant::now();
        loop {
            let since = self.log.end();
            let stale = pidfile::wait_for_old(&self.home.cluster())?;
            let error = match self.start_once(state, stale) {
                Ok(child) => return Ok(child),
                Err(e) => e,
            };
            let said = self.log.tail(since);
            // Backends of a server that was killed have not noticed yet.
            let orphans = said.contains("pre-existing shared memory block");
            let taken = said.contains("Address already in use");
            if state.stopping() || !(orphans || taken) || start.elapsed() > RETRY_LIMIT {
                return Err(error);
            }
            if taken && first {
                self.port = free_port()?;
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    fn start_once(&self, state: &State, stale: Option<i32>) -> Result<Child, EmbeddedError> {
        let since = self.log.end();
        let program = self.binaries.dir.join("postgres");
        let mut command = self.home.account.command(&program, Signal::SIGINT);
        command.arg("-D").arg(self.home.cluster());
        let ours = SETTINGS.map(|(k, v)| (k.to_owned(), v.to_owned()));
        for (key, value) in ours.iter().chain(&self.settings) {
            command.arg("-c").arg(format!("{key}={value}"));
        }
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p"]);
        command.arg(self.port.to_string());
        if let Some(pid) = stale {
            command.env("PG_GRANDPARENT_PID", pid.to_string());
        }
        let file = self.log.open()?;
        command.stderr(file.try_clone().attempt("open", &self.log.path())?).stdout(Stdio::from(file));

        let failed = |reason: String| EmbeddedError::Start {
            reason,
            log: self.log.path(),
            tail: self.log.tail(since),
        };
        let Some(child) = state.spawn(&mut command).attempt("run", &program)? else {
            return Err(failed("it was stopped at once".to_owned()));
        };
        let (pid, start) = (child.id() as i32, Instant::now());
        let mut next_word = Duration::from_secs(10);
        while !pidfile::is_ready(&self.home.cluster(), pid) {
            if has_ended(&child) {
                return Err(failed(reap(state, child)));
            }
            if start.elapsed() > READY_LIMIT {
                state.signal(Signal::SIGQUIT);
                return Err(failed(format!("no connection after {READY_LIMIT:?}, {}", reap(state, child))));
            }
            if start.elapsed() > next_word {
                tracing::info!("PostgreSQL is not ready yet (recovering?): {}", self.log.tail(since));
                next_word *= 2;
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(child)
    }
}

/// Waits for the end of a server, without taking its process id from those who may be signalling it, then lets go of it.
pub(super) fn reap(state: &State, mut child: Child) -> String {
    while waitid(id(&child), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) == Err(Errno::EINTR) {}
    let status = state.forget(|| child.wait());
    match status.map(|s: ExitStatus| s.to_string()) {
        Ok(status) => format!("postgres ended with {status}"),
        Err(e) => format!("postgres ended ({e})"),
    }
}

fn has_ended(child: &Child) -> bool {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT | WaitPidFlag::WNOHANG;
    !matches!(waitid(id(child), flags), Ok(WaitStatus::StillAlive) | Err(Errno::EINTR))
}

fn id(child: &Child) -> Id<'_> {
    Id::Pid(Pid::from_raw(child.id() as i32))
}

/// A port of 127.0.0.1 that nobody listens on now.
pub(super) fn free_port() -> Result<u16, EmbeddedError> {
    let here = PathBuf::from("127.0.0.1");
    let listener = TcpListener::bind(("127.0.0.1", 0)).attempt("listen on", &here)?;
    Ok(listener.local_addr().attempt("listen on", &here)?.port())
}
