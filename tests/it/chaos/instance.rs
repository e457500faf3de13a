//! An instance as a process of its own, started again whenever it ends.

use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::{mpsc, watch},
    time::timeout,
};

use super::tally::Tally;
use crate::support::quiet_port;

/// How long a process may take to end when it is told to.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What is done to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// SIGKILL, and started again.
    Kill,
    /// SIGTERM, and started again.
    Drain,
    /// Nothing of it runs for so long.
    Freeze(Duration),
    /// SIGTERM, for good.
    End,
}

/// An instance, whether it runs or not.
pub struct Instance {
    /// Where it answers when it does.
    pub base: String,
    log: PathBuf,
    orders: mpsc::Sender<Order>,
    ready: watch::Receiver<bool>,
}

impl Instance {
    /// Starts it, and whoever keeps it running.
    pub fn start(name: &str, dir: &Path, env: &[(String, String)], tally: Arc<Tally>) -> Self {
        let addr = format!("127.0.0.1:{}", quiet_port());
        let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        let place = dir.join(format!("{name}.log"));
        let log = std::fs::File::create(&place).unwrap();
        command.arg("serve").current_dir(dir).env_clear().envs(env.iter().cloned());
        command.env("TRUNKLINE_HTTP__ADDR", &addr).stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(log).kill_on_drop(true);
        let (orders, inbox) = mpsc::channel(1);
        let (up, ready) = watch::channel(false);
        tokio::spawn(keep(command, inbox, up, tally));
        Self { base: format!("http://{addr}"), log: place, orders, ready }
    }

    /// What it has said.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap()).into_owned()
    }

    /// Waits until it serves.
    pub async fn serves(&self) {
        timeout(TIMEOUT, self.ready.clone().wait_for(|ready| *ready)).await.expect("it serves").unwrap();
    }

    /// Gives an order, which is carried out when the one before has been.
    pub async fn order(&self, order: Order) {
        let _ = self.orders.send(order).await;
        if order == Order::End {
            self.orders.closed().await;
        }
    }
}

async fn keep(
    mut command: Command,
    mut orders: mpsc::Receiver<Order>,
    up: watch::Sender<bool>,
    tally: Arc<Tally>,
) {
    loop {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut order = None;
        let status = loop {
            tokio::select! {
                status = child.wait() => break status.unwrap(),
                next = orders.recv() => order = next,
                Ok(Some(line)) = lines.next_line() => {
                    if line.contains("\"health\"") {
                        up.send_replace(true);
                    }
                    continue;
                }
            }
            if let Some(status) = carry_out(order, &mut child).await {
                break status;
            }
            order = None;
        };
        // It may not start while there is no database; once it serves it does not end by itself.
        let served = up.send_replace(false);
        match order {
            _ if order == Some(Order::End) || orders.is_closed() => return,
            None if served => tally.wrong(format!("an instance ended by itself: {status}")),
            Some(Order::Drain) if served && status.code() != Some(0) => {
                tally.wrong(format!("an instance that was told to stop ended with {status}"));
            }
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The status it ended with, if that was the order.
async fn carry_out(order: Option<Order>, child: &mut Child) -> Option<ExitStatus> {
    let pid = Pid::from_raw(i32::try_from(child.id()?).unwrap());
    let signal = match order {
        Some(Order::Freeze(span)) => {
            kill(pid, Signal::SIGSTOP).unwrap();
            tokio::time::sleep(span).await;
            kill(pid, Signal::SIGCONT).unwrap();
            return None;
        }
        Some(Order::Kill) => Signal::SIGKILL,
        Some(Order::Drain | Order::End) | None => Signal::SIGTERM,
    };
    kill(pid, signal).unwrap();
    Some(timeout(TIMEOUT, child.wait()).await.expect("the instance ends when told to").unwrap())
}
