//! Signing up, in and out.

pub mod accounts;
pub mod keys;
pub mod passwords;
pub mod resets;
pub mod sessions;
pub mod tokens;

use chrono::{TimeDelta, Utc};
use uuid::Uuid;

use super::{
    model::{Login, Registration, TokenPair},
    passwords as hashing,
    store::{self, NewSession},
    throttle::{Throttle, WINDOW},
};
use crate::{
    app::App,
    error::{Code, Error, Result},
    http::{Caller, RequestInfo},
    secrets::random::{self, hash_of},
    time::Timestamp,
    users::{self, User, model::UserRow, store::NewUser},
    validate::{Checks, is_email, is_username},
};

/// Makes an account. Two who register one e-mail at once: the database lets one in.
/// Who finds out too often that one is taken has to wait.
pub async fn register(app: &App, registration: Registration, info: &RequestInfo) -> Result<User> {
    let throttle = Throttle::new(app, "register", &info.address, &registration.email.to_lowercase(), WINDOW);
    throttle.look(app).await?;
    let added = add(app, registration).await;
    if let Err(error) = &added
        && matches!(error.code(), Code::EmailTaken | Code::UsernameTaken)
    {
        throttle.count(app).await?;
    }
    Ok(users::view::own_view(app, added?))
}

/// Checks a registration and adds the account.
async fn add(app: &App, registration: Registration) -> Result<UserRow> {
    let (email, name) = (registration.email.trim(), registration.name.trim());
    let mut checks = Checks::new();
    checks.that(is_email(email), "email", "must be an e-mail address");
    checks.line(name, "name", 1, 255);
    if let Some(username) = &registration.username {
        checks.username(username);
    }
    hashing::check(&mut checks, &registration.password, "password");
    checks.done()?;

    let password_hash = hashing::hash(app, &registration.password).await?;
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
        tracing::info!("there is an administrator already: admin.email and admin.password are passed over");
        return Ok(());
    }
    let password_hash = hashing::hash(app, password.expose()).await?;
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

/// Begins a session. An unknown account and a wrong password give the same answer after the same time; who is wrong too
/// often has to wait.
pub async fn login(app: &App, login: Login, info: &RequestInfo) -> Result<TokenPair> {
    let email = login.email.as_deref().map(str::trim);
    let username = login.username.as_deref().map(str::trim);
    Checks::new()
        .that(email.is_some() != username.is_some(), "email", "give either email or username")
        .that(
            login.password.is_some() != login.encrypted_password.is_some(),
            "password",
            "give either password or encrypted_password",
        )
        .done()?;
    let password = match (login.password, &login.encrypted_password) {
        (_, Some(encrypted)) => keys::open(app, encrypted, login.key_id.as_deref()).await?,
        (password, None) => password.unwrap_or_default(),
    };
    let known = users::store::find_credentials(&app.db().await?, email, username).await?;
    let throttle = match &known {
        Some(known) => Throttle::of_account(app, &info.address, known.id),
        None => Throttle::of_nobody(app, &info.address, email.or(username).unwrap_or_default()),
    };
    let hash = known.as_ref().map(|known| known.password_hash.as_str());
    let matches = throttle.verify(app, &password, hash).await?;
    let Some(user) = known.filter(|_| matches) else { return Err(wrong_credentials()) };
    if user.status == "suspended" {
        return Err(suspended());
    }
    let (refresh_token, refresh_hash) = new_secret()?;
    let id = Uuid::now_v7();
    let session = NewSession {
        id,
        user_id: user.id,
        user_agent: &info.user_agent,
        address: &info.address,
        refresh_hash: &refresh_hash,
        expires_at: refresh_end(app),
        password_hash: &user.password_hash,
    };
    if !store::insert(&app.db().await?, session).await? {
        // Suspended, or given another password, since it was looked at.
        let now = users::store::find_credentials(&app.db().await?, email, username).await?;
        let is_suspended = now.is_some_and(|now| now.status == "suspended");
        return Err(if is_suspended { suspended() } else { wrong_credentials() });
    }
    pair(app, user.id, id, refresh_token)
}

fn wrong_credentials() -> Error {
    Error::new(Code::WrongCredentials, "the e-mail, username or password is wrong")
}

fn suspended() -> Error {
    Error::new(Code::Suspended, "this account is suspended")
}

