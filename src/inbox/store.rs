//! Chats with what is new in them: one function per query file.

use tokio_postgres::Row;
use uuid::Uuid;

use super::api::ListedChat;
use crate::{
    chats::model::{ChatRow, ChatSort},
    db::{FromRow, GenericClient, query},
    error::Result,
    messages::{Message, model::COLUMNS},
};

/// Which part of a list, in which order.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The order.
    pub sort: ChatSort,
    /// How many.
    pub limit: i64,
    /// How many to pass over.
    pub offset: i64,
}

/// A row of a list, with how many rows there are in all.
pub struct ListedRow {
    chat: ChatRow,
    pub total: i64,
    mine: Option<Mine>,
}

struct Mine {
    last_message: Option<Message>,
    unread_count: i64,
    mention_count: i64,
    last_read_seq: i64,
}

impl FromRow for ListedRow {
    fn from_row(row: &Row) -> Result<Self> {
        let is_mine = row.columns().iter().any(|column| column.name() == "last_read_seq");
        let mine = if is_mine {
            let first = row.len() - COLUMNS;
            let has_message = row.try_get::<_, Option<Uuid>>(first)?.is_some();
            Some(Mine {
                last_message: if has_message { Some(Message::from_columns(row, first)?) } else { None },
                unread_count: row.try_get("unread_count")?,
                mention_count: row.try_get("mention_count")?,
                last_read_seq: row.try_get("last_read_seq")?,
            })
        } else {
            None
        };
        Ok(Self { chat: ChatRow::from_row(row)?, total: row.try_get("total")?, mine })
    }
}

impl ListedRow {
    /// The row as clients see it.
    pub fn view(self, public_url: &str) -> ListedChat {
        let mut listed = ListedChat {
            chat: self.chat.view(public_url),
            last_message: None,
            unread_count: None,
            mention_count: None,
            last_read_seq: None,
        };
        if let Some(mine) = self.mine {
            listed.last_message = Some(mine.last_message);
            listed.unread_count = Some(mine.unread_count);
            listed.mention_count = Some(mine.mention_count);
            listed.last_read_seq = Some(mine.last_read_seq);
        }
        listed
    }
}

/// The chats someone is in that match every pattern, in the order that is wanted.
pub async fn list_mine(
    db: &impl GenericClient,
    user_id: Uuid,
    patterns: &[String],
    page: Page,
) -> Result<Vec<ListedRow>> {
    let sql = include_str!("../../sql/queries/inbox/list_mine.sql");
    query::all(db, sql, &[&user_id, &patterns, &page.sort.word(), &page.limit, &page.offset]).await
}

/// How many chats someone is in that match every pattern.
pub async fn count_mine(db: &impl GenericClient, user_id: Uuid, patterns: &[String]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/inbox/count_mine.sql");
    Ok(query::scalar(db, sql, &[&user_id, &patterns]).await?.unwrap_or(0))
}

/// Public chats, in the order that is wanted.
pub async fn list_public(db: &impl GenericClient, page: Page) -> Result<Vec<ListedRow>> {
    let sql = include_str!("../../sql/queries/inbox/list_public.sql");
    query::all(db, sql, &[&page.sort.word(), &page.limit, &page.offset]).await
}

/// How many public chats there are.
pub async fn count_public(db: &impl GenericClient) -> Result<i64> {
    Ok(query::scalar(db, include_str!("../../sql/queries/inbox/count_public.sql"), &[]).await?.unwrap_or(0))
}

/// Public chats that match every pattern, in the order that is wanted; the longest pattern finds them.
pub async fn search_public(
    db: &impl GenericClient,
    longest: &str,
    patterns: &[String],
    page: Page,
) -> Result<Vec<ListedRow>> {
    let sql = include_str!("../../sql/queries/inbox/search_public.sql");
    query::all(db, sql, &[&longest, &patterns, &page.sort.word(), &page.limit, &page.offset]).await
}

/// How many public chats match every pattern.
pub async fn count_search_public(db: &impl GenericClient, longest: &str, patterns: &[String]) -> Result<i64> {
    let sql = include_str!("../../sql/queries/inbox/count_search_public.sql");
    Ok(query::scalar(db, sql, &[&longest, &patterns]).await?.unwrap_or(0))
}
