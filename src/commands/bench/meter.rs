//! CPU and memory of the server, read from /proc.

use std::{collections::HashMap, fs, time::Instant};

/// What processes used while something ran.
#[derive(Debug, Default, Clone, Copy)]
pub struct Usage {
    /// CPU seconds of the server.
    pub server: f64,
    /// CPU seconds of PostgreSQL.
    pub postgres: f64,
    /// CPU seconds of the benchmark itself, which shares the machine with them.
    pub generator: f64,
    /// Seconds by the clock on the wall.
    pub wall: f64,
}

/// Measures from its start on.
pub struct Meter {
    pid: Option<u32>,
    postgres_pid: Option<u32>,
    before: (f64, f64, f64),
    started: Instant,
}

impl Meter {
    /// Begins to measure these processes, if they are known.
    pub fn start(pid: Option<u32>, postgres_pid: Option<u32>) -> Self {
        Self { pid, postgres_pid, before: cpu(pid, postgres_pid), started: Instant::now() }
    }

    /// What was used since; `None` when no process is known.
    pub fn read(&self) -> Option<Usage> {
        self.pid.map(|_| self.usage())
    }

    /// The same; without a process it is the time on the wall alone.
    pub fn usage(&self) -> Usage {
        let wall = self.started.elapsed().as_secs_f64();
        let (server, postgres, generator) = cpu(self.pid, self.postgres_pid);
        Usage {
            server: server - self.before.0,
            postgres: postgres - self.before.1,
            generator: generator - self.before.2,
            wall,
        }
    }
}

/// The resident memory of a process, in KiB.
pub fn resident_kib(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// CPU seconds so far: of the server itself, of the PostgreSQL under it or beside it, and of the benchmark.
fn cpu(pid: Option<u32>, postgres_pid: Option<u32>) -> (f64, f64, f64) {
    let Some(pid) = pid else { return (0.0, 0.0, 0.0) };
    let processes = processes();
    let seconds = |pid: u32| processes.get(&pid).map_or(0.0, |process| process.seconds);
    let root = postgres_pid.or_else(|| {
        let child = processes.iter().find(|(_, process)| process.parent == pid && process.name == "postgres");
        child.map(|(pid, _)| *pid)
    });
    // What an ended backend used is counted at its parent.
    let postgres = root.map_or(0.0, |root| {
        let children = processes.iter().filter(|(_, process)| process.parent == root);
        let ended = processes.get(&root).map_or(0.0, |process| process.ended_seconds);
        seconds(root) + ended + children.map(|(pid, child)| exact(*pid).unwrap_or(child.seconds)).sum::<f64>()
    });
    (seconds(pid), postgres, seconds(std::process::id()))
}

/// CPU seconds of the first thread of a process, which is all a PostgreSQL backend has: in nanoseconds, for there are many
/// and each uses little.
fn exact(pid: u32) -> Option<f64> {
    let nanos = fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
    let nanos: f64 = nanos.split_whitespace().next()?.parse().ok()?;
    (nanos > 0.0).then_some(nanos / 1e9)
}

struct Process {
    parent: u32,
    name: String,
    seconds: f64,
    ended_seconds: f64,
}

/// Every process, as /proc/<pid>/stat has it. Linux counts in hundredths of a second there.
fn processes() -> HashMap<u32, Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let (head, tail) = stat.rsplit_once(')')?;
            let name = head.split_once('(')?.1.to_owned();
            let fields: Vec<f64> =
                tail.split_whitespace().skip(1).map(|field| field.parse().unwrap_or(0.0)).collect();
            let process = Process {
                parent: *fields.first()? as u32,
                name,
                seconds: (fields.get(10)? + fields.get(11)?) / 100.0,
                ended_seconds: (fields.get(12)? + fields.get(13)?) / 100.0,
            };
            Some((pid, process))
        })
        .collect()
}
