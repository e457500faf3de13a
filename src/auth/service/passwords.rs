//! Another password.

use uuid::Uuid;

use crate::{
    app::App,
    auth::{model::NewPassword, passwords, store, throttle::Throttle},
    db::query::{Actor, begin_as},
    error::{Code, Error, Result},
    http::{Caller, RequestInfo},
    users,
    validate::Checks,
};

/// Changes the caller's password; every other session of theirs ends. Of two who do it at once, one does.
pub async fn change(app: &App, caller: Caller, change: NewPassword, info: &RequestInfo) -> Result<()> {
    caller.require_session()?;
    check(&change.new_password)?;
    let wrong = || Error::new(Code::WrongPassword, "the current password is another one");
    let old = users::store::find_password(&app.db().await?, caller.user_id).await?.ok_or_else(wrong)?;
    let throttle = Throttle::of_account(app, &info.address, caller.user_id);
    if !throttle.verify(app, &change.current_password, Some(&old)).await? {
        return Err(wrong());
    }
    let new = passwords::hash(app, &change.new_password).await?;
    let (old, stays) = (Some(old.as_str()), Some(caller.session_id));
    if !put(app, caller, caller.user_id, &new, (old, stays), "password changed").await? {
        return Err(wrong());
    }
    Ok(())
}

/// Sets somebody's password, as an operator may; every session of theirs ends.
pub async fn set(app: &App, user_id: Uuid, password: &str) -> Result<()> {
    check(password)?;
    let new = passwords::hash(app, password).await?;
    put(app, Actor::OPERATOR, user_id, &new, (None, None), "password set by an operator").await?;
    Ok(())
}

/// Checks a new password.
pub(super) fn check(password: &str) -> Result<()> {
    let mut checks = Checks::new();
    passwords::check(&mut checks, password, "new_password");
    checks.done()
}

/// Puts a hash in place of the old one, if that is named, and ends the sessions but one; says whether it was that one.
async fn put(
    app: &App,
    actor: impl Into<Actor>,
    user_id: Uuid,
    new: &str,
    (old, stays): (Option<&str>, Option<Uuid>),
    because: &str,
) -> Result<bool> {
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, actor).await?;
    if !users::store::set_password(&transaction, user_id, new, old).await? {
        return Ok(false);
    }
    let ended = store::revoke_all(&transaction, user_id, stays, because).await?;
    transaction.commit().await?;
    ended.iter().for_each(|id| app.revocations.add(*id));
    Ok(true)
}
