//! Events as calendars, and the addresses that calendar programs subscribe to.

use std::net::IpAddr;

use uuid::Uuid;

use super::{
    document::{self, Title},
    model::CalendarAddress,
    store,
};
use crate::{
    app::App,
    db::query::begin_as,
    error::{Error, OnConstraint, Result},
    http::{Caller, Idempotency},
    secrets::random,
    users::{self, service::no_such_person},
};

/// Where an `Idempotency-Key` of [`create`] counts.
const PATH: &str = "POST:/api/v1/users/me/calendar";
/// What an answer that is kept for its `Idempotency-Key` is sealed for: it holds the address.
pub const ANSWER_PURPOSE: &str = "idempotency_keys.answer:calendar";
/// What an address ends with: some programs take none without it.
const ENDING: &str = ".ics";

/// One event as a calendar.
pub async fn event(app: &App, caller: Caller, event_id: Uuid) -> Result<String> {
    let event = store::find(&app.db().await?, event_id, caller.user_id).await?;
    Ok(document::write(&[event.ok_or_else(|| Error::not_found("event"))?], None))
}

/// Gives the caller an address for their calendar, in this answer and nowhere else. The one they had ends.
pub async fn create(app: &App, caller: Caller, key: Option<&str>) -> Result<CalendarAddress> {
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    if !users::store::keep(&transaction, caller.user_id).await? {
        return Err(no_such_person());
    }
    let claim = match key {
        Some(key) => {
            match Idempotency::claim::<String>(&transaction, caller.user_id, PATH, key, &()).await? {
                Ok(claim) => Some(claim),
                Err(sealed) => return app.keyring.open_json(ANSWER_PURPOSE, &sealed),
            }
        }
        None => None,
    };
    let token = random::secret()?;
    store::put(&transaction, caller.user_id, &random::hash_of(&token))
        .await
        .on_constraint("calendar_feeds_user_id_fkey", no_such_person)?;
    let address = CalendarAddress { url: format!("{}/api/v1/calendars/{token}{ENDING}", app.public_url()) };
    if let Some(claim) = claim {
        claim.keep(&transaction, &app.keyring.seal_json(ANSWER_PURPOSE, &address)?).await?;
    }
    transaction.commit().await?;
    Ok(address)
}

/// Ends the address of the caller's calendar; without one that is fine.
pub async fn end(app: &App, caller: Caller) -> Result<()> {
    store::delete(&app.db().await?, caller.user_id).await
}

/// The calendar at an address. Unknown, ended and those of people who are suspended look the same.
pub async fn read(app: &App, calendar: &str, address: Option<IpAddr>) -> Result<String> {
    if let Some(address) = address {
        app.limits.count_calendar(address)?;
    }
    let token = calendar.strip_suffix(ENDING).unwrap_or(calendar);
    let db = app.db().await?;
    let found = store::find_by_token(&db, &random::hash_of(token)).await?;
    let (user_id, name) = found.ok_or_else(|| Error::not_found("calendar"))?;
    // Without the connection in hand: of one calendar, whoever reads it, one answer is put together at a time.
    drop(db);
    let _permit = app.searching.acquire_soon(user_id).await?;
    let db = app.db().await?;
    let mut events = store::list(&db, user_id).await?;
    drop(db);
    events.sort_by_key(|event| (event.event_time, event.id));
    Ok(document::write(&events, Some(Title(&format!("Events of {name}")))))
}
