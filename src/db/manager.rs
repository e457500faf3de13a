//! How the connections of the pool are made, and which of them are good.

use std::{future::poll_fn, sync::Arc, time::Duration};

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use deadpool_postgres::ClientWrapper;
use tokio::time::timeout;
use tokio_postgres::AsyncMessage;

use super::{
    connect::{Target, Wire},
    guard::State,
    session,
    timeline::{Newest, Timeline},
};
use crate::error::{Error, Result};

/// How long it may take to make a new connection ready.
pub const SETTLE: Duration = Duration::from_secs(5);

/// A connection, and what is known of its state.
pub struct Link {
    /// The connection.
    pub client: ClientWrapper,
    /// What is known of it.
    pub state: Arc<State>,
    timeline: Option<Timeline>,
}

/// Makes connections, and knows which are good.
pub struct Manager {
    target: Target,
    settings: String,
    newest: Arc<Newest>,
}

impl Manager {
    /// Makes connections to one database, whose sessions begin with these statements.
    pub fn new(target: Target, settings: String, newest: Arc<Newest>) -> Self {
        Self { target, settings, newest }
    }

    /// A new connection, whose session is set up.
    async fn make(&self) -> Result<Link> {
        let (client, wire) = self.target.connect().await?;
        let state = Arc::new(State::default());
        let wire = tokio::spawn(drive(wire, Arc::clone(&state)));
        let client = ClientWrapper::new(client, wire);
        let settled = async {
            client.batch_execute(&self.settings).await?;
            // Not every server can.
            let _ = client.batch_execute(session::WATCH_RUNNING).await;
            let timeline = Timeline::of(&client).await;
            Ok(Link { client, state, timeline })
        };
        timeout(SETTLE, settled)
            .await
            .map_err(|_| Error::unreachable("a new connection was accepted and never answered"))?
    }
}

impl managed::Manager for Manager {
    type Type = Link;
    type Error = Error;

    async fn create(&self) -> Result<Link> {
        for _ in 0..2 {
            let link = match Box::pin(self.make()).await {
                Err(error) if self.target.shield(&error) => Box::pin(self.make()).await?,
                made => made?,
            };
            if self.newest.accepts(link.timeline.as_ref()) {
                return Ok(link);
            }
            // Of those that take writes only one is the newest: it is asked next.
            self.target.pass_over();
        }
        Err(Error::unreachable("the only server that answers was the primary until another one took over"))
    }

    async fn recycle(&self, link: &mut Link, _: &Metrics) -> RecycleResult<Error> {
        if link.client.is_closed() {
            return Err(RecycleError::message("it has ended"));
        }
        if !self.newest.accepts(link.timeline.as_ref()) {
            return Err(RecycleError::message("another primary took over"));
        }
        Ok(())
    }
}

/// Moves what a connection sends and receives, and hears what the server says beside its answers.
async fn drive(mut wire: Wire, state: Arc<State>) {
    while let Some(message) = poll_fn(|context| wire.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) => state.note(&notice),
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(%error, "a database connection ended");
                return;
            }
        }
    }
}
