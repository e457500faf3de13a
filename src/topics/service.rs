//! Adding records, reading them, and sharing them in a group.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use postgres_types::Json;
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep_until, timeout_at},
};

use super::{
    model::{Commit, NewRecord, NewRecords, Produced, Record, Retention, Topic, TopicSort},
    store::{self, Columns, Most},
};
use crate::{
    app::App,
    db::query::begin_as,
    error::{Code, Error, Result},
    http::{Caller, Idempotency, List, Search, Wanted},
    time::Timestamp,
    validate::{Checks, is_blank, is_line},
};

/// The most records that are added, or committed, at once.
const MOST: usize = 10_000;
/// About how many bytes one answer holds.
const BYTES: i64 = 4 * 1024 * 1024;
/// How many records of a topic that is deleted go in one transaction.
const PIECE: i32 = 5_000;
/// How often it is looked all the same by whoever waits: a notification may be lost, and a lease may lapse.
const POLL: Duration = Duration::from_secs(1);

/// The topic of a payload, if that is the notification of `notify_records`.
pub fn topic_of(payload: &str) -> Option<&str> {
    payload.strip_prefix("t ")
}

/// What is read.
#[derive(Debug, Clone)]
pub struct Ask {
    /// For this group, which shares the records; `None` reads freely.
    pub group: Option<String>,
    /// Behind this offset; for a group: where a new one begins.
    pub after: i64,
    /// When the record of that offset was added, as the reader was told it: proves that it is the same log.
    pub added_at: Option<Timestamp>,
    /// Up to so many records.
    pub most: i64,
    /// For how long they are the reader's.
    pub lease: Duration,
}

/// Adds records to a topic, and makes it where it is not there.
pub async fn produce(
    app: &App,
    caller: Caller,
    topic: &str,
    new: NewRecords,
    key: Option<&str>,
) -> Result<Produced> {
    check_name(topic)?;
    let columns = columns(&new.records)?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let path = format!("POST:/api/v1/topics/{topic}/records");
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, &path, key, &new).await? {
            Ok(claim) => Some(claim),
            Err(produced) => return Ok(produced),
        },
        None => None,
    };
    let first_offset = store::produce(&transaction, topic, &columns).await?;
    let produced = Produced { first_offset, last_offset: first_offset + new.records.len() as i64 - 1 };
    if let Some(claim) = claim {
        claim.keep(&transaction, &produced).await?;
    }
    transaction.commit().await?;
    Ok(produced)
}

/// Records as columns, if each has one value.
pub fn columns(records: &[NewRecord]) -> Result<Columns<'_>> {
    if records.is_empty() || records.len() > MOST {
        return Err(Error::invalid_field("records", "must hold 1 to 10000 records"));
    }
    let mut columns = Columns::default();
    for (at, record) in records.iter().enumerate() {
        let field = |name: &str| format!("records[{at}].{name}");
        if record.key.as_ref().is_some_and(|key| key.chars().count() > 1024) {
            return Err(Error::invalid_field(field("key"), "must have at most 1024 characters"));
        }
        if record.value.is_some() == record.value_base64.is_some() {
            return Err(Error::invalid_field(field("value"), "must be there, or else value_base64"));
        }
        let bytes = record.value_base64.as_ref().map(|text| STANDARD.decode(text)).transpose();
        let bytes = bytes.map_err(|_| Error::invalid_field(field("value_base64"), "must be base64"))?;
        columns.keys.push(record.key.as_deref());
        columns.values.push(record.value.as_ref().map(Json));
        columns.bytes.push(bytes);
    }
    Ok(columns)
}

/// Reads records; where there are none, waits for some, but no longer than `wait`. No connection is held meanwhile.
pub async fn read(app: &App, topic: &str, ask: &Ask, wait: Duration) -> Result<Vec<Record>> {
    if let Some(group) = &ask.group {
        check_group(group)?;
    }
    let proves = ask.added_at.is_none() || ask.group.is_none() && ask.after >= 1;
    let message = "may stand beside after, 1 or more, and without group: a group knows by itself where it is";
    Checks::new().that(proves, "after_created_at", message).done()?;
    let until = Instant::now() + wait;
    // Heard from here on: what is committed behind the look is not missed.
    let mut news = app.topic_news.subscribe();
    loop {
        let records = look(app, topic, ask).await?;
        let now = Instant::now();
        if !records.is_empty() || now >= until {
            return Ok(records);
        }
        let end = until.min(now + POLL);
        loop {
            match timeout_at(end, news.recv()).await {
                Ok(Ok(named)) if *named == *topic => break,
                Ok(Ok(_)) => {}
                Ok(Err(RecvError::Lagged(_))) => break,
                Ok(Err(RecvError::Closed)) => sleep_until(end).await,
                Err(_) => break,
            }
        }
    }
}

