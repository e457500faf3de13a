//! What people do with chats.

mod direct;
mod image;
pub mod members;

use crate::db::{GenericClient, Transaction};
use uuid::Uuid;

pub use self::{
    direct::open_direct,
    image::{change_image, remove_image},
};
use super::{
    Access, Action, access,
    hold::{self, First},
    model::{Chat, ChatChange, Member, NewChat, Role},
    store,
};
use crate::{
    app::App,
    db::query::begin_as,
    error::{Code, Error, OnConstraint, Result},
    http::{Caller, Idempotency},
    validate::Checks,
};

/// Where an `Idempotency-Key` of [`create`] counts.
const CREATE_PATH: &str = "POST:/api/v1/chats";

/// Makes a group chat; the caller is its creator. The same key with the same wish gives the same chat.
pub async fn create(app: &App, caller: Caller, new: NewChat, key: Option<&str>) -> Result<Chat> {
    let title = new.title.trim();
    let description = new.description.as_deref().unwrap_or_default();
    Checks::new().line(title, "title", 1, 255).length(description, "description", 0, 4096).done()?;

    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, CREATE_PATH, key, &new).await? {
            Ok(claim) => Some(claim),
            Err(answer) => return Ok(answer),
        },
        None => None,
    };
    refuse_full(app, &transaction, caller.user_id).await?;
    let visibility = new.visibility.unwrap_or_default();
    let row = store::insert(&transaction, Uuid::now_v7(), visibility, title, description, caller.user_id)
        .await
        .on_constraint("chats_public_folded_title_key", title_taken)
        .on_constraint("chats_public_title_key", title_taken)?;
    let chat = row.view(&app.public_url());
    if let Some(claim) = claim {
        claim.keep(&transaction, &chat).await?;
    }
    transaction.commit().await?;
    Ok(chat)
}

/// One chat.
pub async fn get(app: &App, caller: Caller, id: Uuid) -> Result<Chat> {
    let db = app.db().await?;
    access::enter(&db, id, caller.user_id).await?;
    let row = store::find(&db, id, caller.user_id).await?.ok_or_else(|| Error::not_found("chat"))?;
    Ok(row.view(&app.public_url()))
}

/// Changes a chat; by its creator and admins, how long it keeps messages by its creator.
pub async fn change(app: &App, caller: Caller, id: Uuid, change: ChatChange) -> Result<Chat> {
    let title = change.title.as_deref().map(str::trim).map(str::to_owned);
    let mut checks = Checks::new();
    if let Some(title) = &title {
        checks.line(title, "title", 1, 255);
    }
    let fits = change.retention_days.value().is_none_or(|days| (1..=36_500).contains(days));
    checks
        .length(change.description.as_deref().unwrap_or_default(), "description", 0, 4096)
        .that(fits, "retention_days", "must be a whole number from 1 to 36500, or null")
        .done()?;

    let public_url = app.public_url();
    hold::with(app, caller, id, move |db, access| {
        Box::pin(async move {
            let others = title.is_some() || change.description.is_some() || change.visibility.is_some();
            let retention: Option<Option<i32>> = change.retention_days.into();
            if retention.is_some() {
                access.may(Action::Retain)?;
            }
            if others || retention.is_none() {
                access.may(Action::Change)?;
            }
            store::update(
                db,
                id,
                title.as_deref(),
                change.description.as_deref(),
                change.visibility,
                retention,
            )
            .await
            .on_constraint("chats_public_folded_title_key", title_taken)
            .on_constraint("chats_public_title_key", title_taken)
            .on_constraint("chats_event_check", stays_private)?;
            // Read again: the change was numbered in the log after the statement that made it.
            let row = store::find(db, id, caller.user_id).await?.ok_or_else(|| Error::not_found("chat"))?;
            Ok(row.view(&public_url))
        })
    })
    .await
}

/// Removes a chat with everything in it; by its creator. It is gone at once for everybody, and what is left of a long log is removed
/// by a job.
pub async fn delete(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    hold::with(app, caller, id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Delete)?;
            store::delete(db, id).await.on_constraint("events_chat_id_fkey", ends_with_event)
        })
    })
    .await
}

/// Joins a public chat; who is in it already is answered the same.
pub async fn join(app: &App, caller: Caller, id: Uuid) -> Result<Member> {
    let (public_url, app_too) = (app.public_url(), app.clone());
    hold::with_person(app, caller, id, First::Keep(caller.user_id), move |db, access| {
        Box::pin(async move {
            access.may(Action::Join)?;
            come_in(&app_too, db, access, id, caller.user_id).await?;
            let member = store::find_member(db, id, caller.user_id).await?;
            Ok(member.ok_or_else(|| Error::not_found("chat"))?.view(&public_url))
        })
    })
    .await
}

/// Makes somebody who was let in a member; one who is stays what they are.
pub async fn come_in(app: &App, db: &Transaction<'_>, access: Access, id: Uuid, user_id: Uuid) -> Result<()> {
    if access.role.is_none() {
        refuse_full(app, db, user_id).await?;
        store::insert_member(db, id, user_id, Role::Member)
            .await
            .on_constraint("members_event_check", needs_ticket)?;
    }
    Ok(())
}

/// Leaves a chat. The creator goes last: then the chat goes with them.
pub async fn leave(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    hold::with(app, caller, id, move |db, access| {
        Box::pin(async move {
            if access.role.is_none() {
                return Err(Error::new(Code::NotAMember, "you are not a member of this chat"));
            }
            access.may(Action::Leave)?;
            if access.role != Some(Role::Creator) {
                store::delete_member(db, id, caller.user_id).await.map(drop)
            } else if store::count_members(db, id).await? == 1 {
                store::delete(db, id).await.on_constraint("events_chat_id_fkey", ends_with_event)
            } else {
                let detail =
                    "hand the chat over or delete it: the creator cannot leave while others are there";
                Err(Error::new(Code::OwnerCannotLeave, detail))
            }
        })
    })
    .await
}

/// Refuses (409) another chat to somebody who is in as many as one may be.
pub(super) async fn refuse_full(app: &App, db: &impl GenericClient, user_id: Uuid) -> Result<()> {
    let Some(most) = app.limits.chats() else { return Ok(()) };
    if store::count_of_person(db, user_id, most).await? < i64::from(most) {
        return Ok(());
    }
    Err(full(app))
}

/// What somebody is told who would come into one chat more than one may be in.
pub fn full(app: &App) -> Error {
    let most = app.limits.chats().unwrap_or_default();
    Error::new(Code::Conflict, format!("one person can be in at most {most} chats"))
}

/// What somebody is told who would come into the chat of an event without a ticket, and who would add them.
pub(super) fn needs_ticket() -> Error {
    Error::new(Code::Conflict, "this is the chat of an event: only who holds a ticket comes into it")
}

fn ends_with_event() -> Error {
    Error::new(
        Code::Conflict,
        "this is the chat of an event: it ends with the event, and its owner stays in it",
    )
}

fn stays_private() -> Error {
    Error::new(Code::Conflict, "this is the chat of an event: it stays private")
}

fn title_taken() -> Error {
    Error::new(Code::TitleTaken, "a public chat has this title already")
}
