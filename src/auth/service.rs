//! Signing in, staying so, and signing out.

pub mod accounts;
pub mod erasures;
pub mod keys;
pub mod passwords;
pub mod profiles;
pub mod proofs;
mod registrations;
pub mod resets;
pub mod sessions;
pub mod tokens;
mod usernames;

use std::time::Duration;

use uuid::Uuid;

pub use registrations::{ensure_admin, register};

use super::{
    model::{Login, TokenPair},
    passwords as hashing,
    store::{self, NewSession},
    throttle::Throttle,
    user_agent::is_same_browser,
};
use crate::{
    app::App,
    error::{Code, Error, Result},
    http::{Caller, RequestInfo},
    limits::RateLimitState,
    secrets::random::{self, hash_of},
    users,
    validate::Checks,
};

/// How many sessions of one person go on: with another one the least recently used ends.
const SESSIONS: i64 = 200;

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
    Throttle::of_sign_ins_from(app, &info.address).count(app).await?;
    let sealed = match &login.encrypted_password {
        Some(encrypted) => Some(keys::find(app, encrypted, login.key_id.as_deref()).await?),
        None => None,
    };
    let known = users::store::find_credentials(&app.db().await?, email, username).await?;
    let throttle = match &known {
        Some(known) => Throttle::of_account(app, &info.address, known.id).await?,
        None => Throttle::of_nobody(app, &info.address, email.or(username).unwrap_or_default()).await?,
    };
    // Whoever has to wait gets nothing computed.
    throttle.check(app).await?;
    let mut permit = hashing::permit(app, &info.address).await?;
    let password = match sealed {
        Some(sealed) => {
            let opened = sealed.open(app, permit).await?;
            permit = opened.0;
            opened.1
        }
        None => login.password.unwrap_or_default(),
    };
    let hash = known.as_ref().map(|known| known.password_hash.as_str());
    let matches = throttle.verify_in(app, permit, &password, hash).await?;
    let Some(user) = known.filter(|_| matches) else { return Err(wrong_credentials()) };
    Throttle::of_sign_ins_to(app, &info.address, user.id).count(app).await?;
    if user.status == "suspended" {
        return Err(suspended());
    }
    let id = Uuid::now_v7();
    let refresh_token = app.refresh_tokens.make(id)?;
    let session = NewSession {
        id,
        user_id: user.id,
        user_agent: &info.user_agent,
        address: &info.address,
        refresh_hash: &hash_of(&refresh_token),
        days: refresh_days(app),
        password_hash: &user.password_hash,
    };
    if !store::insert(&app.db().await?, session).await? {
        // Suspended, or given another password, since it was looked at.
        let now = users::store::find_credentials(&app.db().await?, email, username).await?;
        let is_suspended = now.is_some_and(|now| now.status == "suspended");
        return Err(if is_suspended { suspended() } else { wrong_credentials() });
    }
    for surplus in store::end_surplus(&app.db().await?, user.id, SESSIONS).await? {
        app.revocations.add(surplus);
    }
    pair(app, user.id, id, refresh_token)
}

fn wrong_credentials() -> Error {
    Error::new(Code::WrongCredentials, "the e-mail, username or password is wrong")
}

fn suspended() -> Error {
    Error::new(Code::Suspended, "this account is suspended")
}

/// What became of a refresh token.
enum Spent {
    /// It gave the next pair.
    Pair(TokenPair),
    /// It is no good, or not any more.
    Over,
    /// It was used long ago, for a pair of this session.
    Reused(Uuid),
}

/// Spends a refresh token for the next pair: the first of these that is good. A browser may hold several, of which another
/// path or an earlier visit has left some behind; where one is good the others mean nothing.
///
/// A used one within the grace (two tabs, a lost answer) gives another pair of the same session; of the two the one that is
/// used first goes on, and the other with it for no longer than the grace. A used one that comes later is a sign of theft, and
/// the session ends.
pub async fn refresh(app: &App, tokens: &[&str], info: &RequestInfo) -> Result<TokenPair> {
    let mut reused = Vec::new();
    for token in tokens {
        match spend(app, token, info).await? {
            Spent::Pair(pair) => return Ok(pair),
            Spent::Over => {}
            Spent::Reused(session_id) => reused.push(session_id),
        }
    }
    for session_id in reused {
        if store::revoke(&app.db().await?, session_id, "refresh token reused").await? {
            app.revocations.add(session_id);
            tracing::warn!(%session_id, "a used refresh token came back: session revoked");
        }
    }
    Err(Error::new(Code::SessionOver, "this session has ended; sign in again"))
}

async fn spend(app: &App, token: &str, info: &RequestInfo) -> Result<Spent> {
    let hash = hash_of(token);
    let mut db = app.db().await?;
    let transaction = db.transaction().await?;
    let Some(found) = store::find(&transaction, &hash).await? else {
        // What was used long ago is not in the table any more, but is still known for one of ours.
        return Ok(app.refresh_tokens.session_of(token).map_or(Spent::Over, Spent::Reused));
    };
    if found.over || found.status == "suspended" || !is_same_browser(&found.user_agent, &info.user_agent) {
        return Ok(Spent::Over);
    }
    let grace = f64::from(app.config.auth.refresh_grace_seconds);
    if found.spent_seconds_ago.is_some_and(|seconds| seconds > grace) {
        return Ok(Spent::Reused(found.session_id));
    }
    // The request was counted for its address; now it is known whose it is.
    if let Some(refusal) = app.limits.of_person(found.user_id).and_then(RateLimitState::refusal) {
        return Err(refusal);
    }
    let (id, days) = (found.session_id, refresh_days(app));
    let refresh_token = app.refresh_tokens.make(id)?;
    store::spend(&transaction, id, &hash, grace).await?;
    store::forget(&transaction, id, grace).await?;
    store::add_refresh_token(&transaction, id, &hash_of(&refresh_token), days).await?;
    store::touch(&transaction, id, days).await?;
    transaction.commit().await?;
    Ok(Spent::Pair(pair(app, found.user_id, id, refresh_token)?))
}

/// Ends the caller's session: its tokens die here at once and elsewhere with the notification.
pub async fn logout(app: &App, caller: Caller) -> Result<()> {
    caller.require_session()?;
    store::revoke(&app.db().await?, caller.session_id, "signed out").await?;
    app.revocations.add(caller.session_id);
    Ok(())
}

/// Fills the memory of ended sessions from the table: at start, and whenever notifications may have been missed. How long ago that
/// was is for the clock to say that noted it.
pub async fn load_revocations(app: &App) -> Result<()> {
    let ago = app.revocations.keep() + Duration::from_secs(60);
    for id in app.pool.ask(|db| async move { store::list_revoked_since(&db, ago).await }).await? {
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

fn refresh_days(app: &App) -> i32 {
    app.config.auth.refresh_days.try_into().unwrap_or(i32::MAX)
}

/// A secret to hand out, and the hash that goes into the table.
fn new_secret() -> Result<(String, Vec<u8>)> {
    let secret = random::secret()?;
    let hash = hash_of(&secret);
    Ok((secret, hash))
}
