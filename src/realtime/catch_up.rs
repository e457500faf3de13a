//! Reading the log for a client that resumes or has fallen behind: a page at a time, at its own pace.

use std::time::Duration;

use uuid::Uuid;

use super::{frames, hub::Hub, session::Session, tail::Entry};
use crate::{
    chats::{self, Position, model::Visibility},
    db::Client,
    error::Result,
    messages::{self, LogEntry, log::LogRow},
};

/// What is read of the log at once.
const PAGE: i64 = 200;
/// About the most bytes that are queued at once.
const PAGE_BYTES: usize = 512 * 1024;

/// Reads one page, when the tail does not hold what comes next. What was told last must still stand in the log: where
/// another entry does, it is another log, and the client is told so.
pub async fn catch_up(hub: &Hub, session: &Session, chat_id: Uuid, seen: Position) -> Result<()> {
    let Some(tail) = session.tail(chat_id) else { return Ok(()) };
    // Both before the tables are read.
    let (generation, read) = (tail.generation(), tail.head());
    let mut page = Page::read(&reader(hub, chat_id, read).await?, hub, chat_id, seen).await?;
    if page.entries.is_empty() {
        let heads = chats::store::heads(&hub.app().db().await?, &[chat_id], &[seen.seq]).await?;
        let Some(head) = heads.first() else {
            // The chat is gone; the notification that says so is on its way.
            tokio::time::sleep(Duration::from_millis(200)).await;
            return Ok(());
        };
        if head.is_another_than(seen) {
            hub.doubt(chat_id);
            session.reset(chat_id, head.oldest_seq(), head.last);
            return Ok(());
        }
        let is_elsewhere = |read: Position| read.seq == head.last.seq && read.contradicts(head.last.id);
        if read.is_some_and(|read| read.seq > head.last.seq || is_elsewhere(read)) {
            hub.doubt(chat_id);
        }
        // Once more: what was written since the first look is no hole.
        page = Page::read(&hub.app().db().await?, hub, chat_id, seen).await?;
        if page.entries.is_empty() && head.last.seq > seen.seq {
            session.reset(chat_id, head.oldest_seq(), head.last);
        } else if page.entries.is_empty() {
            session.replay(chat_id, generation, vec![]);
            // The tail begins later than the log ends only while the hub is reading.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let Some(first) = page.entries.first() else { return Ok(()) };
    let is_another = seen.contradicts(page.after_id);
    if is_another {
        hub.doubt(chat_id);
    }
    // Or what comes next is no longer in the log: never a silent hole.
    if is_another || first.seq > seen.seq + 1 {
        return start_over(hub, session, chat_id, is_another, &page).await;
    }
    limit(hub, session, chat_id, &page.entries).await?;
    session.replay(chat_id, generation, encode(&page.entries, seen.seq));
    Ok(())
}

/// Where to read: at the replica, if it holds what this instance has read of the log.
async fn reader(hub: &Hub, chat_id: Uuid, read: Option<Position>) -> Result<Client> {
    if let (Some(replica), Some(Position { seq, id: Some(id) })) = (&hub.app().replica, read)
        && let Some(db) = replica.holding(chat_id, seq, Some(id)).await
    {
        return Ok(db);
    }
    hub.app().db().await
}

/// Some entries after a place.
struct Page {
    entries: Vec<LogEntry>,
    /// Which entry stands at the place.
    after_id: Option<Uuid>,
}

impl Page {
    async fn read(db: &Client, hub: &Hub, chat_id: Uuid, seen: Position) -> Result<Self> {
        let app = hub.app();
        let rows = messages::store::list_after(db, chat_id, seen.seq, PAGE).await?;
        let after_id = rows.first().and_then(LogRow::after_id);
        let public_url = app.public_url();
        let entries = rows.into_iter().map(|row| row.view(&public_url)).collect::<Result<_>>()?;
        Ok(Self { entries, after_id })
    }
}

/// What was told before does not lead on to this page: says so, and goes on from the end.
async fn start_over(
    hub: &Hub,
    session: &Session,
    chat_id: Uuid,
    is_another: bool,
    page: &Page,
) -> Result<()> {
    let (Some(first), Some(read)) = (page.entries.first(), page.entries.last()) else { return Ok(()) };
    let heads = chats::store::heads(&hub.app().db().await?, &[chat_id], &[0]).await?;
    let (mut oldest_seq, mut last) = (first.seq, Position { seq: read.seq, id: Some(read.id) });
    if let Some(head) = heads.first() {
        if is_another {
            oldest_seq = head.oldest_seq();
        }
        // Beyond what was just read in any case: whatever the tables hold, this ends.
        if head.last.seq >= last.seq {
            last = head.last;
        }
    }
    session.reset(chat_id, oldest_seq, last);
    Ok(())
}

/// The frames of a page up to its first gap and about [`PAGE_BYTES`]; the rest is read again.
fn encode(page: &[LogEntry], seen: i64) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(page.len());
    let mut bytes = 0;
    for (entry, seq) in page.iter().zip(seen + 1..) {
        if entry.seq != seq || bytes > PAGE_BYTES {
            break;
        }
        let frame = frames::json(entry);
        bytes += frame.len();
        entries.push(Entry { seq, id: entry.id, frame, read: None });
    }
    entries
}

/// The log may be ahead of the hub: an entry that puts this client out counts when it is read here first, too.
async fn limit(hub: &Hub, session: &Session, chat_id: Uuid, page: &[LogEntry]) -> Result<()> {
    let user_id = session.caller.user_id;
    for entry in page {
        if entry.kind == "member_left" && entry.user_id == Some(user_id) {
            session.limit(chat_id, entry.seq, entry.seq);
        }
        let private = entry.chat.as_ref().is_some_and(|chat| chat.visibility == Visibility::Private);
        if private && session.is_later(chat_id, entry.seq) {
            let members = chats::store::list_among(&hub.app().db().await?, chat_id, &[user_id]).await?;
            if members.is_empty() {
                session.limit(chat_id, entry.seq, entry.seq - 1);
            }
        }
    }
    Ok(())
}
