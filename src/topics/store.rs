//! The tables of topics: one function per query file.

use postgres_types::Json;
use serde_json::Value;

use super::model::{Record, Topic, TopicSort};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
    time::Timestamp,
};

/// Records by their columns.
#[derive(Debug, Default)]
pub struct Columns<'a> {
    /// What each is about.
    pub keys: Vec<Option<&'a str>>,
    /// What each says, as JSON.
    pub values: Vec<Option<Json<&'a Value>>>,
    /// What each says, as bytes.
    pub bytes: Vec<Option<Vec<u8>>>,
}

/// How much is read at once.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// Records.
    pub records: i64,
    /// Bytes; the first record may be larger.
    pub bytes: i64,
}

/// Adds records; the offset of the first.
pub async fn produce(db: &impl GenericClient, topic: &str, new: &Columns<'_>) -> Result<i64> {
    let sql = include_str!("../../sql/queries/topics/produce.sql");
    let first = query::scalar(db, sql, &[&topic, &new.keys, &new.values, &new.bytes]).await?;
    first.ok_or_else(|| crate::error::Error::internal("records without an offset"))
}

/// Records behind an offset.
pub async fn list_after(db: &impl GenericClient, topic: &str, after: i64, most: Most) -> Result<Vec<Record>> {
    let sql = include_str!("../../sql/queries/topics/list_after.sql");
    query::all(db, sql, &[&topic, &after, &most.records, &most.bytes]).await
}

/// When the record at an offset was added, if it is there.
pub async fn added_at(db: &impl GenericClient, topic: &str, offset: i64) -> Result<Option<Timestamp>> {
    query::scalar(db, include_str!("../../sql/queries/topics/added_at.sql"), &[&topic, &offset]).await
}

/// Leases records to a consumer of a group for so many seconds; a new group begins at this offset.
pub async fn lease(
    db: &impl GenericClient,
    topic: &str,
    group: &str,
    most: Most,
    seconds: f64,
    begins: i64,
) -> Result<Vec<Record>> {
    let sql = include_str!("../../sql/queries/topics/lease.sql");
    let records = i32::try_from(most.records).unwrap_or(i32::MAX);
    query::all(db, sql, &[&topic, &group, &records, &most.bytes, &seconds, &begins]).await
}

/// A group has done with these records; how many of them were open.
pub async fn commit(db: &impl GenericClient, topic: &str, group: &str, offsets: &[i64]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/topics/commit.sql");
    Ok(query::scalar(db, sql, &[&topic, &group, &offsets]).await?.unwrap_or(0))
}

/// Whether there is such a group.
pub async fn has_group(db: &impl GenericClient, topic: &str, group: &str) -> Result<bool> {
    let sql = include_str!("../../sql/queries/topics/has_group.sql");
    Ok(query::scalar(db, sql, &[&topic, &group]).await?.unwrap_or(false))
}

/// One topic.
pub async fn find(db: &impl GenericClient, name: &str) -> Result<Option<Topic>> {
    query::opt(db, include_str!("../../sql/queries/topics/find.sql"), &[&name]).await
}

/// Says how long a topic keeps its records, and makes it where it is not there.
pub async fn put(
    db: &impl GenericClient,
    name: &str,
    days: Option<i32>,
    records: Option<i64>,
) -> Result<Topic> {
    query::one(db, include_str!("../../sql/queries/topics/put.sql"), &[&name, &days, &records]).await
}

/// Removes a topic with all its records; says whether it was there.
pub async fn delete(db: &impl GenericClient, name: &str) -> Result<bool> {
    Ok(query::exec(db, include_str!("../../sql/queries/topics/delete.sql"), &[&name]).await? == 1)
}

/// The topics.
pub async fn list(
    db: &impl GenericClient,
    patterns: &[String],
    sort: TopicSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<Topic>> {
    let sql = include_str!("../../sql/queries/topics/list.sql");
    query::rows(db, sql, &[&patterns, &sort.word(), &limit, &offset]).await
}

/// How many topics there are.
pub async fn count(db: &impl GenericClient, patterns: &[String]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/topics/count.sql");
    Ok(query::scalar(db, sql, &[&patterns]).await?.unwrap_or(0))
}

/// The topics that do not keep everything.
pub async fn list_kept(db: &impl GenericClient) -> Result<Vec<String>> {
    let rows = query::raw(db, include_str!("../../sql/queries/topics/list_kept.sql"), &[]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Removes up to `most` records that a topic does not keep; how many.
pub async fn trim(db: &impl GenericClient, topic: &str, most: i32) -> Result<u64> {
    let sql = include_str!("../../sql/queries/topics/trim.sql");
    let removed: Option<i64> = query::scalar(db, sql, &[&topic, &most]).await?;
    Ok(removed.unwrap_or_default().unsigned_abs())
}

/// Removes up to `most` of the oldest records of a topic, whatever it keeps; how many.
pub async fn clear(db: &impl GenericClient, topic: &str, most: i32) -> Result<u64> {
    let sql = include_str!("../../sql/queries/topics/clear.sql");
    let removed: Option<i64> = query::scalar(db, sql, &[&topic, &most]).await?;
    Ok(removed.unwrap_or_default().unsigned_abs())
}
