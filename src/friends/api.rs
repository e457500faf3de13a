//! Friends over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Asked, Direction, Friend, FriendRequest, FriendSort, NewFriend, RequestSort},
    service,
};
use crate::{
    app::App,
    http::{Answer, Caller, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Search, Wanted},
    tags::Tags,
};

/// Friends.
pub struct FriendsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/friends", tag = "Tags::Friends")]
impl FriendsApi {
    /// List friends
    ///
    /// Mine, each with their `contacts` and since when we are friends.
    #[oai(path = "/", method = "get", operation_id = "list_friends")]
    async fn list_friends(
        &self,
        caller: Caller,
        /// Every word must occur in name or username, ignoring case.
        search: Query<Option<String>>,
        /// The order, by name when left out.
        #[oai(default)]
        sort: Query<FriendSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Friend>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let search = Search::parse(search.0.as_deref())?;
        Ok(service::list(&self.app, caller, &search, sort.0, wanted).await?)
    }

    /// List friend requests
    ///
    /// The requests that others have sent me, and those that I have sent, which are not accepted yet.
    #[oai(path = "/requests", method = "get", operation_id = "list_friend_requests")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_friend_requests(
        &self,
        caller: Caller,
        /// Only those one way; both when left out.
        direction: Query<Option<Direction>>,
        /// Every word must occur in name or username, ignoring case.
        search: Query<Option<String>>,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<RequestSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<FriendRequest>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let search = Search::parse(search.0.as_deref())?;
        Ok(service::list_requests(&self.app, caller, direction.0, &search, sort.0, wanted).await?)
    }

    /// Befriend a person
    ///
    /// 201: the person is asked. 200: they had asked me, and now we are friends (`since`); or I have asked them before. Two
    /// people who ask each other at the same time become friends. Refused when one of us has blocked the other.
    ///
    /// Errors: blocked, not_found, already_friends, idempotency_key_reused
    #[oai(path = "/", method = "post", operation_id = "befriend")]
    async fn befriend(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewFriend>,
    ) -> poem::Result<Answer<Asked>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(service::ask(&self.app, caller, body.0, key).await?)
    }

    /// Unfriend, decline or withdraw
    ///
    /// Ends the friendship between us, or the open request of either of us. The other person is not told. If
    /// there is nothing: 204 too.
    ///
    /// Errors: not_found
    #[oai(path = "/:user_id", method = "delete", operation_id = "unfriend")]
    async fn unfriend(
        &self,
        caller: Caller,
        /// The other one.
        user_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::end(&self.app, caller, user_id.0).await?;
        Ok(Done)
    }
}
