//! Comments over HTTP: on events and on posts alike.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Comment, CommentSort, Filter, NewComment, Place},
    service,
};
use crate::{
    app::App,
    http::{Caller, Created, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Wanted},
    messages::model::weight_of,
    tags::Tags,
    time::Timestamp,
};

/// Comments.
pub struct CommentsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Comments")]
impl CommentsApi {
    /// Comment on an event
    ///
    /// Its owner is notified (`comment`). A person whom the owner has blocked is refused. One person writes ten posts and comments a second, ten
    /// seconds' worth at once (429).
    ///
    /// Errors: blocked, not_found, idempotency_key_reused
    #[oai(path = "/events/:id/comments", method = "post", operation_id = "comment_event")]
    async fn comment_event(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewComment>,
    ) -> poem::Result<Created<Comment>> {
        let key = idempotency_key.0.map(|key| key.0);
        Ok(Created(self.create(caller, Place::Event(id.0), body.0, key).await?))
    }

    /// List the comments on an event
    ///
    /// For everybody who is signed in, the newest first unless `sort` says otherwise. To read further back than 10,000 comments, use
    /// `created_at_to`.
    ///
    /// Errors: not_found
    #[oai(path = "/events/:id/comments", method = "get", operation_id = "list_event_comments")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_event_comments(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// Written at this time or later.
        created_at_from: Query<Option<Timestamp>>,
        /// Written at this time or earlier.
        created_at_to: Query<Option<Timestamp>>,
        /// The order, the newest first when left out.
        #[oai(default)]
        sort: Query<CommentSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Comment>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let filter = filter(created_at_from.0, created_at_to.0);
        Ok(service::list(&self.app, Place::Event(id.0), filter, sort.0, wanted).await?)
    }

    /// Delete a comment on an event
    ///
    /// By who wrote it, the owner of the event, and administrators. When somebody else deletes it than who wrote it, the audit notes that.
    ///
    /// Errors: forbidden, not_found
    #[oai(
        path = "/events/:id/comments/:comment_id",
        method = "delete",
        operation_id = "delete_event_comment"
    )]
    async fn delete_event_comment(
        &self,
        caller: Caller,
        /// The event.
        id: Path<Uuid>,
        /// The comment.
        comment_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::delete(&self.app, caller, Place::Event(id.0), comment_id.0).await?;
        Ok(Done)
    }

    /// Comment on a post
    ///
    /// Its owner is notified (`comment`). A person whom the owner has blocked is refused. One person writes ten posts and comments a second, ten
    /// seconds' worth at once (429).
    ///
    /// Errors: blocked, not_found, idempotency_key_reused
    #[oai(path = "/posts/:id/comments", method = "post", operation_id = "comment_post")]
    async fn comment_post(
        &self,
        caller: Caller,
        /// The post.
        id: Path<Uuid>,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewComment>,
    ) -> poem::Result<Created<Comment>> {
        let key = idempotency_key.0.map(|key| key.0);
        Ok(Created(self.create(caller, Place::Post(id.0), body.0, key).await?))
    }

    /// List the comments on a post
    ///
    /// For everybody who is signed in, the newest first unless `sort` says otherwise. To read further back than 10,000 comments, use
    /// `created_at_to`.
    ///
    /// Errors: not_found
    #[oai(path = "/posts/:id/comments", method = "get", operation_id = "list_post_comments")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_post_comments(
        &self,
        caller: Caller,
        /// The post.
        id: Path<Uuid>,
        /// Written at this time or later.
        created_at_from: Query<Option<Timestamp>>,
        /// Written at this time or earlier.
        created_at_to: Query<Option<Timestamp>>,
        /// The order, the newest first when left out.
        #[oai(default)]
        sort: Query<CommentSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Comment>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let filter = filter(created_at_from.0, created_at_to.0);
        Ok(service::list(&self.app, Place::Post(id.0), filter, sort.0, wanted).await?)
    }

    /// Delete a comment on a post
    ///
    /// By who wrote it, the owner of the post, and administrators. When somebody else deletes it than who wrote it, the audit notes that.
    ///
    /// Errors: forbidden, not_found
    #[oai(path = "/posts/:id/comments/:comment_id", method = "delete", operation_id = "delete_post_comment")]
    async fn delete_post_comment(
        &self,
        caller: Caller,
        /// The post.
        id: Path<Uuid>,
        /// The comment.
        comment_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::delete(&self.app, caller, Place::Post(id.0), comment_id.0).await?;
        Ok(Done)
    }
}

impl CommentsApi {
    async fn create(
        &self,
        caller: Caller,
        place: Place,
        new: NewComment,
        key: Option<String>,
    ) -> poem::Result<Comment> {
        self.app.limits.charge_requests(caller.user_id, weight_of(&new.content))?;
        Ok(service::create(&self.app, caller, place, new, key.as_deref()).await?)
    }
}

/// What was written in a millisecond is shown as of its beginning: whoever has read that time means all of it.
fn filter(from: Option<Timestamp>, to: Option<Timestamp>) -> Filter {
    Filter { from, to: to.map(Timestamp::and_what_is_cut_off) }
}
