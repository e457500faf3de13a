//! How much one person may upload: files, and pictures of whatever shows them.

use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    error::{Code, Error, Result},
};

const MIB: u64 = 1024 * 1024;
/// When to try again for what was uploaded a day before: bit by bit.
const HOUR_SECONDS: u32 = 3600;

/// Refuses what somebody may not upload any more, and what there is no room for: 429, 413, 503. Asked while one of the permits of
/// `uploading` is held, so that what is on its way at once is not much.
pub async fn refuse_full(app: &App, user_id: Uuid, size: u64) -> Result<()> {
    app.storage.refuse_full(size)?;
    let Some(quota) = app.limits.uploads() else { return Ok(()) };
    let (in_a_day, in_all) = store::uploaded(&app.db().await?, user_id).await?;
    if in_all.saturating_add(size) > quota.in_all {
        let detail = format!(
            "one person may keep {} MiB of files and pictures here; recall messages with files, or remove pictures, that you do \
             not need",
            quota.in_all / MIB
        );
        return Err(Error::new(Code::TooLarge, detail));
    }
    if in_a_day.saturating_add(size) > quota.in_a_day {
        let detail = format!("one person may upload {} MiB in a day; try again later", quota.in_a_day / MIB);
        return Err(Error::new(Code::TooManyRequests, detail).retry_after(HOUR_SECONDS));
    }
    Ok(())
}
