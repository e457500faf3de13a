//! What was done, over HTTP.

use poem_openapi::{OpenApi, param::Query};
use uuid::Uuid;

use super::{
    model::{AuditSort, Filter, Record},
    store,
};
use crate::{
    app::App,
    error::Result,
    http::{Caller, Format, Limit, List, Offset, Wanted},
    tags::Tags,
    time::Timestamp,
};

/// What was done.
pub struct AuditApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Audit")]
impl AuditApi {
    /// List what was done
    ///
    /// Who did what, where that matters later: over the API, by SQL or by the program. A record is written in the same
    /// transaction as the change, and is never changed; records older than
    /// `audit.retention_days` are removed, where that is set. Actions: `role_created`, `role_changed`, `role_deleted` (the target is its name);
    /// `role_given`, `role_taken`, `user_suspended`, `user_activated`, `user_deleted`, `user_erased`, `password_changed`,
    /// `email_changed`,
    /// `profile_changed` by somebody else (a person); `session_revoked`; `token_made`, `token_revoked` (an API token);
    /// `webhook_made`, `webhook_removed`, `webhook_switched_on`, `webhook_switched_off` (a webhook); `hook_made`, `hook_removed` (a hook); `event_deleted` (an event); `chat_deleted`, `chat_handed_over`,
    /// `member_role_changed`, `member_removed`, `member_banned`, `member_unbanned`, `messages_cleared` (a chat); `post_changed`, `post_deleted`, `comment_deleted` by somebody else
    /// than who wrote it (a post, a comment). `data.via` is `command line` where an
    /// operator did it with the program.
    #[oai(path = "/audit", method = "get", operation_id = "list_audit", tag = "Tags::Administration")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_audit(
        &self,
        caller: Caller,
        /// Done by this person.
        actor_id: Query<Option<Uuid>>,
        /// This was done.
        action: Query<Option<String>>,
        /// To this: an id, or the name of a role.
        target: Query<Option<String>>,
        /// Not before this moment.
        at_from: Query<Option<Timestamp>>,
        /// Not after this moment.
        at_to: Query<Option<Timestamp>>,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<AuditSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Record>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let (actor_id, action, target) = (actor_id.0, action.0, target.0);
        let filter = Filter {
            actor_id,
            action,
            target,
            from: at_from.0,
            to: at_to.0.map(Timestamp::and_what_is_cut_off),
        };
        Ok(self.list(filter, sort.0, wanted).await?)
    }

    async fn list(&self, filter: Filter, sort: AuditSort, wanted: Wanted) -> Result<List<Record>> {
        let (db, limit, offset) = (self.app.db().await?, wanted.limit(), wanted.offset());
        let rows = match sort {
            AuditSort::Latest => store::list_latest(&db, &filter, limit, offset).await?,
            AuditSort::Oldest => store::list_oldest(&db, &filter, limit, offset).await?,
        };
        wanted.answer(rows, store::count(&db, &filter)).await
    }
}
