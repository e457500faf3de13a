//! Posts over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Filter, NewPost, Post, PostSort},
    service,
};
use crate::{
    app::App,
    db::Counted,
    http::{Caller, Created, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Search, Wanted},
    messages::model::weight_of,
    tags::Tags,
    time::Timestamp,
};

/// Posts.
pub struct PostsApi {
    /// The running product.
    pub app: App,
    /// How many posts there are.
    pub counted: Counted,
}

#[OpenApi(prefix_path = "/api/v1/posts", tag = "Tags::Posts")]
impl PostsApi {
    /// Write a post
    ///
    /// For everybody who is signed in. The text is plain text to the server: if you write Markdown, your client shows it. One person writes
    /// ten posts and comments a second, ten seconds' worth at once (429).
    ///
    /// Errors: idempotency_key_reused
    #[oai(path = "/", method = "post", operation_id = "create_post")]
    async fn create_post(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewPost>,
    ) -> poem::Result<Created<Post>> {
        self.app.limits.charge_requests(caller.user_id, weight_of(&body.0.content))?;
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(Created(service::create(&self.app, caller, body.0, key).await?))
    }

    /// List posts
    ///
    /// The newest first unless `sort` says otherwise, each with `comment_count`. Of a long text the list shows the first 4,096 characters,
    /// and `content_is_cut` says so; `GET /posts/{id}` and a download hold all of it. With `search` the `total` is exact up to 1,000,
    /// and 1,000 with `total_is_exact` false beyond. Without any filter a `total` beyond 10,000 may be ten seconds old.
    #[oai(path = "/", method = "get", operation_id = "list_posts")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_posts(
        &self,
        caller: Caller,
        /// Every word must occur in title or content, ignoring case; a part of a word is enough.
        search: Query<Option<String>>,
        /// Written by this person.
        owner_id: Query<Option<Uuid>>,
        /// Written at this time or later.
        created_at_from: Query<Option<Timestamp>>,
        /// Written at this time or earlier.
        created_at_to: Query<Option<Timestamp>>,
        /// The order, the newest first when left out. Titles are compared ignoring case.
        #[oai(default)]
        sort: Query<PostSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Post>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let filter = Filter {
            search: Search::parse(search.0.as_deref())?,
            owner_id: owner_id.0,
            from: created_at_from.0,
            to: created_at_to.0.map(Timestamp::and_what_is_cut_off),
        };
        Ok(service::list(&self.app, &self.counted, caller, &filter, sort.0, wanted).await?)
    }

    /// Show a post
    ///
    /// All of it, to everybody who is signed in.
    ///
    /// Errors: not_found
    #[oai(path = "/:id", method = "get", operation_id = "get_post")]
    async fn get_post(
        &self,
        _caller: Caller,
        /// The post.
        id: Path<Uuid>,
    ) -> poem::Result<Json<Post>> {
        Ok(Json(service::get(&self.app, id.0).await?))
    }

    /// Change a post
    ///
    /// By who wrote it, and by administrators: title and content are replaced. What an administrator changes is noted in the audit.
    ///
    /// Errors: forbidden, not_found
    #[oai(path = "/:id", method = "put", operation_id = "replace_post")]
    async fn replace_post(
        &self,
        caller: Caller,
        /// The post.
        id: Path<Uuid>,
        body: Json<NewPost>,
    ) -> poem::Result<Json<Post>> {
        self.app.limits.charge_requests(caller.user_id, weight_of(&body.0.content))?;
        Ok(Json(service::replace(&self.app, caller, id.0, body.0).await?))
    }

    /// Delete a post
    ///
    /// By who wrote it, and by administrators. Its comments are gone with it.
    ///
    /// Errors: forbidden, not_found
    #[oai(path = "/:id", method = "delete", operation_id = "delete_post")]
    async fn delete_post(
        &self,
        caller: Caller,
        /// The post.
        id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::delete(&self.app, caller, id.0).await?;
        Ok(Done)
    }
}
