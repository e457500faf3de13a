//! Personal API tokens: whose they are, asked of the table once in a while and not with every request.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use crate::db::Pool;
use aws_lc_rs::constant_time;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::{FromRow, GenericClient, query},
    error::{Code, Error, Result},
    secrets::random::{self, hash_of},
    time::Timestamp,
};

/// What every API token begins with, so that it is known for one wherever it turns up.
pub const PREFIX: &str = "tl_";

/// How long what the table said is believed. A token that is revoked is refused sooner, by the notification.
const BELIEVED: Duration = Duration::from_secs(10);
/// The most tokens kept in mind.
const MOST: usize = 10_000;
/// The random bytes of a token, after the 16 of its id.
const SECRET_BYTES: usize = 32;

/// A token as the table knows it.
#[derive(Debug, Clone)]
pub struct ApiToken {
    /// Which one.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// The permissions it has; `None` is everything its owner may do.
    pub scopes: Option<Arc<[String]>>,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
    hash: Vec<u8>,
}

impl FromRow for ApiToken {
    fn from_row(row: &Row) -> Result<Self> {
        let scopes: Vec<String> = row.try_get("scopes")?;
        Ok(Self {
            id: row.try_get("id")?,
            user_id: row.try_get("user_id")?,
            scopes: (!scopes.is_empty()).then(|| scopes.into()),
            expires_at: row.try_get("expires_at")?,
            hash: row.try_get("hash")?,
        })
    }
}

/// The tokens in use on this instance.
#[derive(Default)]
pub struct ApiTokens {
    known: RwLock<HashMap<Uuid, (ApiToken, Instant)>>,
}

impl ApiTokens {
    /// Whose token this is, if it is good.
    pub async fn verify(&self, pool: &Pool, token: &str) -> Result<ApiToken> {
        let refused =
            || Error::new(Code::NotSignedIn, "the API token is not valid, has expired or was revoked");
        let id = id_of(token).ok_or_else(refused)?;
        let found = self.find(pool, id).await?.ok_or_else(refused)?;
        let is_over = found.expires_at.is_some_and(|end| end <= Timestamp::now());
        if is_over || constant_time::verify_slices_are_equal(&hash_of(token), &found.hash).is_err() {
            return Err(refused());
        }
        Ok(found)
    }

    /// A token by its id: as it was a moment ago, or as the table says.
    pub async fn find(&self, pool: &Pool, id: Uuid) -> Result<Option<ApiToken>> {
        if let Some((known, at)) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&id)
            && at.elapsed() < BELIEVED
        {
            return Ok(Some(known.clone()));
        }
        // Noted before the table is asked: what it says is believed from then on.
        let now = Instant::now();
        let db = pool.get().await?;
        let Some(found) = find(&db, id).await? else { return Ok(None) };
        touch(&db, id).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, (_, at)| at.elapsed() < BELIEVED);
        }
        if known.len() < MOST {
            known.insert(id, (found.clone(), now));
        }
        Ok(Some(found))
    }

    /// Asks the table again next time.
    pub fn forget(&self, id: Uuid) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

/// A new token with this id, and the hash that goes into the table.
pub fn new_api_token(id: Uuid) -> Result<(String, Vec<u8>)> {
    let mut bytes = [0; 16 + SECRET_BYTES];
    bytes[..16].copy_from_slice(id.as_bytes());
    bytes[16..].copy_from_slice(&random::bytes::<SECRET_BYTES>()?);
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = hash_of(&token);
    Ok((token, hash))
}

/// The id in a token, so that a wrong one costs no search.
fn id_of(token: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (id, secret) = bytes.split_at_checked(16)?;
    (secret.len() == SECRET_BYTES).then(|| Uuid::from_slice(id).ok())?
}

async fn find(db: &impl GenericClient, id: Uuid) -> Result<Option<ApiToken>> {
    query::opt(db, include_str!("../../sql/queries/api_tokens/find.sql"), &[&id]).await
}

/// Notes that a token is in use.
async fn touch(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/api_tokens/touch.sql"), &[&id]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_itself_and_nothing_else_does() {
        let id = Uuid::now_v7();
        let (token, hash) = new_api_token(id).unwrap();
        assert_eq!((id_of(&token), hash_of(&token)), (Some(id), hash));
        for strange in ["", "tl_", "tl_AAAA", &token[3..], &token[..token.len() - 1], &format!("{token}A")] {
            assert_eq!(id_of(strange), None, "{strange}");
        }
    }
}
