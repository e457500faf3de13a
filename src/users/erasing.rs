//! Erasing somebody: what they leave behind, chat by chat, while others go on.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{model::LogPiece, store};
use crate::{
    app::App,
    db::query::{Actor, begin_as},
    error::{Error, Result},
    jobs::Job,
};

/// The task that does it; the function `erase_user` of the database queues it.
pub const TASK: &str = "erase_user";

/// How many chats are asked for at once.
const CHATS: i64 = 100;
/// How many places of logs are looked through for what somebody has said, in one statement: some hundredths of a second, and nobody
/// waits.
const LOOKED_THROUGH: i64 = 20_000;
/// How many places of a log one transaction clears: one or two hundredths of a second, for which posts to the chat wait.
const PIECE: i64 = 1_000;
/// How many posts and comments one transaction removes.
const WRITINGS: i32 = 200;
/// How often it is looked anew who takes a chat over, while people come and go there.
const ATTEMPTS: usize = 10;

/// What the task is done with.
#[derive(Serialize, Deserialize)]
struct Args {
    user_id: Uuid,
    clear: bool,
}

/// Takes somebody who is erased out of their chats, clears what they said if they wished so, and removes what is left of
/// them. What breaks off in between is done again from the beginning, which finds less.
pub async fn finish(app: &App, job: Job) -> Result<Value> {
    let Args { user_id, clear } = serde_json::from_value(job.args).map_err(Error::internal)?;
    if !store::is_erased(&*app.job_db().await?, user_id).await? {
        return Ok(json!({"left": 0, "cleared": 0}));
    }
    // What they hold first: it brings them into chats.
    leave_events(app, user_id).await?;
    let left = leave_chats(app, user_id).await?;
    // Nobody says anything more once they are out everywhere.
    let cleared = if clear { clear_words(app, user_id).await? + clear_posts(app, user_id).await? } else { 0 };
    while store::delete_notifications(&*app.job_db().await?, user_id).await? > 0 {}
    store::delete(&*app.job_db().await?, user_id).await?;
    Ok(json!({"left": left, "cleared": cleared}))
}

/// One event a transaction, so that none waits for another: their own end, and others have their places.
async fn leave_events(app: &App, user_id: Uuid) -> Result<()> {
    loop {
        let events = store::list_events_to_leave(&*app.job_db().await?, user_id, CHATS).await?;
        if events.is_empty() {
            return Ok(());
        }
        for event_id in events {
            let mut db = app.job_db().await?;
            let transaction = begin_as(&mut db, themselves(user_id)).await?;
            store::leave_event(&transaction, event_id, user_id).await?;
            transaction.commit().await?;
        }
    }
}

/// One chat a transaction, so that none waits for another.
async fn leave_chats(app: &App, user_id: Uuid) -> Result<u64> {
    let mut left = 0;
    loop {
        let chats = store::list_to_leave(&*app.job_db().await?, user_id, CHATS).await?;
        if chats.is_empty() {
            return Ok(left);
        }
        for chat_id in chats {
            leave(app, chat_id, user_id).await?;
            left += 1;
        }
    }
}

async fn leave(app: &App, chat_id: Uuid, user_id: Uuid) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let mut db = app.job_db().await?;
        let transaction = begin_as(&mut db, themselves(user_id)).await?;
        if store::leave_erased(&transaction, chat_id, user_id).await? {
            return transaction.commit().await;
        }
    }
    Err(Error::unavailable("who would take a chat over changes all the time", 1))
}

