//! The one check of every endpoint: may this person enter this chat? What they may do inside is in [`super::rights`].

use uuid::Uuid;

use super::{
    model::{Access, Place},
    rights::Action,
    store,
};
use crate::{
    blocks,
    db::GenericClient,
    error::{Code, Error, Result},
};

/// Lets someone into a chat, or says that there is none: what is not there and what is not theirs look the same. Who is banned
/// from a public chat is told so.
pub async fn enter(db: &impl GenericClient, chat_id: Uuid, user_id: Uuid) -> Result<Access> {
    enter_if(db, chat_id, user_id, Access::may_enter).await
}

/// The same, with another word on who is let in: an invite opens what is closed otherwise.
pub(super) async fn enter_if(
    db: &impl GenericClient,
    chat_id: Uuid,
    user_id: Uuid,
    lets_in: impl Fn(&Access) -> bool,
) -> Result<Access> {
    admit(store::access(db, chat_id, user_id).await?, |access| access, lets_in)
}

/// Lets somebody in where the place they asked for was found, with the same words.
pub fn enter_at(place: Option<Place>) -> Result<Place> {
    admit(place, |place| &place.access, Access::may_enter)
}

fn admit<T>(
    found: Option<T>,
    access_of: impl Fn(&T) -> &Access,
    lets_in: impl Fn(&Access) -> bool,
) -> Result<T> {
    let found = found.ok_or_else(|| Error::not_found("chat"))?;
    match access_of(&found) {
        // That a public chat is there is no secret.
        access if access.is_banned && access.is_open() => Err(banned()),
        access if !access.is_banned && lets_in(access) => Ok(found),
        _ => Err(Error::not_found("chat")),
    }
}

/// What somebody is told who is banned, and who would add them.
pub fn banned() -> Error {
    Error::new(Code::Banned, "this person is banned from the chat")
}

/// Lets someone speak to another member of a chat they are a member of: both must be, and neither has blocked the other.
pub async fn both_members(
    db: &impl GenericClient,
    chat_id: Uuid,
    user_id: Uuid,
    other_id: Uuid,
) -> Result<()> {
    enter(db, chat_id, user_id).await?.may(Action::TakePart)?;
    if store::list_among(db, chat_id, &[other_id]).await?.is_empty() {
        return Err(Error::not_found("member"));
    }
    blocks::refuse_blocked(db, user_id, other_id).await
}
