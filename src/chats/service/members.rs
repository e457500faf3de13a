//! Who is in a chat, and as what: adding, removing, giving roles, handing over.

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::{leave, needs_ticket, refuse_full};
use crate::{
    app::App,
    blocks,
    chats::{
        Action, access,
        hold::{self, First},
        model::{Member, MemberRow, MemberSort, NewMember, Role},
        store,
    },
    db::GenericClient,
    error::{Code, Error, OnConstraint, Result},
    http::{Answer, Caller, Idempotency, List, Search, Wanted},
};

/// Those who are in a chat.
pub async fn list(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    search: &Search,
    role: Option<Role>,
    sort: MemberSort,
    wanted: Wanted,
) -> Result<List<Member>> {
    let (db, public_url, patterns) = (app.db().await?, app.public_url(), search.patterns());
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Read)?;
    let (limit, offset) = (wanted.limit(), wanted.offset());
    if patterns.is_empty() && role.is_none() && sort == MemberSort::default() {
        let rows = store::list_members_in_order(&db, chat_id, limit, offset).await?;
        let items = rows.map_ok(move |row| row.view(&public_url));
        return wanted.answer(Box::pin(items), store::count_members(&db, chat_id)).await;
    }
    let rows = store::list_members(&db, chat_id, patterns, role, sort, limit, offset).await?;
    let items = rows.map_ok(move |row| row.view(&public_url));
    wanted.answer(Box::pin(items), store::count_found_members(&db, chat_id, patterns, role)).await
}

/// Makes somebody a member; who is one already stays what they are. Only the creator adds admins. Nobody adds whom they have
/// blocked, or who has blocked them, nor who is banned.
pub async fn add(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    new: NewMember,
    key: Option<String>,
) -> Result<Answer<Member>> {
    let role = new.role.unwrap_or(Role::Member);
    if role == Role::Creator {
        let message = "must be `admin` or `member`; a chat is handed over to somebody who is in it";
        return Err(Error::invalid_field("role", message));
    }
    let (public_url, app_too) = (app.public_url(), app.clone());
    hold::with_person(app, caller, chat_id, First::Keep(new.user_id), move |db, access| {
        Box::pin(async move {
            access.may(Action::AddMember)?;
            if role == Role::Admin {
                access.may(Action::SetRole)?;
            }
            blocks::refuse_blocked(db, caller.user_id, new.user_id).await?;
            let path = format!("POST:/api/v1/chats/{chat_id}/members");
            let claim = match &key {
                Some(key) => match Idempotency::claim(db, caller.user_id, &path, key, &new).await? {
                    Ok(claim) => Some(claim),
                    Err((is_new, member)) => return Ok(Answer::new(is_new, member)),
                },
                None => None,
            };
            if store::find_member(db, chat_id, new.user_id).await?.is_none() {
                refuse_full(&app_too, db, new.user_id).await?;
            }
            let is_new = store::insert_member(db, chat_id, new.user_id, role)
                .await
                .on_constraint("members_user_id_fkey", || Error::not_found("person"))
                .on_constraint("members_banned_check", access::banned)
                .on_constraint("members_event_check", needs_ticket)?;
            let member = find(db, chat_id, new.user_id).await?.view(&public_url);
            if let Some(claim) = claim {
                claim.keep(db, &(is_new, &member)).await?;
            }
            Ok(Answer::new(is_new, member))
        })
    })
    .await
}

/// Gives a member another role; by the creator. Who becomes the creator takes the chat over, and the old one becomes an
/// admin.
pub async fn set_role(app: &App, caller: Caller, chat_id: Uuid, user_id: Uuid, role: Role) -> Result<Member> {
    let public_url = app.public_url();
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::SetRole)?;
            let known = find(db, chat_id, user_id).await?.role();
            match (known, role) {
                (Role::Creator, Role::Creator) => {}
                (Role::Creator, _) => {
                    let detail =
                        "a chat has a creator: make somebody else the creator, and you become an admin";
                    return Err(Error::new(Code::Conflict, detail));
                }
                (_, Role::Creator) => {
                    store::set_role(db, chat_id, caller.user_id, Role::Admin).await?;
                    store::set_role(db, chat_id, user_id, Role::Creator).await.on_constraint(
                        "members_event_owner_check",
                        || {
                            let detail = "this is the chat of an event: it stays that of its owner";
                            Error::new(Code::Conflict, detail)
                        },
                    )?;
                }
                (..) => store::set_role(db, chat_id, user_id, role).await?,
            }
            Ok(find(db, chat_id, user_id).await?.view(&public_url))
        })
    })
    .await
}

/// Puts somebody out: admins put members out, the creator anyone. Who removes themselves leaves.
pub async fn remove(app: &App, caller: Caller, chat_id: Uuid, user_id: Uuid) -> Result<()> {
    if user_id == caller.user_id {
        return leave(app, caller, chat_id).await;
    }
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::RemoveMember)?;
            if find(db, chat_id, user_id).await?.role() != Role::Member {
                access.may(Action::RemoveAdmin)?;
            }
            store::delete_member(db, chat_id, user_id).await?;
            Ok(())
        })
    })
    .await
}

async fn find(db: &impl GenericClient, chat_id: Uuid, user_id: Uuid) -> Result<MemberRow> {
    store::find_member(db, chat_id, user_id).await?.ok_or_else(|| Error::not_found("member"))
}
