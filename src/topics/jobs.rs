//! What is done to topics when nobody looks.

use tokio::time::{Instant, sleep};

use super::store;
use crate::{app::App, error::Result};

/// How many records one transaction removes.
const PIECE: i32 = 5_000;

/// Removes what topics do not keep, in pieces; answers how many records. Safe on several instances at once.
pub async fn trim(app: &App) -> Result<u64> {
    let mut removed = 0;
    for topic in store::list_kept(&*app.job_db().await?).await? {
        loop {
            let begun = Instant::now();
            let piece = store::trim(&*app.job_db().await?, &topic, PIECE).await?;
            if piece == 0 {
                break;
            }
            removed += piece;
            // Half of the time belongs to the others.
            sleep(begun.elapsed()).await;
        }
    }
    Ok(removed)
}
