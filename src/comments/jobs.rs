//! What is done to comments when nobody looks.

use tokio::time::{Instant, sleep};

use super::store;
use crate::{app::App, error::Result};

/// How many rows one transaction removes. Nobody waits for it.
const PIECE: i32 = 1_000;
/// How many events and posts are asked for at once.
const PLACES: i64 = 100;

/// Removes the comments of deleted events and posts, in pieces; answers how many. Safe on several instances at once.
pub async fn remove_ended(app: &App) -> Result<u64> {
    let mut removed = 0;
    loop {
        let ended = store::list_ended(&*app.job_db().await?, PLACES).await?;
        let mut round = 0;
        for on_id in ended {
            let begun = Instant::now();
            round += store::remove(&*app.job_db().await?, on_id, PIECE).await?;
            // Half of the time belongs to the others.
            sleep(begun.elapsed()).await;
        }
        // Nothing is left, or somebody else is at the rest.
        if round == 0 {
            return Ok(removed);
        }
        removed += round;
    }
}
