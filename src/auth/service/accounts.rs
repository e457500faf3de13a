//! What operators and administrators do with accounts: make them, suspend them, give them roles.

use rand::{
    Rng,
    distr::{Alphanumeric, SampleString},
};
use uuid::Uuid;

use super::{load_revocations, registrations::add};
use crate::{
    app::App,
    auth::model::Registration,
    db::query::{Actor, begin_as},
    error::{Code, Error, Result},
    http::Caller,
    roles,
    users::{self, User, model::AccountStatus},
};

/// Suspends somebody or lets them in again. Who is suspended is out at once, everywhere; nobody can
/// suspend themselves, so that an administrator is left to take it back.
pub async fn change_status(app: &App, caller: Caller, id: Uuid, status: AccountStatus) -> Result<User> {
    if status == AccountStatus::Suspended && caller.user_id == id {
        return Err(Error::new(Code::Conflict, "nobody can suspend themselves"));
    }
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let user = users::service::put_status(&transaction, id, status).await?;
    transaction.commit().await?;
    // A trigger revokes every session of who is suspended. The notification tells the others; this instance need not wait for it.
    load_revocations(app).await?;
    Ok(users::view::own_view(app, user))
}

/// Suspends the account with this e-mail or lets it in again, as an operator; 409 when nobody would be left who may do
/// everything. Answers the account.
pub async fn put_status(app: &App, email: &str, status: AccountStatus) -> Result<Uuid> {
    let id = find(app, email).await?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, Actor::OPERATOR).await?;
    users::service::put_status(&transaction, id, status).await?;
    transaction.commit().await?;
    load_revocations(app).await?;
    Ok(id)
}

/// Makes an account with one more role, if one is named, as an operator; without a password it gets a random one. Answers
/// the account and its password.
pub async fn create(
    app: &App,
    email: &str,
    name: &str,
    password: Option<String>,
    role: Option<&str>,
) -> Result<(Uuid, String)> {
    let password = password.unwrap_or_else(random_password);
    let role: Vec<_> = role.into_iter().map(str::to_owned).collect();
    // Before there is an account without it.
    require_roles(app, &role).await?;
    let registration = Registration {
        email: email.to_owned(),
        password: password.clone(),
        name: name.to_owned(),
        username: None,
    };
    let user = add(app, registration).await?;
    let roles = [user.roles, role].concat();
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, Actor::OPERATOR).await?;
    roles::service::give(&transaction, user.id, &roles).await?;
    transaction.commit().await?;
    Ok((user.id, password))
}

/// Gives the account with this e-mail these roles and no others, as an operator; 409 when nobody would be left who may
/// everything. Answers the account.
pub async fn set_roles(app: &App, email: &str, roles: &[String]) -> Result<Uuid> {
    let id = find(app, email).await?;
    require_roles(app, roles).await?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, Actor::OPERATOR).await?;
    users::service::replace_roles(&transaction, id, roles).await?;
    transaction.commit().await?;
    Ok(id)
}

/// The account with this e-mail, ignoring case.
pub async fn find(app: &App, email: &str) -> Result<Uuid> {
    let known = users::store::find_credentials(&app.db().await?, Some(email.trim()), None).await?;
    // The address itself would stand in logs.
    Ok(known.ok_or_else(|| Error::new(Code::NotFound, "there is no account with this e-mail address"))?.id)
}

async fn require_roles(app: &App, roles: &[String]) -> Result<()> {
    let known = users::store::list_roles(&app.db().await?, roles).await?;
    match roles.iter().find(|role| !known.contains(role)) {
        Some(missing) => Err(Error::new(Code::NotFound, format!("there is no role {missing}"))),
        None => Ok(()),
    }
}

/// 24 letters and digits, with one of each at least.
fn random_password() -> String {
    let mut random = rand::rng();
    let digit = random.random_range(0..10);
    format!("{}{digit}a", Alphanumeric.sample_string(&mut random, 22))
}
