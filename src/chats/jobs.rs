//! What is done to chats when nobody looks.

use tokio::time::{Instant, sleep};

use super::store;
use crate::{app::App, error::Result};

/// How many rows one transaction removes. Nobody waits for it; but it shares the machine with those who post elsewhere.
const PIECE: i32 = 1_000;
/// How many chats are asked for at once.
const CHATS: i64 = 100;

/// Removes what deleted chats have left behind, in pieces, a piece of each in turn; answers how many rows that were. What breaks
/// off in between goes on where it was. Safe on several instances at once.
pub async fn remove_ended(app: &App) -> Result<u64> {
    let mut removed = 0;
    loop {
        let ended = store::list_ended(&*app.job_db().await?, CHATS).await?;
        let mut round = 0;
        for chat_id in ended {
            let begun = Instant::now();
            round += store::remove_ended(&*app.job_db().await?, chat_id, PIECE).await?;
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
