//! Buying tickets, looking at them, and giving them back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    code,
    model::{HeldTicket, HeldTicketSort, NewTicket, Ticket, TicketCode, TicketSort, WaitingReceipt},
    store, waiting,
};
use crate::{
    app::App,
    db::{GenericClient, Transaction},
    error::{Code, Error, OnConstraint, Result},
    events::{
        self, hold,
        model::EventRow,
        rights::{manages, no_such_event},
    },
    http::{Caller, CreatedOrLater, Idempotency, List, Wanted},
    limits, roles,
    time::Timestamp,
    validate::Checks,
};

/// What a purchase came to, as it is kept for its `Idempotency-Key`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Purchase {
    Ticket(Ticket),
    Waiting(WaitingReceipt),
}

impl From<Purchase> for CreatedOrLater<Ticket, WaitingReceipt> {
    fn from(purchase: Purchase) -> Self {
        match purchase {
            Purchase::Ticket(ticket) => Self::Created(ticket),
            Purchase::Waiting(receipt) => Self::Later(receipt),
        }
    }
}

/// Buys places at an event, or what is held there for the caller; where there are not so many, and the caller wishes to wait, they
/// join the waiting list. The same key with the same request gives the same answer.
pub async fn buy(
    app: &App,
    caller: Caller,
    event_id: Uuid,
    new: NewTicket,
    key: Option<String>,
) -> Result<CreatedOrLater<Ticket, WaitingReceipt>> {
    let fits = (1..=10).contains(&new.quantity);
    Checks::new().that(fits, "quantity", "must be a whole number from 1 to 10").done()?;
    let bought = hold::with(app, caller, event_id, move |db, event| {
        Box::pin(async move {
            let path = format!("POST:/api/v1/events/{event_id}/tickets");
            let claim = match &key {
                Some(key) => match Idempotency::claim(db, caller.user_id, &path, key, &new).await? {
                    Ok(claim) => Some(claim),
                    Err(answer) => return Ok(answer),
                },
                None => None,
            };
            let answer = buy_in(db, &event, caller.user_id, &new).await?;
            if let Some(claim) = claim {
                claim.keep(db, &answer).await?;
            }
            Ok(answer)
        })
    });
    let answer = bought.await?;
    app.places_due.notify_one();
    Ok(answer.into())
}

async fn buy_in(db: &Transaction<'_>, event: &EventRow, user_id: Uuid, new: &NewTicket) -> Result<Purchase> {
    match store::refusal(db, event.id, user_id, new.quantity).await?.as_deref() {
        None => {}
        Some("started") => return Err(waiting::started()),
        Some(_) if new.wait == Some(true) => {
            return waiting::join_waiting_list(db, event, user_id, new.quantity).await.map(Purchase::Waiting);
        }
        Some(_) => return Err(sold_out(event)),
    }
    let most = limits::TICKETS_TO_COME;
    if store::count_to_come(db, user_id, most).await? >= most {
        let detail = format!("you have {most} tickets for what is still to come, and nobody may have more");
        return Err(Error::new(Code::Conflict, detail));
    }
    let ticket = store::insert(db, Uuid::now_v7(), event.id, user_id, new.quantity)
        .await
        .on_constraint("tickets_started_check", waiting::started)
        .on_constraint("tickets_sold_out_check", || sold_out(event))?;
    Ok(Purchase::Ticket(ticket))
}

fn sold_out(event: &EventRow) -> Error {
    let left = event.tickets_left();
    let detail = match left {
        0 => "this event is sold out; with wait=true you join the waiting list".to_owned(),
        _ => format!(
            "there are not so many places for you now ({left} left, and those who wait come first); with wait=true you join the waiting list"
        ),
    };
    Error::new(Code::SoldOut, detail)
}

/// The tickets of an event: everybody's for its owner and administrators, one's own for others.
pub async fn list(
    app: &App,
    caller: Caller,
    event_id: Uuid,
    sort: TicketSort,
    wanted: Wanted,
) -> Result<List<Ticket>> {
    let is_administrator = roles::service::is_administrator(app, caller).await?;
    let db = app.db().await?;
    let event = find_event(&db, event_id, caller).await?;
    let holder = (!manages(&event, caller, is_administrator)).then_some(caller.user_id);
    let (limit, offset) = (wanted.limit(), wanted.offset());
    let rows = if holder.is_none() && sort == TicketSort::default() {
        store::list_in_order(&db, event_id, limit, offset).await?
    } else {
        store::list(&db, event_id, holder, sort, limit, offset).await?
    };
    wanted.answer(rows, store::count(&db, event_id, holder)).await
}

/// One ticket: one's own, or anybody's for the owner of the event and administrators.
pub async fn get(app: &App, caller: Caller, event_id: Uuid, id: Uuid) -> Result<Ticket> {
    let is_administrator = roles::service::is_administrator(app, caller).await?;
    let db = app.db().await?;
    let event = find_event(&db, event_id, caller).await?;
    find(&db, &event, caller, is_administrator, id).await
}

/// The code of a ticket, for whoever may see it.
pub async fn get_code(app: &App, caller: Caller, event_id: Uuid, id: Uuid) -> Result<TicketCode> {
    let ticket = get(app, caller, event_id, id).await?;
    Ok(TicketCode { code: code::of(&app.keyring, event_id, ticket.id) })
}

/// Gives a ticket back: one's own, or anybody's by the owner of the event and administrators. Its places are for the next who waits,
/// in the same transaction.
pub async fn cancel(app: &App, caller: Caller, event_id: Uuid, id: Uuid) -> Result<()> {
    let is_administrator = roles::service::is_administrator(app, caller).await?;
    let cancelled = hold::with(app, caller, event_id, move |db, event| {
        Box::pin(async move {
            find(db, &event, caller, is_administrator, id).await?;
            if store::cancel(db, event_id, id).await? {
                return Ok(());
            }
            let detail = "this ticket has been used: its holder has come in";
            Err(Error::new(Code::Conflict, detail))
        })
    });
    cancelled.await?;
    app.places_due.notify_one();
    Ok(())
}

/// What the caller holds, for events that begin between these times.
pub async fn list_held(
    app: &App,
    caller: Caller,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    sort: HeldTicketSort,
    wanted: Wanted,
) -> Result<List<HeldTicket>> {
    let (db, limit, offset) = (app.db().await?, wanted.limit(), wanted.offset());
    let rows = store::list_held(&db, caller.user_id, from, to, sort, limit, offset).await?;
    wanted.answer(rows, store::count_held(&db, caller.user_id, from, to)).await
}

/// The event, as the caller sees it.
pub(super) async fn find_event(db: &impl GenericClient, id: Uuid, caller: Caller) -> Result<EventRow> {
    events::store::find(db, id, caller.user_id).await?.ok_or_else(no_such_event)
}

/// Somebody else's is not there, except for those who manage the event.
async fn find(
    db: &impl GenericClient,
    event: &EventRow,
    caller: Caller,
    is_administrator: bool,
    id: Uuid,
) -> Result<Ticket> {
    let ticket = store::find(db, event.id, id).await?;
    let seen = ticket
        .filter(|ticket| ticket.holder_id == caller.user_id || manages(event, caller, is_administrator));
    seen.ok_or_else(|| Error::not_found("ticket"))
}
