//! Who may see and decide everything about an event.

use super::model::EventRow;
use crate::{
    error::{Code, Error, Result},
    http::Caller,
};

/// Its owner and administrators may, others are answered 403: that there is such an event is no secret.
pub fn may_manage(event: &EventRow, caller: Caller, is_administrator: bool) -> Result<()> {
    if manages(event, caller, is_administrator) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "only the owner of the event and administrators may do this"))
}

/// Whether somebody is one of them.
pub fn manages(event: &EventRow, caller: Caller, is_administrator: bool) -> bool {
    is_administrator || event.owner_id == caller.user_id
}

/// Never there and deleted are alike.
pub fn no_such_event() -> Error {
    Error::not_found("event")
}
