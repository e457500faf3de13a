//! What the thread that stays with the server and those who hold the `Cluster` share.

use std::{
    io,
    process::{Child, Command},
    sync::{Mutex, MutexGuard, PoisonError},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::sync::watch;

/// How the supervision ended: `None` while it goes on, `Some(None)` when we stopped it, `Some(Some(reason))` when it gave up.
pub(super) type End = Option<Option<String>>;

/// The server's process id, whether it is to stop, and how it ended.
#[derive(Debug)]
pub(super) struct State {
    process: Mutex<Process>,
    pub end: watch::Sender<End>,
}

#[derive(Debug, Default)]
struct Process {
    pid: Option<Pid>,
    stopping: bool,
}

impl State {
    pub fn new() -> Self {
        Self { process: Mutex::default(), end: watch::Sender::new(None) }
    }

    /// Starts the server, unless it is to stop.
    pub fn spawn(&self, command: &mut Command) -> io::Result<Option<Child>> {
        let mut process = self.process();
        if process.stopping {
            return Ok(None);
        }
        let child = command.spawn()?;
        process.pid = Some(Pid::from_raw(child.id() as i32));
        Ok(Some(child))
    }

    /// Collects the server that has ended; nobody can signal its process id from then on.
    pub fn forget<T>(&self, collect: impl FnOnce() -> T) -> T {
        let mut process = self.process();
        process.pid = None;
        collect()
    }

    /// Sends a signal to the server, if there is one.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.process().pid {
            let _ = kill(pid, signal);
        }
    }

    /// Sends a signal and lets no other server start.
    pub fn stop(&self, signal: Signal) {
        self.process().stopping = true;
        self.signal(signal);
    }

    pub fn stopping(&self) -> bool {
        self.process().stopping
    }

    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
