//! Reading, marking and removing one's own notifications; and saying something to one person.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    announcements,
    model::{Counts, Filter, NewNotification, Notification, NotificationList, announcement::Announcement},
    store,
};
use crate::{
    app::App,
    db::{Transaction, query::begin_as},
    error::{Error, Result},
    http::{Answer, AnswerOrLater, Caller, Idempotency, ListAs, Wanted},
    users::service::no_such_person,
    validate::Checks,
};

/// Where an `Idempotency-Key` of [`create`] counts.
const PATH: &str = "POST:/api/v1/notifications";
/// The most people who are named.
const PEOPLE: usize = 1_000;
/// The most that is counted of one kind.
const COUNTED: i64 = 1_000;

/// What came of [`create`], as it is kept for its key.
#[derive(Serialize, Deserialize)]
enum Sent {
    Told(Notification),
    Announced(Announcement),
}

/// Tells one person something, or has a job tell many.
pub async fn create(
    app: &App,
    caller: Caller,
    new: NewNotification,
    key: Option<&str>,
) -> Result<AnswerOrLater<Notification, Announcement>> {
    check(caller, &new)?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, PATH, key, &new).await? {
            Ok(claim) => Some(claim),
            Err(sent) => return Ok(answer(sent)),
        },
        None => None,
    };
    let sent = send(&transaction, caller, new).await?;
    if let Some(claim) = claim {
        claim.keep(&transaction, &sent).await?;
    }
    transaction.commit().await?;
    Ok(answer(sent))
}

fn check(caller: Caller, new: &NewNotification) -> Result<()> {
    let named = [new.recipient_id.is_some(), new.recipient_ids.is_some(), new.everyone.is_some()]
        .iter()
        .filter(|is| **is)
        .count();
    let several = new.recipient_ids.as_ref();
    Checks::new()
        .length(&new.message, "message", 1, 4096)
        .that(
            named == 1,
            "recipient_id",
            "is required, or one of recipient_ids and everyone instead: exactly one of the three",
        )
        .that(new.recipient_id != Some(caller.user_id), "recipient_id", "must be somebody else")
        .that(
            several.is_none_or(|ids| (1..=PEOPLE).contains(&ids.len())),
            "recipient_ids",
            "must be 1 to 1000 people",
        )
        .that(new.everyone != Some(false), "everyone", "must be true, or left out")
        .done()
}

async fn send(db: &Transaction<'_>, caller: Caller, new: NewNotification) -> Result<Sent> {
    let Some(recipient_id) = new.recipient_id else {
        let announcement = announcements::queue(db, caller.user_id, new.message, new.recipient_ids).await?;
        return Ok(Sent::Announced(announcement));
    };
    let told = store::insert(db, Uuid::now_v7(), recipient_id, &new.message, caller.user_id).await?;
    Ok(Sent::Told(told.ok_or_else(no_such_person)?))
}

fn answer(sent: Sent) -> AnswerOrLater<Notification, Announcement> {
    match sent {
        Sent::Told(notification) => AnswerOrLater::Now(Answer::Created(notification)),
        Sent::Announced(announcement) => AnswerOrLater::Later(announcement),
    }
}

/// The caller's notifications, the newest first.
pub async fn list(
    app: &App,
    caller: Caller,
    filter: Filter,
    wanted: Wanted,
) -> Result<ListAs<NotificationList>> {
    let db = app.db().await?;
    let rows = store::list(&db, caller.user_id, filter, wanted.limit(), wanted.offset()).await?;
    wanted
        .answer_as(rows, async |items| {
            let Counts { unread_count, total } = store::count(&db, caller.user_id, filter).await?;
            let is_more = filter.kind.is_some() && total > COUNTED;
            let (total, total_is_exact) = if is_more { (COUNTED, Some(false)) } else { (total, None) };
            Ok(NotificationList { items, total, total_is_exact, unread_count })
        })
        .await
}

/// Notes that the caller has read one of theirs; again is fine.
pub async fn mark_read(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    match store::mark_read(&app.db().await?, id, caller.user_id).await? {
        true => Ok(()),
        false => Err(no_such_notification()),
    }
}

/// Notes that the caller has read all there are by now.
pub async fn mark_all_read(app: &App, caller: Caller) -> Result<()> {
    let last_seq = store::find_last_seq(&app.db().await?, caller.user_id).await?;
    store::mark_all_read(&app.pool, caller.user_id, last_seq).await?;
    Ok(())
}

/// Removes one of the caller's.
pub async fn remove(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    match store::delete(&app.db().await?, id, caller.user_id).await? {
        true => Ok(()),
        false => Err(no_such_notification()),
    }
}

fn no_such_notification() -> Error {
    Error::not_found("notification")
}
