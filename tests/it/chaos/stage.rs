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
use tokio::{sync::watch, time::timeout};
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

/// How many chats there are, unless `CHAOS_CHATS` says: whoever writes waits for whoever writes to the same.
const CHATS: usize = 4;
/// How many people write and read.
const PEOPLE: usize = 4;

/// How long a PostgreSQL may take to let somebody in; then another is tried.
const TIMEOUT: Duration = Duration::from_secs(2);

/// A folder for a run.
pub fn folder() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chaos-{}", Uuid::new_v4()));
    std::fs::create_dir(&dir).unwrap();
    dir
}

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
    /// Whether what was acknowledged may get lost, as long as everybody is told.
    pub may_lose: bool,
    cluster: Mutex<Option<Cluster>>,
    psql: Vec<String>,
    dir: PathBuf,
    log: log::Place,
    tickets: AtomicUsize,
    writing: AtomicBool,
    ends: OnceLock<Vec<i64>>,
    ended: watch::Sender<bool>,
}

/// The database it happens on.
pub struct Ground {
    /// Where instances reach it.
    pub url: String,
    /// Where else it may be: the first that takes writes.
    pub psql: Vec<String>,
    /// See [`Stage`].
    pub may_lose: bool,
    /// If it is a private one.
    pub cluster: Option<Cluster>,
}

impl Stage {
    /// Sets it up on one PostgreSQL.
    pub async fn set() -> Self {
        let dir = folder();
        let settings = [
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("max_connections", "120"),
            ("max_wal_size", "1GB"),
            ("log_min_messages", "fatal"),
        ];
        let settings = settings.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        let bin_dir = std::env::var_os("TEST_POSTGRES_BIN").map(PathBuf::from);
        let options = Options { dir: dir.join("postgres"), bin_dir, settings, ephemeral: true };
        let cluster = Cluster::start(options).await.unwrap();
        let url = cluster.url("trunkline");
        let psql = vec![url.clone()];
        Self::on(Ground { url, psql, may_lose: false, cluster: Some(cluster) }, dir).await
    }

    /// Sets it up on what is there; the folder is for the instances, and goes with them.
    pub async fn on(ground: Ground, dir: PathBuf) -> Self {
        let log = log::listen();
        migrate(&ground.url).await.unwrap();
        let tally = Arc::new(Tally::default());
        let env = [
            ("DATABASE_URL", ground.url.as_str()),
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
        let many = std::env::var("CHAOS_CHATS").map_or(CHATS, |chats| chats.parse().unwrap());
        for number in 0..many {
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
            may_lose: ground.may_lose,
            cluster: Mutex::new(ground.cluster),
            psql: ground.psql,
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
            for url in &self.psql {
                let connected = timeout(TIMEOUT, tokio_postgres::connect(url, NoTls)).await;
                if let Ok(Ok((client, connection))) = connected {
                    tokio::spawn(connection);
                    return client;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sends a signal to PostgreSQL, which is started again when it has ended.
    pub fn signal_postgres(&self, signal: Signal) {
        let Some(data) = self.cluster.lock().unwrap().as_ref().map(|cluster| cluster.dir().join("cluster"))
        else {
            return;
        };
        // Away already.
        let Ok(text) = std::fs::read_to_string(data.join("postmaster.pid")) else { return };
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
