//! Messages over HTTP.

pub mod marks;
pub mod search;

use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    LogEntry, Message, Outbox,
    model::{MessageChange, NewMessage, weight_of},
    scheduled::{
        model::ScheduledReceipt,
        service::{self as scheduled, Taken},
    },
    search::{Filter, Kind},
    service,
    window::Window,
};
use crate::{
    app::App,
    chats::Position,
    error::{Error, Result},
    http::{
        Answer, AnswerOrLater, Caller, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Search, Seq,
        Wanted, sorts,
    },
    tags::Tags,
    time::Timestamp,
};

/// Messages.
pub struct MessagesApi {
    /// The running product.
    pub app: App,
    /// The way into the log.
    pub outbox: Outbox,
}

sorts! {
    /// The order of messages.
    MessageSort {
        #[default]
        Newest = "-seq",
        Oldest = "seq",
    }
}

/// A piece of a chat's log.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "LogPage")]
pub struct Log {
    /// The entries, oldest first.
    pub items: Vec<LogEntry>,
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tags::Messages")]
impl MessagesApi {
    /// Post a message
    ///
    /// Answered after the commit: 201 means durable. Sent again with the same `client_id`, or the same
    /// `Idempotency-Key`, it is still one message. Posting to a public chat joins it: 409 `conflict`
    /// for who is in `limits.chats_per_person` chats already. In a direct chat of which one has
    /// blocked the other, both are refused. With `attachments` it is of kind `media`, and they are fetched by whoever may
    /// read the message, until it is recalled or cleared.
    ///
    /// `outcome_unknown` is answered when the connection to the database was lost before its answer: the message may already be in the log. Send it
    /// again with the same `client_id`, and it is one message, whatever became of the first attempt.
    ///
    /// With `send_at` the answer is 202 at once, with the `id` that the message will have. The message is sent at that time, at most a
    /// second later, once: its `client_id` (one is made where none is given) makes sure of that. It is sent only if the sender may
    /// send then. If not (they have left, were banned, blocked or suspended, or a file has gone with another message), they get
    /// a notification `scheduled_failed`, and `GET /users/me/scheduled` shows the reason for a week. It does not move the read mark. At most
    /// 100 messages wait for one person (409). The same body again is answered 202 with the same `id`, and 200 with the message once it
    /// was sent; another body with the same `client_id`, another `send_at` too, is a 409. Uploads that wait with it are kept.
    ///
    /// Posted without `send_at`, with the `client_id` of one that waits, it is that message: the same content is sent now, once, with the `id`
    /// that was promised, and waits no more; another content is a 409 `client_id_reused`, and the one that waits is sent in its time. The
    /// other way round, a `send_at` for what was sent already is answered 200 with the message. An `Idempotency-Key` names one request:
    /// with and without `send_at` are two (409).
    ///
    /// Errors: banned, blocked, not_found, conflict, client_id_reused, idempotency_key_reused, outcome_unknown, not_ready
    #[oai(path = "/:chat_id/messages", method = "post", operation_id = "send_message")]
    async fn send_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// Names the message instead of a `client_id`; a repetition is answered 201 again, for as long as the
        /// chat keeps the message.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewMessage>,
    ) -> poem::Result<AnswerOrLater<Message, ScheduledReceipt>> {
        let (app, outbox, chat_id) = (&self.app, &self.outbox, chat_id.0);
        app.limits.charge_requests(caller.user_id, body.0.weight())?;
        let key = idempotency_key.0.map(|key| key.0);
        if body.0.send_at.is_some() {
            return Ok(match scheduled::create(app, caller, chat_id, body.0, key.as_deref()).await? {
                Taken::Waiting(receipt) => AnswerOrLater::Later(receipt),
                Taken::Sent(message) => AnswerOrLater::Now(Answer::Existing(*message)),
            });
        }
        Ok(AnswerOrLater::Now(match key {
            Some(key) => {
                Answer::Created(service::send_keyed(app, outbox, caller, chat_id, body.0, &key).await?)
            }
            None => service::send(app, outbox, caller, chat_id, body.0).await?,
        }))
    }

