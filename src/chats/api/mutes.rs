//! Muted chats over HTTP.

use poem_openapi::{OpenApi, param::Path};
use uuid::Uuid;

use crate::{
    app::App,
    chats::{
        model::mute::{Mute, NewMute},
        service::mutes,
    },
    http::{Caller, Done, Json, MaybeJson},
    tags::Tags,
};

/// Muted chats.
pub struct MutesApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tags::Notifications")]
impl MutesApi {
    /// Mute a chat
    ///
    /// No mention, reply or other notification comes from this chat any more, and no push, until the time that the body
    /// names or until the mute is removed. Frames of the chat, its unread count and its mention count go on. Nobody else
    /// sees it. If the chat is muted already, the new end counts.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/mute", method = "put", operation_id = "mute_chat")]
    async fn mute_chat(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        body: MaybeJson<NewMute>,
    ) -> poem::Result<Done> {
        mutes::mute(&self.app, caller, chat_id.0, &body.0.unwrap_or_default()).await?;
        Ok(Done)
    }

    /// Show whether a chat is muted
    ///
    /// By me, now.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/mute", method = "get", operation_id = "get_chat_mute")]
    async fn get_chat_mute(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Json<Mute>> {
        Ok(Json(mutes::get(&self.app, caller, chat_id.0).await?))
    }

    /// Unmute a chat
    ///
    /// If it is not muted: 204 too.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/mute", method = "delete", operation_id = "unmute_chat")]
    async fn unmute_chat(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Done> {
        mutes::unmute(&self.app, caller, chat_id.0).await?;
        Ok(Done)
    }
}
