//! Where it happens: a database, two instances, some people and their chats.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::sync::watch;
use tokio_postgres::{Client, NoTls};
use trunkline::db::{
    embedded::{Cluster, Options},
    migrate::migrate,
};
use uuid::Uuid;

use super::{
    instance::{Instance, Order},
    tally::Tally,
};
use crate::support::{Person, log};

/// How many chats there are.
const CHATS: usize = 4;
/// How many people write and read.
const PEOPLE: usize = 4;

/// Everything that plays a part.
pub struct Stage {
    /// The two instances.
    pub instances: [Instance; 2],
    /// Members of every chat.
    pub people: Vec<Person>,
    /// The chats, in the order of their ids: whoever writes to several locks them in this order.
    pub chats: Vec<Uuid>,
    /// What is counted.
    pub tally: Arc<Tally>,
    cluster: Mutex<Option<Cluster>>,
    data: PathBuf,
    url: String,
    dir: PathBuf,
    log: log::Place,
    tickets: AtomicUsize,
    writing: AtomicBool,
    ends: OnceLock<Vec<i64>>,
    ended: watch::Sender<bool>,
}

impl Stage {
    /// Sets it up.
    pub async fn set() -> Self {
        let log = log::listen();
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chaos-{}", Uuid::new_v4()));
        std::fs::create_dir(&dir).unwrap();
        let settings = [
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("max_connections", "120"),
            ("max_wal_size", "1GB"),
            ("log_min_messages", "fatal"),
        ];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        let options = Options { dir: dir.join("postgres"), settings, ephemeral: true, ..Options::default() };
        let cluster = Cluster::start(options).await.unwrap();
        let url = cluster.url("trunkline");
        migrate(&url).await.unwrap();

        let tally = Arc::new(Tally::default());
        let env = [
            ("DATABASE_URL", url.as_str()),
            ("TRUNKLINE_DATABASE__POOL_SIZE", "8"),
            ("TRUNKLINE_DATA_DIR", dir.to_str().unwrap()),
            ("TRUNKLINE_HTTP__SHUTDOWN_SECONDS", "5"),
            ("TRUNKLINE_AUTH__BCRYPT_COST", "4"),
            ("TRUNKLINE_AUTH__ACCESS_MINUTES", "1440"),
            ("TRUNKLINE_AUTH__JWT_SECRET", "0123456789abcdef0123456789abcdef"),
            ("TRUNKLINE_SECRETS__KEY", "t1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
            ("TRUNKLINE_LIMITS__ENABLED", "false"),
            ("TRUNKLINE_LOG__LEVEL", "warn"),
        ];
        let env = env.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let start = |name| Instance::start(name, &dir, &env, Arc::clone(&tally));
        let instances = [start("one"), start("two")];
        for instance in &instances {
            instance.serves().await;
        }
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(Person::register(&instances[0].base, &format!("Person{number}")).await);
        }
        let mut chats = Vec::new();
        for number in 0..CHATS {
            let chat = people[0].creates_chat(&format!("Chat {number}")).await;
            for person in &people[1..] {
                person.joins(chat).await;
            }
            chats.push(chat);
        }
        chats.sort_unstable();
        Self {
            instances,
            people,
            chats,
            tally,
            data: cluster.dir().join("cluster"),
            cluster: Mutex::new(Some(cluster)),
            url,
            dir,
            log,
            tickets: AtomicUsize::new(0),
            writing: AtomicBool::new(true),
            ends: OnceLock::new(),
            ended: watch::Sender::new(false),
        }
    }

    /// The number of the next message, as long as there is to be one.
    pub fn ticket(&self) -> Option<usize> {
        self.writing.load(Ordering::Relaxed).then(|| self.tickets.fetch_add(1, Ordering::Relaxed))
    }

    /// How many messages were begun.
    pub fn tickets(&self) -> usize {
        self.tickets.load(Ordering::Relaxed)
    }

    /// No more new messages.
    pub fn stop_writing(&self) {
        self.writing.store(false, Ordering::Relaxed);
    }

    /// Tells the readers where each log ends.
    pub fn announce_ends(&self, ends: Vec<i64>) {
        self.ends.set(ends).unwrap();
        self.ended.send_replace(true);
    }

    /// Where each log ends, once nothing is written any more.
    pub fn ends(&self) -> Option<&[i64]> {
        self.ends.get().map(Vec::as_slice)
    }

    /// Waits until nothing is written any more.
    pub async fn written(&self) {
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    /// A session as with psql, as soon as there can be one.
    pub async fn psql(&self) -> Client {
        loop {
            if let Ok((client, connection)) = tokio_postgres::connect(&self.url, NoTls).await {
                tokio::spawn(connection);
                return client;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sends a signal to PostgreSQL, which is started again when it has ended.
    pub fn signal_postgres(&self, signal: Signal) {
        // Away already.
        let Ok(text) = std::fs::read_to_string(self.data.join("postmaster.pid")) else { return };
        if let Some(Ok(pid)) = text.lines().next().map(str::parse) {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// Ends it all, and leaves nothing; after a failure the logs of the instances stay.
    pub async fn end(&self) {
        for instance in &self.instances {
            instance.order(Order::End).await;
        }
        let cluster = self.cluster.lock().unwrap().take();
        if let Some(cluster) = cluster {
            cluster.stop().await;
        }
        for instance in &self.instances {
            log::add(&instance.log());
        }
        log::search(self.log);
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
