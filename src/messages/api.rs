//! Messages over HTTP.

pub mod marks;

use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    LogEntry, Message, Outbox,
    model::{MessageChange, NewMessage},
    service::{self, Window},
};
use crate::{
    app::App,
    error::{Error, Result},
    http::{Answer, Caller, Done, IdempotencyKey, Json, Limit, Listed, Offset},
    tags::Tags,
};

/// Messages.
pub struct MessagesApi {
    /// The running product.
    pub app: App,
    /// The way into the log.
    pub outbox: Outbox,
}

/// A piece of a chat's log.
#[derive(Debug, Clone, Object, Serialize)]
pub struct Log {
    /// The entries, oldest first.
    pub items: Vec<LogEntry>,
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tags::Messages")]
impl MessagesApi {
    /// Post a message
    ///
    /// Answered after the commit: 201 means durable. Sent again with the same `client_id`, or the same
    /// `Idempotency-Key`, it is still one message. Posting to a public chat joins it. With `attachments` it is of kind
    /// `media`, and they are fetched by whoever may read the message, as long as it stands.
    ///
    /// Errors: not_found, client_id_reused, idempotency_key_reused, not_ready
    #[oai(path = "/:chat_id/messages", method = "post", operation_id = "send_message")]
    async fn send_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// Names the message instead of a `client_id`; a repetition is answered 201 again, for ever.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewMessage>,
    ) -> poem::Result<Answer<Message>> {
        let (app, outbox, chat_id) = (&self.app, &self.outbox, chat_id.0);
        Ok(match idempotency_key.0 {
            Some(key) => {
                Answer::Created(service::send_keyed(app, outbox, caller, chat_id, body.0, &key.0).await?)
            }
            None => service::send(app, outbox, caller, chat_id, body.0).await?,
        })
    }

    /// List messages
    ///
    /// Newest first. Give at most one of `before_seq`, `after_seq` and `around_seq`; `total` counts every message of
    /// the chat all the same. Paging by seq takes the same time however long the chat is.
    ///
    /// Errors: not_found
    #[oai(path = "/:chat_id/messages", method = "get", operation_id = "list_messages")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_messages(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The messages just before this place in the log.
        before_seq: Query<Option<Offset>>,
        /// The messages just after this place in the log.
        after_seq: Query<Option<Offset>>,
        /// The message at this place and half of the page on each side.
        around_seq: Query<Option<Offset>>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to pass over.
        #[oai(default)]
        offset: Query<Offset>,
    ) -> poem::Result<Json<Listed<Message>>> {
        let window = window(before_seq.0, after_seq.0, around_seq.0)?;
        Ok(Json(service::list(&self.app, caller, chat_id.0, window, limit.0.0, offset.0.0).await?))
    }

    /// Get a message
    ///
    /// As it is now: one that was recalled has no content any more.
    ///
    /// Errors: not_found
    #[oai(path = "/:chat_id/messages/:message_id", method = "get", operation_id = "get_message")]
    async fn get_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
    ) -> poem::Result<Json<Message>> {
        Ok(Json(service::get(&self.app, caller, chat_id.0, message_id.0).await?))
    }

    /// Clear the room
    ///
    /// By its creator. The content of every message, files too, is gone everywhere, as if each had been recalled; their places stay.
    /// Everyone in the chat hears of it once (`messages_cleared`: everything up to `up_to_seq`). Nothing to clear: 204 all
    /// the same, and nobody hears of it.
    ///
    /// Errors: forbidden, not_found
    #[oai(path = "/:chat_id/messages", method = "delete", operation_id = "clear_messages")]
    async fn clear_messages(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Done> {
        service::clear(&self.app, caller, chat_id.0).await?;
        Ok(Done)
    }

    /// Edit a message
    ///
    /// By its sender. Mentions are found anew; everyone in the chat hears of it (`message_edited`). The same content
    /// again changes nothing.
    ///
    /// Errors: forbidden, not_found, message_recalled
    #[oai(path = "/:chat_id/messages/:message_id", method = "patch", operation_id = "edit_message")]
    async fn edit_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
        body: Json<MessageChange>,
    ) -> poem::Result<Json<Message>> {
        let content = body.0.content;
        Ok(Json(service::edit(&self.app, caller, chat_id.0, message_id.0, content).await?))
    }

    /// Recall a message
    ///
    /// By its sender, or by the creator and admins of the chat. Its content and its attachments are gone everywhere, its
    /// place stays; everyone in the chat hears of it (`message_recalled`). Recalled already: 204 all the same, and nobody hears of it.
    ///
    /// Errors: forbidden, not_found
    #[oai(path = "/:chat_id/messages/:message_id", method = "delete", operation_id = "recall_message")]
    async fn recall_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::recall(&self.app, caller, chat_id.0, message_id.0).await?;
        Ok(Done)
    }

    /// Read the log
    ///
    /// Everything that happened in the chat after `after_seq`, oldest first, as the frames its sockets receive. What
    /// is read with this and then followed on a socket from the last `seq` has no hole and no double.
    ///
    /// Errors: not_found
    #[oai(path = "/:chat_id/log", method = "get", operation_id = "read_log")]
    async fn read_log(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The last entry that is known already.
        #[oai(default)]
        after_seq: Query<Offset>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
    ) -> poem::Result<Json<Log>> {
        let items = service::log(&self.app, caller, chat_id.0, after_seq.0.0, limit.0.0).await?;
        Ok(Json(Log { items }))
    }
}

fn window(before: Option<Offset>, after: Option<Offset>, around: Option<Offset>) -> Result<Window> {
    match (before, after, around) {
        (None, None, None) => Ok(Window::Latest),
        (Some(seq), None, None) => Ok(Window::Before(seq.0)),
        (None, Some(seq), None) => Ok(Window::After(seq.0)),
        (None, None, Some(seq)) => Ok(Window::Around(seq.0)),
        _ => Err(Error::invalid_field("before_seq", "give one of before_seq, after_seq and around_seq")),
    }
}
