//! Letting people in with their tickets.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    code,
    model::{CheckIn, TicketCode},
    service::find_event,
    store,
};
use crate::{
    app::App,
    db::query::begin_as,
    error::{Error, Result},
    events::rights::may_manage,
    http::{Answer, Caller},
    roles, users,
};

/// What somebody shows at check-in.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct ShownCode {
    /// The code of the ticket, as `GET …/code` tells it, or as a scanner reads it.
    pub code: String,
}

impl Example for ShownCode {
    fn example() -> Self {
        Self { code: TicketCode::example().code }
    }
}

/// Lets somebody in with the code of a ticket, once; by the owner of the event and administrators. Of two scanners at the same time one
/// is answered that it is done now, the other that it was done already, and both get the same check-in. A code of no valid ticket of this event is not
/// found.
pub async fn check_in(
    app: &App,
    caller: Caller,
    event_id: Uuid,
    shown: ShownCode,
) -> Result<Answer<CheckIn>> {
    let is_administrator = roles::service::is_administrator(app, caller).await?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    may_manage(&find_event(&transaction, event_id, caller).await?, caller, is_administrator)?;
    let missing = || Error::not_found("ticket");
    let id = code::read(&app.keyring, event_id, &shown.code).ok_or_else(missing)?;
    // People before what hangs on them.
    users::store::keep(&transaction, caller.user_id).await?;
    let is_new = store::check_in(&transaction, event_id, id, caller.user_id).await?;
    let done = store::find_check_in(&transaction, event_id, id).await?.ok_or_else(missing)?;
    transaction.commit().await?;
    Ok(Answer::new(is_new, done))
}
