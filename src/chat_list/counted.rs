//! How many public chats there are, without counting a hundred thousand of them for every page.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use uuid::Uuid;

use super::{model::Filter, store};
use crate::{db::GenericClient, error::Result};

/// Up to so many are counted each time.
const FEW: i64 = 10_000;
/// For how long a count of more than that is used.
const AGE: Duration = Duration::from_secs(10);

/// What was counted last.
#[derive(Debug, Default)]
pub struct PublicCount(Mutex<Option<(Instant, i64)>>);

impl PublicCount {
    /// How many public chats somebody may enter that are wanted. More than 10,000 may be what they were ten seconds ago, to
    /// whoever asked then.
    pub async fn of(&self, db: &impl GenericClient, user_id: Uuid, filter: &Filter) -> Result<i64> {
        if !filter.is_any() {
            return store::count_public(db, user_id, filter).await;
        }
        if let Some((at, count)) = *self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && count > FEW
            && at.elapsed() < AGE
        {
            return Ok(count);
        }
        let count = store::count_public(db, user_id, filter).await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), count));
        Ok(count)
    }
}
