//! The tables `calendar_feeds` and `calendar_tombstones`, and events as calendars show them: one function per query file.

use uuid::Uuid;

use super::model::EventRow;
use crate::{
    db::{GenericClient, Pool, query},
    error::Result,
};

/// Gives somebody an address in place of the one they had.
pub async fn put(db: &impl GenericClient, user_id: Uuid, token_hash: &[u8]) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/calendars/put.sql"), &[&user_id, &token_hash]).await?;
    Ok(())
}

/// Ends somebody's address, if they have one.
pub async fn delete(db: &impl GenericClient, user_id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/calendars/delete.sql"), &[&user_id]).await?;
    Ok(())
}

/// Whose address it is, with their name.
pub async fn find_by_token(db: &impl GenericClient, token_hash: &[u8]) -> Result<Option<(Uuid, String)>> {
    let sql = include_str!("../../sql/queries/calendars/find_by_token.sql");
    Ok(query::pairs(db, sql, &[&token_hash]).await?.into_iter().next())
}

/// One event, as somebody's calendar has it.
pub async fn find(db: &impl GenericClient, event_id: Uuid, user_id: Uuid) -> Result<Option<EventRow>> {
    query::opt(db, include_str!("../../sql/queries/calendars/find.sql"), &[&event_id, &user_id]).await
}

/// The events of somebody's calendar, those nearest to now first.
pub async fn list(db: &impl GenericClient, user_id: Uuid) -> Result<Vec<EventRow>> {
    query::all(db, include_str!("../../sql/queries/calendars/list.sql"), &[&user_id]).await
}

/// Removes what no calendar shows any more; says how many rows.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/calendars/sweep.sql"), &[]).await
}
