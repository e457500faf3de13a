//! How many hooks there may be. The table decides it.

use crate::error::{Code, Error};

/// What `hooks_place_check` means.
pub fn chat_is_full() -> Error {
    Error::new(Code::Conflict, "a chat has at most 10 hooks")
}

/// What `hooks_maker_place_check` means.
pub fn person_has_all() -> Error {
    Error::new(Code::Conflict, "you have 100 hooks, in all chats, and nobody may have more; remove one first")
}

/// What `hooks_created_by_check` means.
pub fn may_not() -> Error {
    Error::new(Code::Suspended, "this account is suspended")
}
