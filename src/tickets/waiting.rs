//! The waiting list of an event.

use uuid::Uuid;

use super::{
    model::{Waiting, WaitingReceipt},
    store,
};
use crate::{
    app::App,
    db::Transaction,
    error::{Code, Error, OnConstraint, Result},
    events::{
        hold,
        model::EventRow,
        rights::{manages, no_such_event},
        store::find as find_event,
    },
    http::{Caller, List, Wanted},
    limits, roles,
};

/// Puts somebody at the end of the waiting list of an event that is locked. Who is on it already keeps their place.
pub async fn join_waiting_list(
    db: &Transaction<'_>,
    event: &EventRow,
    user_id: Uuid,
    quantity: i32,
) -> Result<WaitingReceipt> {
    if let Some(known) = store::find_waiting(db, event.id, user_id).await? {
        return Ok(WaitingReceipt { event_id: event.id, position: known.position });
    }
    let most = limits::WAITING_LISTS;
    if store::count_waiting_lists_of(db, user_id).await? >= most {
        let detail = format!("you wait for {most} events already, and nobody may wait for more");
        return Err(Error::new(Code::Conflict, detail));
    }
    let places = event.max_tickets;
    store::insert_waiting(db, event.id, user_id, quantity)
        .await
        .on_constraint("event_waiting_started_check", started)
        .on_constraint("event_waiting_size_check", || {
            Error::new(
                Code::SoldOut,
                format!("this event has {places} places in all: nobody can wait for more"),
            )
        })?;
    let place = store::find_waiting(db, event.id, user_id).await?;
    let place = place.ok_or_else(|| Error::internal("who has just begun to wait does not"))?;
    Ok(WaitingReceipt { event_id: event.id, position: place.position })
}

/// The waiting list of an event: all of it for its owner and administrators, one's own place for others.
pub async fn list(app: &App, caller: Caller, event_id: Uuid, wanted: Wanted) -> Result<List<Waiting>> {
    let is_administrator = roles::service::is_administrator(app, caller).await?;
    let db = app.db().await?;
    let event = find_event(&db, event_id, caller.user_id).await?.ok_or_else(no_such_event)?;
    let person = (!manages(&event, caller, is_administrator)).then_some(caller.user_id);
    let rows = store::list_waiting(&db, event_id, person, wanted.limit(), wanted.offset()).await?;
    wanted.answer(rows, store::count_waiting(&db, event_id, person)).await
}

/// Gives up one's place, or the places that are held for one: they are for the next who waits, in the same transaction.
pub async fn leave(app: &App, caller: Caller, event_id: Uuid) -> Result<()> {
    let left = hold::with(app, caller, event_id, move |db, event| {
        Box::pin(async move {
            if store::delete_waiting(db, event.id, caller.user_id).await? {
                return Ok(());
            }
            Err(Error::not_found("place in the waiting list"))
        })
    });
    left.await?;
    app.places_due.notify_one();
    Ok(())
}

/// What somebody is told who comes too late.
pub fn started() -> Error {
    Error::new(Code::EventStarted, "this event has begun: there are no tickets any more")
}
