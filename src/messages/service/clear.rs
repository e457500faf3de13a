//! Clearing a chat: one entry for those who watch, pieces for the database.

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::{
    app::App,
    chats::{Action, access, hold},
    error::{Error, Result},
    http::Caller,
    messages::store,
};

/// How many places of the log one transaction clears: at first, at least and at most.
const PIECE: (i64, i64, i64) = (200, 50, 4_000);
/// How long one is to take: for so long posts to the chat wait. What can be cleared in it differs by a factor of ten, with
/// the disk and with how full the pages of the table are.
const PIECE_TAKES: Duration = Duration::from_millis(10);

/// How many places from the end of the log are looked through, under the lock, for what was said meanwhile.
const TAIL: i64 = 5_000;
/// How many places one statement looks through while nobody waits.
const LOOKED_THROUGH: i64 = 20_000;

/// Takes the words out of every message of a chat; by its creator. A short chat is cleared in one transaction. A larger one is
/// cleared from its beginning in several, so that posts go on in between, and told with the last of them; if it breaks off
/// halfway, doing it again completes it.
pub async fn clear(app: &App, caller: Caller, chat_id: Uuid) -> Result<()> {
    let app = app.clone();
    // A client that has gone away must not leave it half done.
    let work = tokio::spawn(async move {
        // Nothing to clear is nothing to tell.
        let first = |newest| Rest { after: 0, newest, piece: PIECE.0 };
        let mut rest = find_newest(&app, caller, chat_id).await?.map(first);
        while let Some(piece) = rest {
            rest = clear_piece(&app, caller, chat_id, piece).await?;
        }
        Ok(())
    });
    work.await.map_err(Error::internal)?
}

/// The place of the latest message that has words, looked for without the lock: a room that was cleared before may be long.
async fn find_newest(app: &App, caller: Caller, chat_id: Uuid) -> Result<Option<i64>> {
    let access = access::enter(&app.db().await?, chat_id, caller.user_id).await?;
    access.may(Action::Clear)?;
    let mut up_to = access.last_seq;
    while up_to >= access.first_seq {
        let after = (up_to - LOOKED_THROUGH).max(access.first_seq - 1);
        let newest = store::newest_with_content(&app.db().await?, chat_id, after, up_to).await?;
        if newest.is_some() {
            return Ok(newest);
        }
        up_to = after;
    }
    Ok(None)
}

/// What is still to be cleared.
#[derive(Debug, Clone, Copy)]
struct Rest {
    /// Behind this place.
    after: i64,
    /// Up to the latest message that has words.
    newest: i64,
    /// How many places at once.
    piece: i64,
}

/// Clears the next piece; answers what is left, if anything is. The last piece holds the latest message that has words, so that
/// whatever was cleared before, there is still something to tell of.
async fn clear_piece(app: &App, caller: Caller, chat_id: Uuid, rest: Rest) -> Result<Option<Rest>> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Clear)?;
            let tail = (access.last_seq - TAIL).max(rest.newest);
            let newest =
                store::newest_with_content(db, chat_id, tail, access.last_seq).await?.unwrap_or(rest.newest);
            // What a retention has removed needs no clearing.
            let after = rest.after.max(access.first_seq - 1);
            let up_to = newest.min(after + rest.piece);
            let begun = Instant::now();
            store::clear(db, chat_id, after, up_to, up_to == newest).await?;
            let piece = next_piece(rest.piece, begun.elapsed());
            Ok((up_to < newest).then_some(Rest { after: up_to, newest, piece }))
        })
    })
    .await
}

/// How many places are cleared in [`PIECE_TAKES`], where so many took so long.
fn next_piece(piece: i64, took: Duration) -> i64 {
    let (_, least, most) = PIECE;
    let wanted = piece as f64 * PIECE_TAKES.as_secs_f64() / took.as_secs_f64().max(0.001);
    // One that was quick by chance does not make the next one long.
    (wanted as i64).clamp(least, most.min(piece * 2))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{PIECE, next_piece};

    #[test]
    fn pieces_become_as_long_as_they_may_be_and_no_longer() {
        let cleared_in = |per_second: i64| {
            let mut piece = PIECE.0;
            for _ in 0..20 {
                piece = next_piece(piece, Duration::from_secs_f64(piece as f64 / per_second as f64));
            }
            piece
        };
        assert!((55..=65).contains(&cleared_in(6_000)));
        assert!((990..=1_010).contains(&cleared_in(100_000)));
        assert_eq!((cleared_in(10), cleared_in(10_000_000)), (PIECE.1, PIECE.2));
        assert_eq!(next_piece(400, Duration::from_micros(1)), 800, "at most twice as long as the one before");
        assert_eq!(next_piece(400, Duration::from_secs(10)), PIECE.1);
    }
}
