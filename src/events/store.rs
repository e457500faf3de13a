//! The table `events`: one function per query file.

use uuid::Uuid;

use super::model::{EventRow, EventSort, Filter, Plan};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::{Error, OnConstraint, Result},
};

/// Adds an event, with its chat where it is to have one.
pub async fn insert(
    db: &impl GenericClient,
    id: Uuid,
    owner_id: Uuid,
    plan: &Plan,
    with_chat: bool,
) -> Result<EventRow> {
    let sql = include_str!("../../sql/queries/events/insert.sql");
    let Plan { name, event_time, timezone, description, .. } = plan;
    let Plan { duration_hours, duration_minutes, max_tickets, remind_minutes, .. } = plan;
    query::one(
        db,
        sql,
        &[
            &id,
            &owner_id,
            name,
            event_time,
            timezone,
            description,
            duration_hours,
            duration_minutes,
            max_tickets,
            &with_chat,
            remind_minutes,
        ],
    )
    .await
    .on_constraint("events_timezone_check", no_such_zone)
}

/// One event, as somebody sees it.
pub async fn find(db: &impl GenericClient, id: Uuid, viewer_id: Uuid) -> Result<Option<EventRow>> {
    query::opt(db, include_str!("../../sql/queries/events/find.sql"), &[&viewer_id, &id]).await
}

/// Holds an event that nobody else holds until the transaction ends; says whether it does.
pub async fn lock_free(db: &impl GenericClient, id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/events/lock_free.sql");
    Ok(!query::ids(db, sql, &[&id]).await?.is_empty())
}

/// Holds an event until the transaction ends, and waits for whoever else does.
pub async fn lock(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/events/lock.sql"), &[&id]).await?;
    Ok(())
}

/// Changes what the owner decides.
pub async fn update(db: &impl GenericClient, id: Uuid, plan: &Plan) -> Result<()> {
    let sql = include_str!("../../sql/queries/events/update.sql");
    let Plan { name, event_time, timezone, description, .. } = plan;
    let Plan { duration_hours, duration_minutes, max_tickets, remind_minutes, .. } = plan;
    query::exec(
        db,
        sql,
        &[
            &id,
            name,
            event_time,
            timezone,
            description,
            duration_hours,
            duration_minutes,
            max_tickets,
            remind_minutes,
        ],
    )
    .await
    .on_constraint("events_timezone_check", no_such_zone)?;
    Ok(())
}

/// Removes an event, with its tickets, its waiting list and its chat.
pub async fn delete(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/events/delete.sql"), &[&id]).await?;
    Ok(())
}

/// How many events of somebody are still to come.
pub async fn count_to_come(db: &impl GenericClient, owner_id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/events/count_to_come.sql");
    Ok(query::scalar(db, sql, &[&owner_id]).await?.unwrap_or(0))
}

/// Events as somebody sees them, in an order. Each order has a statement, which reads no more than the page.
pub async fn list(
    db: &impl GenericClient,
    viewer_id: Uuid,
    filter: &Filter,
    sort: EventSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<EventRow>> {
    let sql = match sort {
        EventSort::Soonest => include_str!("../../sql/queries/events/list_soonest.sql"),
        EventSort::Latest => include_str!("../../sql/queries/events/list_latest.sql"),
        EventSort::Oldest => include_str!("../../sql/queries/events/list_oldest.sql"),
        EventSort::Newest => include_str!("../../sql/queries/events/list_newest.sql"),
        EventSort::Name => include_str!("../../sql/queries/events/list_by_name.sql"),
        EventSort::NameDescending => include_str!("../../sql/queries/events/list_by_name_descending.sql"),
    };
    query::rows(db, sql, &[&viewer_id, &filter.from, &filter.to, &limit, &offset]).await
}

/// How many events there are.
pub async fn count(db: &impl GenericClient, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/events/count.sql");
    Ok(query::scalar(db, sql, &[&filter.from, &filter.to]).await?.unwrap_or(0))
}

/// The events of one person.
pub async fn list_of_owner(
    db: &impl GenericClient,
    viewer_id: Uuid,
    owner_id: Uuid,
    filter: &Filter,
    sort: EventSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<EventRow>> {
    let sql = include_str!("../../sql/queries/events/list_of_owner.sql");
    let (from, to, sort) = (filter.from, filter.to, sort.word());
    query::rows(db, sql, &[&viewer_id, &from, &to, &owner_id, &sort, &limit, &offset]).await
}

/// How many events one person has.
pub async fn count_of_owner(db: &impl GenericClient, owner_id: Uuid, filter: &Filter) -> Result<i64> {
    let sql = include_str!("../../sql/queries/events/count_of_owner.sql");
    Ok(query::scalar(db, sql, &[&filter.from, &filter.to, &owner_id]).await?.unwrap_or(0))
}

/// The events that a search finds; the longest pattern finds them.
pub async fn search(
    db: &impl GenericClient,
    viewer_id: Uuid,
    longest: &str,
    filter: &Filter,
    sort: EventSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<EventRow>> {
    let sql = include_str!("../../sql/queries/events/search.sql");
    let Filter { search, owner_id, from, to } = filter;
    let (patterns, sort) = (search.patterns(), sort.word());
    query::rows(db, sql, &[&viewer_id, from, to, &longest, &patterns, owner_id, &sort, &limit, &offset]).await
}

/// How many events a search finds, counted up to `most`.
pub async fn count_search(db: &impl GenericClient, longest: &str, filter: &Filter, most: i64) -> Result<i64> {
    let sql = include_str!("../../sql/queries/events/count_search.sql");
    let Filter { search, owner_id, from, to } = filter;
    let params: query::Params<'_> = &[from, to, &longest, &search.patterns(), owner_id, &most];
    Ok(query::scalar(db, sql, params).await?.unwrap_or(0))
}

/// The events of which a hold has run out, some of them.
pub async fn list_due(db: &impl GenericClient) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/events/list_due.sql"), &[]).await
}

/// Ends the holds of an event that have run out; says how many.
pub async fn release_holds(db: &impl GenericClient, id: Uuid) -> Result<i32> {
    let sql = include_str!("../../sql/queries/events/release_holds.sql");
    Ok(query::scalar(db, sql, &[&id]).await?.unwrap_or(0))
}

/// Reminds of the next event whose time for that has come; says whether there was one.
pub async fn remind(db: &impl GenericClient) -> Result<bool> {
    Ok(query::scalar(db, include_str!("../../sql/queries/events/remind.sql"), &[]).await?.unwrap_or(false))
}

/// In how many seconds a hold runs out, or somebody is to be reminded; `None` when nothing waits for its time.
pub async fn seconds_to_next(db: &impl GenericClient) -> Result<Option<f64>> {
    let seconds: Option<Option<f64>> =
        query::scalar(db, include_str!("../../sql/queries/events/seconds_to_next.sql"), &[]).await?;
    Ok(seconds.flatten())
}

fn no_such_zone() -> Error {
    Error::invalid_field("timezone", "must be the name of a time zone, such as Europe/Berlin")
}
