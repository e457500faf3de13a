//! The one raw connection of an instance that LISTENs.

use std::{pin::Pin, time::Duration};

use futures_util::{StreamExt, stream};
use tokio::{sync::mpsc, time::timeout};
use tokio_postgres::{AsyncMessage, Client};

use super::{pool::parse_url, tls};
use crate::error::{Error, Result};

/// The one channel every bell rings on. Which chats it is about stands in the payload: LISTENing on a channel a chat
/// would cost each notification a walk through all of them.
pub const CHANNEL: &str = "trunkline";

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

    /// Rings to ourselves over this very connection: proves that it is alive.
    pub async fn ring(&self, payload: &str) -> Result<()> {
        self.client.execute("select pg_notify($1, $2)", &[&CHANNEL, &payload]).await?;
        Ok(())
    }
}
