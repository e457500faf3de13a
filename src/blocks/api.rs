//! Blocks over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::{
    model::{Block, BlockSort},
    service,
};
use crate::{
    app::App,
    http::{Caller, Done, Format, Limit, List, Offset, Search, Wanted},
    tags::Tags,
};

/// Blocks.
pub struct BlocksApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/blocks", tag = "Tags::Blocks")]
impl BlocksApi {
    /// List blocks
    ///
    /// Whom I have blocked. Nobody is told that they were blocked. Somebody who tries something that the block refuses gets
    /// the code `blocked`.
    #[oai(path = "/", method = "get", operation_id = "list_blocks")]
    async fn list_blocks(
        &self,
        caller: Caller,
        /// Every word must occur in name or username, ignoring case.
        search: Query<Option<String>>,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<BlockSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Block>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let search = Search::parse(search.0.as_deref())?;
        Ok(service::list(&self.app, caller, &search, sort.0, wanted).await?)
    }

    /// Block a person
    ///
    /// A friendship or a friend request between the two ends. From now on this person is refused (`blocked`) when they want
    /// to befriend me or write to me directly, and so am I until I unblock them. They do not see whether I am online. Chats
    /// with others go on as before. The person is not told. If they are blocked already: 204 too.
    ///
    /// Errors: not_found
    #[oai(path = "/:user_id", method = "put", operation_id = "block_user")]
    async fn block_user(
        &self,
        caller: Caller,
        /// Whom; not oneself.
        user_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::block(&self.app, caller, user_id.0).await?;
        Ok(Done)
    }

    /// Unblock a person
    ///
    /// If the block ended a friendship, that stays ended. If there is no block: 204 too.
    ///
    /// Errors: not_found
    #[oai(path = "/:user_id", method = "delete", operation_id = "unblock_user")]
    async fn unblock_user(
        &self,
        caller: Caller,
        /// Whom.
        user_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::unblock(&self.app, caller, user_id.0).await?;
        Ok(Done)
    }
}
