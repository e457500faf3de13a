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

/// A text as searches compare it.
pub async fn fold(db: &impl GenericClient, text: &str) -> Result<String> {
    let sql = include_str!("../../../sql/queries/search_blocks/fold.sql");
    Ok(query::scalar(db, sql, &[&text]).await?.unwrap_or_default())
}

/// Chats whose blocks do not go far enough, in the order of their ids.
pub async fn list_behind(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../../sql/queries/search_blocks/list_behind.sql"), &[&after, &limit])
        .await
}

/// Lays out blocks as far as the logs of these chats go.
pub async fn grow(db: &impl GenericClient, chat_ids: &[Uuid]) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/search_blocks/grow.sql"), &[&chat_ids]).await?;
    Ok(())
}

/// Blocks that are to be written, held until the transaction ends.
pub async fn take_stale(db: &impl GenericClient, limit: i64) -> Result<Vec<(Uuid, i64)>> {
    query::pairs(db, include_str!("../../../sql/queries/search_blocks/take_stale.sql"), &[&limit]).await
}

/// A block, and what stands in it as searches compare it.
pub struct Block {
    /// The chat.
    pub chat_id: Uuid,
    /// Which of its blocks.
    pub block: i64,
    /// The contents of its messages.
    pub contents: Vec<String>,
}

impl FromRow for Block {
    fn from_row(row: &Row) -> Result<Self> {
        let (chat_id, block) = (row.try_get("chat_id")?, row.try_get("block")?);
        Ok(Self { chat_id, block, contents: row.try_get("contents")? })
    }
}

/// What stands in blocks.
pub async fn contents(db: &impl GenericClient, blocks: &[(Uuid, i64)]) -> Result<Vec<Block>> {
    let (chat_ids, blocks): (Vec<_>, Vec<_>) = blocks.iter().copied().unzip();
    query::all(db, include_str!("../../../sql/queries/search_blocks/contents.sql"), &[&chat_ids, &blocks])
        .await
}

/// Writes what occurs in a block.
pub async fn write(db: &impl GenericClient, chat_id: Uuid, block: i64, grams: &[i32]) -> Result<()> {
    let sql = include_str!("../../../sql/queries/search_blocks/write.sql");
    query::exec(db, sql, &[&chat_id, &block, &grams]).await?;
    Ok(())
}
