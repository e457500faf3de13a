//! What is done to messages when nobody looks.

use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::store;
use crate::{app::App, chats, error::Result};

/// How many entries one transaction removes: some hundredths of a second, for which posts to the chat wait.
const PIECE: i32 = 1_000;
/// How many chats are looked for at once.
const CHATS: i64 = 100;

/// Removes what is older than the retention of its chat, for good; answers how many entries of logs that were.
pub async fn trim(app: &App) -> Result<u64> {
    let mut removed = 0;
    let mut last = Uuid::nil();
    loop {
        let overdue = chats::store::list_overdue(&*app.job_db().await?, last, CHATS).await?;
        let Some(id) = overdue.last() else { return Ok(removed) };
        last = *id;
        for chat_id in overdue {
            removed += trim_chat(app, chat_id).await?;
        }
    }
}

/// In pieces, so that people go on posting in between. A chat that somebody holds all the time has its turn next time: the
/// others do not wait for it.
async fn trim_chat(app: &App, chat_id: Uuid) -> Result<u64> {
    let mut removed = 0;
    loop {
        match store::trim(&*app.job_db().await?, chat_id, PIECE).await {
            Ok(0) => return Ok(removed),
            Ok(piece) => removed += piece,
            Err(error) if error.sql_state() == Some(&SqlState::LOCK_NOT_AVAILABLE) => return Ok(removed),
            Err(error) => return Err(error),
        }
    }
}