/// Looks through every chat, as people speak in chats they have left since. Nothing is locked for looking.
async fn clear_words(app: &App, user_id: Uuid) -> Result<u64> {
    let (mut after, mut cleared) = (Uuid::nil(), 0);
    loop {
        let logs = store::list_chats(&*app.job_db().await?, after, CHATS).await?;
        let Some(last) = logs.last() else { return Ok(cleared) };
        after = last.chat_id;
        let mut spoken: Vec<LogPiece> = vec![];
        for pieces in statements(&logs) {
            for said in store::list_posted(&*app.job_db().await?, user_id, &pieces).await? {
                let piece = usize::try_from(said.piece - 1).ok().and_then(|piece| pieces.get(piece));
                spoken.extend(piece.map(|piece| LogPiece {
                    after: said.oldest - 1,
                    up_to: said.newest,
                    ..*piece
                }));
            }
        }
        for pieces in spoken.chunk_by(|one, next| one.chat_id == next.chat_id) {
            cleared += clear_chat(app, user_id, pieces).await?;
        }
    }
}

/// Logs in pieces, as many of them together as one statement looks through; each log from its beginning.
fn statements(logs: &[LogPiece]) -> Vec<Vec<LogPiece>> {
    let (mut statements, mut room): (Vec<Vec<LogPiece>>, i64) = (vec![], 0);
    for log in logs {
        let mut after = log.after;
        while after < log.up_to {
            if room == 0 {
                statements.push(vec![]);
                room = LOOKED_THROUGH;
            }
            let up_to = log.up_to.min(after + room);
            room -= up_to - after;
            if let Some(pieces) = statements.last_mut() {
                pieces.push(LogPiece { after, up_to, ..*log });
            }
            after = up_to;
        }
    }
    statements
}

/// Clears what somebody has said between these places of a log. The last piece holds the latest message that has words, so that there
/// is something to tell of whatever was cleared before.
async fn clear_chat(app: &App, user_id: Uuid, spoken: &[LogPiece]) -> Result<u64> {
    let mut cleared = 0;
    let newest = spoken.last().map_or(0, |piece| piece.up_to);
    for piece in spoken {
        let mut after = piece.after;
        while after < piece.up_to {
            let up_to = piece.up_to.min(after + PIECE);
            let mut db = app.job_db().await?;
            let transaction = begin_as(&mut db, themselves(user_id)).await?;
            let piece = LogPiece { after, up_to, ..*piece };
            cleared += store::clear_sender(&transaction, user_id, piece, up_to == newest).await?;
            transaction.commit().await?;
            after = up_to;
        }
    }
    Ok(cleared)
}

/// What they have written for everybody, piece by piece.
async fn clear_posts(app: &App, user_id: Uuid) -> Result<u64> {
    let mut cleared = 0;
    loop {
        let mut db = app.job_db().await?;
        let transaction = begin_as(&mut db, themselves(user_id)).await?;
        let piece = store::clear_posts(&transaction, user_id, WRITINGS).await?;
        transaction.commit().await?;
        if piece == 0 {
            return Ok(cleared);
        }
        cleared += piece;
    }
}

/// Whatever is told of it is their own doing.
fn themselves(user_id: Uuid) -> Actor {
    Actor { user_id: Some(user_id), address: None }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{LOOKED_THROUGH, LogPiece, statements};

    #[test]
    fn no_statement_looks_through_more_than_it_may() {
        let log = |after, up_to| LogPiece { chat_id: Uuid::new_v4(), after, up_to };
        let logs = [log(0, 10), log(5, 5), log(99, 3 * LOOKED_THROUGH), log(0, 7)];
        let statements = statements(&logs);
        assert_eq!(statements.len(), 3);
        for pieces in &statements {
            assert!(pieces.iter().map(|piece| piece.up_to - piece.after).sum::<i64>() <= LOOKED_THROUGH);
        }
        for log in &logs {
            let mut pieces: Vec<_> = statements.concat();
            pieces.retain(|piece| piece.chat_id == log.chat_id);
            let places: i64 = pieces.iter().map(|piece| piece.up_to - piece.after).sum();
            assert_eq!(places, log.up_to - log.after);
            assert!(pieces.windows(2).all(|pair| pair[0].up_to == pair[1].after));
        }
    }
}
