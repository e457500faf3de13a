//! Who is in a chat, over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use crate::{
    app::App,
    chats::{
        model::{Member, MemberSort, NewMember, Role, RoleChange},
        service::members,
    },
    http::{Answer, Caller, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Search, Wanted},
    tags::Tags,
};

/// Who is in a chat.
pub struct MembersApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tags::Chats")]
impl MembersApi {
    /// List members
    ///
    /// The people in the chat. For its members; in a public chat for everyone.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/members", method = "get", operation_id = "list_members")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_members(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// Every word must occur in name or username, ignoring case.
        search: Query<Option<String>>,
        /// Those who have this role alone.
        role: Query<Option<Role>>,
        /// The order, who came first when left out; by `role` the creator, then admins, then members.
        #[oai(default)]
        sort: Query<MemberSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Member>> {
        let search = Search::parse(search.0.as_deref())?;
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(members::list(&self.app, caller, chat_id.0, &search, role.0, sort.0, wanted).await?)
    }

    /// Add a member
    ///
    /// By the creator and admins of the chat; with the role `admin` only by the creator. Everything that was said before
    /// counts as read. Everyone in the chat is told (`member_joined`), and so is the new member (`chat_added`). Somebody who
    /// is in the chat already keeps their role: 200. Nobody can be added to a direct chat.
    ///
    /// Errors: banned, blocked, conflict, forbidden, not_found, idempotency_key_reused
    #[oai(path = "/:chat_id/members", method = "post", operation_id = "add_member")]
    async fn add_member(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewMember>,
    ) -> poem::Result<Answer<Member>> {
        let key = idempotency_key.0.map(|key| key.0);
        Ok(members::add(&self.app, caller, chat_id.0, body.0, key).await?)
    }

    /// Give a role
    ///
    /// By the creator of the chat. `creator` transfers the chat: the old creator becomes an admin, and `owner_id` changes.
    /// Everyone in the chat is told of each change (`member_changed`) and of the new owner (`chat_updated`). The creator can
    /// get another role only by handing over (409).
    ///
    /// Errors: banned, forbidden, not_found, conflict
    #[oai(path = "/:chat_id/members/:user_id", method = "patch", operation_id = "set_member_role")]
    async fn set_member_role(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The member.
        user_id: Path<Uuid>,
        body: Json<RoleChange>,
    ) -> poem::Result<Json<Member>> {
        Ok(Json(members::set_role(&self.app, caller, chat_id.0, user_id.0, body.0.role).await?))
    }

    /// Remove a member
    ///
    /// Admins remove members, the creator anyone. Everyone in the chat is told (`member_left`, with the person who did it as
    /// `actor_id`). After that the person who was removed is told nothing of the chat, on any socket. A private chat does not
    /// exist for them any more; a public chat they may join again. To remove oneself is to leave.
    ///
    /// Errors: banned, forbidden, not_found, not_a_member, owner_cannot_leave, conflict
    #[oai(path = "/:chat_id/members/:user_id", method = "delete", operation_id = "remove_member")]
    async fn remove_member(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The member.
        user_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        members::remove(&self.app, caller, chat_id.0, user_id.0).await?;
        Ok(Done)
    }
}
