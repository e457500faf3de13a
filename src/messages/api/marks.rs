//! What people leave at messages, over HTTP: read marks, reactions and pins.

use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use crate::{
    app::App,
    http::{Caller, Done, Format, Json, Limit, List, Offset, Wanted, sorts},
    messages::{
        model::{PinnedMessage, ReadMark, ReadUpTo},
        service,
    },
    tags::Tags,
};

sorts! {
    /// The order of read marks.
    ReadSort {
        #[default]
        MostRead = "-last_read_seq",
        LeastRead = "last_read_seq",
        ReadLast = "-read_at",
        ReadFirst = "read_at",
    }
}

sorts! {
    /// The order of pinned messages.
    PinSort {
        #[default]
        PinnedLast = "-pinned_at",
        PinnedFirst = "pinned_at",
        Newest = "-seq",
        Oldest = "seq",
    }
}

/// What people leave at messages.
pub struct MarksApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/chats", tag = "Tags::Messages")]
impl MarksApi {
    /// Mark as read
    ///
    /// Everything up to `seq` is read. The mark never moves back, and beyond the end means the end. By members. Who posts has
    /// read up to their own message: that moves the mark, too.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/:chat_id/read", method = "put", operation_id = "mark_read")]
    async fn mark_read(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        body: Json<ReadUpTo>,
    ) -> poem::Result<Done> {
        service::mark_read(&self.app, caller, chat_id.0, body.0.seq).await?;
        Ok(Done)
    }

    /// List read marks
    ///
    /// How far each member has read, those who have read most first, if `sort` does not say otherwise.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/reads", method = "get", operation_id = "list_reads")]
    async fn list_reads(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The order.
        #[oai(default)]
        sort: Query<ReadSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<ReadMark>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list_reads(&self.app, caller, chat_id.0, sort.0.word(), wanted).await?)
    }

    /// React
    ///
    /// One emoji, however it is composed, or `:word:`, up to 64 characters. With and without U+FE0F an emoji is the same, and
    /// comes back in one form: with it wherever it would else be shown as text (❤️, 1️⃣, 🏳️‍🌈). By members. Everyone in
    /// the chat is told (`reaction_added`); the same again changes nothing. A message has at most 50 kinds of them. A
    /// recall takes the reactions along, without an entry for each.
    ///
    /// Errors: banned, forbidden, blocked, not_found, message_recalled, too_many_reactions
    #[oai(path = "/:chat_id/messages/:message_id/reactions/:emoji", method = "put", operation_id = "react")]
    async fn react(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
        emoji: Path<String>,
    ) -> poem::Result<Done> {
        service::react(&self.app, caller, chat_id.0, message_id.0, emoji.0).await?;
        Ok(Done)
    }

    /// Take a reaction back
    ///
    /// One's own, with or without U+FE0F. Everyone in the chat is told (`reaction_removed`); if there is none, nothing
    /// changes.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(
        path = "/:chat_id/messages/:message_id/reactions/:emoji",
        method = "delete",
        operation_id = "unreact"
    )]
    async fn unreact(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
        emoji: Path<String>,
    ) -> poem::Result<Done> {
        service::unreact(&self.app, caller, chat_id.0, message_id.0, emoji.0).await?;
        Ok(Done)
    }

    /// Pin a message
    ///
    /// By the creator and admins of the chat. Everyone in it is told (`pin_added`). If it is pinned already: 204 too, and nobody is told.
    ///
    /// Errors: banned, forbidden, not_found, message_recalled
    #[oai(path = "/:chat_id/messages/:message_id/pin", method = "put", operation_id = "pin_message")]
    async fn pin_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::pin(&self.app, caller, chat_id.0, message_id.0).await?;
        Ok(Done)
    }

    /// Unpin a message
    ///
    /// By the creator and admins of the chat. Everyone in it is told (`pin_removed`), as when a pinned message is
    /// recalled; a cleared chat has no pins. If it is not pinned: 204 too.
    ///
    /// Errors: banned, forbidden, not_found
    #[oai(path = "/:chat_id/messages/:message_id/pin", method = "delete", operation_id = "unpin_message")]
    async fn unpin_message(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        message_id: Path<Uuid>,
    ) -> poem::Result<Done> {
        service::unpin(&self.app, caller, chat_id.0, message_id.0).await?;
        Ok(Done)
    }

    /// List pinned messages
    ///
    /// The one that was pinned last comes first, if `sort` does not say otherwise.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/:chat_id/pins", method = "get", operation_id = "list_pins")]
    async fn list_pins(
        &self,
        caller: Caller,
        chat_id: Path<Uuid>,
        /// The order.
        #[oai(default)]
        sort: Query<PinSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<PinnedMessage>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list_pins(&self.app, caller, chat_id.0, sort.0.word(), wanted).await?)
    }
}
