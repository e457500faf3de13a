//! Asking, accepting, and ending it.

use crate::db::Transaction;
use futures_util::TryStreamExt;
use uuid::Uuid;

use super::{
    model::{Asked, Direction, Friend, FriendRequest, FriendSort, NewFriend, RequestSort},
    store,
};
use crate::{
    app::App,
    blocks::Side,
    db::query::begin_as,
    error::{Code, Error, OnConstraint, Result},
    http::{Answer, Caller, Idempotency, List, Search, Wanted},
    users::{self, Viewer, service::no_such_person},
};

/// Where an `Idempotency-Key` of [`ask`] counts.
const ASK_PATH: &str = "POST:/api/v1/friends";

/// Asks somebody to be a friend, or accepts what they asked. Two who ask each other at once are friends once: there is one
/// row for the two, and whoever comes second finds it.
pub async fn ask(app: &App, caller: Caller, new: NewFriend, key: Option<&str>) -> Result<Answer<Asked>> {
    if new.user_id == caller.user_id {
        return Err(Error::invalid_field("user_id", "must be somebody else"));
    }
    let viewer = Viewer::new(app, caller).await?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, ASK_PATH, key, &new).await? {
            Ok(claim) => Some(claim),
            Err((is_new, asked)) => return Ok(answer(is_new, asked)),
        },
        None => None,
    };
    let (is_new, asked) = ask_in(app, &transaction, viewer, caller.user_id, new.user_id).await?;
    if let Some(claim) = claim {
        claim.keep(&transaction, &(is_new, &asked)).await?;
    }
    transaction.commit().await?;
    Ok(answer(is_new, asked))
}

fn answer(is_new: bool, asked: Asked) -> Answer<Asked> {
    if is_new { Answer::Created(asked) } else { Answer::Existing(asked) }
}

/// What stands afterwards, and whether it is a new request.
async fn ask_in(
    app: &App,
    db: &Transaction<'_>,
    viewer: Viewer,
    user_id: Uuid,
    other_id: Uuid,
) -> Result<(bool, Asked)> {
    if !users::store::keep(db, other_id).await? {
        return Err(no_such_person());
    }
    let changed = store::ask(db, user_id, other_id)
        .await
        .on_constraint("friends_low_id_fkey", no_such_person)
        .on_constraint("friends_high_id_fkey", no_such_person)
        // These two are the words of a trigger, guard_friend.
        .on_constraint("friends_blocked_check", || Side::Theirs.refusal())
        .on_constraint("friends_blocking_check", || Side::Own.refusal())?;
    let is_new = changed.is_some_and(|relation| relation.accepted_at.is_none());
    let relation = match changed {
        Some(relation) => relation,
        None => {
            let relation = store::find(db, user_id, other_id).await?.ok_or_else(no_such_person)?;
            if relation.accepted_at.is_some() {
                return Err(Error::new(Code::AlreadyFriends, "the two of you are friends already"));
            }
            relation
        }
    };
    let seen = users::store::find_seen(db, other_id, user_id).await?.ok_or_else(no_such_person)?;
    let asked = Asked {
        user: viewer.view(app, seen),
        direction: Direction::of(relation.asked_by, user_id),
        created_at: relation.created_at,
        since: relation.accepted_at,
    };
    Ok((is_new, asked))
}

/// Unfriends, declines or withdraws; when nothing stands between the two that is fine.
pub async fn end(app: &App, caller: Caller, user_id: Uuid) -> Result<()> {
    match store::delete(&app.db().await?, caller.user_id, user_id).await? {
        true => Ok(()),
        false => Err(no_such_person()),
    }
}

/// The caller's friends.
pub async fn list(
    app: &App,
    caller: Caller,
    search: &Search,
    sort: FriendSort,
    wanted: Wanted,
) -> Result<List<Friend>> {
    let viewer = Viewer::new(app, caller).await?;
    let (db, id, on) = (app.db().await?, caller.user_id, app.clone());
    let rows = store::list(&db, id, search.patterns(), sort, wanted.limit(), wanted.offset()).await?;
    let items = rows.map_ok(move |row| Friend { user: viewer.view(&on, row.seen), since: row.since });
    wanted.answer(Box::pin(items), store::count(&db, id, search.patterns())).await
}

/// The requests from and to the caller, or those one way.
pub async fn list_requests(
    app: &App,
    caller: Caller,
    direction: Option<Direction>,
    search: &Search,
    sort: RequestSort,
    wanted: Wanted,
) -> Result<List<FriendRequest>> {
    let viewer = Viewer::new(app, caller).await?;
    let (db, id, on) = (app.db().await?, caller.user_id, app.clone());
    let rows =
        store::list_requests(&db, id, direction, search.patterns(), sort, wanted.limit(), wanted.offset())
            .await?;
    let items = rows.map_ok(move |row| FriendRequest {
        user: viewer.view(&on, row.seen),
        direction: Direction::of(row.asked_by, id),
        created_at: row.asked_at,
    });
    wanted.answer(Box::pin(items), store::count_requests(&db, id, direction, search.patterns())).await
}
