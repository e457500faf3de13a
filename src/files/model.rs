//! The shapes of a file.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{db::FromRow, error::Result};

/// Something that was uploaded.
#[derive(Debug, Clone, PartialEq, Object, Serialize, Deserialize)]
#[oai(example)]
#[oai(rename = "Upload")]
pub struct File {
    /// Which file it is, for ever.
    pub id: Uuid,
    /// Where it is fetched, by those who may.
    pub url: String,
    /// What it was called where it came from, without folders and what cannot be seen.
    pub name: String,
    /// What its bytes are; `application/octet-stream` for what is not known here, or what a browser would run.
    pub content_type: String,
    /// How many bytes it has.
    pub size: i64,
    /// How wide a picture is shown, in pixels; null for what is none.
    pub width: Option<i32>,
    /// How high a picture is shown, in pixels; null for what is none.
    pub height: Option<i32>,
    /// Where a small picture of it, of at most 320 pixels each way, is fetched; null for what is no picture.
    pub thumbnail_url: Option<String>,
}

impl Example for File {
    fn example() -> Self {
        let row = FileRow {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0004),
            name: "harbour.jpg".into(),
            content_type: "image/jpeg".into(),
            size: 482_113,
            width: Some(1600),
            height: Some(1200),
            thumbnail_type: Some("image/jpeg".into()),
        };
        row.view("https://chat.example.com")
    }
}

/// A file as the tables have it.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct FileRow {
    pub id: Uuid,
    pub name: String,
    pub content_type: String,
    pub size: i64,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub thumbnail_type: Option<String>,
}

impl FromRow for FileRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            content_type: row.try_get("content_type")?,
            size: row.try_get("size")?,
            width: row.try_get("width")?,
            height: row.try_get("height")?,
            thumbnail_type: row.try_get("thumbnail_type")?,
        })
    }
}

impl FileRow {
    /// The file as clients see it.
    pub fn view(self, public_url: &str) -> File {
        let url = format!("{public_url}/api/v1/files/{}", self.id);
        File {
            id: self.id,
            thumbnail_url: self.thumbnail_type.map(|_| format!("{url}/thumbnail")),
            url,
            name: self.name,
            content_type: self.content_type,
            size: self.size,
            width: self.width,
            height: self.height,
        }
    }
}

/// A file with what decides who may fetch it.
pub struct StoredFile {
    /// The file.
    pub file: FileRow,
    /// How many bytes its thumbnail has.
    pub thumbnail_size: Option<i32>,
    /// Who uploaded it; `None` when they are gone.
    pub owner_id: Option<Uuid>,
    /// The chat of the message it is attached to.
    pub chat_id: Option<Uuid>,
}

impl FromRow for StoredFile {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            file: FileRow::from_row(row)?,
            thumbnail_size: row.try_get("thumbnail_size")?,
            owner_id: row.try_get("owner_id")?,
            chat_id: row.try_get("chat_id")?,
        })
    }
}

/// Where the bytes of a file lie. In many folders, each of which stays small.
pub fn key(id: Uuid) -> String {
    format!("uploads/{:02x}/{id}", id.as_bytes()[15])
}

/// Where its thumbnail lies.
pub fn thumbnail_key(id: Uuid) -> String {
    format!("{}.thumbnail", key(id))
}
