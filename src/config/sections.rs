//! The sections of the configuration, as the rest of the program reads them. Units stand in the names; defaults and
//! their reasons in `default.yaml`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::network::Network;
use super::secret::Secret;

/// The database.
#[derive(Debug, Clone)]
pub struct Database {
    /// None: a private PostgreSQL under the data directory.
    pub url: Option<Secret>,
    /// For LISTEN, when `url` goes through a pooler; see [`Database::listen_url()`].
    pub listen_url: Option<Secret>,
    /// A replica for history and catch-up.
    pub read_url: Option<Secret>,
    /// How long a statement may take before it is cancelled.
    pub statement_seconds: u32,
    /// As configured; see [`Database::pool_size()`].
    pub pool_size: Option<usize>,
    /// Folder of the PostgreSQL binaries for the private cluster. None: search.
    pub bin_dir: Option<PathBuf>,
}

impl Database {
    /// The address to LISTEN at; none with the private PostgreSQL.
    pub fn listen_url(&self) -> Option<&Secret> {
        self.listen_url.as_ref().or(self.url.as_ref())
    }

    /// How long a statement may take before it is cancelled.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(u64::from(self.statement_seconds))
    }

    /// Connections of this instance: as configured, else four per core, at least 8, at most 64.
    pub fn pool_size(&self) -> usize {
        self.pool_size
            .unwrap_or_else(|| (thread::available_parallelism().map_or(2, usize::from) * 4).clamp(8, 64))
    }
}

/// The HTTP server.
#[derive(Debug, Clone)]
pub struct Http {
    /// Address to listen at; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Foreign origins that may use the cookie, as browsers send them (`https://chat.example.com`). Empty: none
    /// but the own origin.
    pub allowed_origins: Vec<String>,
    /// How people reach this server, without a slash at the end. None: `http.addr` by HTTP.
    pub public_url: Option<String>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Connections held at once, sockets included.
    pub max_connections: usize,
    /// Time for a request's headers to arrive.
    pub header_timeout_seconds: u32,
    /// Opens `/metrics` to whoever brings it. None: to this machine alone.
    pub metrics_token: Option<Secret>,
    /// Time a connection may rest between two requests.
    pub keep_alive_seconds: u32,
    /// Time for a request's body to arrive.
    pub body_timeout_seconds: u32,
    /// Grace for requests in flight at shutdown.
    pub shutdown_seconds: u32,
}

/// Tokens, passwords and cookies.
#[derive(Debug, Clone)]
pub struct Auth {
    /// Signs access tokens; at least 32 bytes. None: generated, with the private PostgreSQL only.
    pub jwt_secret: Option<Secret>,
    /// Still verify.
    pub old_jwt_secrets: Vec<Secret>,
    /// Life of an access token.
    pub access_minutes: u32,
    /// Life of a refresh token.
    pub refresh_days: u32,
    /// How long a used refresh token still gives a pair of the same session.
    pub refresh_grace_seconds: u32,
    /// 4 to 31.
    pub bcrypt_cost: u32,
    /// As configured; see [`super::Config::secure_cookies`].
    pub secure_cookies: Option<bool>,
}

/// Where files go.
#[derive(Debug, Clone)]
pub struct Storage {
    /// Which of the two.
    pub backend: Backend,
    /// What stays free on the disk of the local folder.
    pub min_free_megabytes: u32,
    /// Always there when `backend` is [`Backend::S3`], never otherwise.
    pub s3: Option<S3>,
}

impl Storage {
    /// What stays free on the disk of the local folder, in bytes.
    pub fn min_free_bytes(&self) -> u64 {
        u64::from(self.min_free_megabytes) * 1024 * 1024
    }

    /// Where clients are sent for files, if not to this server.
    pub fn public_origin(&self) -> Option<&str> {
        let s3 = self.s3.as_ref()?;
        Some(s3.public_endpoint.as_ref().unwrap_or(&s3.endpoint))
    }
}

/// A kind of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A folder under the data directory.
    Local,
    /// S3-compatible storage.
    S3,
}

/// S3-compatible storage.
#[derive(Debug, Clone)]
pub struct S3 {
    /// Address of the service, without a slash at the end.
    pub endpoint: String,
    /// The same as clients reach it. None: as `endpoint`.
    pub public_endpoint: Option<String>,
    /// Part of the signature.
    pub region: String,
    /// Must exist.
    pub bucket: String,
    /// Name of the key.
    pub access_key: Secret,
    /// The key.
    pub secret_key: Secret,
}

/// Keys of what is stored encrypted. Each is `<id>:<base64 of 32 bytes>`; see [`super::split_key`]. No id occurs twice.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Encrypts and decrypts. None: generated, with the private PostgreSQL only.
    pub key: Option<Secret>,
    /// Still decrypt.
    pub old_keys: Vec<Secret>,
}

/// Rates; sizes always apply.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Whether rates are limited at all.
    pub enabled: bool,
    /// Requests of one caller.
    pub requests_per_second: u32,
    /// Requests from one address.
    pub address_requests_per_second: u32,
    /// Commands of one person, over all their sockets.
    pub commands_per_second: u32,
    /// Chats that one person's sockets follow at once.
    pub subscriptions_per_person: u32,
    /// People whose presence one person's sockets watch at once.
    pub watched_per_person: u32,
    /// Wrong passwords at one account, and from one address.
    pub logins_per_minute: u32,
    /// Sign-ins from one address, right or wrong, and right ones at one account.
    pub sign_ins_per_minute: u32,
    /// Sign-ups from one address.
    pub sign_ups_per_hour: u32,
    /// API tokens one person makes.
    pub api_tokens_per_hour: u32,
    /// MiB that one person uploads in a day.
    pub upload_megabytes_per_day: u32,
    /// MiB of one person's files that are kept at once.
    pub upload_megabytes_in_all: u32,
    /// Chats that one person is in.
    pub chats_per_person: u32,
    /// Connections held at once from one address.
    pub connections_per_address: u32,
    /// Sockets held at once by one person.
    pub sockets_per_person: u32,
}

/// The first administrator: both fields or neither.
#[derive(Debug, Clone)]
pub struct Admin {
    /// E-mail to sign in with.
    pub email: Option<String>,
    /// Follows the rule for passwords.
    pub password: Option<Secret>,
}

/// Outgoing mail.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// `smtp://` or `smtps://`, with user and password. None: no mail.
    pub url: Option<Secret>,
    /// Always there when `url` is.
    pub from: Option<String>,
}

/// Webhooks.
#[derive(Debug, Clone)]
pub struct Webhooks {
    /// Whether private addresses may be called.
    pub allow_private: bool,
}

/// The audit.
#[derive(Debug, Clone)]
pub struct Audit {
    /// How long what was noted is kept, 30 days at least. None: for ever.
    pub retention_days: Option<u32>,
}

/// Notifications.
#[derive(Debug, Clone)]
pub struct Notifications {
    /// Days after which a notification that was read is removed.
    pub retention_days: u32,
    /// Days after which one is removed that nobody has read.
    pub unread_retention_days: u32,
}

/// Web push.
#[derive(Debug, Clone)]
pub struct Push {
    /// Whom a push service can turn to, as `mailto:` or `https:`. None: the address of this server.
    pub contact: Option<String>,
}

/// Logging.
#[derive(Debug, Clone)]
pub struct Log {
    /// None: pretty on a terminal, else JSON.
    pub format: Option<LogFormat>,
    /// Directives `tracing_subscriber::EnvFilter` takes.
    pub level: String,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One object a line.
    Json,
}
