//! The end of an account.

use uuid::Uuid;

use super::{accounts::find, load_revocations, proofs};
use crate::{
    app::App,
    auth::model::{Erasure, Words},
    db::query::{Actor, begin_as},
    error::Result,
    http::{Caller, RequestInfo},
    users,
};

/// Erases the caller, who brings their password. Nobody who may everything would be left: 409.
pub async fn erase(app: &App, caller: Caller, erasure: Erasure, info: &RequestInfo) -> Result<()> {
    let proof = proofs::prove(app, caller, Some(&erasure.current_password), info).await?;
    let hash = Some(proof.password_hash.as_str());
    put(app, caller, caller.user_id, erasure.messages.unwrap_or_default(), hash).await
}

/// Erases the account with this e-mail, as an operator. Answers which one it was.
pub async fn erase_as_operator(app: &App, email: &str, words: Words) -> Result<Uuid> {
    let id = find(app, email).await?;
    put(app, Actor::OPERATOR, id, words, None).await?;
    Ok(id)
}

async fn put(
    app: &App,
    actor: impl Into<Actor>,
    id: Uuid,
    words: Words,
    password_hash: Option<&str>,
) -> Result<()> {
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, actor).await?;
    if !users::service::erase(&transaction, id, words == Words::Clear, password_hash).await? {
        // Another password since it was given.
        return Err(proofs::wrong());
    }
    transaction.commit().await?;
    app.permissions.forget(&[id]);
    // The notification tells the others; this instance need not wait for it.
    load_revocations(app).await
}
