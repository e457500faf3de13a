//! Scheduled messages over HTTP; they are handed in where messages are.

use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::{
    model::{ScheduledMessage, ScheduledSort},
    service,
};
use crate::{
    app::App,
    http::{Caller, Done, Format, Limit, List, Offset, Wanted},
    tags::Tags,
};

/// Scheduled messages.
pub struct ScheduledApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Messages")]
impl ScheduledApi {
    /// List my scheduled messages
    ///
    /// Those that wait, the soonest first, and those that were not sent, for a week, with the reason. What was sent is a
    /// message and is not listed here any more.
    #[oai(path = "/users/me/scheduled", method = "get", operation_id = "list_scheduled_messages")]
    async fn list_scheduled_messages(
        &self,
        caller: Caller,
        /// Of this chat alone.
        chat_id: Query<Option<Uuid>>,
        /// The order, the soonest first when left out.
        #[oai(default)]
        sort: Query<ScheduledSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<ScheduledMessage>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, chat_id.0, sort.0, wanted).await?)
    }

    /// Remove a scheduled message
    ///
    /// It will not be sent. One that failed is forgotten. While it is being sent: 409.
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/users/me/scheduled/:scheduled_id",
        method = "delete",
        operation_id = "remove_scheduled_message"
    )]
    async fn remove_scheduled_message(
        &self,
        caller: Caller,
        /// The scheduled message.
        scheduled_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::remove(&self.app, caller, scheduled_id.0).await?;
        Ok(Done)
    }
}
