//! The tables `search_runs` and `search_ends`, and what is found with them: one function per query file.

use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    Filter, Hit, Kind, Words,
    direction::{Direction, Places},
};
use crate::{
    db::{
        FromRow, GenericClient,
        query::{self, Params, Rows},
    },
    error::Result,
    messages::model::MessageRow,
    time::Timestamp,
};

/// How far the index of a chat goes, and where its log begins and ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct End {
    /// The last entry that the index holds.
    pub known_to: i64,
    /// The first entry of the log.
    pub first_seq: i64,
    /// The last one.
    pub last_seq: i64,
}

impl FromRow for End {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            known_to: row.try_get("known_to")?,
            first_seq: row.try_get("first_seq")?,
            last_seq: row.try_get("last_seq")?,
        })
    }
}

/// A part of the index: the beginnings of all chats on a day, or a segment of a long chat. Times are microseconds since 1970.
pub struct Part {
    pub chat_id: Option<Uuid>,
    pub part: i64,
    pub since: i64,
    pub until: i64,
}

impl FromRow for Part {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            part: row.try_get("part")?,
            since: row.try_get("since")?,
            until: row.try_get("until")?,
        })
    }
}

/// A run that may hold what is looked for. Times are microseconds since 1970.
pub struct Run {
    pub chat_id: Uuid,
    pub run: i64,
    pub since: i64,
    pub until: i64,
}

impl FromRow for Run {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            run: row.try_get("run")?,
            since: row.try_get::<_, Option<i64>>("since")?.unwrap_or(i64::MIN),
            until: row.try_get::<_, Option<i64>>("until")?.unwrap_or(i64::MAX),
        })
    }
}

/// Places of a chat.
pub struct Place {
    pub chat_id: Uuid,
    pub after: i64,
    pub up_to: i64,
}

impl FromRow for Place {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            after: row.try_get("after")?,
            up_to: row.try_get("up_to")?,
        })
    }
}

/// What the index is to hold of a run.
pub struct Held {
    pub chat_id: Uuid,
    pub run: i64,
    pub contents: Vec<String>,
    pub speakers: Vec<Uuid>,
    pub mentioned: Vec<i32>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub day: Option<i32>,
    /// What its hashes begin with.
    pub salt: i32,
}

impl FromRow for Held {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            run: row.try_get("run")?,
            contents: row.try_get("contents")?,
            speakers: row.try_get("speakers")?,
            mentioned: row.try_get("mentioned")?,
            since: row.try_get("since")?,
            until: row.try_get("until")?,
            day: row.try_get("day")?,
            salt: row.try_get("salt")?,
        })
    }
}

/// Begins a search: whatever it asks from here on is of one moment.
pub async fn begin(db: &impl GenericClient) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/search_runs/begin.sql"), &[]).await?;
    Ok(())
}

/// From here on in this transaction only indexes are looked into.
pub async fn plan(db: &impl GenericClient) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/search_runs/plan.sql"), &[]).await?;
    Ok(())
}

/// From here on in this transaction rows are read in the order of an index, and not sorted.
pub async fn plan_download(db: &impl GenericClient) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/search_runs/plan_download.sql"), &[]).await?;
    Ok(())
}

/// Everything that matches between two places of a chat, in this direction, by reading all of it.
pub async fn download(
    db: &impl GenericClient,
    chat_id: Uuid,
    places: Places,
    words: &Words,
    filter: &Filter,
    direction: Direction,
) -> Result<Rows<MessageRow>> {
    let kind = filter.kind.map(Kind::as_column);
    let Filter { sender_id, from, to, .. } = filter;
    let Places { after, up_to } = places;
    let params: Params<'_> = &[&chat_id, &after, &up_to, &words.patterns, sender_id, &kind, from, to];
    match direction {
        Direction::Descending => {
            query::rows(db, include_str!("../../../sql/queries/messages/download.sql"), params).await
        }
        Direction::Ascending => {
            query::rows(db, include_str!("../../../sql/queries/messages/download_oldest.sql"), params).await
        }
    }
}

