//! Where the log of a chat is read: at the replica if it holds all that anybody may have seen of it, else at the primary.
//! Whether somebody may read is always asked of the primary.

use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    db::{Client, query},
    error::Result,
};

/// A connection to read the log of this chat over, with all that was committed to it so far. `primary` is the one over which
/// the caller was let in.
pub async fn log_of(app: &App, primary: Client, chat_id: Uuid) -> Result<Client> {
    let Some(replica) = &app.replica else { return Ok(primary) };
    let heads = store::heads(&primary, &[chat_id], &[0]).await?;
    let Some(last) = heads.first().map(|head| head.last) else { return Ok(primary) };
    // A retention may have removed it; then no entry proves anything.
    if last.seq > 0 && last.id.is_none() {
        return Ok(primary);
    }
    drop(primary);
    match replica.holding(chat_id, last.seq, last.id).await {
        Some(db) => Ok(db),
        None => app.db().await,
    }
}

/// A connection to read anything over, with all that was committed so far.
pub async fn everything(app: &App) -> Result<Client> {
    let primary = app.db().await?;
    let Some(replica) = &app.replica else { return Ok(primary) };
    let sql = include_str!("../../sql/queries/replica/written.sql");
    let written: Option<String> = query::scalar(&primary, sql, &[]).await?;
    drop(primary);
    match replica.having_replayed(&written.unwrap_or_default()).await {
        Some(db) => Ok(db),
        None => app.db().await,
    }
}
