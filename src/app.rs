//! What every module is given: configuration, database, keys, storage. A clone is cheap.

use std::{
    net::IpAddr,
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use tokio::sync::{Notify, OnceCell, Semaphore, SemaphorePermit, broadcast, watch};
use uuid::Uuid;

use crate::{
    config::{Config, Secret},
    db::{self, Pool, Replica, listen::ListenStatus},
    ephemeral::{EphemeralEvents, Keys},
    error::{Error, Result},
    limits::{FairQueue, Limits},
    mail::Mail,
    outbound::Outbound,
    permissions::Permissions,
    pictures::Pictures,
    secrets::{Keyring, OpenedKeys, vapid::VapidKey},
    storage::{self, Storage},
    time::Timestamp,
    tokens::{ApiTokens, RefreshTokens, Revocations, Signer},
};

/// How many wait in a line: more than that would not be served in time.
const WAITING: usize = 1024;
/// So many notifications of jobs are kept for who is busy; whoever misses some looks from the beginning.
const JOB_NOTIFICATIONS: usize = 1024;
/// How long a statement of a job may take that works through what is large: minutes, since nobody waits for its answer.
const JOB: Duration = Duration::from_secs(300);
/// How many names of topics may wait to be heard: who has missed some looks.
const TOPICS: usize = 256;
/// How many uploads are on their way at once, and how many pictures are looked at.
const UPLOADS: usize = 256;
const PICTURES: usize = 64;

/// Jobs that may be due.
#[derive(Debug, Clone, Default)]
pub struct JobsDue {
    /// When the first of them is due; `None` where that may be any time.
    pub since: Option<Timestamp>,
    /// Of which tasks they are; `None` where it may be any.
    pub tasks: Option<Arc<[String]>>,
}

/// The running product, without its endpoints. Holds no rule and knows no entity.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The configuration in force.
    pub config: Config,
    /// Where the database is; holds a password, so it is never printed.
    pub database_url: String,
    /// The pool of database connections.
    pub pool: Pool,
    /// Carries what can be read elsewhere, when one is configured.
    pub replica: Option<Replica>,
    /// Signs and verifies access tokens.
    pub tokens: Signer,
    /// Makes refresh tokens, and knows its own.
    pub refresh_tokens: RefreshTokens,
    /// The sessions that ended before their tokens did.
    pub revocations: Revocations,
    /// What was asked for lately, and how much more may be.
    pub limits: Limits,
    /// Who may do what, as far as it is known.
    pub permissions: Permissions,
    /// The personal API tokens in use.
    pub api_tokens: ApiTokens,
    /// Seals what must not be readable in the tables.
    pub keyring: Keyring,
    /// The keys that passwords are encrypted to, as far as they were needed.
    pub login_keys: OpenedKeys,
    /// The key by which push services know this server, once it was needed.
    pub push_key: OnceCell<VapidKey>,
    /// Where what may be forgotten is posted.
    pub events: EphemeralEvents,
    /// Whether notifications arrive at this instance.
    pub listen_status: ListenStatus,
    /// Sent when a job may be due. Every pool of workers hears it.
    pub jobs_due: broadcast::Sender<JobsDue>,
    /// Jobs that have ended, and that somebody waits for.
    pub jobs_ended: broadcast::Sender<Uuid>,
    /// True once the server stops: whoever waits for something answers as it is now.
    pub stopping: watch::Sender<bool>,
    /// Notified when a schedule may be due sooner than was known.
    pub schedules_due: Notify,
    /// Notified when a scheduled message may be due sooner than was known.
    pub scheduled_due: Notify,
    /// Notified when a hold may run out, or a reminder be due, sooner than was known.
    pub places_due: Notify,
    /// The topics that have new records, as they are heard of; who waits for some listens.
    pub topic_news: broadcast::Sender<String>,
    /// Where files lie.
    pub storage: Box<dyn Storage>,
    /// The way e-mails go, when one is configured.
    pub mail: Option<Mail>,
    /// The way to addresses that somebody else has named.
    pub outbound: Outbound,
    /// Where pictures are unpacked, as many at once as there is memory for.
    pub pictures: Pictures,
    /// Who waits for a chat that somebody else holds does so with a connection in hand: so many and no more, or one open
    /// transaction would take the whole pool.
    pub waiting: Semaphore,
    /// What jobs write and read goes through a quarter of the pool, however many workers there are ([`App::spare_db`]).
    sparing: Semaphore,
    /// Lists that are written out as files: each with a connection in hand, so many and no more.
    pub exporting: FairQueue<Uuid>,
    /// Downloads until the client has all of it: one of each person, and those who read slowly keep nobody else from theirs.
    pub downloading: FairQueue<Uuid>,
    /// Searches of messages: a quarter of the pool at most, for each takes a core of the database, and one of each person,
    /// however many they begin.
    pub searching: FairQueue<Uuid>,
    /// Questions who is online: a quarter of the pool at most, and one of each person.
    pub watching: FairQueue<Uuid>,
    /// Uploads on their way to the storage, two of each person, so that what they may still upload is counted right.
    pub uploading: FairQueue<Uuid>,
    /// Changes that somebody has under way of what is their own: they wait for each other with a connection in hand, so of
    /// each person a quarter of the pool at most.
    pub changing: FairQueue<Uuid>,
    /// Pictures that are looked at, one of each person.
    pub picturing: FairQueue<Uuid>,
    /// Password hashing takes a whole core: so many at once and no more, and the rest goes on. Those who wait do so by
    /// address, so that none of them keeps others out; `None` is whoever runs the program.
    pub hashing: FairQueue<Option<IpAddr>>,
}

