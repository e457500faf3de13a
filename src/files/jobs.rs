//! Removing files that nobody may fetch any more.

use futures_util::{StreamExt, stream};
use uuid::Uuid;

use super::{
    model::{key, thumbnail_key},
    store,
};
use crate::{app::App, error::Result};

/// How many files are looked up at once.
const PIECE: i64 = 100;
/// How many are removed from the storage at once.
const AT_ONCE: usize = 8;

/// Removes the uploads that no message took in a day, and the files of messages that are gone: the bytes, then the row. An
/// orphan is nobody's any more and stays one, so nothing is held meanwhile, however slow the storage is. What breaks off in
/// between is done again; whoever does the same at the same time does no harm. Says how many files went; one that the storage
/// would not let go stays for the next time.
pub async fn sweep(app: &App) -> Result<u64> {
    while store::give_up_old(&*app.spare_db().await?, PIECE).await? > 0 {}
    let (mut after, mut removed) = (Uuid::nil(), 0);
    loop {
        let ids = store::list_orphaned(&*app.spare_db().await?, after, PIECE).await?;
        let Some(last) = ids.last() else { return Ok(removed) };
        after = *last;
        let gone: Vec<Uuid> = stream::iter(ids)
            .map(|id| remove_bytes(app, id))
            .buffer_unordered(AT_ONCE)
            .filter_map(std::future::ready)
            .collect()
            .await;
        removed += store::delete_orphaned(&*app.spare_db().await?, &gone).await?;
    }
}

/// Removes the bytes of a file; its id if they are gone.
async fn remove_bytes(app: &App, id: Uuid) -> Option<Uuid> {
    for key in [thumbnail_key(id), key(id)] {
        if let Err(error) = app.storage.delete(&key).await {
            tracing::warn!(key, "a file could not be removed: {error}{}", error.causes());
            return None;
        }
    }
    Some(id)
}
