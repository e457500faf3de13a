//! Bans over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Ban, BanSort},
    service,
};
use crate::{
    app::App,
    http::{Caller, Done, Format, Limit, List, Offset, Search, Wanted},
    tags::Tags,
};

/// Bans.
pub struct BansApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Chats")]
impl BansApi {
    /// List bans
    ///
    /// Who is banned from the chat; for its creator and admins.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/bans", method = "get", operation_id = "list_bans")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_bans(
        &self,
        caller: Caller,
        /// The chat.
        chat_id: Path<Uuid>,
        /// Every word must occur in name or username, ignoring case.
        search: Query<Option<String>>,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<BanSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Ban>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let search = Search::parse(search.0.as_deref())?;
        Ok(service::list(&self.app, caller, chat_id.0, &search, sort.0, wanted).await?)
    }

    /// Ban a person from a chat
    ///
    /// The person is removed from the chat, and can no longer join, post, accept an invite or be added. Their sockets get
    /// nothing more of the chat. In a public chat they get 403 `banned` from now on, and they do not find it with
    /// `GET /chats?scope=public`; a private chat does not exist for them. Admins ban members and people outside the chat, the creator
    /// anyone. If they are banned already: 204 too.
    ///
    /// Errors: banned, conflict, forbidden, not_found
    #[oai(path = "/chats/:chat_id/bans/:user_id", method = "put", operation_id = "ban_user")]
    async fn ban_user(
        &self,
        caller: Caller,
        /// The chat.
        chat_id: Path<Uuid>,
        /// Whom; not oneself.
        user_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::ban(&self.app, caller, chat_id.0, user_id.0).await?;
        Ok(Done)
    }

    /// End a ban
    ///
    /// The person may come again, but is not made a member. If they are not banned: 204 too. By the creator and admins.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/bans/:user_id", method = "delete", operation_id = "unban_user")]
    async fn unban_user(
        &self,
        caller: Caller,
        /// The chat.
        chat_id: Path<Uuid>,
        /// Whom.
        user_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::unban(&self.app, caller, chat_id.0, user_id.0).await?;
        Ok(Done)
    }
}
