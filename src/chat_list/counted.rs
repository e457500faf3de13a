//! How many public chats there are, without counting a hundred thousand of them for every page.

use uuid::Uuid;

use super::{model::Filter, store};
use crate::{
    db::{Counted, GenericClient},
    error::Result,
};

/// What was counted last.
#[derive(Debug, Default)]
pub struct PublicCount(Counted);

impl PublicCount {
    /// How many public chats somebody may enter that are wanted. More than 10,000 may be what they were ten seconds ago, to
    /// whoever asked then.
    pub async fn of(&self, db: &impl GenericClient, user_id: Uuid, filter: &Filter) -> Result<i64> {
        self.0.of(filter.is_any(), Box::pin(store::count_public(db, user_id, filter))).await
    }
}
