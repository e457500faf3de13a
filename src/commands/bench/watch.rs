//! Sockets that check what they are told: every entry once, in order, and how long it took.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use tokio::{net::TcpStream, sync::watch, task::JoinHandle, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};
use uuid::Uuid;

use super::client::{Api, Failure, User};

/// How long a socket may take to be opened and welcomed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The clock that messages carry: microseconds since the benchmark began.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Microseconds since the beginning.
    pub fn micros(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

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
    task: JoinHandle<Account>,
}

impl Watcher {
    /// What it has to tell, after it was told to stop.
    pub async fn account(self) -> Account {
        self.task.await.unwrap_or_default()
    }
}

/// Opens a chat's socket and reads on until it is caught up.
pub async fn open(
    api: &Api,
    user: &User,
    chat: Uuid,
    after_seq: Option<i64>,
) -> Result<(WebSocketStream<TcpStream>, i64), Failure> {
    let query = after_seq.map(|seq| format!("?after_seq={seq}")).unwrap_or_default();
    let mut request = format!("ws://{}/api/v1/chats/{chat}{query}", api.authority).into_client_request()?;
    request.headers_mut().insert("authorization", format!("Bearer {}", user.token).parse()?);
    // Small buffers: a benchmark of thousands of sockets shares its machine with the server.
    let config = WebSocketConfig::default().read_buffer_size(2048).write_buffer_size(0);
    let opening = async {
        let (mut socket, _) = client_async_with_config(request, api.dial().await?, Some(config)).await?;
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) if text.starts_with("{\"type\":\"caught_up\"") => {
                    let seq = number_after(&text, "\"seq\":").unwrap_or_default();
                    return Ok::<_, Failure>((socket, seq));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err("the socket ended before it had caught up".into()),
            }
        }
    };
    timeout(PATIENCE, opening).await.map_err(|_| "a socket was not welcomed within 30 seconds")?
}

/// Opens a socket and watches until `stop` turns true.
pub async fn watch(
    api: &Api,
    user: &User,
    chat: Uuid,
    clock: Clock,
    mut stop: watch::Receiver<bool>,
) -> Result<Watcher, Failure> {
    let (mut socket, from) = open(api, user, chat, None).await?;
    let seen = Arc::new(Seen::default());
    seen.seq.store(from, Ordering::Relaxed);
    let shared = Arc::clone(&seen);
    let task = tokio::spawn(async move {
        let mut account = Account::default();
        loop {
            let message = tokio::select! {
                message = socket.next() => message,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            let Some(Ok(message)) = message else { break };
            let Message::Text(text) = message else { continue };
            let Some(seq) = number_after(&text, "\"seq\":") else { continue };
            let last = shared.seq.load(Ordering::Relaxed);
            if seq <= last {
                account.doubles += 1;
            } else if seq != last + 1 {
                account.disorder += 1;
            }
            shared.seq.store(seq.max(last), Ordering::Relaxed);
            shared.entries.fetch_add(1, Ordering::Relaxed);
            if let Some(sent) = number_after(&text, "bench ") {
                let micros = clock.micros().saturating_sub(u64::try_from(sent).unwrap_or_default());
                account.latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
            }
        }
        let _ = socket.close(None).await;
        account
    });
    Ok(Watcher { chat, seen, task })
}

/// The whole number after the first occurrence of `label`: cheaper than reading the JSON of every frame.
fn number_after(text: &str, label: &str) -> Option<i64> {
    let start = text.find(label)? + label.len();
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    text[start..start + digits].parse().ok()
}
