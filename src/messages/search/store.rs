//! The tables `search_blocks` and `search_heads`, and what is found with them: one function per query file.

use tokio_postgres::Row;
use uuid::Uuid;

use super::{Filter, Kind, Words};
use crate::{
    db::{
        FromRow, GenericClient,
        query::{self, Rows},
    },
    error::Result,
    http::Wanted,
    messages::{
        model::{COLUMNS, MessageRow},
        service::Window,
    },
};

/// How many places of a log a block has; the statements and triggers know it too.
pub const BLOCK: i64 = 128;

/// A row of what was found: a message, if there is one, and how many there are in all.
pub struct Found {
    /// The message.
    pub message: Option<MessageRow>,
    /// How many match.
    pub total: i64,
}

impl FromRow for Found {
    fn from_row(row: &Row) -> Result<Self> {
        let is_message = row.try_get::<_, Option<Uuid>>(0)?.is_some();
        Ok(Self {
            message: is_message.then(|| MessageRow::from_columns(row, 0)).transpose()?,
            total: row.try_get(COLUMNS)?,
        })
    }
}

/// What matches in one chat.
pub async fn search(
    db: &impl GenericClient,
    chat_id: Uuid,
    words: &Words,
    filter: &Filter,
    window: Window,
    sort: &str,
    wanted: &Wanted,
) -> Result<Rows<Found>> {
    let (mut before, mut after, mut around) = (None, None, None);
    match window {
        Window::Latest => {}
        Window::Before(seq) => before = Some(seq),
        Window::After(seq) => after = Some(seq),
        Window::Around(seq) => around = Some(seq),
    }
    let sql = include_str!("../../../sql/queries/messages/search.sql");
    let kind = filter.kind.map(Kind::as_column);
    query::rows(
        db,
        sql,
        &[
            &chat_id,
            &words.grams,
            &words.patterns,
            &filter.sender_id,
            &kind,
            &filter.from,
            &filter.to,
            &before,
            &after,
            &around,
            &sort,
            &wanted.limit(),
            &wanted.offset(),
        ],
    )
    .await
}

/// What matches in any chat someone may read.
pub async fn search_all(
    db: &impl GenericClient,
    user_id: Uuid,
    words: &Words,
    filter: &Filter,
    sort: &str,
    wanted: &Wanted,
) -> Result<Rows<Found>> {
    let sql = include_str!("../../../sql/queries/messages/search_all.sql");
    let kind = filter.kind.map(Kind::as_column);
    query::rows(
        db,
        sql,
        &[
            &user_id,
            &words.grams,
            &words.patterns,
            &filter.sender_id,
            &kind,
            &filter.from,
            &filter.to,
            &sort,
            &wanted.limit(),
            &wanted.offset(),
        ],
    )
    .await
}

/// Texts in lower case, as the database has it.
pub async fn fold(db: &impl GenericClient, texts: &[&str]) -> Result<Vec<String>> {
    let sql = include_str!("../../../sql/queries/search_blocks/fold.sql");
    Ok(query::scalar(db, sql, &[&texts]).await?.unwrap_or_default())
}

/// Chats whose blocks do not go far enough.
pub async fn list_behind(db: &impl GenericClient, limit: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../../sql/queries/search_blocks/list_behind.sql"), &[&limit]).await
}

/// Blocks that must be written anew.
pub async fn list_stale(db: &impl GenericClient, limit: i64) -> Result<Vec<(Uuid, i64)>> {
    query::pairs(db, include_str!("../../../sql/queries/search_blocks/list_stale.sql"), &[&limit]).await
}

/// How far the blocks of a chat go, and its log; nothing when the chat is gone.
pub async fn head(db: &impl GenericClient, chat_id: Uuid) -> Result<Option<(i64, i64)>> {
    let sql = include_str!("../../../sql/queries/search_blocks/head.sql");
    Ok(query::pairs(db, sql, &[&chat_id]).await?.pop())
}

/// What stands in a block, in lower case.
pub async fn contents(db: &impl GenericClient, chat_id: Uuid, block: i64) -> Result<Vec<String>> {
    let sql = include_str!("../../../sql/queries/search_blocks/contents.sql");
    Ok(query::scalar(db, sql, &[&chat_id, &block]).await?.unwrap_or_default())
}

/// Writes a block, or writes it anew.
pub async fn put(db: &impl GenericClient, chat_id: Uuid, block: i64, grams: &[i32]) -> Result<()> {
    let sql = include_str!("../../../sql/queries/search_blocks/put.sql");
    query::exec(db, sql, &[&chat_id, &block, &grams]).await?;
    Ok(())
}

/// Says how far the blocks of a chat go.
pub async fn put_head(db: &impl GenericClient, chat_id: Uuid, seq: i64) -> Result<()> {
    let sql = include_str!("../../../sql/queries/search_blocks/put_head.sql");
    query::exec(db, sql, &[&chat_id, &seq]).await?;
    Ok(())
}
