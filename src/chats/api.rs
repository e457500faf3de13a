//! Chats over HTTP.

pub mod images;
pub mod members;

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Chat, ChatChange, Member, NewChat, NewDirect},
    service,
};
use crate::{
    app::App,
    http::{Answer, Caller, Created, Done, IdempotencyKey, Json, Seq},
    tags::Tags,
};

/// Chats.
pub struct ChatsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tags::Chats")]
impl ChatsApi {
    /// Create a chat
    ///
    /// The caller becomes its creator and first member. The log of a new chat is empty: `last_seq` is 0.
    ///
    /// Errors: title_taken, idempotency_key_reused
    #[oai(path = "/", method = "post", operation_id = "create_chat")]
    async fn create_chat(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewChat>,
    ) -> poem::Result<Created<Chat>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(Created(service::create(&self.app, caller, body.0, key).await?))
    }

    /// Open a direct chat
    ///
    /// The one chat between the caller and somebody else: made when there is none (201), and the same ever after (200),
    /// whoever of the two asks. It is private, has no title and no owner; `peer` says who the other one is. Both are
    /// members from the start, and hear of it on the gateway (`chat_added`). Nobody else comes in, and neither goes. Refused
    /// when either has blocked the other; one that is there is found in the list of chats all the same.
    ///
    /// Errors: blocked, not_found, idempotency_key_reused
    #[oai(path = "/direct", method = "post", operation_id = "open_direct_chat")]
    async fn open_direct_chat(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewDirect>,
    ) -> poem::Result<Answer<Chat>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(service::open_direct(&self.app, caller, body.0, key).await?)
    }

    /// Get a chat
    ///
    /// With an upgrade to WebSocket this same address is the chat's socket: see *Realtime*.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id", method = "get", operation_id = "get_chat")]
    async fn get_chat(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// For the socket: the last entry that is known; those after it come first.
        #[oai(name = "after_seq")]
        _after_seq: Query<Option<Seq>>,
        /// For the socket: the `id` of that entry, which proves that it is the same log.
        #[oai(name = "after_id")]
        _after_id: Query<Option<Uuid>>,
    ) -> poem::Result<Json<Chat>> {
        Ok(Json(service::get(&self.app, caller, chat_id.0).await?))
    }

    /// Change a chat
    ///
    /// By its creator and admins; `retention_days` by the creator alone. What is left out stays as it is, and so does what is
    /// null, but for `retention_days`: null keeps messages for ever. Everyone in it hears of it (`chat_updated`).
    ///
    /// Errors: banned, forbidden, not_found, title_taken
    #[oai(path = "/:chat_id", method = "patch", operation_id = "change_chat")]
    async fn change_chat(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        body: Json<ChatChange>,
    ) -> poem::Result<Json<Chat>> {
        Ok(Json(service::change(&self.app, caller, chat_id.0, body.0).await?))
    }

    /// Delete a chat
    ///
    /// By its creator. Its log and its image go with it; its sockets are closed (4404). A gateway that follows it
    /// hears `chat_deleted`, another one `chat_removed`.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/:chat_id", method = "delete", operation_id = "delete_chat")]
    async fn delete_chat(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Done> {
        service::delete(&self.app, caller, chat_id.0).await?;
        Ok(Done)
    }

    /// Join a chat
    ///
    /// Any public chat. Who is in it already is answered the same.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/join", method = "post", operation_id = "join_chat")]
    async fn join_chat(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Json<Member>> {
        Ok(Json(service::join(&self.app, caller, chat_id.0).await?))
    }

    /// Leave a chat
    ///
    /// The creator can't leave while others are there; when alone, the chat goes with them. A direct chat can't be left.
    ///
    /// Errors: banned, forbidden, not_found, not_a_member, owner_cannot_leave
    #[oai(path = "/:chat_id/leave", method = "post", operation_id = "leave_chat")]
    async fn leave_chat(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Done> {
        service::leave(&self.app, caller, chat_id.0).await?;
        Ok(Done)
    }
}
