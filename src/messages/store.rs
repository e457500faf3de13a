//! The table `messages`: one function per query file.

use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    log::LogRow,
    model::{Message, MessageRow, PinnedRow, ReadMark, shown_client_id},
};
use crate::{
    blocks::Side,
    db::{
        FromRow, GenericClient,
        query::{self, Rows},
    },
    error::{Error, Result},
    time::Timestamp,
};

/// A message on its way into the log.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct Send {
    pub chat_id: Uuid,
    pub sender_id: Uuid,
    pub id: Uuid,
    pub content: Option<String>,
    pub client_id: Option<String>,
    pub reply_to: Option<Uuid>,
    pub attachments: Vec<Uuid>,
    pub is_scheduled: bool,
}

impl Send {
    /// Whether it is a text and nothing else: neither a reply nor with files; and its sender is there, and so has read up to it.
    pub fn is_plain(&self) -> bool {
        !self.is_scheduled && self.content.is_some() && self.reply_to.is_none() && self.attachments.is_empty()
    }

    /// The message it has become, when it came without files: what those are stands in the tables.
    pub fn into_message(self, id: Uuid, seq: i64, created_at: Timestamp, mentions: Vec<Uuid>) -> Message {
        Message {
            id,
            chat_id: self.chat_id,
            seq,
            sender_id: Some(self.sender_id),
            kind: "text".to_owned(),
            content: self.content,
            attachments: vec![],
            reply_to: self.reply_to,
            mentions,
            reactions: vec![],
            client_id: shown_client_id(self.client_id),
            created_at,
            updated_at: created_at,
            edited_at: None,
            recalled_at: None,
        }
    }
}

/// What became of a send; `sql/functions/post_messages.sql` says when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the log.
    Posted {
        /// Its id: that of the send, or the one that was promised when the same was scheduled.
        id: Uuid,
        /// Its place.
        seq: i64,
        /// When.
        created_at: Timestamp,
        /// The members it mentions.
        mentions: Vec<Uuid>,
    },
    /// The sender used this client_id in this chat before, for this message.
    Seen {
        /// That message.
        id: Uuid,
    },
    /// Something else is scheduled under this client_id.
    Reused,
    /// The same client_id stands earlier in the batch.
    Again,
    /// Somebody else holds the chat.
    Busy,
    /// There is no such chat for this sender.
    NoChat,
    /// It is a public chat, which the sender would join, and they are in as many chats as one may be.
    Full,
    /// It is a public chat, and the sender is banned from it.
    Banned,
    /// It is a direct chat, and one of the two has blocked the other.
    Blocked(Side),
    /// What it replies to is not a message of this chat.
    NoReply,
    /// One of its files is not a loose one of the sender.
    NoAttachment,
}

impl FromRow for Outcome {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(match row.try_get::<_, &str>("outcome")? {
            "posted" => Self::Posted {
                id: row.try_get("id")?,
                seq: row.try_get("seq")?,
                created_at: row.try_get("created_at")?,
                mentions: row.try_get("mentions")?,
            },
            "seen" => Self::Seen { id: row.try_get("id")? },
            "reused" => Self::Reused,
            "again" => Self::Again,
            "busy" => Self::Busy,
            "no_chat" => Self::NoChat,
            "full" => Self::Full,
            "banned" => Self::Banned,
            side @ ("blocked" | "blocking") => Self::Blocked(Side::from_column(side)),
            "no_reply" => Self::NoReply,
            "no_attachment" => Self::NoAttachment,
            other => return Err(Error::internal(format!("post_messages answered {other}"))),
        })
    }
}

/// Posts a single plain message in the fewest steps; with the outcome comes the entry that stands just before it, where that
/// is known.
pub async fn post_one(db: &impl GenericClient, send: &Send) -> Result<(Outcome, Option<Uuid>)> {
    let rows = query::raw(
        db,
        include_str!("../../sql/queries/messages/post_one.sql"),
        &[&send.chat_id, &send.sender_id, &send.id, &send.content, &send.client_id],
    )
    .await?;
    let row = rows.first().ok_or_else(|| Error::internal("a send without an outcome"))?;
    Ok((Outcome::from_row(row)?, row.try_get("after_id")?))
}

