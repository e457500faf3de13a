//! Another password.

use uuid::Uuid;

use super::proofs::wrong;
use crate::{
    app::App,
    auth::{model::NewPassword, passwords, store, throttle::Throttle},
    db::query::{Actor, begin_as},
    error::Result,
    http::{Caller, RequestInfo},
    users,
    validate::Checks,
};

/// Changes the caller's password; every other session of theirs ends, and every API token. Of two who do it at once, one does.
pub async fn change(app: &App, caller: Caller, change: NewPassword, info: &RequestInfo) -> Result<()> {
    caller.require_session()?;
    check(&change.new_password)?;
    let old = users::store::find_password(&app.db().await?, caller.user_id).await?.ok_or_else(wrong)?;
    let throttle = Throttle::of_account(app, &info.address, caller.user_id).await?;
    if !throttle.verify(app, &change.current_password, Some(&old)).await? {
        return Err(wrong());
    }
    let new = passwords::permit(app, &info.address).await?.hash(&change.new_password).await?;
    let (old, stays) = (Some(old.as_str()), Some(caller.session_id));
    if !put(app, caller, caller.user_id, &new, (old, stays)).await? {
        return Err(wrong());
    }
    Ok(())
}

/// Sets somebody's password, as an operator may; every session and API token of theirs ends.
pub async fn set(app: &App, user_id: Uuid, password: &str) -> Result<()> {
    check(password)?;
    let new = passwords::permit(app, "").await?.hash(password).await?;
    put(app, Actor::OPERATOR, user_id, &new, (None, None)).await?;
    Ok(())
}

/// Checks a new password.
pub(super) fn check(password: &str) -> Result<()> {
    let mut checks = Checks::new();
    checks.password(password, "new_password");
    checks.done()
}

/// Puts a hash in place of the old one, if that is named; says whether it was that one. A trigger ends the sessions, but the one
/// that stays, and the API tokens.
async fn put(
    app: &App,
    actor: impl Into<Actor>,
    user_id: Uuid,
    new: &str,
    (old, stays): (Option<&str>, Option<Uuid>),
) -> Result<bool> {
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, actor).await?;
    if let Some(session_id) = stays {
        store::keep(&transaction, session_id).await?;
    }
    if !users::store::set_password(&transaction, user_id, new, old).await? {
        return Ok(false);
    }
    // The notification tells the others; this instance need not wait for it.
    let ended = store::list_ended_now(&transaction, user_id).await?;
    transaction.commit().await?;
    ended.iter().for_each(|id| app.revocations.add(*id));
    Ok(true)
}
