//! Clearing a chat: one entry for those who watch, pieces for the database.

use uuid::Uuid;

use crate::{
    app::App,
    chats::{Action, hold},
    error::{Error, Result},
    http::Caller,
    messages::store,
};

/// How many places of the log one transaction clears: about a tenth of a second, for which posts to the chat wait.
const PIECE: i64 = 5_000;

/// Takes the words out of every message of a chat; by its creator. Up to [`PIECE`] places it is one transaction. A larger
/// room is cleared from its beginning in several, so that posts go on in between, and told with the last of them; if it
/// breaks off halfway, doing it again completes it.
pub async fn clear(app: &App, caller: Caller, chat_id: Uuid) -> Result<()> {
    let app = app.clone();
    // A client that has gone away must not leave it half done.
    let work = tokio::spawn(async move {
        let mut after = Some(0);
        while let Some(seq) = after {
            after = clear_piece(&app, caller, chat_id, seq).await?;
        }
        Ok(())
    });
    work.await.map_err(Error::internal)?
}

/// Clears the next piece; answers where the one after it begins. The last piece holds the latest message that has words,
/// so that whatever was cleared before, there is still something to tell of.
async fn clear_piece(app: &App, caller: Caller, chat_id: Uuid, after: i64) -> Result<Option<i64>> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Clear)?;
            let newest = store::newest_standing(db, chat_id).await?.unwrap_or_default();
            // What a retention has removed needs no clearing.
            let after = after.max(access.first_seq - 1);
            let up_to = Some(after + PIECE).filter(|up_to| *up_to < newest);
            store::clear(db, chat_id, after, up_to).await?;
            Ok(up_to)
        })
    })
    .await
}