/// A connection, and the right to have it.
pub struct SpareDb<'a> {
    // Released before the permit is.
    client: db::Client,
    _permit: SemaphorePermit<'a>,
}

impl Deref for SpareDb<'_> {
    type Target = db::Client;

    fn deref(&self) -> &db::Client {
        &self.client
    }
}

impl DerefMut for SpareDb<'_> {
    fn deref_mut(&mut self) -> &mut db::Client {
        &mut self.client
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together. `database_url` is where the database really is: the configured one, or that of the
    /// private PostgreSQL; the secrets are complete by then.
    pub fn new(config: Config, database_url: String) -> Result<Self> {
        // Which instance it is says the address it answers at, as for the connection that listens.
        let name = format!("trunkline {}", config.http.addr);
        Self::named(config, database_url, &name)
    }

    /// The same for a program that answers at no address: what it is called where a DBA looks (`application_name`).
    pub fn named(config: Config, database_url: String, name: &str) -> Result<Self> {
        let jwt_secret =
            config.auth.jwt_secret.as_ref().ok_or_else(|| Error::internal("auth.jwt_secret is not set"))?;
        let key = config.secrets.key.as_ref().ok_or_else(|| Error::internal("secrets.key is not set"))?;
        let tokens = Signer::new(
            jwt_secret.expose(),
            config.auth.old_jwt_secrets.iter().map(Secret::expose),
            config.auth.access_minutes,
        );
        let keyring = Keyring::new(key.expose(), config.secrets.old_keys.iter().map(Secret::expose))?;
        let revocations = Revocations::new(Duration::from_secs(u64::from(config.auth.access_minutes) * 60));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let hashing = cores.div_ceil(2);
        let limits = Limits::new(&config.limits);
        let (size, deadline) = (config.database.pool_size(), config.database.deadline());
        // Posting to a public chat joins it, in the statement that posts (post_messages.sql).
        let most = limits.chats().map(|most| format!("set trunkline.chats_per_person = {most}"));
        let pool = Pool::open_with(&database_url, name, size, deadline, &most.unwrap_or_default())?;
        let replica =
            config.database.read_url.as_ref().map(|url| Replica::open(url.expose(), name, size, deadline));
        Ok(Self(Arc::new(Parts {
            replica: replica.transpose()?,
            waiting: Semaphore::new((pool.max_size() / 4).max(1)),
            sparing: Semaphore::new((pool.max_size() / 4).max(1)),
            exporting: FairQueue::of_each(1, (pool.max_size() / 4).max(1), WAITING),
            downloading: FairQueue::of_each(1, usize::MAX, WAITING),
            searching: FairQueue::of_each(1, (pool.max_size() / 4).max(2), WAITING),
            watching: FairQueue::of_each(1, (pool.max_size() / 4).max(1), WAITING),
            uploading: FairQueue::of_each(2, UPLOADS, WAITING),
            changing: FairQueue::of_each((pool.max_size() / 4).max(2), usize::MAX, WAITING),
            picturing: FairQueue::of_each(1, PICTURES, WAITING),
            pool,
            tokens,
            refresh_tokens: RefreshTokens::new(
                jwt_secret.expose(),
                config.auth.old_jwt_secrets.iter().map(Secret::expose),
            ),
            revocations,
            limits,
            permissions: Permissions::default(),
            api_tokens: ApiTokens::default(),
            keyring,
            login_keys: OpenedKeys::default(),
            push_key: OnceCell::new(),
            events: EphemeralEvents::new(Keys::new(
                [jwt_secret.expose()]
                    .into_iter()
                    .chain(config.auth.old_jwt_secrets.iter().map(Secret::expose)),
            )),
            listen_status: ListenStatus::default(),
            jobs_due: broadcast::Sender::new(JOB_NOTIFICATIONS),
            jobs_ended: broadcast::Sender::new(JOB_NOTIFICATIONS),
            stopping: watch::Sender::new(false),
            schedules_due: Notify::new(),
            scheduled_due: Notify::new(),
            places_due: Notify::new(),
            topic_news: broadcast::channel(TOPICS).0,
            storage: storage::open(&config)?,
            mail: Mail::open(&config.smtp)?,
            outbound: Outbound::new(config.webhooks.allow_private),
            pictures: Pictures::default(),
            // At a quarter of a second each, the last waits a quarter of a minute.
            hashing: FairQueue::new(hashing, hashing * 64),
            database_url,
            config,
        })))
    }

    /// Lets everybody look who waits for the time of something: notifications of it may have been missed.
    pub fn recheck_due(&self) {
        // Nobody listens where no jobs are run.
        let _ = self.jobs_due.send(JobsDue::default());
        self.schedules_due.notify_one();
        self.scheduled_due.notify_one();
        self.places_due.notify_one();
    }

    /// Lets go of every connection; who asks for one from now on is refused.
    pub fn close(&self) {
        self.pool.close();
        if let Some(replica) = &self.replica {
            replica.close();
        }
    }

    /// A connection from the pool.
    pub async fn db(&self) -> Result<db::Client> {
        self.pool.get().await
    }

    /// A connection for the statements of jobs, of which there may be many more than connections: they wait for each other
    /// here, and never in the queue of the pool before somebody who asks.
    pub async fn spare_db(&self) -> Result<SpareDb<'_>> {
        let permit = self.sparing.acquire().await.map_err(Error::internal)?;
        Ok(SpareDb { client: self.db().await?, _permit: permit })
    }

    /// The same for the statements of a job that works through what is large, piece by piece. A piece takes some hundredths of
    /// a second, and on a machine that is busy or reads from a slow disk it may take long: it is not given up, or the job would
    /// never come to its end.
    pub async fn job_db(&self) -> Result<SpareDb<'_>> {
        let permit = self.sparing.acquire().await.map_err(Error::internal)?;
        Ok(SpareDb { client: self.db().await?.with_long_deadline(JOB), _permit: permit })
    }

    /// The address clients reach this server at, without a slash at the end.
    pub fn public_url(&self) -> String {
        match &self.config.http.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => {
                let addr = self.config.http.addr;
                let host =
                    if addr.ip().is_unspecified() { "127.0.0.1".to_owned() } else { addr.ip().to_string() };
                if addr.is_ipv6() && !addr.ip().is_unspecified() {
                    format!("http://[{host}]:{}", addr.port())
                } else {
                    format!("http://{host}:{}", addr.port())
                }
            }
        }
    }
}
