//! What the constraints of the table `webhooks` mean.

use crate::error::{Code, Error};

/// What `webhooks_place_check` means.
pub fn chat_is_full() -> Error {
    Error::new(Code::Conflict, "a chat has at most 10 webhooks")
}

/// What `webhooks_maker_place_check` means.
pub fn person_has_all() -> Error {
    Error::new(
        Code::Conflict,
        "you have 100 webhooks, in all chats, and nobody may have more; remove one first",
    )
}
