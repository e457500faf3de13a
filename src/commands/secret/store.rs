//! What `secret rotate` reads and writes: one function per query file.

use uuid::Uuid;

use crate::{
    db::{GenericClient, Transaction, query},
    error::Result,
};

/// What is encrypted, and in which row.
pub type Sealed = Vec<(Uuid, Vec<u8>)>;

/// The same values, in the order of their ids: as they were read, and in another key.
pub struct Resealed {
    pub ids: Vec<Uuid>,
    pub read: Vec<Vec<u8>>,
    pub values: Vec<Vec<u8>>,
}

/// An answer that is kept.
pub struct Answer {
    pub user_id: Uuid,
    pub path: String,
    pub key: String,
    pub sealed: String,
}

/// Begins a transaction in which nothing changes for anybody.
pub async fn begin(db: &Transaction<'_>) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/secrets/begin.sql"), &[]).await.map(drop)
}

/// The next contacts in another key than the one that is marked so.
pub async fn list_contacts(db: &impl GenericClient, after: Uuid, mark: &[u8], limit: i64) -> Result<Sealed> {
    let sql = include_str!("../../../sql/queries/secrets/list_contacts.sql");
    query::pairs(db, sql, &[&after, &mark, &limit]).await
}

/// The next secrets of webhooks.
pub async fn list_webhooks(db: &impl GenericClient, after: Uuid, mark: &[u8], limit: i64) -> Result<Sealed> {
    let sql = include_str!("../../../sql/queries/secrets/list_webhooks.sql");
    query::pairs(db, sql, &[&after, &mark, &limit]).await
}

/// The next keys for passwords.
pub async fn list_login_keys(
    db: &impl GenericClient,
    after: Uuid,
    mark: &[u8],
    limit: i64,
) -> Result<Sealed> {
    let sql = include_str!("../../../sql/queries/secrets/list_login_keys.sql");
    query::pairs(db, sql, &[&after, &mark, &limit]).await
}

/// The key for push services, if it is in another key.
pub async fn list_push_keys(db: &impl GenericClient, after: Uuid, mark: &[u8], limit: i64) -> Result<Sealed> {
    let sql = include_str!("../../../sql/queries/secrets/list_push_keys.sql");
    query::pairs(db, sql, &[&after, &mark, &limit]).await
}

/// The next devices; their ids are those that they are encrypted for.
pub async fn list_push_subscriptions(
    db: &impl GenericClient,
    after: Uuid,
    mark: &[u8],
    limit: i64,
) -> Result<Sealed> {
    let sql = include_str!("../../../sql/queries/secrets/list_push_subscriptions.sql");
    query::pairs(db, sql, &[&after, &mark, &limit]).await
}

/// Replaces contacts; says how many.
pub async fn reseal_contacts(db: &impl GenericClient, all: &Resealed) -> Result<u64> {
    let sql = include_str!("../../../sql/queries/secrets/reseal_contacts.sql");
    query::exec(db, sql, &[&all.ids, &all.read, &all.values]).await
}

/// Replaces secrets of webhooks; says how many.
pub async fn reseal_webhooks(db: &impl GenericClient, all: &Resealed) -> Result<u64> {
    let sql = include_str!("../../../sql/queries/secrets/reseal_webhooks.sql");
    query::exec(db, sql, &[&all.ids, &all.read, &all.values]).await
}

/// Replaces keys for passwords; says how many.
pub async fn reseal_login_keys(db: &impl GenericClient, all: &Resealed) -> Result<u64> {
    let sql = include_str!("../../../sql/queries/secrets/reseal_login_keys.sql");
    query::exec(db, sql, &[&all.ids, &all.read, &all.values]).await
}

/// Replaces the key for push services; says whether.
pub async fn reseal_push_keys(db: &impl GenericClient, all: &Resealed) -> Result<u64> {
    let sql = include_str!("../../../sql/queries/secrets/reseal_push_keys.sql");
    query::exec(db, sql, &[&all.ids, &all.read, &all.values]).await
}

/// Replaces devices; says how many.
pub async fn reseal_push_subscriptions(db: &impl GenericClient, all: &Resealed) -> Result<u64> {
    let sql = include_str!("../../../sql/queries/secrets/reseal_push_subscriptions.sql");
    query::exec(db, sql, &[&all.ids, &all.read, &all.values]).await
}

/// The next answers, encrypted with whichever key.
pub async fn list_answers(
    db: &impl GenericClient,
    after: (Uuid, &str, &str),
    limit: i64,
) -> Result<Vec<Answer>> {
    let sql = include_str!("../../../sql/queries/secrets/list_answers.sql");
    let rows = query::raw(db, sql, &[&after.0, &after.1, &after.2, &limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Answer {
                user_id: row.try_get("user_id")?,
                path: row.try_get("path")?,
                key: row.try_get("key")?,
                sealed: row.try_get("answer")?,
            })
        })
        .collect()
}

/// Replaces an answer; says whether it was still the same.
pub async fn reseal_answer(db: &impl GenericClient, answer: &Answer, value: &str) -> Result<bool> {
    let sql = include_str!("../../../sql/queries/secrets/reseal_answer.sql");
    let Answer { user_id, path, key, sealed } = answer;
    Ok(query::exec(db, sql, &[user_id, path, key, sealed, &value]).await? == 1)
}
