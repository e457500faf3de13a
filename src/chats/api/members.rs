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
    /// Those who are in the chat: by those who are, and by anyone when it is public.
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
        /// How many to pass over.
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
    /// By the creator and admins of the chat; as `admin` by the creator alone. They start at the end: what was said before
    /// is read. Everyone in the chat hears of it (`member_joined`), and they themselves (`chat_added`). Who is in it
    /// already stays what they are: 200. Nobody can be added to a direct chat.
    ///
    /// Errors: banned, forbidden, not_found, idempotency_key_reused
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
    /// By the creator of the chat. `creator` hands the chat over: the old one becomes an admin, and `owner_id` follows.
    /// Everyone in the chat hears of each who changes (`member_changed`) and of the owner (`chat_updated`). The creator
    /// becomes something else by handing over alone (409).
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
    /// Admins remove members, the creator anyone. Everyone in the chat hears of it (`member_left`, with who did it as
    /// `actor_id`); the one removed hears nothing after that, on any socket. A private chat is gone for them, a public one
    /// they may join again. Who removes themselves leaves.
    ///
    /// Errors: banned, forbidden, not_found, not_a_member, owner_cannot_leave
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
