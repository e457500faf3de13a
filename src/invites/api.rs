//! Invites over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{CreatedInvite, Invite, InviteSort, NewInvite},
    service,
};
use crate::{
    app::App,
    chats::Chat,
    http::{Caller, Created, Done, Format, IdempotencyKey, Json, Limit, List, MaybeJson, Offset, Wanted},
    tags::Tags,
};

/// Invites.
pub struct InvitesApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Chats")]
impl InvitesApi {
    /// Make an invite
    ///
    /// By the creator and admins of the chat. The answer has the `token`, which is shown only this once. Whoever sends it to
    /// `POST /invites/{token}/accept` joins: as many people as `max_uses` says, until `expires_at`. The body may be left out.
    ///
    /// Errors: banned, forbidden, not_found, idempotency_key_reused
    #[oai(path = "/chats/:chat_id/invites", method = "post", operation_id = "create_invite")]
    async fn create_invite(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: MaybeJson<NewInvite>,
    ) -> poem::Result<Created<CreatedInvite>> {
        let key = idempotency_key.0.map(|key| key.0);
        let new = body.0.unwrap_or_default();
        Ok(Created(service::create(&self.app, caller, chat_id.0, new, key).await?))
    }

    /// List invites
    ///
    /// For the creator and admins of the chat: the invites that have not expired, without their tokens.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/invites", method = "get", operation_id = "list_invites")]
    async fn list_invites(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<InviteSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Invite>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, chat_id.0, sort.0, wanted).await?)
    }

    /// Revoke an invite
    ///
    /// By the creator and admins of the chat. Nobody can join with it any more. Those who have joined stay.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/chats/:chat_id/invites/:invite_id", method = "delete", operation_id = "revoke_invite")]
    async fn revoke_invite(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The invite.
        invite_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::revoke(&self.app, caller, chat_id.0, invite_id.0).await?;
        Ok(Done)
    }

    /// Accept an invite
    ///
    /// The caller joins the chat of the invite, private or public. Everyone in it is told (`member_joined`). A person who is
    /// in it already gets the same answer, and the invite is not used up. Unknown, revoked, used and expired tokens get the
    /// same answer: 404.
    ///
    /// Errors: banned, conflict, not_found
    #[oai(path = "/invites/:token/accept", method = "post", operation_id = "accept_invite")]
    async fn accept_invite(
        &self,
        caller: Caller,
        /// The token, as the one who made the invite was told it.
        token: Path<String>,
    ) -> poem::Result<Json<Chat>> {
        Ok(Json(service::accept(&self.app, caller, &token.0).await?))
    }
}