    /// List messages
    ///
    /// Newest first, if `sort` does not say otherwise. Give at most one of `before_seq`, `after_seq` and `around_seq`. With
    /// one of them the order is always newest first, whatever `sort` says, and `total` still counts every message that
    /// matches. Paging by seq takes the same time however long the chat is. `search` finds words, parts of words, and characters of languages written
    /// without spaces; with it `total` is exact up to 1,000, and 1,000 with `total_is_exact` false beyond. A download holds
    /// everything.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/messages", method = "get", operation_id = "list_messages")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_messages(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The messages just before this place in the log.
        before_seq: Query<Option<Seq>>,
        /// The messages just after this place in the log.
        after_seq: Query<Option<Seq>>,
        /// The message at this place and half of the page on each side.
        around_seq: Query<Option<Seq>>,
        /// Every word must occur, ignoring case; up to 255 characters.
        search: Query<Option<String>>,
        /// Said by this person.
        sender_id: Query<Option<Uuid>>,
        /// Of this kind.
        kind: Query<Option<Kind>>,
        /// Said at this time or later.
        created_at_from: Query<Option<Timestamp>>,
        /// Said at this time or earlier.
        created_at_to: Query<Option<Timestamp>>,
        /// The order.
        #[oai(default)]
        sort: Query<MessageSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Message>> {
        let window = window(before_seq.0, after_seq.0, around_seq.0)?;
        if !matches!(window, Window::Latest) && sort.0 != MessageSort::default() {
            let message = "must be left out with before_seq, after_seq and around_seq";
            return Err(Error::invalid_field("sort", message).into());
        }
        let filter = Filter {
            search: Search::parse(search.0.as_deref())?,
            sender_id: sender_id.0,
            kind: kind.0,
            from: created_at_from.0,
            to: created_at_to.0.map(Timestamp::and_what_is_cut_off),
        };
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, chat_id.0, window, &filter, sort.0.word(), wanted).await?)
    }

    /// Get a message
    ///
    /// As it is now: one that was recalled has no content any more.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/messages/:message_id", method = "get", operation_id = "get_message")]
    async fn get_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
    ) -> poem::Result<Json<Message>> {
        Ok(Json(service::get(&self.app, caller, chat_id.0, message_id.0).await?))
    }

    /// Clear a chat
    ///
    /// By its creator. The content of every message, files too, is gone everywhere, as if each had been recalled; their places stay.
    /// Everyone in the chat is told once (`messages_cleared`: everything up to `up_to_seq`). If there is nothing to clear: 204
    /// too, and nobody is told.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/:chat_id/messages", method = "delete", operation_id = "clear_messages")]
    async fn clear_messages(&self, caller: Caller, chat_id: Path<Uuid>) -> poem::Result<Done> {
        service::clear(&self.app, caller, chat_id.0).await?;
        Ok(Done)
    }

    /// Edit a message
    ///
    /// By its sender. Mentions are found again; everyone in the chat is told (`message_edited`). The same content
    /// again changes nothing.
    ///
    /// Errors: banned, forbidden, blocked, not_found, message_recalled
    #[oai(path = "/:chat_id/messages/:message_id", method = "patch", operation_id = "edit_message")]
    async fn edit_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
        body: Json<MessageChange>,
    ) -> poem::Result<Json<Message>> {
        let content = body.0.content;
        self.app.limits.charge_requests(caller.user_id, weight_of(&content))?;
        Ok(Json(service::edit(&self.app, caller, chat_id.0, message_id.0, content).await?))
    }

    /// Recall a message
    ///
    /// By its sender, or by the creator and admins of the chat. Its content and its attachments are gone everywhere, its
    /// place stays; everyone in the chat is told (`message_recalled`). If it is recalled already: 204 too, and nobody is told.
    ///
    /// Errors: banned, forbidden, not_found
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
    /// Everything that happened in the chat after `after_seq`, oldest first, as the frames its sockets receive. Read with
    /// this, then follow on a socket from the last `seq`: nothing is missing or repeated. Where a retention has
    /// removed the beginning of the log, it starts with the oldest entry that is held: a first `seq` beyond `after_seq` + 1
    /// says that what lies between is gone.
    ///
    /// After a restored backup, or a failover that lost its tail, a number may belong to another entry than before. With
    /// `after_id` this is noticed: where the entry with that id does not stand at `after_seq` (any more) the answer is 409
    /// `log_changed`, and the log is to be read again from the beginning.
    ///
    /// Errors: banned, not_found, log_changed
    #[oai(path = "/:chat_id/log", method = "get", operation_id = "read_log")]
    async fn read_log(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The last entry that is known already; left out, the log is read from its beginning.
        after_seq: Query<Option<Seq>>,
        /// The `id` of that entry: proves that this is the same log. Only beside `after_seq`.
        after_id: Query<Option<Uuid>>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
    ) -> poem::Result<Json<Log>> {
        if after_id.is_some() && after_seq.is_none() {
            return Err(Error::invalid_field("after_seq", "is required beside after_id").into());
        }
        let after = Position { seq: after_seq.0.map_or(0, |seq| seq.0), id: after_id.0 };
        let items = service::log(&self.app, caller, chat_id.0, after, limit.0.0).await?;
        Ok(Json(Log { items }))
    }
}

fn window(before: Option<Seq>, after: Option<Seq>, around: Option<Seq>) -> Result<Window> {
    match (before, after, around) {
        (None, None, None) => Ok(Window::Latest),
        (Some(seq), None, None) => Ok(Window::Before(seq.0)),
        (None, Some(seq), None) => Ok(Window::After(seq.0)),
        (None, None, Some(seq)) => Ok(Window::Around(seq.0)),
        _ => Err(Error::invalid_field("before_seq", "give one of before_seq, after_seq and around_seq")),
    }
}