/// Posts a batch in one statement; the outcomes stand in the order of the sends.
pub async fn post(db: &impl GenericClient, sends: &[&Send], wait_for_chats: bool) -> Result<Vec<Outcome>> {
    let chat_ids: Vec<_> = sends.iter().map(|send| send.chat_id).collect();
    let sender_ids: Vec<_> = sends.iter().map(|send| send.sender_id).collect();
    let ids: Vec<_> = sends.iter().map(|send| send.id).collect();
    let contents: Vec<_> = sends.iter().map(|send| send.content.as_deref()).collect();
    let client_ids: Vec<_> = sends.iter().map(|send| send.client_id.as_deref()).collect();
    let replies: Vec<_> = sends.iter().map(|send| send.reply_to).collect();
    let files =
        (1i64..).zip(sends).flat_map(|(place, send)| send.attachments.iter().map(move |id| (place, *id)));
    let (file_places, file_ids): (Vec<_>, Vec<_>) = files.unzip();
    let rows = query::raw(
        db,
        include_str!("../../sql/queries/messages/post.sql"),
        &[
            &chat_ids,
            &sender_ids,
            &ids,
            &contents,
            &client_ids,
            &replies,
            &file_places,
            &file_ids,
            &wait_for_chats,
        ],
    )
    .await?;
    let mut outcomes = vec![Outcome::NoChat; sends.len()];
    for row in &rows {
        let place = usize::try_from(row.try_get::<_, i64>("ord")? - 1).map_err(Error::internal)?;
        *outcomes.get_mut(place).ok_or_else(|| Error::internal("an outcome of no send"))? =
            Outcome::from_row(row)?;
    }
    Ok(outcomes)
}

/// One message of a chat.
pub async fn find(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<Option<MessageRow>> {
    query::opt(db, include_str!("../../sql/queries/messages/find.sql"), &[&chat_id, &id]).await
}

/// The message that somebody has given this name in a chat.
pub async fn find_named(
    db: &impl GenericClient,
    chat_id: Uuid,
    sender_id: Uuid,
    client_id: &str,
) -> Result<Option<MessageRow>> {
    let sql = include_str!("../../sql/queries/messages/find_named.sql");
    query::opt(db, sql, &[&chat_id, &sender_id, &client_id]).await
}

/// Changes the words of a message that was not recalled.
pub async fn edit(db: &impl GenericClient, chat_id: Uuid, id: Uuid, content: &str) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/messages/edit.sql"), &[&chat_id, &id, &content]).await?;
    Ok(())
}

/// Recalls a message; one that was recalled stays as it is.
pub async fn recall(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/messages/recall.sql"), &[&chat_id, &id]).await?;
    Ok(())
}

/// Takes the words out of the messages after a place and up to another; tells of it, or not yet.
pub async fn clear(
    db: &impl GenericClient,
    chat_id: Uuid,
    after_seq: i64,
    up_to_seq: i64,
    tells: bool,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/messages/clear.sql");
    query::exec(db, sql, &[&chat_id, &after_seq, &up_to_seq, &tells]).await?;
    Ok(())
}

/// Removes up to `most` entries from the beginning of a log that are older than the retention of the chat; answers how
/// many went.
pub async fn trim(db: &impl GenericClient, chat_id: Uuid, most: i32) -> Result<u64> {
    let sql = include_str!("../../sql/queries/messages/trim.sql");
    let removed: Option<i64> = query::scalar(db, sql, &[&chat_id, &most]).await?;
    Ok(removed.unwrap_or_default().unsigned_abs())
}

/// The place of the latest message after a place and up to another that still has words.
pub async fn newest_with_content(
    db: &impl GenericClient,
    chat_id: Uuid,
    after_seq: i64,
    up_to_seq: i64,
) -> Result<Option<i64>> {
    let sql = include_str!("../../sql/queries/messages/newest_with_content.sql");
    query::scalar(db, sql, &[&chat_id, &after_seq, &up_to_seq]).await
}

/// Adds a reaction; the same again changes nothing.
pub async fn react(
    db: &impl GenericClient,
    chat_id: Uuid,
    id: Uuid,
    user_id: Uuid,
    emoji: &str,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/messages/react.sql");
    query::exec(db, sql, &[&chat_id, &id, &user_id, &emoji]).await?;
    Ok(())
}

/// Removes a reaction, if it is there.
pub async fn unreact(
    db: &impl GenericClient,
    chat_id: Uuid,
    id: Uuid,
    user_id: Uuid,
    emoji: &str,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/messages/unreact.sql");
    query::exec(db, sql, &[&chat_id, &id, &user_id, &emoji]).await?;
    Ok(())
}

/// Pins a message; one that is pinned stays as it is.
pub async fn pin(db: &impl GenericClient, chat_id: Uuid, id: Uuid, pinned_by: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/messages/pin.sql"), &[&chat_id, &id, &pinned_by]).await?;
    Ok(())
}

