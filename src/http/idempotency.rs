//! `Idempotency-Key`: the same request sent twice is done once and answered alike.

use std::borrow::Cow;

use crate::db::{GenericClient, Pool};
use aws_lc_rs::digest;
use poem::http::HeaderMap;
use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromParameter, ParseResult, Type},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    db::query,
    error::{Code, Error, Result},
};

/// The header.
pub const KEY: &str = "Idempotency-Key";

/// The header `Idempotency-Key`: 1 to 255 printable ASCII characters.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(pub String);

impl Type for IdempotencyKey {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let mut schema = MetaSchema::new("string");
        schema.min_length = Some(1);
        schema.max_length = Some(255);
        MetaSchemaRef::Inline(Box::new(schema))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for IdempotencyKey {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        if is_key(value.as_bytes()) { Ok(Self(value.to_owned())) } else { Err(ParseError::custom(WANTED)) }
    }
}

const WANTED: &str = "must be 1 to 255 printable ASCII characters";

fn is_key(value: &[u8]) -> bool {
    (1..=255).contains(&value.len()) && value.iter().all(|byte| (0x20..0x7f).contains(byte))
}

/// What is wrong with the key of a request, if it has one. The framework would take one that is no text for none, and a
/// second one for nothing: the request would be done twice.
pub fn key_fault(headers: &HeaderMap) -> Option<&'static str> {
    let mut keys = headers.get_all(KEY).iter();
    let key = keys.next()?;
    match keys.next() {
        Some(_) => Some("must be given once"),
        None => (!is_key(key.as_bytes())).then_some(WANTED),
    }
}

/// A claim on a key, held by the transaction that does the work. A second request with the same key waits for the
/// first one's transaction and then finds its answer.
pub struct Idempotency<'a> {
    user_id: Uuid,
    path: &'a str,
    key: &'a str,
}

impl<'a> Idempotency<'a> {
    /// Claims `key` for a request; `Err(answer)` in the result is the answer that was given before.
    pub async fn claim<T: DeserializeOwned>(
        db: &impl GenericClient,
        user_id: Uuid,
        path: &'a str,
        key: &'a str,
        request: &impl Serialize,
    ) -> Result<std::result::Result<Self, T>> {
        let hash = hash_of(request)?;
        let sql = include_str!("../../sql/queries/idempotency_keys/claim.sql");
        if query::exec(db, sql, &[&user_id, &path, &key, &hash.as_ref()]).await? == 1 {
            return Ok(Ok(Self { user_id, path, key }));
        }
        let kept = Self::kept(db, user_id, path, key, request).await?;
        kept.map(Err).ok_or_else(|| Error::unavailable("this Idempotency-Key has just been forgotten", 1))
    }

    /// The answer that was given to this request before, if one is kept: for what is asked before the work begins.
    pub async fn kept<T: DeserializeOwned>(
        db: &impl GenericClient,
        user_id: Uuid,
        path: &str,
        key: &str,
        request: &impl Serialize,
    ) -> Result<Option<T>> {
        let sql = include_str!("../../sql/queries/idempotency_keys/find.sql");
        let rows = query::raw(db, sql, &[&user_id, &path, &key]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (known, answer): (Vec<u8>, Value) = (row.try_get("request_hash")?, row.try_get("answer")?);
        if known != hash_of(request)?.as_ref() {
            let detail = "this Idempotency-Key was used for another request";
            return Err(Error::new(Code::IdempotencyKeyReused, detail));
        }
        serde_json::from_value(answer).map(Some).map_err(Error::internal)
    }

    /// Keeps the answer, in the same transaction as the work.
    pub async fn keep(self, db: &impl GenericClient, answer: &impl Serialize) -> Result<()> {
        let answer = serde_json::to_value(answer).map_err(Error::internal)?;
        let sql = include_str!("../../sql/queries/idempotency_keys/keep.sql");
        query::exec(db, sql, &[&self.user_id, &self.path, &self.key, &answer]).await?;
        Ok(())
    }
}

fn hash_of(request: &impl Serialize) -> Result<digest::Digest> {
    let body = serde_json::to_vec(request).map_err(Error::internal)?;
    Ok(digest::digest(&digest::SHA256, &body))
}

/// Removes answers that were given more than a day ago; says how many.
pub async fn sweep(pool: &Pool) -> Result<u64> {
    query::exec_in_pieces(pool, include_str!("../../sql/queries/idempotency_keys/sweep.sql"), &[]).await
}
