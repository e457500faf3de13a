//! Chats over HTTP.

pub mod images;
pub mod members;
pub mod mutes;

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
    /// Errors: conflict, title_taken, idempotency_key_reused
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
    /// The one chat between the caller and another person. It is made when there is none (201); later both get the same chat
    /// (200). It is private, and has no title and no owner; `peer` is the other person. Both are members from the start, and
    /// are told on the gateway (`chat_added`). Nobody can join or leave. Refused when one of the two has blocked the other; a
    /// chat that exists is still found in the list of chats.
    ///
    /// Errors: blocked, conflict, not_found, idempotency_key_reused
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
    /// Errors: banned, not_found, upgrade_required
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
    /// By its creator and admins; `retention_days` only by the creator. A field that is left out or null stays as it is,
    /// except `retention_days`: null means that messages are kept for ever. Everyone in the chat is told (`chat_updated`).
    ///
    /// Errors: banned, forbidden, not_found, title_taken, conflict
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
    /// By its creator. Its log and its image are deleted too, and its sockets are closed (4404). A gateway that follows the
    /// chat is told `chat_deleted`, another one `chat_removed`.
    ///
    /// Errors: banned, forbidden, not_found, conflict
    #[oai(path = "/:chat_id", method = "delete", operation_id = "delete_chat")]
    async fn delete_chat(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Done> {
        service::delete(&self.app, caller, chat_id.0).await?;
        Ok(Done)
    }

    /// Join a chat
    ///
    /// Any public chat. A person who is in it already gets the same answer. Nobody can be in more chats than the limits allow:
    /// 409.
    ///
    /// Errors: banned, conflict, not_found
    #[oai(path = "/:chat_id/join", method = "post", operation_id = "join_chat")]
    async fn join_chat(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Json<Member>> {
        Ok(Json(service::join(&self.app, caller, chat_id.0).await?))
    }

    /// Leave a chat
    ///
    /// The creator cannot leave while others are in the chat. If the creator is alone, the chat is deleted. A direct chat
    /// cannot be left.
    ///
    /// Errors: banned, forbidden, not_found, not_a_member, owner_cannot_leave, conflict
    #[oai(path = "/:chat_id/leave", method = "post", operation_id = "leave_chat")]
    async fn leave_chat(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Done> {
        service::leave(&self.app, caller, chat_id.0).await?;
        Ok(Done)
    }
}
