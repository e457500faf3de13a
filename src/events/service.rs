//! Making events, finding them, changing them, and calling them off.

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::{
    hold, local_time,
    model::{Event, EventRow, EventSort, Filter, NewEvent, Plan},
    rights::{may_manage, no_such_event},
    store,
};
use crate::{
    app::App,
    db::query::begin_as,
    error::{Code, Error, OnConstraint, Result},
    http::{Caller, Idempotency, List, Wanted},
    limits, roles, users,
    users::service::no_such_person,
    validate::Checks,
};

/// Where an `Idempotency-Key` of [`create`] counts.
const CREATE_PATH: &str = "POST:/api/v1/events";
/// How far the total of a search is exact.
const COUNTED: i64 = 1_000;

/// Makes an event; the caller is its owner. The same key with the same wish gives the same event.
pub async fn create(app: &App, caller: Caller, new: NewEvent, key: Option<&str>) -> Result<Event> {
    let plan = plan(&new)?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    // Of many at once no more than they may have.
    if !users::store::lock(&transaction, caller.user_id).await? {
        return Err(no_such_person());
    }
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, CREATE_PATH, key, &new).await? {
            Ok(claim) => Some(claim),
            Err(answer) => return Ok(answer),
        },
        None => None,
    };
    if store::count_to_come(&transaction, caller.user_id).await? >= limits::EVENTS_TO_COME {
        let most = limits::EVENTS_TO_COME;
        let detail = format!("{most} events of yours are still to come, and nobody may have more");
        return Err(Error::new(Code::Conflict, detail));
    }
    let with_chat = new.with_chat.unwrap_or(false);
    let event = store::insert(&transaction, Uuid::now_v7(), caller.user_id, &plan, with_chat).await?.view();
    if let Some(claim) = claim {
        claim.keep(&transaction, &event).await?;
    }
    transaction.commit().await?;
    app.places_due.notify_one();
    Ok(event)
}

/// One event.
pub async fn get(app: &App, caller: Caller, id: Uuid) -> Result<Event> {
    let row = store::find(&app.db().await?, id, caller.user_id).await?;
    Ok(row.ok_or_else(no_such_event)?.view())
}

/// The events that are wanted. With a search the total is exact up to 1,000.
pub async fn list(
    app: &App,
    caller: Caller,
    filter: &Filter,
    sort: EventSort,
    wanted: Wanted,
) -> Result<List<Event>> {
    let (db, viewer, limit, offset) = (app.db().await?, caller.user_id, wanted.limit(), wanted.offset());
    if let Some(longest) = filter.search.longest() {
        let rows = store::search(&db, viewer, longest, filter, sort, limit, offset).await?;
        let total = store::count_search(&db, longest, filter, COUNTED + 1);
        let list = wanted.answer(Box::pin(rows.map_ok(EventRow::view)), total).await?;
        return Ok(list.counted_to(COUNTED));
    }
    if let Some(owner_id) = filter.owner_id {
        let rows = store::list_of_owner(&db, viewer, owner_id, filter, sort, limit, offset).await?;
        let total = store::count_of_owner(&db, owner_id, filter);
        return wanted.answer(Box::pin(rows.map_ok(EventRow::view)), total).await;
    }
    let rows = store::list(&db, viewer, filter, sort, limit, offset).await?;
    wanted.answer(Box::pin(rows.map_ok(EventRow::view)), store::count(&db, filter)).await
}

/// Makes an event what is wanted; by its owner and administrators. Holders are told of what concerns them.
pub async fn change(app: &App, caller: Caller, id: Uuid, new: NewEvent) -> Result<Event> {
    let plan = plan(&new)?;
    let is_administrator = roles::service::is_administrator(app, caller).await?;
    let changed = hold::with(app, caller, id, move |db, event| {
        Box::pin(async move {
            may_manage(&event, caller, is_administrator)?;
            if new.with_chat.is_some_and(|with_chat| with_chat != event.with_chat) {
                let message = "is said when the event is made, and stays so";
                return Err(Error::invalid_field("with_chat", message));
            }
            store::update(db, id, &plan).await.on_constraint("events_places_check", || {
                let taken = event.max_tickets - event.tickets_left();
                let detail = format!("{taken} places are sold or held: max_tickets cannot be less");
                Error::new(Code::Conflict, detail)
            })?;
            Ok(store::find(db, id, caller.user_id).await?.ok_or_else(no_such_event)?.view())
        })
    });
    let event = changed.await?;
    app.places_due.notify_one();
    Ok(event)
}

/// Calls an event off; by its owner and administrators. Where tickets are sold that must be meant, and their holders are told.
pub async fn delete(app: &App, caller: Caller, id: Uuid, force: bool) -> Result<()> {
    let is_administrator = roles::service::is_administrator(app, caller).await?;
    hold::with(app, caller, id, move |db, event| {
        Box::pin(async move {
            may_manage(&event, caller, is_administrator)?;
            if event.tickets_sold > 0 && !force {
                let detail = "tickets are sold: delete it with force=true, and their holders are told";
                return Err(Error::new(Code::TicketsSold, detail));
            }
            store::delete(db, id).await
        })
    })
    .await
}

/// What is wanted, checked and complete.
fn plan(new: &NewEvent) -> Result<Plan> {
    let name = new.name.trim().to_owned();
    let description = new.description.clone().unwrap_or_default();
    let timezone = new.timezone.clone().unwrap_or_else(|| "UTC".to_owned());
    let (duration_hours, duration_minutes) =
        (new.duration_hours.unwrap_or(0), new.duration_minutes.unwrap_or(0));
    let remind_minutes = new.remind_minutes.unwrap_or(60);
    let zone = local_time::zone(&timezone);
    let event_time = zone.and_then(|zone| new.event_time.in_zone(zone));
    let is_dated = |year: i32| (1900..9998).contains(&year);
    let year = event_time.map(|time| chrono::Datelike::year(&time.0));
    let within = |number: i32, most| (0..=most).contains(&number);
    Checks::new()
        .line(&name, "name", 1, 255)
        .length(&description, "description", 0, 10_000)
        .that(zone.is_some(), "timezone", "must be the name of a time zone, such as Europe/Berlin")
        .that(
            zone.is_none() || year.is_some_and(is_dated),
            "event_time",
            "must be in the years from 1900 to 9997",
        )
        .that(within(duration_hours, 8_760), "duration_hours", "must be a whole number from 0 to 8760")
        .that(within(duration_minutes, 59), "duration_minutes", "must be a whole number from 0 to 59")
        .that(within(new.max_tickets, 1_000_000), "max_tickets", "must be a whole number from 0 to 1000000")
        .that(within(remind_minutes, 40_320), "remind_minutes", "must be a whole number from 0 to 40320")
        .done()?;
    let event_time = event_time.ok_or_else(|| Error::internal("an event without its time"))?;
    Ok(Plan {
        name,
        event_time,
        timezone,
        description,
        duration_hours,
        duration_minutes,
        max_tickets: new.max_tickets,
        remind_minutes,
    })
}
