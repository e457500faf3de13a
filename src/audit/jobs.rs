//! What is done to the audit when nobody looks.

use super::store;
use crate::{app::App, error::Result};

/// How many records one transaction removes: nobody waits for it.
const PIECE: i32 = 1_000;

/// Removes records that are older than `audit.retention_days`, where that is set; answers how many.
pub async fn trim(app: &App) -> Result<u64> {
    let Some(days) = app.config.audit.retention_days else { return Ok(0) };
    let days = days.try_into().unwrap_or(i32::MAX);
    let mut removed = 0;
    loop {
        match store::trim(&*app.spare_db().await?, days, PIECE).await? {
            0 => return Ok(removed),
            piece => removed += piece,
        }
    }
}
