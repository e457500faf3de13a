//! Banning, and letting come again.

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::{
    model::{Ban, BanSort},
    store,
};
use crate::{
    app::App,
    chats::{
        self, Action, access,
        hold::{self, First},
        model::Role,
    },
    error::{Code, Error, OnConstraint, Result},
    http::{Caller, List, Search, Wanted},
    users::{self, Viewer, service::no_such_person},
};

/// Puts somebody out of a chat and keeps them out; by its creator and admins. Who is banned already stays so.
pub async fn ban(app: &App, caller: Caller, chat_id: Uuid, user_id: Uuid) -> Result<()> {
    hold::with_person(app, caller, chat_id, First::Keep(user_id), move |db, access| {
        Box::pin(async move {
            access.may(Action::Ban)?;
            // A bot is nobody to be banned: its hook is removed.
            if !users::store::keep(db, user_id).await? {
                return Err(no_such_person());
            }
            match chats::store::find_member(db, chat_id, user_id).await?.map(|member| member.role()) {
                Some(Role::Creator) => return Err(not_the_creator()),
                _ if user_id == caller.user_id => {
                    return Err(Error::invalid_field("user_id", "must be somebody else"));
                }
                Some(Role::Admin) => access.may(Action::RemoveAdmin)?,
                Some(Role::Member) | None => {}
            }
            store::insert(db, chat_id, user_id, caller.user_id)
                .await
                .on_constraint("bans_user_id_fkey", no_such_person)
                .on_constraint("bans_creator_check", not_the_creator)
        })
    })
    .await
}

/// Lets somebody come again, who is not made a member by that; by the creator and admins of the chat.
pub async fn unban(app: &App, caller: Caller, chat_id: Uuid, user_id: Uuid) -> Result<()> {
    hold::with(app, caller, chat_id, move |db, access| {
        Box::pin(async move {
            access.may(Action::Ban)?;
            store::delete(db, chat_id, user_id).await?;
            Ok(())
        })
    })
    .await
}

/// Who is banned from a chat; for its creator and admins.
pub async fn list(
    app: &App,
    caller: Caller,
    chat_id: Uuid,
    search: &Search,
    sort: BanSort,
    wanted: Wanted,
) -> Result<List<Ban>> {
    let viewer = Viewer::new(app, caller).await?;
    let (db, on, patterns) = (app.db().await?, app.clone(), search.patterns());
    access::enter(&db, chat_id, caller.user_id).await?.may(Action::Ban)?;
    let (limit, offset) = (wanted.limit(), wanted.offset());
    let rows = store::list(&db, chat_id, caller.user_id, patterns, sort, limit, offset).await?;
    let items =
        rows.map_ok(move |row| Ban { user: viewer.view(&on, row.seen), by: row.by, since: row.since });
    wanted.answer(Box::pin(items), store::count(&db, chat_id, patterns)).await
}

fn not_the_creator() -> Error {
    Error::new(Code::Conflict, "the creator of a chat cannot be banned from it")
}