/// How many messages between two places of a chat fit, whatever they say.
pub async fn count_in(
    db: &impl GenericClient,
    chat_id: Uuid,
    places: Places,
    filter: &Filter,
) -> Result<i64> {
    let sql = include_str!("../../../sql/queries/messages/count_in.sql");
    let kind = filter.kind.map(Kind::as_column);
    let Filter { sender_id, from, to, .. } = filter;
    let Places { after, up_to } = places;
    let count = query::scalar(db, sql, &[&chat_id, &after, &up_to, sender_id, &kind, from, to]).await?;
    Ok(count.unwrap_or(0))
}

/// The pieces of 2,048 runs of a chat, as far as the index goes, in which something may have been said between two times.
pub async fn list_pieces(
    db: &impl GenericClient,
    chat_id: Uuid,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<Vec<i64>> {
    let sql = include_str!("../../../sql/queries/search_runs/list_pieces.sql");
    let rows = query::raw(db, sql, &[&chat_id, &from, &to]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Everything that matches in any chat someone may read, by reading all of it.
pub async fn search_all(
    db: &impl GenericClient,
    user_id: Uuid,
    words: &Words,
    filter: &Filter,
    sort: &str,
) -> Result<Rows<MessageRow>> {
    let sql = include_str!("../../../sql/queries/messages/search_all.sql");
    let kind = filter.kind.map(Kind::as_column);
    let Filter { sender_id, from, to, .. } = filter;
    query::rows(db, sql, &[&user_id, &words.patterns, sender_id, &kind, from, to, &sort]).await
}

/// Where messages match among these places of a chat, which do not overlap, in this direction.
pub async fn match_in_chat(
    db: &impl GenericClient,
    chat_id: Uuid,
    places: &[Places],
    words: &Words,
    filter: &Filter,
    direction: Direction,
) -> Result<Vec<i64>> {
    let sql = include_str!("../../../sql/queries/messages/match.sql");
    let (after, up_to): (Vec<_>, Vec<_>) = places.iter().map(|places| (places.after, places.up_to)).unzip();
    let kind = filter.kind.map(Kind::as_column);
    let Filter { sender_id, from, to, .. } = filter;
    let (patterns, longest, sign) = (&words.patterns, &words.longest, direction.sign());
    let parameters: Params<'_> =
        &[&chat_id, &after, &up_to, patterns, sender_id, &kind, from, to, &sign, longest];
    let rows = query::raw(db, sql, parameters).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// What matches among these places.
pub async fn match_in_all(
    db: &impl GenericClient,
    places: &[Place],
    words: &Words,
    filter: &Filter,
) -> Result<Vec<Hit>> {
    let sql = include_str!("../../../sql/queries/messages/match_in.sql");
    let chat_ids: Vec<_> = places.iter().map(|place| place.chat_id).collect();
    let (after, up_to): (Vec<_>, Vec<_>) = places.iter().map(|place| (place.after, place.up_to)).unzip();
    let kind = filter.kind.map(Kind::as_column);
    let Filter { sender_id, from, to, .. } = filter;
    let (patterns, longest) = (&words.patterns, &words.longest);
    let parameters: Params<'_> = &[&chat_ids, &after, &up_to, patterns, sender_id, &kind, from, to, longest];
    let rows = query::raw(db, sql, parameters).await?;
    rows.iter()
        .map(|row| {
            Ok((row.try_get("created_at")?, row.try_get("id")?, row.try_get("chat_id")?, row.try_get("seq")?))
        })
        .collect()
}

/// The messages at these places, in this order.
pub async fn list_found(db: &impl GenericClient, chat_ids: &[Uuid], seqs: &[i64]) -> Result<Vec<MessageRow>> {
    query::all(db, include_str!("../../../sql/queries/messages/list_found.sql"), &[&chat_ids, &seqs]).await
}

/// How far the index of a chat goes.
pub async fn end(db: &impl GenericClient, chat_id: Uuid) -> Result<End> {
    let end = query::opt(db, include_str!("../../../sql/queries/search_runs/end.sql"), &[&chat_id]).await?;
    Ok(end.unwrap_or_default())
}

/// Runs of a chat, from one to another, in which the grams may stand.
pub async fn list_likely(
    db: &impl GenericClient,
    chat_id: Uuid,
    (first, last): (i64, i64),
    grams: &[i32],
    direction: Direction,
) -> Result<Vec<i64>> {
    let sql = include_str!("../../../sql/queries/search_runs/list_likely.sql");
    let rows = query::raw(db, sql, &[&chat_id, &first, &last, &grams, &direction.sign()]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The parts of the index in which something stands that someone may read.
pub async fn list_parts(db: &impl GenericClient, user_id: Uuid) -> Result<Vec<Part>> {
    query::all(db, include_str!("../../../sql/queries/search_runs/list_parts.sql"), &[&user_id]).await
}

/// Runs of these parts in which the grams may stand, and which someone may read.
pub async fn list_likely_in(
    db: &impl GenericClient,
    user_id: Uuid,
    parts: &[Part],
    grams: &[i32],
) -> Result<Vec<Run>> {
    let sql = include_str!("../../../sql/queries/search_runs/list_likely_in.sql");
    let (chat_ids, numbers): (Vec<_>, Vec<_>) = parts.iter().map(|part| (part.chat_id, part.part)).unzip();
    query::all(db, sql, &[&user_id, &chat_ids, &numbers, &grams]).await
}

/// Places that someone may read and the index knows nothing of.
pub async fn list_unknown(db: &impl GenericClient, user_id: Uuid) -> Result<Vec<Place>> {
    query::all(db, include_str!("../../../sql/queries/search_runs/list_unknown.sql"), &[&user_id]).await
}

/// A text as searches compare it.
pub async fn fold(db: &impl GenericClient, text: &str) -> Result<String> {
    let sql = include_str!("../../../sql/queries/search_runs/fold.sql");
    Ok(query::scalar(db, sql, &[&text]).await?.unwrap_or_default())
}

/// Chats whose runs do not go far enough, in the order of their ids.
pub async fn list_behind(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../../sql/queries/search_runs/list_behind.sql"), &[&after, &limit]).await
}

/// Lays out runs as far as the logs of these chats go.
pub async fn grow(db: &impl GenericClient, chat_ids: &[Uuid]) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/search_runs/grow.sql"), &[&chat_ids]).await?;
    Ok(())
}

/// Runs that are to be written, held until the transaction ends.
pub async fn take_stale(db: &impl GenericClient, limit: i64) -> Result<Vec<(Uuid, i64)>> {
    query::pairs(db, include_str!("../../../sql/queries/search_runs/take_stale.sql"), &[&limit]).await
}

/// What stands in runs.
pub async fn contents(db: &impl GenericClient, runs: &[(Uuid, i64)]) -> Result<Vec<Held>> {
    let (chat_ids, runs): (Vec<_>, Vec<_>) = runs.iter().copied().unzip();
    query::all(db, include_str!("../../../sql/queries/search_runs/contents.sql"), &[&chat_ids, &runs]).await
}

/// Writes a run.
pub async fn write(db: &impl GenericClient, held: &Held, grams: &[i32]) -> Result<()> {
    let sql = include_str!("../../../sql/queries/search_runs/write.sql");
    let Held { chat_id, run, speakers, since, until, day, .. } = held;
    query::exec(db, sql, &[chat_id, run, &grams, speakers, since, until, day]).await?;
    Ok(())
}

/// Merges what was written into the index.
pub async fn merge(db: &impl GenericClient) -> Result<()> {
    query::exec(db, include_str!("../../../sql/queries/search_runs/merge.sql"), &[]).await?;
    Ok(())
}
