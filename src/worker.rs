//! Every task, and how often it is done.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    audit, auth, cache, calendars, chats, comments,
    error::{Code, Error, Result},
    events, files,
    http::idempotency,
    invites,
    jobs::{self, Job, Task},
    messages, notifications, push, tickets, topics, users, webhooks,
};

/// What jobs can ask for.
pub const TASKS: &[Task] = &[
    Task {
        name: notifications::announcements::TASK,
        description: "Tells the `recipient_ids` of its args, or everybody, the `message`, in the name of `sender_id`; the result says how many were processed.",
        every: None,
        run: |app, job| Box::pin(async move { notifications::announcements::announce(&app, job).await }),
    },
    Task {
        name: jobs::ECHO,
        description: "Answers its args. With {\"fail\": true} it fails, with {\"wait_seconds\": n} it takes so long.",
        every: None,
        run: |_, job| Box::pin(echo(job)),
    },
    Task {
        name: users::erasing::TASK,
        description: "Takes the person with the `user_id` of its args, who is erased, out of their chats; with `clear` their words go, too.",
        every: None,
        run: |app, job| Box::pin(async move { users::erasing::finish(&app, job).await }),
    },
    Task {
        name: "index_messages",
        description: "Brings the index of words up to date, again and again for a minute.",
        every: Some(MINUTE),
        run: |app, job| {
            Box::pin(async move { Ok(json!({"written": messages::search::follow(&app, &job).await?})) })
        },
    },
    Task {
        name: users::avatar::REMOVE,
        description: "Removes the picture with the `key` of its args, unless somebody shows it.",
        every: None,
        run: |app, job| Box::pin(async move { users::avatar::remove(&app, job).await }),
    },
    Task {
        name: "look_after_events",
        description: "Ends the holds of tickets that have run out, and reminds of events, where no server has done it in time.",
        every: Some(MINUTE),
        run: |app, _| Box::pin(async move { Ok(json!({"done": events::due::run_due(&app).await?})) }),
    },
    Task {
        name: "look_after_webhooks",
        description: "Sends what webhooks lack because a notification was lost, and removes the jobs that sent something an hour ago.",
        every: Some(MINUTE),
        run: |app, _| Box::pin(async move { Ok(json!({"woken": webhooks::jobs::look_after(&app).await?})) }),
    },
    Task {
        name: "look_after_pushes",
        description: "Ends the push subscriptions of sessions that are over, sends what has no job any more, and removes the jobs that sent something an hour ago.",
        every: Some(MINUTE),
        run: |app, _| Box::pin(async move { removed(push::jobs::look_after(&app).await?) }),
    },
    Task {
        name: "remove_ended_chats",
        description: "Removes, in pieces, what deleted chats have left behind.",
        every: Some(MINUTE),
        run: |app, _| Box::pin(async move { removed(chats::jobs::remove_ended(&app).await?) }),
    },
    Task {
        name: "remove_ended_comments",
        description: "Removes, in pieces, the comments of deleted events and posts.",
        every: Some(MINUTE),
        run: |app, _| Box::pin(async move { removed(comments::jobs::remove_ended(&app).await?) }),
    },
    Task {
        name: "rotate_login_keys",
        description: "Makes a new key for passwords to be encrypted to when the newest is a day old, and removes the old ones.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(auth::jobs::rotate_login_keys(&app).await?) }),
    },
    Task {
        name: auth::service::resets::TASK,
        description: "Sends a link to set a new password, if there is an account with the `email` of its args.",
        every: None,
        run: |app, job| {
            Box::pin(async move { Ok(json!({"sent": auth::service::resets::send(&app, job).await?})) })
        },
    },
    Task {
        name: "sweep_cache",
        description: "Removes what has expired from the cache.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(cache::sweep(&app.pool).await?) }),
    },
    Task {
        name: "sweep_calendars",
        description: "Removes what was noted of events that were deleted 30 days ago.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(calendars::store::sweep(&app.pool).await?) }),
    },
    Task {
        name: "sweep_files",
        description: "Removes uploads that no message took in a day, and the files of messages that are gone.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(files::sweep(&app).await?) }),
    },
    Task {
        name: "sweep_idempotency_keys",
        description: "Removes answers to an Idempotency-Key that were given more than a day ago.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(idempotency::sweep(&app.pool).await?) }),
    },
    Task {
        name: "sweep_invites",
        description: "Removes invites that have expired.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(invites::store::sweep(&app.pool).await?) }),
    },
    Task {
        name: "sweep_jobs",
        description: "Removes jobs that were finished a week ago.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(jobs::sweep(&app.pool).await?) }),
    },
    Task {
        name: "sweep_notifications",
        description: "Removes notifications that were read, or that nobody has read, as long ago as `notifications.*` says.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(notifications::jobs::sweep(&app).await?) }),
    },
    Task {
        name: "sweep_password_resets",
        description: "Removes links to set a password that have expired.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(auth::jobs::sweep_password_resets(&app).await?) }),
    },
    Task {
        name: "sweep_pictures",
        description: "Removes what was noted of pictures that are gone and count no more as uploaded.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(users::store::sweep_pictures(&app.pool).await?) }),
    },
    Task {
        name: "sweep_refresh_tokens",
        description: "Removes refresh tokens that cannot be used any more.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(auth::jobs::sweep_refresh_tokens(&app).await?) }),
    },
    Task {
        name: "sweep_scheduled_messages",
        description: "Removes scheduled messages that could not be sent a week ago.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(messages::scheduled::sweep(&app.pool).await?) }),
    },
    Task {
        name: "sweep_sign_ins",
        description: "Removes sessions and API tokens that ended a week ago, API tokens that expired a month ago, and counts of attempts whose time is over.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(auth::jobs::sweep_sign_ins(&app).await?) }),
    },
    Task {
        name: "sweep_tickets",
        description: "Removes tickets that were given back a month ago.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(tickets::store::sweep(&app.pool).await?) }),
    },
    Task {
        name: users::addresses::TASK,
        description: "Tells the `email` of its args that it does not belong to an account any more.",
        every: None,
        run: |app, job| {
            Box::pin(async move { Ok(json!({"sent": users::addresses::send(&app, job).await?})) })
        },
    },
    Task {
        name: "trim_audit",
        description: "Removes what was noted before `audit.retention_days`, where that is set.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(audit::jobs::trim(&app).await?) }),
    },
    Task {
        name: "trim_topics",
        description: "Removes records that the retention of their topic does not keep.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(topics::jobs::trim(&app).await?) }),
    },
    Task {
        name: "trim_messages",
        description: "Removes what is older than the retention of its chat, for good.",
        every: Some(HOUR),
        run: |app, _| Box::pin(async move { removed(messages::jobs::trim(&app).await?) }),
    },
];

/// What is sent to others: with workers of its own, so that strangers who take their time hold up nothing else.
pub const DELIVERIES: &[Task] = &[
    Task {
        name: webhooks::jobs::TASK,
        description: "Sends a webhook, the `webhook_id` of its args, what it lacks.",
        every: None,
        run: |app, job| Box::pin(async move { webhooks::jobs::deliver(&app, &job).await }),
    },
    Task {
        name: push::jobs::TASK,
        description: "Sends a device, the `subscription_id` of its args, what waits there under a `topic`.",
        every: None,
        run: |app, job| Box::pin(async move { push::jobs::send(&app, job).await }),
    },
];

/// Every task there is.
pub fn all() -> Vec<&'static Task> {
    TASKS.iter().chain(DELIVERIES).collect()
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

async fn echo(job: Job) -> Result<Value> {
    if job.args["fail"] == true {
        return Err(Error::new(Code::ValidationFailed, "it was asked to fail"));
    }
    let seconds = job.args["wait_seconds"].as_f64().unwrap_or(0.0).clamp(0.0, 3600.0);
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
    Ok(job.args)
}

fn removed(rows: u64) -> Result<Value> {
    Ok(json!({"removed": rows}))
}
