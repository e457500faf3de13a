//! The one raw connection of an instance that LISTENs.
//!
//! Every bell rings on one channel, `trunkline`. Which chats it is about stands in the payload: LISTENing on a channel a
//! chat would cost each notification a walk through all of them.

use std::{pin::Pin, time::Duration};

use deadpool_postgres::Pool;
use futures_util::{StreamExt, stream};
use tokio::{sync::mpsc, time::timeout};
use tokio_postgres::{AsyncMessage, Client};

use super::{pool::parse_url, query, tls};
use crate::error::{Error, Result};

/// How long LISTEN may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that LISTENs. Dropping it closes the connection.
pub struct Listening {
    client: Client,
    payloads: mpsc::UnboundedReceiver<String>,
}

impl Listening {
    /// Connects and LISTENs: every notification committed after this returns will be heard, until the connection
    /// ends.
    pub async fn start(url: &str) -> Result<Self> {
        let (client, mut connection) =
            parse_url(url)?.application_name("trunkline listener").connect(tls::connector()).await?;
        #[expect(
            clippy::disallowed_methods,
            reason = "payloads are small and dropped at once; waiting would stall LISTEN"
        )]
        let (sender, payloads) = mpsc::unbounded_channel();
        let mut messages = stream::poll_fn(move |context| Pin::new(&mut connection).poll_message(context));
        tokio::spawn(async move {
            while let Some(Ok(message)) = messages.next().await {
                if let AsyncMessage::Notification(notification) = message
                    && sender.send(notification.payload().to_owned()).is_err()
                {
                    break;
                }
            }
        });
        timeout(PATIENCE, client.batch_execute("listen trunkline"))
            .await
            .map_err(|_| Error::unavailable("LISTEN was not answered", 1))??;
        Ok(Self { client, payloads })
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
/// pooler in between drops every bell of others.
pub async fn ring(pool: &Pool, payload: &str) -> Result<()> {
    query::exec(&pool.get().await?, include_str!("../../sql/queries/ring.sql"), &[&payload]).await?;
    Ok(())
}
