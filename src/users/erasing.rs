//! Erasing somebody: what they leave behind, chat by chat, while others go on.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
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
/// How many chats are looked through for what somebody has said, in one statement.
const LOOKED_THROUGH: i64 = 20;
/// How many places of a log one transaction clears: some hundredths of a second, for which posts to the chat wait.
const PIECE: i64 = 5_000;
/// How often it is looked anew who takes a chat over, while people come and go there.
const ATTEMPTS: usize = 10;

/// What the task is done with.
#[derive(Serialize, Deserialize)]
struct Wish {
    user_id: Uuid,
    clear: bool,
}

/// Takes somebody who is erased out of their chats, clears what they said if they wished so, and removes what is left of
/// them. What breaks off in between is done again from the beginning, which finds less.
pub async fn finish(app: &App, job: Job) -> Result<Value> {
    let Wish { user_id, clear } = serde_json::from_value(job.args).map_err(Error::internal)?;
    if !store::is_erased(&*app.spare_db().await?, user_id).await? {
        return Ok(json!({"left": 0, "cleared": 0}));
    }
    let left = leave_chats(app, user_id).await?;
    // Nobody says anything more once they are out everywhere.
    let cleared = if clear { clear_words(app, user_id).await? } else { 0 };
    store::delete(&*app.spare_db().await?, user_id).await?;
    Ok(json!({"left": left, "cleared": cleared}))
}

/// One chat a transaction, so that none waits for another.
async fn leave_chats(app: &App, user_id: Uuid) -> Result<u64> {
    let mut left = 0;
    loop {
        let chats = store::list_to_leave(&*app.spare_db().await?, user_id, CHATS).await?;
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
        let mut db = app.spare_db().await?;
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
        let chats = store::list_spoken(&*app.spare_db().await?, user_id, after, LOOKED_THROUGH).await?;
        let Some(last) = chats.last() else { return Ok(cleared) };
        after = last.chat_id;
        for chat in chats {
            if let Some((oldest, newest)) = chat.said {
                cleared += clear_chat(app, chat.chat_id, user_id, oldest - 1, newest).await?;
            }
        }
    }
}

/// The last piece holds the latest message that has words, so that there is something to tell of whatever was cleared before.
async fn clear_chat(app: &App, chat_id: Uuid, user_id: Uuid, mut after: i64, newest: i64) -> Result<u64> {
    let mut cleared = 0;
    loop {
        let up_to = Some(after + PIECE).filter(|up_to| *up_to < newest);
        let mut db = app.spare_db().await?;
        let transaction = begin_as(&mut db, themselves(user_id)).await?;
        cleared += store::clear_sender(&transaction, chat_id, user_id, after, up_to).await?;
        transaction.commit().await?;
        match up_to {
            Some(seq) => after = seq,
            None => return Ok(cleared),
        }
    }
}

/// Whatever is told of it is their own doing.
fn themselves(user_id: Uuid) -> Actor {
    Actor { user_id: Some(user_id), address: None }
}
