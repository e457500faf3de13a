//! What `verify` asks: one function per query file. Each answer is one snapshot, and a piece of bounded size.

use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::{FromRow, GenericClient, query},
    error::Result,
};

/// How much there is to walk.
pub struct Count {
    /// The chats.
    pub chats: i64,
    /// The entries of their logs.
    pub entries: i64,
}

impl FromRow for Count {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { chats: row.try_get("chats")?, entries: row.try_get("entries")? })
    }
}

/// What the row of a chat says, and what the tables hold.
pub struct Head {
    pub id: Uuid,
    pub title: Option<String>,
    pub first_seq: i64,
    pub last_seq: i64,
    pub message_count: i64,
    pub member_count: i64,
    pub lowest: Option<i64>,
    pub highest: Option<i64>,
    pub members: i64,
    pub reads_beyond: i64,
    pub lacks_creator: bool,
    pub searched: Option<i64>,
    pub delivered: Option<i64>,
}

impl FromRow for Head {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            title: row.try_get("title")?,
            first_seq: row.try_get("first_seq")?,
            last_seq: row.try_get("last_seq")?,
            message_count: row.try_get("message_count")?,
            member_count: row.try_get("member_count")?,
            lowest: row.try_get("lowest")?,
            highest: row.try_get("highest")?,
            members: row.try_get("members")?,
            reads_beyond: row.try_get("reads_beyond")?,
            lacks_creator: row.try_get("lacks_creator")?,
            searched: row.try_get("searched")?,
            delivered: row.try_get("delivered")?,
        })
    }
}

/// A piece of a log.
pub struct Piece {
    pub entries: i64,
    pub up_to: Option<i64>,
    pub messages: i64,
    pub gap_after: Option<i64>,
    pub names_nothing: Option<i64>,
    pub lacks_files: Option<i64>,
}

impl FromRow for Piece {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            entries: row.try_get("entries")?,
            up_to: row.try_get("up_to")?,
            messages: row.try_get("messages")?,
            gap_after: row.try_get("gap_after")?,
            names_nothing: row.try_get("names_nothing")?,
            lacks_files: row.try_get("lacks_files")?,
        })
    }
}

/// A piece of what refers to the messages of a chat.
pub struct Dangling {
    /// The last message of the piece; `None` at the end.
    pub up_to: Option<Uuid>,
    /// A message that something refers to and that is not there: a dangling reference.
    pub lost: Option<Uuid>,
}

impl FromRow for Dangling {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { up_to: row.try_get("up_to")?, lost: row.try_get("lost")? })
    }
}

/// What the row of an event says, and what the tables hold.
pub struct EventCounts {
    pub id: Uuid,
    pub name: String,
    pub tickets_sold: i32,
    pub tickets_held: i32,
    pub sold: i32,
    pub held: i32,
    pub waits_in_vain: bool,
    pub comment_count: i32,
    pub comments: i32,
}

impl FromRow for EventCounts {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            tickets_sold: row.try_get("tickets_sold")?,
            tickets_held: row.try_get("tickets_held")?,
            sold: row.try_get("sold")?,
            held: row.try_get("held")?,
            waits_in_vain: row.try_get("waits_in_vain")?,
            comment_count: row.try_get("comment_count")?,
            comments: row.try_get("comments")?,
        })
    }
}

/// What the row of a post says, and what the table of comments holds.
pub struct PostCounts {
    pub id: Uuid,
    pub title: String,
    pub comment_count: i32,
    pub comments: i32,
}

impl FromRow for PostCounts {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            title: row.try_get("title")?,
            comment_count: row.try_get("comment_count")?,
            comments: row.try_get("comments")?,
        })
    }
}

/// What is counted of somebody's notifications, and what the table holds.
pub struct PersonCounts {
    pub user_id: Uuid,
    pub last_seq: i64,
    pub held: i64,
    pub unread: i64,
    pub real_held: i64,
    pub real_unread: i64,
    pub highest: i64,
    pub unnumbered: i64,
}

impl FromRow for PersonCounts {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            user_id: row.try_get("user_id")?,
            last_seq: row.try_get("last_seq")?,
            held: row.try_get("held")?,
            unread: row.try_get("unread")?,
            real_held: row.try_get("real_held")?,
            real_unread: row.try_get("real_unread")?,
            highest: row.try_get("highest")?,
            unnumbered: row.try_get("unnumbered")?,
        })
    }
}

/// The next posts after this one.
pub async fn posts(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<PostCounts>> {
    query::all(db, include_str!("../../../sql/queries/verify/posts.sql"), &[&after, &limit]).await
}

/// The next people after this one of whose notifications there is a count.
pub async fn people(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<PersonCounts>> {
    query::all(db, include_str!("../../../sql/queries/verify/people.sql"), &[&after, &limit]).await
}

/// The next people who have notifications, each with whether they are counted.
pub async fn uncounted(db: &impl GenericClient, after: Uuid, limit: i32) -> Result<Vec<(Uuid, bool)>> {
    query::pairs(db, include_str!("../../../sql/queries/verify/uncounted.sql"), &[&after, &limit]).await
}

/// The next events after this one.
pub async fn events(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<EventCounts>> {
    query::all(db, include_str!("../../../sql/queries/verify/events.sql"), &[&after, &limit]).await
}

/// How much there is to walk.
pub async fn count(db: &impl GenericClient) -> Result<Count> {
    query::one(db, include_str!("../../../sql/queries/verify/count.sql"), &[]).await
}

/// The next chats after this one.
pub async fn heads(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<Head>> {
    query::all(db, include_str!("../../../sql/queries/verify/heads.sql"), &[&after, &limit]).await
}

/// Where the log of a chat begins now; `None` when the chat is gone.
pub async fn head(db: &impl GenericClient, id: Uuid) -> Result<Option<i64>> {
    query::scalar(db, include_str!("../../../sql/queries/verify/head.sql"), &[&id]).await
}

/// The next entries of a log, which begins at `first_seq`.
pub async fn entries(
    db: &impl GenericClient,
    id: Uuid,
    after: i64,
    up_to: i64,
    limit: i64,
    first_seq: i64,
) -> Result<Piece> {
    let sql = include_str!("../../../sql/queries/verify/entries.sql");
    query::one(db, sql, &[&id, &after, &up_to, &limit, &first_seq]).await
}

/// The next reactions of a chat.
pub async fn reactions(db: &impl GenericClient, id: Uuid, after: Uuid, limit: i64) -> Result<Dangling> {
    query::one(db, include_str!("../../../sql/queries/verify/reactions.sql"), &[&id, &after, &limit]).await
}

/// The next pins of a chat.
pub async fn pins(db: &impl GenericClient, id: Uuid, after: Uuid, limit: i64) -> Result<Dangling> {
    query::one(db, include_str!("../../../sql/queries/verify/pins.sql"), &[&id, &after, &limit]).await
}

/// The next attached files of a chat.
pub async fn files(db: &impl GenericClient, id: Uuid, after: Uuid, limit: i64) -> Result<Dangling> {
    query::one(db, include_str!("../../../sql/queries/verify/files.sql"), &[&id, &after, &limit]).await
}

/// The next chats that have a log, each with whether it is there.
pub async fn lost(db: &impl GenericClient, after: Uuid, limit: i32) -> Result<Vec<(Uuid, bool)>> {
    query::pairs(db, include_str!("../../../sql/queries/verify/lost.sql"), &[&after, &limit]).await
}
