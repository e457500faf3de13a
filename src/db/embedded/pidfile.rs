//! What `postmaster.pid` says: about a server of an earlier life, and about our own getting ready.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::EmbeddedError;

/// How long a server of an earlier life may take to end; it has been told to when its parent died.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Waits until no other server runs on `cluster`. Call it with the lock held: nobody else starts one.
///
/// Answers the process id in a stale file when it now belongs to something else (ids come around quickly in containers, and a
/// dead server stays as a zombie where nobody collects it). PostgreSQL would take that for a running server; it is to be
/// told by the variable PG_GRANDPARENT_PID. The file itself stays: PostgreSQL finds orphaned backends through it.
pub(super) fn wait_for_old(cluster: &Path) -> Result<Option<i32>, EmbeddedError> {
    let path = cluster.join("postmaster.pid");
    let start = Instant::now();
    let mut told = false;
    loop {
        let Ok(text) = fs::read_to_string(&path) else { return Ok(None) };
        let Some(pid) = text.lines().next().and_then(|l| l.trim().parse::<i32>().ok()) else {
            // Cut short by a crash of the machine: PostgreSQL would refuse to start.
            tracing::warn!("{} is empty: removing it", path.display());
            let _ = fs::remove_file(&path);
            return Ok(None);
        };
        if !is_server_on(pid, cluster) {
            return Ok(Path::new("/proc").join(pid.to_string()).exists().then_some(pid));
        }
        if !told {
            tracing::info!("waiting for an earlier PostgreSQL (process {pid}) to end");
            told = true;
        }
        if start.elapsed() > TIMEOUT {
            let (dir, seconds) = (cluster.to_owned(), TIMEOUT.as_secs());
            return Err(EmbeddedError::OldServer { pid, dir, seconds });
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Whether the server `pid` accepts connections on `cluster`.
pub(super) fn is_ready(cluster: &Path, pid: i32) -> bool {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines();
    lines.next().is_some_and(|l| l.trim() == pid.to_string())
        && lines.nth(6).is_some_and(|l| l.trim() == "ready")
}

/// PostgreSQL's processes stand in their data directory. (That of another user cannot be read; theirs is not ours.)
fn is_server_on(pid: i32, cluster: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == cluster)
}

/// The port of the server that accepts connections on `cluster`, as its pid file says.
pub(super) fn port(cluster: &Path) -> Option<u16> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    if lines.get(7) == Some(&"ready") { lines.get(3)?.parse().ok() } else { None }
}
