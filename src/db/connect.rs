//! How a connection to PostgreSQL is made: one host after the other, each with a time limit of its own.

use std::{
    fmt::Display,
    net::{IpAddr, SocketAddr},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{net::lookup_host, time::timeout};
use tokio_postgres::{
    Client, Config, Connection, Socket,
    config::{Host, SslMode},
    error::SqlState,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{session, tls};
use crate::{
    config::read_database_url,
    error::{Error, Result},
};

/// What one of several hosts or addresses may take until it answers as the server that is wanted: a silent one costs this,
/// not everything.
const HOST: Duration = Duration::from_secs(2);
/// What the only host may take: there is nobody else to ask, and a busy server needs a moment.
const ONLY_HOST: Duration = Duration::from_secs(5);
/// The most addresses of one name that are tried.
const ADDRESSES: u32 = 4;
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
    /// The same, of several addresses of one name.
    answered: Mutex<Option<SocketAddr>>,
    /// What a connection brings along when it signs in ([`Target::shield`]).
    shield: Mutex<Option<&'static str>>,
}

impl Target {
    /// Reads a database url. Every connection is named `name` unless the url names it, so that `pg_stat_activity` says whose
    /// it is.
    pub fn parse(url: &str, name: &str) -> Result<Self> {
        let config = read(url)?;
        let given = config.get_application_name().unwrap_or(name).to_owned();
        Self::of(config, &given)
    }

    /// The same, where the name says what a connection is for, and is looked for: that comes first, then what the url calls it,
    /// then whose it is.
    pub fn parse_for(url: &str, purpose: &str, instance: impl Display) -> Result<Self> {
        let config = read(url)?;
        let name = match config.get_application_name() {
            Some(given) => format!("{purpose} {given} {instance}"),
            None => format!("{purpose} {instance}"),
        };
        Self::of(config, &name)
    }

    fn of(mut config: Config, name: &str) -> Result<Self> {
        config.application_name(name);
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
        Ok(Self {
            config,
            hosts,
            first: AtomicUsize::new(0),
            answered: Mutex::new(None),
            shield: Mutex::new(None),
        })
    }

    /// How long [`Self::connect`] takes at most, give or take what looking up names does.
    pub fn patience(&self) -> Duration {
        let most = |(host, address, _): &(Option<Host>, Option<IpAddr>, u16)| match (host, address) {
            (Some(Host::Tcp(name)), None) if name.parse::<IpAddr>().is_err() => {
                ONLY_HOST.max(HOST * ADDRESSES)
            }
            _ => ONLY_HOST,
        };
        match self.config.get_connect_timeout() {
            Some(limit) => *limit * u32::try_from(self.hosts.len()).unwrap_or(u32::MAX) * ADDRESSES,
            None => self.hosts.iter().map(most).sum(),
        }
    }

    /// What one of so many may take.
    fn limit(&self, among: usize) -> Duration {
        let several = among > 1 || self.hosts.len() > 1;
        self.config.get_connect_timeout().copied().unwrap_or(if several { HOST } else { ONLY_HOST })
    }

    /// A time limit of its role may have ended a session before that could set its own: then the connections made from now on
    /// bring theirs along when they sign in. Not from the beginning, for not every pooler lets that pass. Says whether it makes
    /// sense to try again.
    pub fn shield(&self, error: &Error) -> bool {
        let options = match error.sql_state().map(SqlState::code) {
            Some("57014" | "25P03") => session::SHIELD,
            // Only those who know this limit can be told.
            Some("25P04") => session::SHIELD_17,
            _ => return false,
        };
        self.shield.lock().unwrap_or_else(PoisonError::into_inner).replace(options).is_none()
    }

    /// What a connection could not be made for.
    fn refusal(&self, error: tokio_postgres::Error, is_shielded: bool) -> Error {
        if is_shielded && error.code().is_some_and(|state| ["08P01", "0A000"].contains(&state.code())) {
            self.shield.lock().unwrap_or_else(PoisonError::into_inner).take();
            return Error::internal(format!("{}: {error}", session::LIMITS));
        }
        error.into()
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
        let (Some(Host::Tcp(name)), None) = (host, address) else {
            return self
                .connect_at(host, address.map(|address| SocketAddr::new(address, *port)), *port, 1)
                .await;
        };
        // A name may stand for several addresses, of which the first may be the silent one.
        let found = timeout(self.limit(1), lookup_host((name.as_str(), *port))).await;
        let found = found
            .map_err(|_| Error::unreachable(format!("{name}: the name could not be looked up in time")))?;
        let found = found.map_err(|error| Error::unreachable(format!("{name}: {error}")))?;
        self.connect_to_any(host, found.collect()).await
    }

    /// Connects to the first of these addresses that answers, the one that answered last before all others.
    async fn connect_to_any(
        &self,
        host: &Option<Host>,
        mut addresses: Vec<SocketAddr>,
    ) -> Result<(Client, Wire)> {
        let answered = *self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        addresses.dedup();
        addresses.sort_by_key(|address| Some(*address) != answered);
        addresses.truncate(ADDRESSES as usize);
        let mut failure = None;
        for address in &addresses {
            match self.connect_at(host, Some(*address), address.port(), addresses.len()).await {
                Ok(connected) => {
                    *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(*address);
                    return Ok(connected);
                }
                Err(error) if failure.is_none() || !error.is_unreachable() => failure = Some(error),
                Err(_) => {}
            }
        }
        Err(failure.unwrap_or_else(|| Error::unreachable("the name of the database's host has no address")))
    }

    async fn connect_at(
        &self,
        host: &Option<Host>,
        address: Option<SocketAddr>,
        port: u16,
        among: usize,
    ) -> Result<(Client, Wire)> {
        let limit = self.limit(among);
        let given = &self.config;
        let mut config = Config::new();
        match host {
            Some(Host::Tcp(name)) => _ = config.host(name),
            Some(Host::Unix(path)) => _ = config.host_path(path),
            None => {}
        }
        if let Some(address) = address {
            config.hostaddr(address.ip());
        }
        config.port(port).connect_timeout(limit);
        given.get_user().map(|user| config.user(user));
        given.get_password().map(|password| config.password(password));
        given.get_dbname().map(|name| config.dbname(name));
        let shield = *self.shield.lock().unwrap_or_else(PoisonError::into_inner);
        let options: Vec<_> = given.get_options().into_iter().chain(shield).collect();
        if !options.is_empty() {
            config.options(options.join(" "));
        }
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
        match timeout(limit, Box::pin(config.connect(tls::connector()))).await {
            Ok(connected) => connected.map_err(|error| self.refusal(error, shield.is_some())),
            Err(_) => {
                let name = match (host, address) {
                    (Some(Host::Unix(path)), _) => format!("{}:{port}", path.display()),
                    (Some(Host::Tcp(name)), Some(address)) => format!("{name} ({address})"),
                    (_, Some(address)) => address.to_string(),
                    (Some(Host::Tcp(name)), None) => format!("{name}:{port}"),
                    (None, None) => format!("port {port}"),
                };
                Err(Error::unreachable(format!("{name} did not answer within {} s", limit.as_secs_f32())))
            }
        }
    }
}

fn read(url: &str) -> Result<Config> {
    read_database_url(url).map_err(|must| Error::internal(format!("the database url {must}")))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::{HOST, Target};

    /// What a server says to who signs in: that is all, and ask.
    const WELCOME: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";

    /// Lets everybody in who comes.
    async fn welcome(listener: TcpListener) {
        let mut guests = Vec::new();
        while let Ok((mut guest, _)) = listener.accept().await {
            let _ = guest.read(&mut [0; 1024]).await;
            let _ = guest.write_all(WELCOME).await;
            guests.push(guest);
        }
    }

    #[tokio::test]
    async fn an_address_of_a_name_that_is_silent_costs_little_and_once() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let answers = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addresses = vec![silent.local_addr().unwrap(), answers.local_addr().unwrap()];
        tokio::spawn(welcome(answers));
        let target = Target::parse("postgres://u:p@chat.example/d", "story").unwrap();
        let host = target.hosts[0].0.clone();
        let begun = Instant::now();
        drop(target.connect_to_any(&host, addresses.clone()).await.unwrap());
        assert!(begun.elapsed() < HOST * 2, "{:?}", begun.elapsed());
        let begun = Instant::now();
        drop(target.connect_to_any(&host, addresses).await.unwrap());
        assert!(begun.elapsed() < HOST, "the one that answered goes first: {:?}", begun.elapsed());
        assert!(target.patience() >= HOST * 2, "{:?}", target.patience());
        let error = target.connect_to_any(&host, vec![silent.local_addr().unwrap()]).await.err().unwrap();
        assert!(error.causes().contains("chat.example (127.0.0.1:"), "{}", error.causes());
    }

    #[test]
    fn what_is_looked_for_by_its_name_is_found_whatever_the_url_says() {
        let name = |url: &str| {
            let target = Target::parse_for(url, "trunkline listener", 1).unwrap();
            target.config.get_application_name().unwrap().to_owned()
        };
        assert_eq!(name("postgres://h/d"), "trunkline listener 1");
        assert_eq!(name("postgres://h/d?application_name=chat"), "trunkline listener chat 1");
        let target = Target::parse("postgres://h/d?application_name=chat", "trunkline").unwrap();
        assert_eq!(target.config.get_application_name(), Some("chat"));
    }
}
