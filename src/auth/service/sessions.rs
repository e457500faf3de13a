//! Where somebody is signed in, and ending that.

use futures_util::TryStreamExt;
use uuid::Uuid;

use crate::{
    app::App,
    auth::{
        model::{Session, SessionSort},
        store,
    },
    db::query::begin_as,
    error::{Error, Result},
    http::{Caller, List, Wanted},
};

/// The caller's sessions that go on.
pub async fn list(app: &App, caller: Caller, sort: SessionSort, wanted: Wanted) -> Result<List<Session>> {
    let db = app.db().await?;
    let rows = store::list(&db, caller.user_id, sort, wanted.limit(), wanted.offset()).await?;
    let items = rows.map_ok(move |row| row.view(caller.session_id));
    wanted.answer(Box::pin(items), store::count(&db, caller.user_id)).await
}

/// Ends one of the caller's sessions: its tokens die here at once and elsewhere with the notification.
pub async fn revoke(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    caller.require_session()?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    if !store::revoke_own(&transaction, id, caller.user_id).await? {
        return Err(Error::not_found("session"));
    }
    transaction.commit().await?;
    app.revocations.add(id);
    Ok(())
}
