//! Sockets that check what they are told: every entry once, in order, and how long it took.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::{
    client::{Api, Failure, User, number_after},
    clock::Clock,
    load::Sent,
    report::Section,
    socket::{Frame, Socket},
};

/// How long a socket may take to be opened and welcomed, and deliveries may go on after the last acknowledgement before
/// they count as lost.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// What a socket has seen, readable while it goes on.
#[derive(Debug, Default)]
pub struct Seen {
    /// The last entry.
    pub seq: AtomicI64,
    /// How many entries.
    pub entries: AtomicU64,
}

/// What a socket tells at its end.
#[derive(Debug, Default)]
pub struct Account {
    /// Entries that came again.
    pub doubles: u64,
    /// Entries that came after a later one, or left a hole before them.
    pub disorder: u64,
    /// Microseconds from send to frame.
    pub latencies: Vec<u32>,
}

/// A socket that is watching.
pub struct Watcher {
    /// The chat it watches.
    pub chat: Uuid,
    /// What it has seen so far.
    pub seen: Arc<Seen>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Account>,
}

/// Opens a chat's socket and reads on until it is caught up; gives the entry it is at.
pub async fn open(
    api: &Api,
    user: &User,
    chat: Uuid,
    after_seq: Option<i64>,
) -> Result<(Socket, i64), Failure> {
    let query = after_seq.map(|seq| format!("?after_seq={seq}")).unwrap_or_default();
    open_until(api, user, &format!("/api/v1/chats/{chat}{query}"), b"{\"type\":\"caught_up\"").await
}

/// Opens a gateway that follows every chat of its user.
pub async fn open_gateway(api: &Api, user: &User) -> Result<Socket, Failure> {
    Ok(open_until(api, user, "/api/v1/ws?subscribe=all", b"{\"type\":\"welcome\"").await?.0)
}

/// Opens a socket and reads on until a frame begins so; gives its `seq`.
async fn open_until(api: &Api, user: &User, path: &str, wanted: &[u8]) -> Result<(Socket, i64), Failure> {
    let opening = async {
        let mut socket = Socket::open(api, user, path).await?;
        loop {
            while let Some(frame) = socket.frame()? {
                match frame {
                    Frame::Text(text) if text.starts_with(wanted) => {
                        let seq = number_after(text, b"\"seq\":").unwrap_or_default();
                        return Ok::<_, Failure>((socket, seq));
                    }
                    Frame::Text(_) | Frame::Ping(_) => {}
                    Frame::Close => return Err("a socket was sent away at once".into()),
                }
            }
            if !socket.fill().await? {
                return Err("a socket ended before it had caught up".into());
            }
        }
    };
    timeout(TIMEOUT, opening).await.map_err(|_| "a socket was not welcomed within 30 seconds")?
}

/// Opens a chat's socket and watches.
pub async fn watch(api: &Api, user: &User, chat: Uuid, clock: Clock) -> Result<Watcher, Failure> {
    let (socket, from) = open(api, user, chat, None).await?;
    Ok(Watcher::start(socket, chat, from, Some(clock)))
}

impl Watcher {
    /// Watches what an open socket is told of a chat; without a clock it only counts, whatever chats there are.
    pub fn start(mut socket: Socket, chat: Uuid, from: i64, clock: Option<Clock>) -> Self {
        let seen = Arc::new(Seen { seq: from.into(), ..Seen::default() });
        let shared = Arc::clone(&seen);
        let (stop, mut stopping) = oneshot::channel();
        let task = tokio::spawn(async move {
            let mut account = Account::default();
            // However it ends, what it has not seen counts as lost.
            let _ = async {
                loop {
                    while let Some(frame) = socket.frame()? {
                        match frame {
                            Frame::Text(text) => note(text, &shared, &mut account, clock),
                            Frame::Ping(payload) => socket.pong(&payload).await?,
                            Frame::Close => return Ok(()),
                        }
                    }
                    let more = tokio::select! {
                        more = socket.fill() => more?,
                        _ = &mut stopping => false,
                    };
                    if !more {
                        return Ok::<_, Failure>(());
                    }
                }
            }
            .await;
            account
        });
        Self { chat, seen, stop, task }
    }

    /// Stops, and tells what there was.
    pub async fn account(self) -> Account {
        drop(self.stop);
        self.task.await.unwrap_or_default()
    }

    /// How many entries of the chat that were acknowledged have not come.
    fn lacks(&self, sent: &Sent) -> u64 {
        let head = sent.heads.get(&self.chat).copied().unwrap_or(0);
        u64::try_from(head - self.seen.seq.load(Ordering::Relaxed)).unwrap_or(0)
    }
}

/// Takes note of an entry of the log; other frames pass.
fn note(text: &[u8], seen: &Seen, account: &mut Account, clock: Option<Clock>) {
    let sent = number_after(text, b"\"bench ");
    let Some(clock) = clock else {
        seen.entries.fetch_add(u64::from(sent.is_some()), Ordering::Relaxed);
        return;
    };
    let Some(seq) = number_after(text, b"\"seq\":") else { return };
    let last = seen.seq.load(Ordering::Relaxed);
    if seq <= last {
        account.doubles += 1;
    } else if seq != last + 1 {
        account.disorder += 1;
    }
    seen.seq.store(seq.max(last), Ordering::Relaxed);
    seen.entries.fetch_add(1, Ordering::Relaxed);
    if let Some(sent) = sent {
        let micros = clock.micros().saturating_sub(u64::try_from(sent).unwrap_or_default());
        account.latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
    }
}

/// How many entries all of them have seen.
pub fn entries(watchers: &[Watcher]) -> u64 {
    watchers.iter().map(|watcher| watcher.seen.entries.load(Ordering::Relaxed)).sum()
}

/// Waits until every socket has everything that was acknowledged; how long that took.
pub async fn wait(watchers: &[Watcher], sent: &Sent) -> Duration {
    let started = Instant::now();
    while started.elapsed() < TIMEOUT && !watchers.iter().all(|watcher| watcher.lacks(sent) == 0) {
        sleep(Duration::from_millis(5)).await;
    }
    started.elapsed()
}

/// Stops the sockets and tells what was seen: how much, how fast, and what was wrong.
pub async fn settle(watchers: Vec<Watcher>, sent: &Sent, section: &mut Section) {
    let (mut lost, mut doubled, mut disordered, mut latencies) = (0, 0, 0, Vec::new());
    for watcher in watchers {
        lost += watcher.lacks(sent);
        let account = watcher.account().await;
        doubled += account.doubles;
        disordered += account.disorder;
        latencies.extend(account.latencies);
    }
    section.figure("delivered", latencies.len());
    section.latencies("send_to_frame", &mut latencies).flaws(lost, doubled, disordered);
}
