//! The one check of every endpoint: from memory, and from the tables when the memory is empty.

use std::collections::HashSet;

use uuid::Uuid;

use crate::{
    app::App,
    db::Client,
    error::{Code, Error, Result},
    http::Caller,
    permissions::EVERYTHING,
    roles::{Route, store},
};

/// How often the tables are asked again when notifications come meanwhile.
const TRIES: usize = 10;

/// Fine, or 403 `forbidden` when no role of the caller permits this, or the API token they came with is not for it. Asks
/// the tables once for each person, and again after a notification.
pub async fn check(app: &App, caller: Caller, code: &str) -> Result<()> {
    if !permits(app, caller.user_id, code).await? {
        return Err(Error::new(Code::Forbidden, format!("none of your roles permits {code}")));
    }
    caller.require_scope(app, code).await
}

/// Whether somebody may everything: what only administrators may see and change of others hangs on it.
pub async fn is_administrator(app: &App, caller: Caller) -> Result<bool> {
    permits(app, caller.user_id, EVERYTHING).await
}

async fn permits(app: &App, user_id: Uuid, code: &str) -> Result<bool> {
    for _ in 0..TRIES {
        if let Some(permits) = app.permissions.permits(user_id, code) {
            return Ok(permits);
        }
        if recall(app, &[user_id]).await?.contains(&user_id) {
            return Err(Error::new(Code::NotSignedIn, "this account is no longer there"));
        }
    }
    Err(Error::unavailable("permissions are being changed; try again", 1))
}

/// Asks the tables for the roles of these people, as far as they are not known; answers who of them is gone.
pub async fn recall(app: &App, people: &[Uuid]) -> Result<Vec<Uuid>> {
    // Before the tables are asked: what changes meanwhile notifies, and then this is not kept.
    let (age, knows_roles) = app.permissions.age();
    let mut unknown_people = app.permissions.unknown_people(people);
    let unknown = &unknown_people;
    let read = |db: Client| async move {
        let roles = if knows_roles { None } else { Some(store::list_permissions(&db).await?) };
        Ok((roles, store::list_held(&db, unknown).await?))
    };
    let (roles, held) = app.pool.ask(read).await?;
    let there: HashSet<_> = held.iter().map(|(id, _)| *id).collect();
    app.permissions.keep(age, roles, held);
    unknown_people.retain(|id| !there.contains(id));
    Ok(unknown_people)
}

/// Notes the permissions of this server's operations. Those no server before it has known go to the role `user`, unless
/// they are administration.
pub async fn learn(app: &App, routes: &[Route]) -> Result<()> {
    let mut locked: Vec<_> = routes.iter().filter(|route| !route.public).collect();
    locked.sort_by(|one, other| one.permission.cmp(&other.permission));
    let (codes, is_administration): (Vec<_>, Vec<_>) =
        locked.iter().map(|route| (route.permission.clone(), route.is_administration)).unzip();
    store::learn(&app.db().await?, &codes, &is_administration).await?;
    // Whoever asked before; the notification may not come through.
    app.permissions.forget_all();
    Ok(())
}
