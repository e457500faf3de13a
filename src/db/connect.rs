//! How a connection to PostgreSQL is made: one host after the other, each with a time limit of its own.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tokio::{net::lookup_host, time::timeout};
use tokio_postgres::{
    Client, Config, Connection, Socket,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls;
use crate::error::{Error, Result};

/// What one of several hosts may take until it answers as the server that is wanted: a silent one costs this, not everything.
const HOST: Duration = Duration::from_secs(2);
/// What the only host may take: there is nobody else to ask, and a busy server needs a moment.
const ONLY_HOST: Duration = Duration::from_secs(5);
/// After so long without an answer to what was sent the connection is broken, whatever the kernel still hopes for.
const UNANSWERED: Duration = Duration::from_secs(10);
/// A quiet connection is asked after this, this often, and so many times in vain.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(10), Duration::from_secs(3), 3);

/// The half of a connection that does the work; it ends when the other half, the client, is dropped.
pub type Wire =
    Connection<Socket, <MakeRustlsConnect as tokio_postgres::tls::MakeTlsConnect<Socket>>::Stream>;

/// A database url, read: one server, or several of which one is wanted (`target_session_attrs`).
#[derive(Debug)]
pub struct Target {
    config: Config,
    /// Each way to try: the host as it is called, and its address where the url gives one.
    hosts: Vec<(Option<Host>, Option<IpAddr>, u16)>,
    /// The one that answered last is tried first.
    first: AtomicUsize,
}

impl Target {
    /// Reads a database url. Every connection is named `name` unless the url names it, so that `pg_stat_activity` says whose
    /// it is.
    pub fn parse(url: &str, name: &str) -> Result<Self> {
        // The certificate is always verified.
        let url = url
            .replace("sslmode=verify-full", "sslmode=require")
            .replace("sslmode=verify-ca", "sslmode=require");
        let mut config: Config =
            url.parse().map_err(|error: tokio_postgres::Error| Error::internal(error))?;
        if config.get_application_name().is_none() {
            config.application_name(name);
        }
        tls::settle(&mut config);
        let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
        let count = hosts.len().max(addresses.len());
        if count == 0 {
            return Err(Error::internal("the database url names no host"));
        }
        if (!hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len())
            || (ports.len() > 1 && ports.len() != count)
        {
            return Err(Error::internal("the database url names not as many ports or addresses as hosts"));
        }
        let port = |at: usize| ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        let hosts =
            (0..count).map(|at| (hosts.get(at).cloned(), addresses.get(at).copied(), port(at))).collect();
        Ok(Self { config, hosts, first: AtomicUsize::new(0) })
    }

    /// How long [`Self::connect`] takes at most, give or take what looking up names does.
    pub fn patience(&self) -> Duration {
        self.limit() * u32::try_from(self.hosts.len()).unwrap_or(u32::MAX)
    }

    fn limit(&self) -> Duration {
        self.config.get_connect_timeout().copied().unwrap_or(if self.hosts.len() > 1 {
            HOST
        } else {
            ONLY_HOST
        })
    }

    /// Begins with the next host, the next time: the one that answered last was not the right one.
    pub fn pass_over(&self) {
        self.first.fetch_add(1, Ordering::Relaxed);
    }

    /// Connects to the first host that answers and is what is wanted. The second half must be driven for anything to happen.
    pub async fn connect(&self) -> Result<(Client, Wire)> {
        let first = self.first.load(Ordering::Relaxed) % self.hosts.len();
        let mut failure = None;
        for step in 0..self.hosts.len() {
            let at = (first + step) % self.hosts.len();
            match self.connect_to(at).await {
                Ok(connected) => {
                    self.first.store(at, Ordering::Relaxed);
                    return Ok(connected);
                }
                // What the server itself says is worth more than that another did not answer.
                Err(error) if failure.is_none() || !error.is_unreachable() => failure = Some(error),
                Err(_) => {}
            }
        }
        Err(failure.unwrap_or_else(|| Error::internal("the database url names no host")))
    }

    async fn connect_to(&self, at: usize) -> Result<(Client, Wire)> {
        let (host, address, port) = &self.hosts[at];
        let silent = |_| {
            let name = match (host, address) {
                (Some(Host::Tcp(name)), _) => name.clone(),
                (Some(Host::Unix(path)), _) => path.display().to_string(),
                (None, address) => address.map(|address| address.to_string()).unwrap_or_default(),
            };
            Error::unreachable(format!(
                "{name}:{port} did not answer within {} s",
                self.limit().as_secs_f32()
            ))
        };
        let (Some(Host::Tcp(name)), None) = (host, address) else {
            return timeout(self.limit(), self.connect_at(host, *address, *port)).await.map_err(silent)?;
        };
        // A name may stand for several addresses, of which the first may be the silent one.
        let addresses = timeout(self.limit(), lookup_host((name.as_str(), *port))).await.map_err(silent)?;
        let mut outcome = Err(Error::unreachable(format!("{name} has no address")));
        for address in addresses.map_err(|error| Error::unreachable(format!("{name}: {error}")))? {
            outcome = timeout(self.limit(), self.connect_at(host, Some(address.ip()), *port))
                .await
                .map_err(silent)?;
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    async fn connect_at(
        &self,
        host: &Option<Host>,
        address: Option<IpAddr>,
        port: u16,
    ) -> Result<(Client, Wire)> {
        let given = &self.config;
        let mut config = Config::new();
        match host {
            Some(Host::Tcp(name)) => _ = config.host(name),
            Some(Host::Unix(path)) => _ = config.host_path(path),
            None => {}
        }
        if let Some(address) = address {
            config.hostaddr(address);
        }
        config.port(port).connect_timeout(self.limit());
        given.get_user().map(|user| config.user(user));
        given.get_password().map(|password| config.password(password));
        given.get_dbname().map(|name| config.dbname(name));
        given.get_options().map(|options| config.options(options));
        given.get_application_name().map(|name| config.application_name(name));
        config
            .ssl_mode(given.get_ssl_mode())
            .ssl_negotiation(given.get_ssl_negotiation())
            .channel_binding(given.get_channel_binding())
            .target_session_attrs(given.get_target_session_attrs())
            .tcp_user_timeout(given.get_tcp_user_timeout().copied().unwrap_or(UNANSWERED));
        let (idle, interval, retries) = KEEPALIVE;
        config.keepalives_idle(idle).keepalives_interval(interval).keepalives_retries(retries);
        debug_assert!(config.get_ssl_mode() != SslMode::Prefer, "settled when the url was read");
        // Rarely awaited, and large: every query would carry its size along.
        Ok(Box::pin(config.connect(tls::connector())).await?)
    }
}
