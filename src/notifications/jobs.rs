//! What is done to notifications when nobody looks.

use super::store;
use crate::{app::App, error::Result};

/// Removes those that were read longer ago than `notifications.retention_days`, and those that nobody has read in
/// `notifications.unread_retention_days`; answers how many.
pub async fn sweep(app: &App) -> Result<u64> {
    let config = &app.config.notifications;
    let days = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
    let read = store::sweep_read(&app.pool, days(config.retention_days)).await?;
    Ok(read + store::sweep_unread(&app.pool, days(config.unread_retention_days)).await?)
}
