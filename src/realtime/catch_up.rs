//! Reading the log for a client that resumes or has fallen behind: a page at a time, at its own pace.

use std::{sync::Arc, time::Duration};

use uuid::Uuid;

use super::{hub::Hub, replays::Page, session::Session};
use crate::{
    chats::{self, Position, model::Visibility},
    error::Result,
    messages::LogEntry,
};

/// Reads one page, when the tail does not hold what comes next. What was told last must still stand in the log: where
/// another entry does, it is another log, and the client is told so.
pub async fn catch_up(hub: &Hub, session: &Session, chat_id: Uuid, seen: Position) -> Result<()> {
    let Some(tail) = session.tail(chat_id) else { return Ok(()) };
    // Both before the tables are read.
    let (generation, read) = (tail.generation(), tail.head());
    let mut page = hub.replays().page(hub.app(), &tail, seen.seq).await?;
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
        page = Arc::new(Page::read(hub.app(), &hub.app().db().await?, chat_id, seen.seq).await?);
        if page.entries.is_empty() && head.last.seq > seen.seq {
            session.reset(chat_id, head.oldest_seq(), head.last);
        } else if page.entries.is_empty() {
            session.replay(chat_id, generation, &[]);
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
    session.replay(chat_id, generation, &page.frames);
    Ok(())
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
