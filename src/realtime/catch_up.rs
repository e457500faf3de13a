//! Reading the log for a client that resumes or has fallen behind: a page at a time, at its own pace.

use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use super::{Hub, frames, session::Session};
use crate::{
    chats::{
        self,
        model::{Head, Visibility},
    },
    error::Result,
    messages::{self, LogEntry},
};

/// What is read of the log at once.
const PAGE: i64 = 200;
/// About the most bytes that are queued at once.
const PAGE_BYTES: usize = 512 * 1024;

/// Reads one page, or goes live when the ring holds what comes next.
pub async fn catch_up(hub: &Hub, session: &Session, chat_id: Uuid, seen: i64) -> Result<()> {
    if session.go_live(chat_id) {
        return Ok(());
    }
    let mut page = read(hub, chat_id, seen).await?;
    if page.is_empty() {
        let Some(head) = head(hub, chat_id).await? else {
            // The chat is gone; the bell that says so is on its way.
            tokio::time::sleep(Duration::from_millis(200)).await;
            return Ok(());
        };
        // Once more: what was written since the first look is no hole.
        page = read(hub, chat_id, seen).await?;
        if page.is_empty() && head.last_seq > seen {
            session.reset(chat_id, head.oldest_seq(), head.last_seq);
        } else if page.is_empty() {
            // The ring begins later than the log ends only while the hub is reading.
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    match page.first() {
        // What comes next is no longer in the log: never a silent hole.
        Some(first) if first.seq > seen + 1 => {
            // Beyond what was just read in any case: whatever the tables hold, this ends.
            let read = page.last().map_or(first.seq, |last| last.seq);
            let last_seq = head(hub, chat_id).await?.map_or(read, |head| head.last_seq.max(read));
            session.reset(chat_id, first.seq, last_seq);
        }
        Some(_) => {
            limit(hub, session, chat_id, &page).await?;
            session.replay(chat_id, encode(&page, seen));
        }
        None => {}
    }
    Ok(())
}

async fn read(hub: &Hub, chat_id: Uuid, seen: i64) -> Result<Vec<LogEntry>> {
    let app = hub.app();
    let rows = messages::store::list_after(&app.db().await?, chat_id, seen, PAGE).await?;
    let public_url = app.public_url();
    rows.into_iter().map(|row| row.view(&public_url)).collect()
}

/// The frames of a page up to its first gap and about [`PAGE_BYTES`]; the rest is read again.
fn encode(page: &[LogEntry], seen: i64) -> Vec<(i64, Bytes)> {
    let mut frames = Vec::with_capacity(page.len());
    let mut bytes = 0;
    for (entry, seq) in page.iter().zip(seen + 1..) {
        if entry.seq != seq || bytes > PAGE_BYTES {
            break;
        }
        let frame = frames::json(entry);
        bytes += frame.len();
        frames.push((seq, frame));
    }
    frames
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

async fn head(hub: &Hub, chat_id: Uuid) -> Result<Option<Head>> {
    let heads = chats::store::heads(&hub.app().db().await?, &[chat_id]).await?;
    Ok(heads.first().copied())
}
