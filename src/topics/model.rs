//! The shapes of topics and their records.

use base64::{Engine, engine::general_purpose::STANDARD};
use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Row;

use crate::{db::FromRow, error::Result, http::sorts, time::Timestamp};

sorts! {
    /// The order of topics.
    TopicSort {
        #[default]
        Name = "name",
        NameDescending = "-name",
        Oldest = "created_at",
        Newest = "-created_at",
    }
}

/// How long a topic keeps its records.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "TopicRetention")]
pub struct Retention {
    /// Records older than so many days are removed, 1 to 36,500; null for never.
    #[oai(validator(minimum(value = "1"), maximum(value = "36500")))]
    pub retention_days: Option<i32>,
    /// So many records are kept; null for all.
    #[oai(validator(minimum(value = "1")))]
    pub retention_records: Option<i64>,
}

/// A topic.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Topic {
    /// What it is called.
    pub name: String,
    /// The oldest record that is kept.
    pub first_offset: i64,
    /// The latest record; 0 before the first.
    pub last_offset: i64,
    /// Records older than so many days are removed; null for never.
    pub retention_days: Option<i32>,
    /// So many records are kept; null for all.
    pub retention_records: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A record to add: with a `value`, or with bytes.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "NewTopicRecord")]
pub struct NewRecord {
    /// What it is about, up to 1,024 characters; may be left out.
    #[oai(validator(max_length = 1024))]
    pub key: Option<String>,
    /// What it says, as JSON of any kind; left out where it is bytes.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What it says, as bytes in base64; left out where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_base64: Option<String>,
}

/// Records to add.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "NewTopicRecords")]
pub struct NewRecords {
    /// 1 to 10,000 records, in their order.
    pub records: Vec<NewRecord>,
}

/// Where records were added.
#[derive(Debug, Clone, Copy, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "ProducedRecords")]
pub struct Produced {
    /// The offset of the first.
    pub first_offset: i64,
    /// The offset of the last.
    pub last_offset: i64,
}

/// A record.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "TopicRecord")]
pub struct Record {
    /// Its place: 1, 2, 3 … without a gap.
    pub offset: i64,
    /// What it is about; null for nothing.
    pub key: Option<String>,
    /// What it says, as JSON; absent where it is bytes.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What it says, as bytes in base64; absent where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_base64: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// Records, in the order of their offsets.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(rename = "TopicRecords")]
pub struct Records {
    /// The records; empty when there are none.
    pub items: Vec<Record>,
}

/// What a group has done with.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "TopicCommit")]
pub struct Commit {
    /// The group.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub group: String,
    /// The offsets of the records, up to 10,000.
    pub offsets: Vec<i64>,
}

/// `null` that stands there is a value.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl FromRow for Topic {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            name: row.try_get("name")?,
            first_offset: row.try_get("first_offset")?,
            last_offset: row.try_get("last_offset")?,
            retention_days: row.try_get("retention_days")?,
            retention_records: row.try_get("retention_records")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

impl FromRow for Record {
    fn from_row(row: &Row) -> Result<Self> {
        let bytes: Option<&[u8]> = row.try_get("value_bytes")?;
        Ok(Self {
            offset: row.try_get("record_offset")?,
            key: row.try_get("key")?,
            value: row.try_get("value")?,
            value_base64: bytes.map(|bytes| STANDARD.encode(bytes)),
            created_at: row.try_get("created_at")?,
        })
    }
}

impl Example for Retention {
    fn example() -> Self {
        Self { retention_days: Some(30), retention_records: None }
    }
}

impl Example for Topic {
    fn example() -> Self {
        Self {
            name: "orders".into(),
            first_offset: 1,
            last_offset: 2,
            retention_days: Some(30),
            retention_records: None,
            created_at: Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default()),
        }
    }
}

impl Example for NewRecord {
    fn example() -> Self {
        let value = json!({"order": 4711, "state": "paid"});
        Self { key: Some("order-4711".into()), value: Some(value), value_base64: None }
    }
}

impl Example for NewRecords {
    fn example() -> Self {
        Self { records: vec![NewRecord::example()] }
    }
}

impl Example for Produced {
    fn example() -> Self {
        Self { first_offset: 1, last_offset: 1 }
    }
}

impl Example for Record {
    fn example() -> Self {
        let NewRecord { key, value, value_base64 } = NewRecord::example();
        Self { offset: 1, key, value, value_base64, created_at: Topic::example().created_at }
    }
}

impl Example for Commit {
    fn example() -> Self {
        Self { group: "billing".into(), offsets: vec![1] }
    }
}