/// Unpins a message, if it is pinned.
pub async fn unpin(db: &impl GenericClient, chat_id: Uuid, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/messages/unpin.sql"), &[&chat_id, &id]).await?;
    Ok(())
}

/// Pinned messages.
pub async fn list_pins(
    db: &impl GenericClient,
    chat_id: Uuid,
    sort: &str,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<PinnedRow>> {
    let sql = include_str!("../../sql/queries/messages/list_pins.sql");
    query::rows(db, sql, &[&chat_id, &sort, &limit, &offset]).await
}

/// How many messages of a chat are pinned.
pub async fn count_pins(db: &impl GenericClient, chat_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/messages/count_pins.sql");
    Ok(query::scalar(db, sql, &[&chat_id]).await?.unwrap_or(0))
}

/// Moves a member's read mark forward; says where it is now if it moved.
pub async fn mark_read(
    db: &impl GenericClient,
    chat_id: Uuid,
    user_id: Uuid,
    seq: i64,
) -> Result<Option<i64>> {
    query::scalar(db, include_str!("../../sql/queries/messages/mark_read.sql"), &[&chat_id, &user_id, &seq])
        .await
}

/// How far the members of a chat have read.
pub async fn list_reads(
    db: &impl GenericClient,
    chat_id: Uuid,
    sort: &str,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<ReadMark>> {
    let sql = include_str!("../../sql/queries/messages/list_reads.sql");
    query::rows(db, sql, &[&chat_id, &sort, &limit, &offset]).await
}

/// Messages, newest first.
pub async fn list(
    db: &impl GenericClient,
    chat_id: Uuid,
    limit: Option<i64>,
    offset: i64,
) -> Result<Vec<MessageRow>> {
    query::all(db, include_str!("../../sql/queries/messages/list.sql"), &[&chat_id, &limit, &offset]).await
}

/// The same from the beginning of the log on.
pub async fn list_oldest(
    db: &impl GenericClient,
    chat_id: Uuid,
    limit: Option<i64>,
    offset: i64,
) -> Result<Vec<MessageRow>> {
    query::all(db, include_str!("../../sql/queries/messages/list_oldest.sql"), &[&chat_id, &limit, &offset])
        .await
}

/// The messages just before a place, newest first.
pub async fn list_before(
    db: &impl GenericClient,
    chat_id: Uuid,
    seq: i64,
    limit: Option<i64>,
    offset: i64,
) -> Result<Vec<MessageRow>> {
    let sql = include_str!("../../sql/queries/messages/list_before.sql");
    query::all(db, sql, &[&chat_id, &seq, &limit, &offset]).await
}

/// The messages just after a place, newest first.
pub async fn list_next(
    db: &impl GenericClient,
    chat_id: Uuid,
    seq: i64,
    limit: Option<i64>,
    offset: i64,
) -> Result<Vec<MessageRow>> {
    let sql = include_str!("../../sql/queries/messages/list_next.sql");
    query::all(db, sql, &[&chat_id, &seq, &limit, &offset]).await
}

/// The message at a place with as many on each side as fit, newest first.
pub async fn list_around(
    db: &impl GenericClient,
    chat_id: Uuid,
    seq: i64,
    limit: Option<i64>,
) -> Result<Vec<MessageRow>> {
    let sql = include_str!("../../sql/queries/messages/list_around.sql");
    query::all(db, sql, &[&chat_id, &seq, &limit]).await
}

/// The log of a chat after a place, oldest first.
pub async fn list_after(db: &impl GenericClient, chat_id: Uuid, seq: i64, limit: i64) -> Result<Vec<LogRow>> {
    query::all(db, include_str!("../../sql/queries/messages/list_after.sql"), &[&chat_id, &seq, &limit]).await
}

/// Which entries stand at these places of a log; a place where none stands is missing.
pub async fn ids_at(db: &impl GenericClient, chat_id: Uuid, seqs: &[i64]) -> Result<Vec<(i64, Uuid)>> {
    query::pairs(db, include_str!("../../sql/queries/messages/ids_at.sql"), &[&chat_id, &seqs]).await
}

/// The logs of many chats, each after its own place: at most `limit` entries of each.
pub async fn list_new(
    db: &impl GenericClient,
    chat_ids: &[Uuid],
    seqs: &[i64],
    limit: i64,
) -> Result<Vec<LogRow>> {
    query::all(db, include_str!("../../sql/queries/messages/list_new.sql"), &[&chat_ids, &seqs, &limit]).await
}
