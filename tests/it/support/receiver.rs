//! A small web server that is sent webhooks and pushes, and behaves as well as it is told to.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep},
};

/// How long a story waits for what is sent.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    /// With this status.
    Answers(u16),
    /// Takes it, after a second.
    Slow,
    /// Never.
    Silent,
    /// With a 200 and a body that does not end.
    Endless,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Each header with its name in lower case.
    pub headers: HashMap<String, String>,
    /// The path and query.
    pub path: String,
    /// The body as it came, byte by byte.
    pub bytes: Vec<u8>,
    /// The same as text.
    pub body: String,
    /// The same, read; null where it is no JSON.
    pub json: Value,
    /// Whether it was answered 2xx.
    pub taken: bool,
}

impl Sent {
    /// The entry it tells of.
    pub fn seq(&self) -> i64 {
        self.json["seq"].as_i64().unwrap_or_default()
    }
}

/// A receiver at an address of its own.
pub struct Receiver {
    port: u16,
    sent: Arc<Mutex<Vec<Sent>>>,
    manners: Arc<Mutex<Manners>>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Starts one that takes everything.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sent, manners) = (Arc::default(), Arc::new(Mutex::new(Manners::Answers(204))));
        let serving = tokio::spawn(serve(listener, Arc::clone(&sent), Arc::clone(&manners)));
        Self { port, sent, manners, serving }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?token=sesame", self.port)
    }

    /// Behaves like this from now on.
    pub fn behaves(&self, manners: Manners) {
        *self.manners.lock().unwrap() = manners;
    }

    /// Goes down, with every connection.
    pub fn goes_down(&self) {
        self.serving.abort();
    }

    /// Comes back at the same address.
    pub async fn comes_back(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.serving = tokio::spawn(serve(listener, Arc::clone(&self.sent), Arc::clone(&self.manners)));
    }

    /// Everything it was sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    /// The entries it has taken, in their order.
    pub fn taken(&self) -> Vec<i64> {
        self.sent().iter().filter(|sent| sent.taken).map(Sent::seq).collect()
    }

    /// Waits until so many requests have come.
    pub async fn is_sent(&self, count: usize) -> Vec<Sent> {
        self.waits(|sent| sent.len() >= count).await
    }

    /// Waits until it has taken this entry.
    pub async fn takes(&self, seq: i64) -> Vec<Sent> {
        self.waits(|sent| sent.iter().any(|sent| sent.taken && sent.seq() == seq)).await
    }

    async fn waits(&self, is_enough: impl Fn(&[Sent]) -> bool) -> Vec<Sent> {
        let until = Instant::now() + TIMEOUT;
        loop {
            let sent = self.sent();
            if is_enough(&sent) {
                return sent;
            }
            let seqs: Vec<_> = sent.iter().map(|sent| (sent.seq(), sent.taken)).collect();
            assert!(Instant::now() < until, "sent so far: {seqs:?}");
            sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, sent: Arc<Mutex<Vec<Sent>>>, manners: Arc<Mutex<Manners>>) {
    // Those that go on end with the task.
    let mut conversations = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        conversations.spawn(converse(stream, Arc::clone(&sent), Arc::clone(&manners)));
    }
}

async fn converse(stream: TcpStream, sent: Arc<Mutex<Vec<Sent>>>, manners: Arc<Mutex<Manners>>) {
    let mut stream = BufReader::new(stream);
    while let Some(mut request) = read(&mut stream).await {
        let manners = *manners.lock().unwrap();
        request.taken = matches!(manners, Manners::Answers(200..300) | Manners::Slow | Manners::Endless);
        sent.lock().unwrap().push(request);
        match manners {
            Manners::Answers(status) => {
                let answer = format!("HTTP/1.1 {status} so\r\ncontent-length: 0\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            }
            Manners::Slow => {
                sleep(Duration::from_secs(1)).await;
                let _ = stream.write_all(b"HTTP/1.1 200 fine\r\ncontent-length: 0\r\n\r\n").await;
            }
            Manners::Silent => std::future::pending().await,
            Manners::Endless => {
                let _ = stream.write_all(b"HTTP/1.1 200 fine\r\ntransfer-encoding: chunked\r\n\r\n").await;
                let piece = format!("400\r\n{}\r\n", "x".repeat(1024));
                while stream.write_all(piece.as_bytes()).await.is_ok() {}
            }
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Sent> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let path = head[0].split(' ').nth(1).unwrap().to_owned();
    let headers: HashMap<_, _> = head
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut bytes = vec![0; headers["content-length"].parse().unwrap()];
    stream.read_exact(&mut bytes).await.ok()?;
    let body = String::from_utf8_lossy(&bytes).into_owned();
    let json = serde_json::from_str(&body).unwrap_or_default();
    Some(Sent { headers, path, bytes, body, json, taken: false })
}
