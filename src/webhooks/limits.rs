//! How many webhooks there may be. The table decides it; asked before, it spares the work of who is refused anyway.

use uuid::Uuid;

use super::{
    refusals::{chat_is_full, person_has_all},
    store,
};
use crate::{db::GenericClient, error::Result};

/// The most of one chat: the places of `webhooks_place_check`.
const OF_A_CHAT: i64 = 10;
/// The most of one person, in all their chats: the places of `webhooks_maker_place_check`.
const OF_A_PERSON: i64 = 100;

/// Fine, or 409 where there is no room for one more.
pub async fn refuse_full(db: &impl GenericClient, chat_id: Uuid, user_id: Uuid) -> Result<()> {
    if store::count(db, chat_id).await? >= OF_A_CHAT {
        return Err(chat_is_full());
    }
    if store::count_made(db, user_id).await? >= OF_A_PERSON {
        return Err(person_has_all());
    }
    Ok(())
}
