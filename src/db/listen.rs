//! The one raw connection of an instance that LISTENs.
//!
//! Every notification is sent on one channel, `trunkline`. Which chats it is about stands in the payload: LISTENing on a channel a
//! chat would cost each notification a walk through all of them.

use std::{
    fmt::Display,
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};
use tokio_postgres::{AsyncMessage, Client};

use super::{
    GenericClient,
    connect::Target,
    pool::Pool,
    query, session,
    timeline::{Newest, Timeline},
};
use crate::error::{Error, Result};

/// How long LISTEN may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How the connections that LISTEN are called in `pg_stat_activity`; which instance's it is comes after that.
const NAME: &str = "trunkline listener";

/// Whether notifications arrive at this instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenState {
    /// They do.
    Receiving,
    /// There is a connection that LISTENs, and nothing comes: a pooler in between loses it.
    Silent,
    /// There has been no connection that LISTENs since then.
    Disconnected(Instant),
}

/// What the parts of the program know of [`ListenState`].
pub struct ListenStatus(Mutex<ListenState>);

impl Default for ListenStatus {
    fn default() -> Self {
        Self(Mutex::new(ListenState::Disconnected(Instant::now())))
    }
}

impl ListenStatus {
    /// How it is now.
    pub fn state(&self) -> ListenState {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how it is; how long there has been no connection counts from the first time that is said.
    pub fn set(&self, now: ListenState) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!((*state, now), (ListenState::Disconnected(_), ListenState::Disconnected(_))) {
            *state = now;
        }
    }

    /// How long there has been no connection that LISTENs.
    pub fn away_for(&self) -> Option<Duration> {
        match self.state() {
            ListenState::Disconnected(since) => Some(since.elapsed()),
            ListenState::Receiving | ListenState::Silent => None,
        }
    }
}

/// A connection that LISTENs. Dropping it closes the connection.
pub struct Listening {
    client: Client,
    payloads: mpsc::UnboundedReceiver<String>,
    wire: tokio::task::JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        // One that hangs would never end by itself.
        self.wire.abort();
    }
}

impl Listening {
    /// Where to LISTEN; `instance` tells which instance it is.
    pub fn target(url: &str, instance: impl Display) -> Result<Target> {
        Target::parse_for(url, NAME, instance)
    }

    /// Connects and LISTENs: every notification committed after this returns will be heard, until the connection
    /// ends. Each step has a time limit.
    pub async fn start(target: &Target, newest: &Newest) -> Result<Self> {
        match Self::begin(target, newest).await {
            Err(error) if target.shield(&error) => Self::begin(target, newest).await,
            begun => begun,
        }
    }

    async fn begin(target: &Target, newest: &Newest) -> Result<Self> {
        let (client, mut connection) = target.connect().await?;
        #[expect(
            clippy::disallowed_methods,
            reason = "payloads are small and dropped at once; waiting would stall LISTEN"
        )]
        let (sender, payloads) = mpsc::unbounded_channel();
        let mut messages = stream::poll_fn(move |context| Pin::new(&mut connection).poll_message(context));
        let wire = tokio::spawn(async move {
            while let Some(Ok(message)) = messages.next().await {
                if let AsyncMessage::Notification(notification) = message
                    && sender.send(notification.payload().to_owned()).is_err()
                {
                    break;
                }
            }
        });
        let listening = Self { client, payloads, wire };
        // No rule of the server about idle sessions ends this one.
        let listen = format!(
            "set statement_timeout = 0; {}; {}; listen trunkline",
            session::LIMITLESS,
            session::WATCH
        );
        let begun = async {
            listening.client.batch_execute(&listen).await?;
            Ok::<_, Error>(Timeline::of(&listening.client).await)
        };
        let timeline = timeout(TIMEOUT, begun)
            .await
            .map_err(|_| Error::unreachable("LISTEN was accepted and never answered"))??;
        if !newest.accepts(timeline.as_ref()) {
            target.pass_over();
            return Err(Error::unreachable("this was the primary until another one took over"));
        }
        Ok(listening)
    }

    /// The next payload; `None` when the connection has ended.
    pub async fn next(&mut self) -> Option<String> {
        self.payloads.recv().await
    }

    /// A payload that has arrived already, if one has.
    pub fn try_next(&mut self) -> Option<String> {
        self.payloads.try_recv().ok()
    }

    /// Fails, or takes for ever, when the connection is no longer alive. It LISTENs once more, which changes nothing.
    pub async fn check(&self) -> Result<()> {
        Ok(self.client.batch_execute("listen trunkline").await?)
    }
}

/// Rings, as any change does. Never over the connection that listens: PostgreSQL would tell that one directly, even where a
/// pooler in between drops every notification of others.
pub async fn notify(pool: &Pool, payload: &str) -> Result<()> {
    query::exec(&pool.get().await?, include_str!("../../sql/queries/notify.sql"), &[&payload]).await?;
    Ok(())
}

/// How full the server's queue of notifications is, from 0 to 1: at 1 commits that notify fail.
pub async fn queue_usage(db: &impl GenericClient) -> Result<f64> {
    let sql = include_str!("../../sql/queries/notification_queue_usage.sql");
    Ok(query::scalar(db, sql, &[]).await?.unwrap_or_default())
}
