//! The network between an instance and PostgreSQL, which can stop forwarding without a word, delay, cut and refuse.

use std::{
    collections::BTreeSet,
    io,
    net::Shutdown,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    task::JoinHandle,
    time::Instant,
};

use super::quiet_port;

/// How many may wait to be accepted.
const BACKLOG: i32 = 1024;

/// A TCP proxy in front of one server.
pub struct Proxy {
    url: String,
    server: String,
    listener: std::net::TcpListener,
    way: Arc<watch::Sender<Way>>,
    accepting: Mutex<JoinHandle<()>>,
}

/// What is done with what comes in.
#[derive(Debug, Default)]
struct Way {
    /// Nothing is forwarded, not even that somebody has left; new connections are accepted and hear nothing.
    is_frozen: bool,
    /// These connections are frozen by themselves.
    frozen: BTreeSet<u64>,
    /// The next connection that asks something is frozen.
    freezes_next: bool,
    is_refusing: bool,
    delay: Duration,
    /// Connections with a smaller number are reset.
    cut: u64,
    /// The number of the next connection.
    next: u64,
    open: BTreeSet<u64>,
}

impl Way {
    fn is_clear_for(&self, connection: u64) -> bool {
        !self.is_frozen && !self.frozen.contains(&connection)
    }
}

