//! Personal API tokens: made, listed, ended.

use uuid::Uuid;

use super::{
    proofs::{needed, prove},
    suspended,
};
use crate::{
    app::App,
    auth::{
        model::tokens::{ApiToken, ApiTokenSort, CreatedApiToken, NewApiToken},
        store::tokens::{self as store, NewToken},
        throttle::Throttle,
    },
    db::query::begin_as,
    error::{Error, Result},
    http::{Caller, Idempotency, List, RequestInfo, Wanted},
    roles,
    time::Timestamp,
    tokens::new_api_token,
    users,
    validate::Checks,
};

/// Where an `Idempotency-Key` of [`create`] counts.
const CREATE_PATH: &str = "POST:/api/v1/auth/tokens";
/// The most scopes of a token, and the longest.
const SCOPES: usize = 200;
const SCOPE_CHARACTERS: usize = 300;

/// What an answer that is kept for its `Idempotency-Key` is sealed for: it holds the token.
pub const ANSWER_PURPOSE: &str = "idempotency_keys.answer:api_token";

/// Makes a token; what it consists of is in the answer and nowhere else. The same key with the same wish gives the same
/// answer: the token is kept sealed for it. A token outlives the session that makes it, so it wants the password or a fresh
/// sign-in, each time.
pub async fn create(
    app: &App,
    caller: Caller,
    new: NewApiToken,
    key: Option<&str>,
    info: &RequestInfo,
) -> Result<CreatedApiToken> {
    caller.require_session()?;
    let name = new.name.trim();
    let scopes = new.scopes.as_deref().unwrap_or_default();
    let mut checks = Checks::new();
    checks.line(name, "name", 1, 255);
    checks.that(scopes.len() <= SCOPES, "scopes", "must be at most 200");
    for (place, scope) in scopes.iter().take(SCOPES).enumerate() {
        checks.that(
            is_code(scope),
            &format!("scopes[{place}]"),
            "must be a permission code such as GET:/api/v1/chats, or *",
        );
    }
    let is_to_come = new.expires_at.is_none_or(|end| end > Timestamp::now());
    checks.that(is_to_come, "expires_at", "must be in the future");
    checks.done()?;
    let proof = prove(app, caller, new.current_password.as_deref(), info).await?;
    Throttle::of_api_tokens(app, &info.address, caller.user_id).count(app).await?;

    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let claim = match key {
        Some(key) => {
            match Idempotency::claim::<String>(&transaction, caller.user_id, CREATE_PATH, key, &new).await? {
                Ok(claim) => Some(claim),
                Err(sealed) => return app.keyring.open_json(ANSWER_PURPOSE, &sealed),
            }
        }
        None => None,
    };
    roles::service::check_known(&transaction, "scopes", scopes).await?;
    let id = Uuid::now_v7();
    let (token, hash) = new_api_token(id)?;
    let (user_id, expires_at) = (caller.user_id, new.expires_at);
    let row =
        NewToken { id, user_id, name, hash: &hash, scopes, expires_at, password_hash: &proof.password_hash };
    let Some(made) = store::insert(&transaction, row).await? else {
        // Suspended, or given another password, since it was looked at.
        let now = users::store::find(&transaction, user_id).await?;
        let is_suspended = now.is_some_and(|now| now.status == "suspended");
        return Err(if is_suspended { suspended() } else { needed() });
    };
    let created = CreatedApiToken { api_token: made, token };
    if let Some(claim) = claim {
        claim.keep(&transaction, &app.keyring.seal_json(ANSWER_PURPOSE, &created)?).await?;
    }
    transaction.commit().await?;
    Ok(created)
}

/// The caller's tokens.
pub async fn list(app: &App, caller: Caller, sort: ApiTokenSort, wanted: Wanted) -> Result<List<ApiToken>> {
    let db = app.db().await?;
    let rows = store::list(&db, caller.user_id, sort, wanted.limit(), wanted.offset()).await?;
    wanted.answer(rows, store::count(&db, caller.user_id)).await
}

/// Ends one of the caller's tokens: it is refused here at once and elsewhere with the notification. A token may end itself, and no
/// other.
pub async fn revoke(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    if id != caller.session_id {
        caller.require_session()?;
    }
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    if !store::revoke(&transaction, id, caller.user_id).await? {
        return Err(Error::not_found("token"));
    }
    transaction.commit().await?;
    app.revocations.add(id);
    Ok(())
}

/// Whether this can be a permission code: a method, a colon and a path, or everything.
fn is_code(text: &str) -> bool {
    let of_an_operation = || {
        let (method, path) = text.split_once(':')?;
        let is_method = ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method);
        Some(is_method && path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic()))
    };
    text == "*" || text.len() <= SCOPE_CHARACTERS && of_an_operation().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn a_code_is_a_method_and_a_path() {
        for good in ["*", "GET:/api/v1/chats", "DELETE:/api/v1/chats/{chat_id}"] {
            assert!(is_code(good), "{good}");
        }
        for bad in
            ["", "GET", "get:/api", "GET:api", "GET:/a b", "GET /api", &format!("GET:/{}", "a".repeat(300))]
        {
            assert!(!is_code(bad), "{bad}");
        }
    }
}
