//! How many there are, without counting a hundred thousand of them for every page.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::error::Result;

/// Up to so many are counted each time.
const FEW: i64 = 10_000;
/// For how long a count of more than that is used.
const AGE: Duration = Duration::from_secs(10);

/// What was counted last.
#[derive(Debug, Default)]
pub struct Counted(Mutex<Option<(Instant, i64)>>);

impl Counted {
    /// How many there are: what `count` answers. Where they are those of every list (`is_any`), more than 10,000 may be what they were ten
    /// seconds ago.
    pub async fn of(&self, is_any: bool, count: impl Future<Output = Result<i64>>) -> Result<i64> {
        if !is_any {
            return count.await;
        }
        if let Some((at, count)) = *self.0.lock().unwrap_or_else(PoisonError::into_inner)
            && count > FEW
            && at.elapsed() < AGE
        {
            return Ok(count);
        }
        let count = count.await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), count));
        Ok(count)
    }
}
