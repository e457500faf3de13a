//! Clearing a chat: one entry for those who watch, pieces for the database.

use uuid::Uuid;

use crate::{
    app::App,
    chats::{Action, access, hold},
    error::{Error, Result},
    http::Caller,
    messages::store,
};

/// How many places of the log one transaction clears: one or two hundredths of a second, for which posts to the chat wait.
const PIECE: i64 = 1_000;

/// How many places from the end of the log are looked through, under the lock, for what was said meanwhile.
const TAIL: i64 = 5_000;
/// How many places one statement looks through while nobody waits.
const LOOKED_THROUGH: i64 = 20_000;

/// Takes the words out of every message of a chat; by its creator. Up to [`PIECE`] places it is one transaction. A larger
/// chat is cleared from its beginning in several, so that posts go on in between, and told with the last of them; if it
/// breaks off halfway, doing it again completes it.
pub async fn clear(app: &App, caller: Caller, chat_id: Uuid) -> Result<()> {
    let app = app.clone();
    // A client that has gone away must not leave it half done.
    let work = tokio::spawn(async move {
        // Nothing to clear is nothing to tell.
        let mut rest = find_newest(&app, caller, chat_id).await?.map(|newest| (0, newest));
        while let Some((after, newest)) = rest {
            rest = clear_piece(&app, caller, chat_id, after, newest).await?;
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

/// Clears the next piece; answers where the one after it begins, and what is the latest message that has words, if there is more.
/// The last piece holds that one, so that whatever was cleared before, there is still something to tell of.
async fn clear_piece(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    after: i64,
    newest: i64,
) -> Result<Option<(i64, i64)>> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Clear)?;
            let tail = (access.last_seq - TAIL).max(newest);
            let newest =
                store::newest_with_content(db, chat_id, tail, access.last_seq).await?.unwrap_or(newest);
            // What a retention has removed needs no clearing.
            let after = after.max(access.first_seq - 1);
            let up_to = newest.min(after + PIECE);
            store::clear(db, chat_id, after, up_to, up_to == newest).await?;
            Ok((up_to < newest).then_some((up_to, newest)))
        })
    })
    .await
}