async fn look(app: &App, topic: &str, ask: &Ask) -> Result<Vec<Record>> {
    let db = app.db().await?;
    let most = Most { records: ask.most, bytes: BYTES };
    if let Some(told) = ask.added_at {
        let stands = store::added_at(&db, topic, ask.after).await?;
        // As it is written in an answer: to the millisecond.
        if stands.map(Timestamp::to_rfc3339) != Some(told.to_rfc3339()) {
            store::find(&db, topic).await?.ok_or_else(|| no_such_topic(topic))?;
            let detail = "the record that you have read last does not stand at this offset: the topic was restored from a \
                          backup or made anew, or has removed the record; read it from the beginning";
            return Err(Error::new(Code::LogChanged, detail));
        }
    }
    let records = match &ask.group {
        None => store::list_after(&db, topic, ask.after, most).await?,
        Some(group) => {
            store::lease(&db, topic, group, most, ask.lease.as_secs_f64(), ask.after.saturating_add(1))
                .await?
        }
    };
    if records.is_empty() {
        store::find(&db, topic).await?.ok_or_else(|| no_such_topic(topic))?;
    }
    Ok(records)
}

/// A group has done with records; what it was not handed changes nothing.
pub async fn commit(app: &App, topic: &str, done: &Commit) -> Result<()> {
    check_group(&done.group)?;
    let count = done.offsets.len();
    let is_right = (1..=MOST).contains(&count) && done.offsets.iter().all(|offset| *offset >= 1);
    Checks::new().that(is_right, "offsets", "must be 1 to 10000 offsets, each 1 or more").done()?;
    let db = app.db().await?;
    if store::commit(&db, topic, &done.group, &done.offsets).await? == 0 {
        store::find(&db, topic).await?.ok_or_else(|| no_such_topic(topic))?;
        if !store::has_group(&db, topic, &done.group).await? {
            return Err(Error::not_found("group"));
        }
    }
    Ok(())
}

/// One topic.
pub async fn get(app: &App, topic: &str) -> Result<Topic> {
    store::find(&app.db().await?, topic).await?.ok_or_else(|| no_such_topic(topic))
}

/// The topics.
pub async fn list(app: &App, search: &Search, sort: TopicSort, wanted: Wanted) -> Result<List<Topic>> {
    let db = app.db().await?;
    let rows = store::list(&db, search.patterns(), sort, wanted.limit(), wanted.offset()).await?;
    wanted.answer(rows, store::count(&db, search.patterns())).await
}

/// Says how long a topic keeps its records, and makes it where it is not there.
pub async fn put(app: &App, caller: Caller, topic: &str, retention: &Retention) -> Result<Topic> {
    check_name(topic)?;
    let Retention { retention_days: days, retention_records: records } = *retention;
    Checks::new()
        .that(
            days.is_none_or(|days| (1..=36_500).contains(&days)),
            "retention_days",
            "must be a whole number from 1 to 36500, or null",
        )
        .that(records.is_none_or(|records| records >= 1), "retention_records", "must be at least 1, or null")
        .done()?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let topic = store::put(&transaction, topic, days, records).await?;
    transaction.commit().await?;
    Ok(topic)
}

/// Deletes a topic with its records and its groups: the records in pieces, the oldest first, so that nobody waits for long, then what is
/// left.
pub async fn delete(app: &App, caller: Caller, topic: &str) -> Result<()> {
    while store::clear(&app.db().await?, topic, PIECE).await? >= u64::from(PIECE.unsigned_abs()) {}
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    if !store::delete(&transaction, topic).await? {
        return Err(no_such_topic(topic));
    }
    transaction.commit().await
}

/// A topic has this name.
pub fn check_name(topic: &str) -> Result<()> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let holds =
        (1..=128).contains(&topic.len()) && topic.bytes().all(is_plain) && !topic.starts_with(['.', '-']);
    let message = "must be 1 to 128 of A-Z, a-z, 0-9, _ . and -, beginning with a letter, a digit or _";
    Checks::new().that(holds, "topic", message).done()
}

/// A group has this name.
pub fn check_group(group: &str) -> Result<()> {
    let holds = (1..=255).contains(&group.chars().count()) && !is_blank(group) && is_line(group);
    Checks::new().that(holds, "group", "must be one line of 1 to 255 characters").done()
}

fn no_such_topic(topic: &str) -> Error {
    Error::new(Code::NotFound, format!("there is no topic \"{topic}\""))
}
