//! The tables `tickets` and `event_waiting`: one function per query file.

use uuid::Uuid;

use super::model::{CheckIn, HeldTicket, HeldTicketSort, Ticket, TicketSort, Waiting};
use crate::{
    db::{
        GenericClient, Pool,
        query::{self, Rows},
    },
    error::Result,
    time::Timestamp,
};

/// Why somebody may not have so many places of an event now, in a word of the function `sale_refusal`; `None` where they may.
pub async fn refusal(
    db: &impl GenericClient,
    event_id: Uuid,
    user_id: Uuid,
    quantity: i32,
) -> Result<Option<String>> {
    let sql = include_str!("../../sql/queries/tickets/refusal.sql");
    let word: Option<Option<String>> = query::scalar(db, sql, &[&event_id, &user_id, &quantity]).await?;
    Ok(word.flatten())
}

/// Sells a ticket.
pub async fn insert(
    db: &impl GenericClient,
    id: Uuid,
    event_id: Uuid,
    holder_id: Uuid,
    quantity: i32,
) -> Result<Ticket> {
    let sql = include_str!("../../sql/queries/tickets/insert.sql");
    query::one(db, sql, &[&id, &event_id, &holder_id, &quantity]).await
}

/// One ticket of an event, if it is good.
pub async fn find(db: &impl GenericClient, event_id: Uuid, id: Uuid) -> Result<Option<Ticket>> {
    query::opt(db, include_str!("../../sql/queries/tickets/find.sql"), &[&event_id, &id]).await
}

/// Gives a ticket back that is good and was not used; says whether it was there.
pub async fn cancel(db: &impl GenericClient, event_id: Uuid, id: Uuid) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/tickets/cancel.sql"), &[&event_id, &id]).await? == 1)
}

/// The tickets of an event, in the order in which they were bought.
pub async fn list_in_order(
    db: &impl GenericClient,
    event_id: Uuid,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Ticket>> {
    let sql = include_str!("../../sql/queries/tickets/list_in_order.sql");
    query::rows(db, sql, &[&event_id, &limit, &offset]).await
}

/// The tickets of an event, everybody's or one person's.
pub async fn list(
    db: &impl GenericClient,
    event_id: Uuid,
    holder_id: Option<Uuid>,
    sort: TicketSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Ticket>> {
    let sql = include_str!("../../sql/queries/tickets/list.sql");
    query::rows(db, sql, &[&event_id, &holder_id, &sort.word(), &limit, &offset]).await
}

/// How many tickets those are.
pub async fn count(db: &impl GenericClient, event_id: Uuid, holder_id: Option<Uuid>) -> Result<i64> {
    let sql = include_str!("../../sql/queries/tickets/count.sql");
    Ok(query::scalar(db, sql, &[&event_id, &holder_id]).await?.unwrap_or(0))
}

/// What somebody holds, for events between these times.
pub async fn list_held(
    db: &impl GenericClient,
    holder_id: Uuid,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    sort: HeldTicketSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<HeldTicket>> {
    let sql = include_str!("../../sql/queries/tickets/list_held.sql");
    query::rows(db, sql, &[&holder_id, &from, &to, &sort.word(), &limit, &offset]).await
}

/// How many tickets those are.
pub async fn count_held(
    db: &impl GenericClient,
    holder_id: Uuid,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<i64> {
    let sql = include_str!("../../sql/queries/tickets/count_held.sql");
    Ok(query::scalar(db, sql, &[&holder_id, &from, &to]).await?.unwrap_or(0))
}

/// How many tickets somebody has for what is still to come, counted up to `most`.
pub async fn count_to_come(db: &impl GenericClient, holder_id: Uuid, most: i64) -> Result<i64> {
    let sql = include_str!("../../sql/queries/tickets/count_to_come.sql");
    Ok(query::scalar(db, sql, &[&holder_id, &most]).await?.unwrap_or(0))
}

/// Lets somebody in with a ticket; says whether it was the first time.
pub async fn check_in(db: &impl GenericClient, event_id: Uuid, id: Uuid, by: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/tickets/check_in.sql");
    Ok(query::exec(db, sql, &[&event_id, &id, &by]).await? == 1)
}

/// Who came in with a ticket; `None` for one that is not good, or was not used.
pub async fn find_check_in(db: &impl GenericClient, event_id: Uuid, id: Uuid) -> Result<Option<CheckIn>> {
    query::opt(db, include_str!("../../sql/queries/tickets/find_check_in.sql"), &[&event_id, &id]).await
}

/// Removes what was given back a month ago; says how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/tickets/sweep.sql"), &[]).await
}

/// Puts somebody at the end of the waiting list, unless they are on it already.
pub async fn insert_waiting(
    db: &impl GenericClient,
    event_id: Uuid,
    user_id: Uuid,
    quantity: i32,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/event_waiting/insert.sql");
    query::exec(db, sql, &[&event_id, &user_id, &quantity]).await?;
    Ok(())
}

/// Somebody's place on a waiting list.
pub async fn find_waiting(db: &impl GenericClient, event_id: Uuid, user_id: Uuid) -> Result<Option<Waiting>> {
    query::opt(db, include_str!("../../sql/queries/event_waiting/find.sql"), &[&event_id, &user_id]).await
}

/// The waiting list of an event, or one person's place on it.
pub async fn list_waiting(
    db: &impl GenericClient,
    event_id: Uuid,
    user_id: Option<Uuid>,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Waiting>> {
    let sql = include_str!("../../sql/queries/event_waiting/list.sql");
    query::rows(db, sql, &[&event_id, &user_id, &limit, &offset]).await
}

/// How many those are.
pub async fn count_waiting(db: &impl GenericClient, event_id: Uuid, user_id: Option<Uuid>) -> Result<i64> {
    let sql = include_str!("../../sql/queries/event_waiting/count.sql");
    Ok(query::scalar(db, sql, &[&event_id, &user_id]).await?.unwrap_or(0))
}

/// On how many waiting lists of what is still to come somebody is.
pub async fn count_waiting_lists_of(db: &impl GenericClient, user_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/event_waiting/count_of_person.sql");
    Ok(query::scalar(db, sql, &[&user_id]).await?.unwrap_or(0))
}

/// Takes somebody off a waiting list; says whether they were on it.
pub async fn delete_waiting(db: &impl GenericClient, event_id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/event_waiting/delete.sql");
    Ok(query::exec(db, sql, &[&event_id, &user_id]).await? == 1)
}
