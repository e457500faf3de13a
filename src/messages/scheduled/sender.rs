//! Sends what is due, for as long as the program runs.

use std::{collections::BTreeMap, time::Duration};

use futures_util::future::join_all;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::{model::ScheduledRow, store};
use crate::{
    app::App,
    error::{Code, Error, Result},
    http::Caller,
    messages::{Outbox, service},
    roles,
    time::{Timestamp, pause_until},
};

/// What a role must permit to send.
const PERMISSION: &str = "POST:/api/v1/chats/{chat_id}/messages";
/// How many are sent at once.
const BATCH: i64 = 64;
/// How long one is an instance's: longer than the outbox takes to say what became of it.
const LEASE: Duration = Duration::from_secs(15);
/// How often the table is looked at when nothing is known to be due: the clock may jump.
const POLL: Duration = Duration::from_secs(5);
/// The time before what could not be sent now is tried again, and after how long it is given up.
const AGAIN: Duration = Duration::from_secs(2);
const GIVE_UP: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// Whether a payload is the notification of `notify_scheduled_messages`.
pub fn is_notification(payload: &str) -> bool {
    payload == "s due"
}

/// Sends each message when its time has come.
pub async fn run(app: App, outbox: Outbox) {
    loop {
        let next = match send_due(&app, &outbox).await {
            Ok(next) => next,
            Err(error) => {
                tracing::debug!(%error, "scheduled messages could not be polled; trying again");
                POLL
            }
        };
        // Who is told of a new one looks at once.
        let _ = timeout(next.min(POLL), app.scheduled_due.notified()).await;
    }
}

/// Sends all that are due; how long there is nothing more to do.
async fn send_due(app: &App, outbox: &Outbox) -> Result<Duration> {
    loop {
        let due = store::take(&*app.spare_db().await?, BATCH, LEASE).await?;
        if due.is_empty() {
            break;
        }
        // What one person says in one chat keeps its order; nobody waits for anybody else.
        let mut lines: BTreeMap<(Uuid, Uuid), Vec<ScheduledRow>> = BTreeMap::new();
        for row in due {
            lines.entry((row.user_id, row.message.chat_id)).or_default().push(row);
        }
        join_all(lines.into_values().map(|line| send_line(app, outbox, line))).await;
    }
    let seconds = store::seconds_to_next(&*app.spare_db().await?).await?;
    Ok(seconds.map_or(POLL, pause_until))
}

async fn send_line(app: &App, outbox: &Outbox, mut line: Vec<ScheduledRow>) {
    line.sort_by_key(|row| (row.message.send_at, row.message.id));
    for row in line {
        send(app, outbox, row).await;
    }
}

/// Sends one, and notes what became of it. What could not be noted is done once more when the lease has lapsed.
async fn send(app: &App, outbox: &Outbox, row: ScheduledRow) {
    let (id, send_at) = (row.message.id, row.message.send_at);
    let noted = match post(app, outbox, row).await {
        Ok(()) => match app.spare_db().await {
            Ok(db) => store::finish(&*db, id).await,
            Err(error) => Err(error),
        },
        Err(error) => note(app, id, send_at, &error).await,
    };
    if let Err(error) = noted {
        tracing::debug!(%error, %id, "the outcome of a scheduled message could not be stored; it is sent again");
        sleep(Duration::from_millis(100)).await;
    }
}

async fn post(app: &App, outbox: &Outbox, row: ScheduledRow) -> Result<()> {
    let (id, chat_id, user_id) = (row.message.id, row.message.chat_id, row.user_id);
    if !store::is_active(&*app.spare_db().await?, user_id).await? {
        return Err(Error::new(Code::Suspended, "this account is suspended"));
    }
    let sender = Caller { user_id, session_id: id, expires_at: i64::MAX, is_token: false, address: None };
    roles::service::check(app, sender, PERMISSION).await?;
    service::send_as(app, outbox, sender, chat_id, row.into_new(), id).await.map(drop)
}

/// It was refused: the sender is notified by the row. Or it is nobody's fault, and is tried again.
async fn note(app: &App, id: Uuid, send_at: Timestamp, error: &Error) -> Result<()> {
    let db = app.spare_db().await?;
    let is_transient = error.code().status() >= 500 || error.code() == Code::TooManyRequests;
    if is_transient && Timestamp::now().0 < send_at.0 + GIVE_UP {
        tracing::warn!(%id, "a scheduled message could not be sent; trying again: {error}{}", error.causes());
        return store::put_off(&*db, id, AGAIN).await;
    }
    let reason = error.code().word();
    store::fail(&*db, id, reason).await
}