impl Proxy {
    /// Stands before the server of a `postgres://` (or any other) url with one host, and forwards.
    pub async fn start(url: &str) -> Self {
        let (scheme, rest) = url.split_once("://").unwrap();
        let (place, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (who, server) = place.rsplit_once('@').map_or(("", place), |(who, server)| (who, server));
        let at = if who.is_empty() { "" } else { "@" };
        let addr = format!("127.0.0.1:{}", quiet_port());
        let url = format!("{scheme}://{who}{at}{addr}{path}");
        let listener = TcpListener::bind(&addr).await.unwrap().into_std().unwrap();
        let way = Arc::new(watch::Sender::new(Way::default()));
        let accepting = Mutex::new(accepting(&listener, server, &way));
        Self { url, server: server.to_owned(), listener, way, accepting }
    }

    /// The same url, through this.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops forwarding in both directions, for everybody: nothing is closed, new connections are accepted and silent.
    pub fn freeze(&self) {
        self.way.send_modify(|way| way.is_frozen = true);
    }

    /// Freezes the next connection that asks something after it was answered before; [`Self::one_is_frozen`] waits for it.
    pub fn freeze_one(&self) {
        self.way.send_modify(|way| way.freezes_next = true);
    }

    /// Waits until [`Self::freeze_one`] has caught a connection.
    pub async fn one_is_frozen(&self) {
        self.way.subscribe().wait_for(|way| !way.freezes_next).await.unwrap();
    }

    /// Forwards as at the beginning, also what has been held back.
    pub fn thaw(&self) {
        let mut accepting = self.accepting.lock().unwrap();
        if self.way.borrow().is_refusing {
            SockRef::from(&self.listener).listen(BACKLOG).unwrap();
            *accepting = self::accepting(&self.listener, &self.server, &self.way);
        }
        self.way.send_modify(|way| {
            (way.is_frozen, way.freezes_next, way.is_refusing) = (false, false, false);
            way.delay = Duration::ZERO;
            way.frozen.clear();
        });
    }

    /// Forwards everything so much later, in either direction.
    pub fn delay(&self, delay: Duration) {
        self.way.send_modify(|way| way.delay = delay);
    }

    /// Resets every connection; new ones are welcome.
    pub fn cut(&self) {
        self.way.send_modify(|way| way.cut = way.next);
    }

    /// Refuses new connections until [`Self::thaw`]; those that are open stay.
    pub fn refuse(&self) {
        self.accepting.lock().unwrap().abort();
        self.way.send_modify(|way| way.is_refusing = true);
        // The place stays ours, so that nobody else is met there.
        let _ = SockRef::from(&self.listener).shutdown(Shutdown::Both);
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.way.borrow().open.len()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.lock().unwrap().abort();
        self.way.send_modify(|way| way.cut = u64::MAX);
    }
}

/// Accepts in a task of its own. What was closed and opened again is new to the runtime: it would look at nothing else.
fn accepting(
    listener: &std::net::TcpListener,
    server: &str,
    way: &Arc<watch::Sender<Way>>,
) -> JoinHandle<()> {
    let listener = TcpListener::from_std(listener.try_clone().unwrap()).unwrap();
    tokio::spawn(accept(listener, server.to_owned(), Arc::clone(way)))
}

async fn accept(listener: TcpListener, server: String, way: Arc<watch::Sender<Way>>) {
    loop {
        let Ok((client, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let mut number = 0;
        way.send_modify(|way| {
            (number, way.next) = (way.next, way.next + 1);
            way.open.insert(number);
        });
        let (server, way) = (server.clone(), Arc::clone(&way));
        tokio::spawn(async move {
            let _ = carry(client, &server, number, &way).await;
            way.send_modify(|way| {
                way.open.remove(&number);
            });
        });
    }
}

/// Carries one connection until both sides have left or it is cut.
async fn carry(
    client: TcpStream,
    server: &str,
    number: u64,
    way: &Arc<watch::Sender<Way>>,
) -> io::Result<()> {
    let mut news = way.subscribe();
    let is_cut = |way: &Way| way.cut > number;
    tokio::select! {
        _ = news.wait_for(is_cut) => return reset(&client),
        clear = clear_for(number, way) => clear,
    }
    let Ok(server) = TcpStream::connect(server).await else { return reset(&client) };
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
        // Whatever ends this, both sides hear of it at once.
        reset(stream)?;
    }
    let was_answered = Arc::new(AtomicBool::new(false));
    let ((client_in, client_out), (server_in, server_out)) = (client.into_split(), server.into_split());
    let asking = pump(client_in, server_out, number, way, || was_answered.load(Ordering::Relaxed));
    let answering = pump(server_in, client_out, number, way, || {
        was_answered.store(true, Ordering::Relaxed);
        false
    });
    tokio::select! {
        _ = news.wait_for(is_cut) => {}
        _ = async { tokio::join!(asking, answering) } => {}
    }
    Ok(())
}

/// Closing it resets it.
fn reset(stream: &TcpStream) -> io::Result<()> {
    SockRef::from(stream).set_linger(Some(Duration::ZERO))
}

async fn clear_for(number: u64, way: &watch::Sender<Way>) {
    let _ = way.subscribe().wait_for(|way| way.is_clear_for(number)).await;
}

/// Forwards one direction until it ends, and then says so to the other side.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    number: u64,
    way: &watch::Sender<Way>,
    may_be_caught: impl Fn() -> bool,
) {
    let (sender, mut receiver) = mpsc::channel::<(Instant, Vec<u8>)>(64);
    let read = async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            if may_be_caught() {
                way.send_if_modified(|way| {
                    let catches = std::mem::take(&mut way.freezes_next);
                    if catches {
                        way.frozen.insert(number);
                    }
                    catches
                });
            }
            let due = Instant::now() + way.borrow().delay;
            if sender.send((due, buffer[..count].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((due, bytes)) = receiver.recv().await {
            tokio::time::sleep_until(due).await;
            clear_for(number, way).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        clear_for(number, way).await;
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{net::TcpStream, task::JoinHandle, time::Instant};
    use tokio_postgres::{Client, NoTls};

    use crate::support::{Proxy, World};

    /// Long enough for an answer that is not held back.
    const WHILE: Duration = Duration::from_millis(300);

    async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    fn asks(client: Client) -> JoinHandle<bool> {
        tokio::spawn(async move { client.simple_query("select 1").await.is_ok() })
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_frozen_is_neither_answered_nor_closed_and_goes_on_afterwards() {
        let world = World::new().await;
        let proxy = Proxy::start(&world.url).await;
        let client = connect(proxy.url()).await.unwrap();
        client.simple_query("select 1").await.unwrap();
        proxy.freeze();
        let open = asks(client);
        let new = tokio::spawn({
            let url = proxy.url().to_owned();
            async move { connect(&url).await.is_ok() }
        });
        // Who leaves meanwhile is not heard leaving.
        drop(TcpStream::connect(proxy.url().rsplit_once('@').unwrap().1.split('/').next().unwrap()).await);
        tokio::time::sleep(WHILE).await;
        assert!(!open.is_finished() && !new.is_finished());
        assert_eq!(proxy.connections(), 3);
        proxy.thaw();
        assert!(open.await.unwrap() && new.await.unwrap());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_is_frozen_and_the_others_go_on() {
        let world = World::new().await;
        let proxy = Proxy::start(&world.url).await;
        let (one, other) = (connect(proxy.url()).await.unwrap(), connect(proxy.url()).await.unwrap());
        proxy.freeze_one();
        let asked = asks(one);
        proxy.one_is_frozen().await;
        other.simple_query("select 1").await.unwrap();
        connect(proxy.url()).await.unwrap().simple_query("select 1").await.unwrap();
        assert!(!asked.is_finished());
        proxy.cut();
        assert!(!asked.await.unwrap());
        connect(proxy.url()).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn it_delays_and_cuts_and_refuses() {
        let world = World::new().await;
        let proxy = Proxy::start(&world.url).await;
        let client = connect(proxy.url()).await.unwrap();
        proxy.delay(WHILE);
        let begun = Instant::now();
        client.simple_query("select 1").await.unwrap();
        assert!(begun.elapsed() >= 2 * WHILE);
        proxy.refuse();
        client.simple_query("select 1").await.unwrap();
        assert!(connect(proxy.url()).await.is_err());
        proxy.cut();
        assert!(client.simple_query("select 1").await.is_err());
        proxy.thaw();
        connect(proxy.url()).await.unwrap().simple_query("select 1").await.unwrap();
    }
}
