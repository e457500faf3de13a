//! The gateway in the documentation, and what it answers to those who do not upgrade.

use poem_openapi::{Enum, OpenApi, param::Query};

use crate::{
    error::{Code, Error},
    http::{Caller, Done, Seq},
    tags::Tags,
};

/// What a gateway follows from the start.
#[derive(Debug, Clone, Copy, Enum)]
#[oai(rename_all = "snake_case")]
#[oai(rename = "GatewaySubscription")]
pub enum Everything {
    /// All chats.
    All,
}

/// The sockets.
pub struct RealtimeApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Realtime")]
impl RealtimeApi {
    /// The gateway: one socket for any number of chats
    ///
    /// With an upgrade to WebSocket; the manual is above. Without one the answer is 426.
    ///
    /// Errors: upgrade_required
    #[oai(path = "/ws", method = "get", operation_id = "open_gateway")]
    #[expect(clippy::unused_async, reason = "the framework's handlers are async")]
    async fn open_gateway(
        &self,
        _caller: Caller,
        /// Follows every chat the caller is in from the start, and later ones too.
        #[oai(name = "subscribe")]
        _subscribe: Query<Option<Everything>>,
        /// The `seq` of the last notification that is known already: those after it come first. Without it only those that
        /// come from then on.
        #[oai(name = "after_notification")]
        _after_notification: Query<Option<Seq>>,
    ) -> poem::Result<Done> {
        Err(Error::new(Code::UpgradeRequired, "this address speaks WebSocket").into())
    }
}
