//! The thread that stays with the server: PDEATHSIG follows the thread that started it, so that one must not end before.

use std::{
    fs::{self, File},
    process::Child,
    sync::{Arc, Weak, mpsc},
    thread,
    time::{Duration, Instant},
};

use nix::fcntl::Flock;

use super::{
    EmbeddedError,
    error::Attempt,
    log::Log,
    server::{Server, reap},
    state::State,
};

/// This many unexpected ends within `RESTART_WINDOW` are bad luck; one more, and we give up.
const RESTARTS: usize = 5;
const RESTART_WINDOW: Duration = Duration::from_secs(60);

/// How often the size of the log is looked at.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// Starts the thread and answers the port as soon as the server accepts connections. The lock is held until it has ended.
pub(super) fn launch(
    mut server: Server,
    lock: Flock<File>,
    state: Arc<State>,
    ephemeral: bool,
) -> Result<u16, EmbeddedError> {
    let (send, receive) = mpsc::channel();
    let home = server.home.dir.clone();
    let (log, weak) = (server.log.clone(), Arc::downgrade(&state));
    let stay = move || {
        let end = match server.start(&state, true) {
            Ok(child) => {
                let _ = send.send(Ok(server.port));
                keep(&mut server, &state, child)
            }
            Err(e) => {
                drop(lock);
                let _ = send.send(Err(e));
                return;
            }
        };
        if ephemeral && end.is_none() {
            let _ = fs::remove_dir_all(&server.home.dir);
        }
        drop(lock);
        state.end.send_replace(Some(end));
    };
    thread::Builder::new().name("postgres".to_owned()).spawn(stay).attempt("stay with", &home)?;
    let port = receive.recv().unwrap_or_else(|_| Err(EmbeddedError::Init("the thread ended".to_owned())))?;
    let _ = thread::Builder::new().name("postgres-log".to_owned()).spawn(move || bound_log(&log, &weak));
    Ok(port)
}

/// Stays until the server ends for good. Answers the reason if that was not our wish.
fn keep(server: &mut Server, state: &State, mut child: Child) -> Option<String> {
    let mut deaths: Vec<Instant> = Vec::new();
    loop {
        let since = server.log.end();
        let mut reason = reap(state, child);
        loop {
            if state.stopping() {
                return None;
            }
            deaths.retain(|d| d.elapsed() < RESTART_WINDOW);
            deaths.push(Instant::now());
            if deaths.len() > RESTARTS {
                tracing::error!("{reason}; not starting it again, after {RESTARTS} times in a minute");
                return Some(reason);
            }
            tracing::error!("{reason}; starting it again. Its log: {}", server.log.tail(since));
            match server.start(state, false) {
                Ok(again) => {
                    tracing::info!("PostgreSQL accepts connections again");
                    child = again;
                    break;
                }
                Err(e) => reason = e.to_string(),
            }
            thread::sleep(Duration::from_millis(500));
        }
    }
}

fn bound_log(log: &Log, state: &Weak<State>) {
    while state.upgrade().is_some_and(|s| s.end.borrow().is_none()) {
        log.bound();
        thread::sleep(LOG_INTERVAL);
    }
}
