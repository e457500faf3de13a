//! Who may do what, and who says so.

mod administrators;
mod check;

pub use administrators::Administrators;
pub use check::{check, is_administrator, learn, recall};

use futures_util::stream;
use uuid::Uuid;

use super::{
    model::{NewRole, Role, RoleChange, RoleSort, Route},
    store,
};
use crate::{
    app::App,
    db::{GenericClient, query::begin_as},
    error::{Code, Error, OnConstraint, Result},
    http::{Caller, Idempotency, List, Search, Wanted},
    permissions::EVERYTHING,
    validate::Checks,
};

/// The role that may everything, and the one a new account gets.
const SHIPPED: [&str; 2] = ["admin", "user"];

/// Where an `Idempotency-Key` of [`create`] counts.
const CREATE_PATH: &str = "POST:/api/v1/roles";

/// The operations whose method, path or summary hold every word of a search.
pub async fn list_routes(routes: &[Route], search: &Search, wanted: Wanted) -> Result<List<Route>> {
    let words: Vec<_> = search.text().to_lowercase().split_whitespace().map(str::to_owned).collect();
    let found = routes.iter().filter(|route| {
        let text = format!("{} {}", route.permission, route.summary).to_lowercase();
        words.iter().all(|word| text.contains(word))
    });
    let found: Vec<_> = found.cloned().collect();
    let total = found.len() as i64;
    let limit = wanted.limit().unwrap_or(total) as usize;
    let page = found.into_iter().skip(wanted.offset() as usize).take(limit).map(Ok);
    wanted.answer(Box::pin(stream::iter(page.collect::<Vec<_>>())), async { Ok(total) }).await
}

/// Roles in whose name or description every word of a search occurs.
pub async fn list(app: &App, search: &Search, sort: RoleSort, wanted: Wanted) -> Result<List<Role>> {
    let db = app.db().await?;
    let rows = store::list(&db, search.patterns(), sort, wanted.limit(), wanted.offset()).await?;
    wanted.answer(rows, store::count(&db, search.patterns())).await
}

/// One role.
pub async fn get(app: &App, name: &str) -> Result<Role> {
    store::find(&app.db().await?, name).await?.ok_or_else(no_such_role)
}

/// Makes a role. The same key with the same wish gives the same role.
pub async fn create(app: &App, caller: Caller, new: NewRole, key: Option<&str>) -> Result<Role> {
    let description = new.description.as_deref().unwrap_or_default();
    let mut checks = Checks::new();
    checks.role(&new.name);
    checks.length(description, "description", 0, 1000).done()?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, CREATE_PATH, key, &new).await? {
            Ok(claim) => Some(claim),
            Err(answer) => return Ok(answer),
        },
        None => None,
    };
    let permissions = settled(&transaction, new.permissions).await?;
    let role = store::insert(&transaction, &new.name, description, &permissions)
        .await
        .on_constraint("roles_pkey", name_taken)?;
    if let Some(claim) = claim {
        claim.keep(&transaction, &role).await?;
    }
    transaction.commit().await?;
    app.permissions.forget_all();
    Ok(role)
}

/// Changes a role; what is left out stays. The shipped ones keep their names, and `admin` keeps everything.
pub async fn change(app: &App, caller: Caller, name: &str, change: RoleChange) -> Result<Role> {
    let mut checks = Checks::new();
    if let Some(new_name) = &change.name {
        checks.role(new_name);
    }
    checks.length(change.description.as_deref().unwrap_or_default(), "description", 0, 1000).done()?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let administrators = Administrators::lock(&transaction).await?;
    let permissions = match change.permissions {
        Some(permissions) => Some(settled(&transaction, permissions).await?),
        None => None,
    };
    if SHIPPED.contains(&name) && change.name.as_ref().is_some_and(|new_name| new_name != name) {
        return Err(Error::new(Code::Conflict, "this role is part of the product and keeps its name"));
    }
    let everything = [EVERYTHING.to_owned()];
    if name == SHIPPED[0] && permissions.as_ref().is_some_and(|permissions| *permissions != everything) {
        return Err(Error::new(Code::Conflict, "the role admin must keep the permission *"));
    }
    let (new_name, description) = (change.name.as_deref(), change.description.as_deref());
    let role = store::update(&transaction, name, new_name, description, permissions.as_deref())
        .await
        .on_constraint("roles_pkey", name_taken)?
        .ok_or_else(no_such_role)?;
    administrators.must_remain(&transaction).await?;
    transaction.commit().await?;
    app.permissions.forget_all();
    Ok(role)
}

/// Removes a role; who had it has it no longer.
pub async fn remove(app: &App, caller: Caller, name: &str) -> Result<()> {
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let administrators = Administrators::lock(&transaction).await?;
    if SHIPPED.contains(&name) {
        return Err(Error::new(Code::Conflict, "this role is part of the product and stays"));
    }
    if !store::delete(&transaction, name).await? {
        return Err(no_such_role());
    }
    administrators.must_remain(&transaction).await?;
    transaction.commit().await?;
    app.permissions.forget_all();
    Ok(())
}

/// Lets somebody have these roles and no others, in a transaction that holds the person and sees to it that an
/// administrator remains. After the commit the person is to be forgotten ([`crate::permissions::Permissions::forget`]).
pub async fn give(db: &impl GenericClient, user_id: Uuid, roles: &[String]) -> Result<()> {
    store::take_others(db, user_id, roles).await?;
    store::give(db, user_id, roles)
        .await
        .on_constraint("user_roles_role_fkey", || Error::invalid_field("roles", "must name roles there are"))
}

/// Refuses a list in which something is no permission, at its place in `field`.
pub async fn check_known(db: &impl GenericClient, field: &str, permissions: &[String]) -> Result<()> {
    let unknown = store::list_unknown(db, permissions).await?;
    let mut checks = Checks::new();
    for (place, code) in permissions.iter().enumerate() {
        let message = "must be a permission of GET /routes, or *";
        checks.that(!unknown.contains(code), &format!("{field}[{place}]"), message);
    }
    checks.done()
}

/// Permissions as the table has them: in order, each once, and nothing beside everything.
async fn settled(db: &impl GenericClient, mut permissions: Vec<String>) -> Result<Vec<String>> {
    check_known(db, "permissions", &permissions).await?;
    permissions.sort_unstable();
    permissions.dedup();
    if permissions.iter().any(|code| code == EVERYTHING) {
        permissions = vec![EVERYTHING.to_owned()];
    }
    Ok(permissions)
}

fn no_such_role() -> Error {
    Error::not_found("role")
}

fn name_taken() -> Error {
    Error::new(Code::Conflict, "there is a role of this name")
}
