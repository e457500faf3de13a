//! Signing up.

use uuid::Uuid;

use super::usernames::{username_from, with_suffix};
use crate::{
    app::App,
    auth::{
        model::Registration,
        passwords::{self, Permit, composed},
        throttle::{Throttle, WINDOW},
    },
    error::{Code, Error, Result},
    http::RequestInfo,
    users::{self, User, model::UserRow, store::NewUser},
    validate::Checks,
};

/// Makes an account. Two who register one e-mail at once: the database lets one in.
///
/// So many come from one address in an hour and no more; and who finds out too often that an e-mail or a name is taken has to
/// wait sooner: counted with the permit to hash, so that many at once find out no more than one by one.
pub async fn register(app: &App, registration: Registration, info: &RequestInfo) -> Result<User> {
    check(&registration)?;
    let email = composed(&registration.email).to_lowercase();
    let taken = Throttle::new(app, "register", &info.address, &email, WINDOW);
    taken.check(app).await?;
    Throttle::of_sign_ups(app, &info.address).count(app).await?;
    let permit = passwords::permit(app, &info.address).await?;
    taken.count(app).await?;
    let added = insert(app, registration, permit).await;
    let is_taken = |error: &Error| matches!(error.code(), Code::EmailTaken | Code::UsernameTaken);
    if !added.as_ref().is_err_and(is_taken) {
        taken.uncount(app).await?;
    }
    Ok(users::view::own_view(app, added?))
}

/// Checks a registration and adds the account, as whoever runs the program may.
pub(super) async fn add(app: &App, registration: Registration) -> Result<UserRow> {
    check(&registration)?;
    let permit = passwords::permit(app, "").await?;
    insert(app, registration, permit).await
}

fn check(registration: &Registration) -> Result<()> {
    let mut checks = Checks::new();
    checks.email(registration.email.trim(), "email");
    checks.line(registration.name.trim(), "name", 1, 255);
    if let Some(username) = &registration.username {
        checks.username(username);
    }
    checks.password(&registration.password, "password");
    checks.done()
}

/// Adds the account.
async fn insert(app: &App, registration: Registration, permit: Permit) -> Result<UserRow> {
    let (email, name) = (registration.email.trim(), registration.name.trim());
    let password_hash = permit.hash(&registration.password).await?;
    let db = app.db().await?;
    let mut username = registration.username.clone().unwrap_or_else(|| username_from(email));
    loop {
        let user =
            NewUser { id: Uuid::now_v7(), email, username: &username, name, password_hash: &password_hash };
        match users::store::insert(&db, user).await {
            // A name we made up is ours to change; one that was asked for is taken.
            Err(error)
                if error.constraint() == Some("users_username_key") && registration.username.is_none() =>
            {
                username = with_suffix(&username_from(email));
            }
            inserted => return users::service::unless_taken(inserted),
        }
    }
}

/// Makes the configured first administrator, when there is none; of several instances that start at once, one does.
pub async fn ensure_admin(app: &App) -> Result<()> {
    let (Some(email), Some(password)) = (&app.config.admin.email, &app.config.admin.password) else {
        return Ok(());
    };
    if users::store::has_admin(&app.db().await?).await? {
        tracing::info!("there is an administrator already: admin.email and admin.password are ignored");
        return Ok(());
    }
    let password_hash = passwords::permit(app, "").await?.hash(password.expose()).await?;
    let username = with_suffix("admin");
    let user = NewUser {
        id: Uuid::now_v7(),
        email,
        username: &username,
        name: "Administrator",
        password_hash: &password_hash,
    };
    if users::store::insert_admin(&app.db().await?, user).await? {
        tracing::info!("the first administrator is there, as admin.email says");
    }
    Ok(())
}
