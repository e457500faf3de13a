//! Blocking, and what it forbids.

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::{
    model::{Block, BlockSort},
    store,
};
use crate::{
    app::App,
    db::{GenericClient, query::begin_as},
    error::{Error, OnConstraint, Result},
    http::{Caller, List, Search, Wanted},
    users::{Viewer, service::no_such_person},
};

/// Blocks someone; who is blocked already stays so. What they are just posting to the direct chat of the two comes first,
/// nothing comes after: 503 when somebody else has held that chat for five seconds.
pub async fn block(app: &App, caller: Caller, user_id: Uuid) -> Result<()> {
    if user_id == caller.user_id {
        return Err(Error::invalid_field("user_id", "must be somebody else"));
    }
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    store::insert(&transaction, caller.user_id, user_id)
        .await
        .on_constraint("blocks_blocked_id_fkey", no_such_person)
        .on_constraint("blocks_user_id_fkey", no_such_person)?;
    transaction.commit().await?;
    Ok(())
}

/// Unblocks someone; who is not blocked is fine. What the block ended stays ended.
pub async fn unblock(app: &App, caller: Caller, user_id: Uuid) -> Result<()> {
    match store::delete(&app.db().await?, caller.user_id, user_id).await? {
        true => Ok(()),
        false => Err(no_such_person()),
    }
}

/// Whom the caller has blocked.
pub async fn list(
    app: &App,
    caller: Caller,
    search: &Search,
    sort: BlockSort,
    wanted: Wanted,
) -> Result<List<Block>> {
    let viewer = Viewer::new(app, caller).await?;
    let (db, id, on) = (app.db().await?, caller.user_id, app.clone());
    let rows = store::list(&db, id, search.patterns(), sort, wanted.limit(), wanted.offset()).await?;
    let items = rows.map_ok(move |row| Block { user: viewer.view(&on, row.seen), since: row.since });
    wanted.answer(Box::pin(items), store::count(&db, id, search.patterns())).await
}

/// Fine, or 403 `blocked` when either of two has blocked the other: asked before one turns to the other directly.
pub async fn refuse_blocked(db: &impl GenericClient, from: Uuid, to: Uuid) -> Result<()> {
    match store::between(db, from, to).await? {
        None => Ok(()),
        Some(side) => Err(side.refusal()),
    }
}
