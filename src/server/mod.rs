//! The top layer: binds, assembles the routes, serves, and drains. It holds no rule of the product.

mod accept;
mod asyncapi;
mod client;
mod compress;
mod counters;
mod docs;
pub mod document;
mod front;
mod headers;
mod health;
mod parameters;
mod paths;
mod routes;
mod static_files;
mod web;

use std::{net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::JoinHandle,
};

use crate::{
    app::App,
    config::Config,
    error::{Error, Result},
    jobs::Runner,
    messages::{self, Outbox},
    realtime::{self, Hub, Services, run_listener},
    schedules,
    telemetry::metrics,
    webhooks, worker,
};

pub use routes::{documentation, operations, sockets};

/// How many connections may wait to be taken: when an instance has gone, its whole crowd comes at once, and who finds the
/// queue full tries again only after a second. The system may allow fewer (net.core.somaxconn).
const BACKLOG: u32 = 4096;
/// How long it may take to say that this instance is gone.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
/// How often the limits let go of those who have asked for nothing lately.
const SWEEP: Duration = Duration::from_secs(60);

/// A server that serves.
pub struct Server {
    addr: SocketAddr,
    hub: Hub,
    grace: Duration,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
    listening: JoinHandle<()>,
    register: JoinHandle<()>,
    events: JoinHandle<()>,
    jobs: Runner,
    deliveries: Runner,
    upkeep: JoinHandle<()>,
    sweeping: JoinHandle<()>,
    scheduled: JoinHandle<()>,
    due: JoinHandle<()>,
    schedules: JoinHandle<()>,
}

/// Takes the configured address; with port 0 a free one, which the configuration says from then on.
pub fn bind(config: &mut Config) -> Result<TcpListener> {
    let addr = config.http.addr;
    let listener = listen(addr)
        .map_err(|error| Error::internal(format!("http.addr {addr} cannot be listened on: {error}")))?;
    config.http.addr = listener.local_addr().map_err(Error::internal)?;
    Ok(listener)
}

fn listen(addr: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart must not wait until the system has forgotten the connections of before.
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

/// Lets go of whom the limits need not remember.
async fn sweep_limits(app: App) {
    loop {
        tokio::time::sleep(SWEEP).await;
        app.limits.sweep();
    }
}

impl Server {
    /// Serves on `listener` until [`Server::stop`].
    pub async fn start(app: App, listener: TcpListener) -> Result<Self> {
        let outbox = Outbox::start(app.pool.clone());
        Self::start_with(app, listener, outbox).await
    }

    /// The same, with this way into the log.
    pub async fn start_with(app: App, listener: TcpListener, outbox: Outbox) -> Result<Self> {
        metrics::install();
        counters::begin();
        let addr = listener.local_addr().map_err(Error::internal)?;
        let grace = Duration::from_secs(u64::from(app.config.http.shutdown_seconds));
        let hub = realtime::start(app.clone());
        outbox.show(hub.clone());
        let listen_url =
            app.config.database.listen_url().map_or(app.database_url.as_str(), |url| url.expose());
        let listening = tokio::spawn(run_listener(hub.clone(), listen_url.to_owned()));
        let register = tokio::spawn(realtime::keep_register(hub.clone()));
        let events = tokio::spawn(app.events.clone().run(app.pool.clone()));
        crate::auth::service::load_revocations(&app).await?;
        crate::roles::service::learn(&app, &operations()).await?;
        let jobs = Runner::start(app.clone(), worker::TASKS, grace);
        let concurrency = webhooks::jobs::CONCURRENCY;
        let deliveries = Runner::start_with_concurrency(app.clone(), worker::DELIVERIES, concurrency, grace);
        let schedules = tokio::spawn(schedules::run(app.clone(), worker::all()));
        let scheduled = tokio::spawn(messages::scheduled::run(app.clone(), outbox.clone()));
        let due = tokio::spawn(crate::events::due::run(app.clone()));
        let services = Services { hub: hub.clone(), outbox };
        let (stop, stopping) = watch::channel(false);
        let sweeping = tokio::spawn(sweep_limits(app.clone()));
        let front = front::Front::new(app, services, stopping.clone());
        let accepting = tokio::spawn(accept::run(listener, front, stopping));
        let upkeep = metrics::spawn_upkeep();
        Ok(Self {
            addr,
            hub,
            grace,
            stop,
            accepting,
            listening,
            register,
            events,
            jobs,
            deliveries,
            upkeep,
            sweeping,
            scheduled,
            due,
            schedules,
        })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// How many sockets are connected.
    pub fn clients(&self) -> usize {
        self.hub.clients()
    }

    /// Stops gracefully: takes no more connections and no more jobs, sends the sockets away with 1001, and lets requests
    /// and jobs in flight finish, for as long as `http.shutdown_seconds`.
    pub async fn stop(self) {
        self.hub.app().stopping.send_replace(true);
        self.stop.send_replace(true);
        self.scheduled.abort();
        self.due.abort();
        self.schedules.abort();
        self.hub.drain();
        let mut accepting = self.accepting;
        let accepted = tokio::time::timeout(self.grace, &mut accepting);
        let (accepted, (), ()) = tokio::join!(accepted, self.jobs.stop(), self.deliveries.stop());
        if accepted.is_err() {
            tracing::warn!("some requests did not finish in time");
            accepting.abort();
        }
        // The sockets' close frames are on their way; give the slow ones a moment.
        for _ in 0..20 {
            if self.hub.clients() == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.register.abort();
        if let Ok(Err(error)) =
            tokio::time::timeout(SHUTDOWN_TIMEOUT, realtime::close_register(&self.hub)).await
        {
            tracing::debug!(%error, "could not remove this instance from `instances`");
        }
        self.listening.abort();
        self.events.abort();
        self.upkeep.abort();
        self.sweeping.abort();
        self.hub.app().close();
    }

    /// Stops at once and says nothing, as a killed process would: for tests of what others notice.
    pub fn kill(self) {
        self.accepting.abort();
        self.listening.abort();
        self.register.abort();
        self.events.abort();
        self.jobs.kill();
        self.deliveries.kill();
        self.upkeep.abort();
        self.sweeping.abort();
        self.scheduled.abort();
        self.due.abort();
        self.schedules.abort();
    }
}
