//! The gateway in the documentation, and what it answers to those who do not upgrade.

use poem_openapi::OpenApi;

use crate::{
    error::{Code, Error},
    http::{Caller, Done},
    tags::Tags,
};

/// The sockets.
pub struct RealtimeApi;

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Realtime")]
impl RealtimeApi {
    /// The gateway: one socket for any number of chats
    ///
    /// With an upgrade to WebSocket. `welcome` lists all chats the caller is in; `?subscribe=all` follows all of them,
    /// later ones too. Otherwise `{"type": "chat.subscribe", "ref", "chat_id", "after_seq"}` begins to follow one (an
    /// `ack` with its `last_seq`, what came after `after_seq`, `caught_up`, then live) and `chat.unsubscribe` ends it.
    /// `chat.send`, `chat.create`, `chat.join`, `chat.leave` and `ping` are taken, too. `chat_added` and `chat_removed`
    /// tell of chats the caller comes into or goes out of. Without an upgrade the answer is 426.
    ///
    /// `chat.typing {chat_id}` shows the others who follow the chat that the caller is typing (`typing`); send it every
    /// few seconds, and let it fade after some more. `call.signal {chat_id, user_id, data}` hands `data` to the sockets
    /// on which another member follows the chat (`call_signal {chat_id, from, data}`). `presence.subscribe {user_ids}`
    /// (1 to 500 at once, 5,000 a socket, friends and people in the caller's chats; others are passed over, and if none
    /// is left the answer is `not_found`) tells at once and at every change whether they are online:
    /// `presence {user_id, online, last_online_at}`; `presence.unsubscribe {user_ids}` ends it. None of these is in a
    /// log: what is missed is not told again. More than `limits.commands_per_second` in the long run (ten seconds'
    /// worth in a burst) close the socket with 4429.
    ///
    /// Errors: upgrade_required
    #[oai(path = "/ws", method = "get", operation_id = "open_gateway")]
    #[expect(clippy::unused_async, reason = "the framework's handlers are async")]
    async fn open_gateway(&self, _caller: Caller) -> poem::Result<Done> {
        Err(Error::new(Code::UpgradeRequired, "this address speaks WebSocket").into())
    }
}