/// Spends a refresh token for the next pair.
///
/// A spent one within the grace (two tabs, a lost answer) gives another pair of the same session; later it is a sign
/// of theft, and the session ends.
pub async fn refresh(app: &App, token: &str, info: &RequestInfo) -> Result<TokenPair> {
    let over = || Error::new(Code::SessionOver, "this session has ended; sign in again");
    let hash = hash_of(token);
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let Some(found) = store::find(&transaction, &hash).await? else { return Err(over()) };
    if found.over || found.status == "suspended" || found.user_agent != info.user_agent {
        return Err(over());
    }
    let grace = f64::from(app.config.auth.refresh_grace_seconds);
    if found.spent_seconds_ago.is_some_and(|seconds| seconds > grace) {
        store::revoke(&transaction, found.session_id, "refresh token reused").await?;
        transaction.commit().await?;
        app.revocations.add(found.session_id);
        tracing::warn!(session_id = %found.session_id, "a spent refresh token came back: session revoked");
        return Err(over());
    }
    let (refresh_token, new_hash) = new_secret()?;
    store::spend(&transaction, &hash).await?;
    store::add_refresh_token(&transaction, found.session_id, &new_hash, refresh_end(app)).await?;
    store::touch(&transaction, found.session_id, refresh_end(app)).await?;
    transaction.commit().await?;
    pair(app, found.user_id, found.session_id, refresh_token)
}

/// Ends the caller's session: its tokens die here at once and elsewhere with the bell.
pub async fn logout(app: &App, caller: Caller) -> Result<()> {
    caller.require_session()?;
    store::revoke(&app.db().await?, caller.session_id, "signed out").await?;
    app.revocations.add(caller.session_id);
    Ok(())
}

/// Fills the memory of ended sessions from the table: at start, and whenever bells may have been missed.
pub async fn load_revocations(app: &App) -> Result<()> {
    let keep = TimeDelta::from_std(app.revocations.keep()).map_err(Error::internal)?;
    let since = Timestamp(Utc::now() - keep - TimeDelta::minutes(1));
    for id in store::list_revoked_since(&app.db().await?, since).await? {
        app.revocations.add(id);
    }
    Ok(())
}

fn pair(app: &App, user_id: Uuid, session_id: Uuid, refresh_token: String) -> Result<TokenPair> {
    Ok(TokenPair {
        access_token: app.tokens.sign(user_id, session_id)?,
        refresh_token,
        token_type: "Bearer".to_owned(),
        expires_in: app.tokens.lifetime_seconds(),
    })
}

fn refresh_end(app: &App) -> Timestamp {
    Timestamp(Utc::now() + TimeDelta::days(i64::from(app.config.auth.refresh_days)))
}

/// A secret to hand out, and the hash that goes into the table.
fn new_secret() -> Result<(String, Vec<u8>)> {
    let secret = random::secret()?;
    let hash = hash_of(&secret);
    Ok((secret, hash))
}

/// A username from the part of an e-mail before the `@`.
fn username_from(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let kept: String = local.chars().filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '.')).collect();
    let kept = kept.trim_matches('.');
    // Letters of one byte each are all that is left.
    let name = kept[..kept.len().min(32)].trim_end_matches('.');
    if is_username(name) { name.to_owned() } else { with_suffix(&format!("user{name}")) }
}

/// Tells a made-up username from one that is taken.
fn with_suffix(name: &str) -> String {
    let stem = name[..name.len().min(25)].trim_end_matches('.');
    format!("{stem}.{}", rand::random_range(100_000..1_000_000))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{username_from, with_suffix};
    use crate::validate::is_username;

    #[test]
    fn a_username_comes_from_an_e_mail() {
        for (email, name) in [
            ("kim@example.com", "kim"),
            ("kim.\u{df}@example.com", "kim"),
            (".kim.@example.com", "kim"),
            ("Kim.O'Hara+chat@example.com", "kim.oharachat"),
            ("abcdefghijklmnopqrstuvwxyz12345.doe@example.com", "abcdefghijklmnopqrstuvwxyz12345"),
            ("___@example.com", "___"),
        ] {
            assert_eq!(username_from(email), name, "{email}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_made_of_an_e_mail_can_be_mentioned(
            local in "[a-z.]{0,40}|\\PC{0,40}", domain in "[a-z]{1,5}\\.[a-z]{2}",
        ) {
            let name = username_from(&format!("{local}@{domain}"));
            prop_assert!(is_username(&name), "{name}");
            prop_assert!(is_username(&with_suffix(&name)));
        }
    }
}
