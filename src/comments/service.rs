//! Commenting, reading comments and deleting them.

use uuid::Uuid;

use super::{
    model::{CONTENT, Comment, CommentSort, Filter, NewComment, Place},
    store,
};
use crate::{
    app::App,
    blocks::Side,
    db::query::begin_as,
    error::{Code, Error, OnConstraint, Result},
    http::{Caller, Idempotency, List, Wanted},
    users::{Viewer, service::no_such_person},
    validate::Checks,
};

/// Comments something; its owner is told. 403 where they have blocked the caller.
pub async fn create(
    app: &App,
    caller: Caller,
    place: Place,
    new: NewComment,
    key: Option<&str>,
) -> Result<Comment> {
    Checks::new().length(&new.content, "content", 1, CONTENT).done()?;
    app.limits.count_writing(caller.user_id)?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let path = format!("POST:/api/v1/{}s/{}/comments", place.word(), place.id());
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, &path, key, &new).await? {
            Ok(claim) => Some(claim),
            Err(comment) => return Ok(comment),
        },
        None => None,
    };
    let comment = store::insert(&transaction, place, caller.user_id, &new.content)
        .await
        // These are the words of a trigger, begin_comment.
        .on_constraint("comments_on_id_fkey", || no_such_place(place))
        .on_constraint("comments_owner_id_fkey", no_such_person)
        .on_constraint("comments_blocked_check", || Side::Theirs.refusal())?;
    if let Some(claim) = claim {
        claim.keep(&transaction, &comment).await?;
    }
    transaction.commit().await?;
    Ok(comment)
}

/// The comments on something.
pub async fn list(
    app: &App,
    place: Place,
    filter: Filter,
    sort: CommentSort,
    wanted: Wanted,
) -> Result<List<Comment>> {
    let db = app.db().await?;
    let known = store::find_place(&db, place).await?.ok_or_else(|| no_such_place(place))?;
    let rows = store::list(&db, place, filter, sort, wanted.limit(), wanted.offset()).await?;
    let total = async {
        match (filter.from, filter.to) {
            (None, None) => Ok(i64::from(known.comment_count)),
            _ => store::count(&db, place, filter).await,
        }
    };
    wanted.answer(rows, total).await
}

/// Deletes a comment: by who wrote it, the owner of what it is on, and administrators.
pub async fn delete(app: &App, caller: Caller, place: Place, id: Uuid) -> Result<()> {
    let is_admin = Viewer::new(app, caller).await?.is_admin();
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let owner_id = store::lock_place(&transaction, place).await?.ok_or_else(|| no_such_place(place))?;
    let only_of = (!is_admin && owner_id != caller.user_id).then_some(caller.user_id);
    if store::delete(&transaction, place, id, only_of).await? {
        return transaction.commit().await;
    }
    match store::exists(&transaction, place, id).await? {
        true => {
            let whose = place.word();
            let detail = format!(
                "only who wrote it, the owner of the {whose} and administrators may delete a comment"
            );
            Err(Error::new(Code::Forbidden, detail))
        }
        false => Err(Error::not_found("comment")),
    }
}

fn no_such_place(place: Place) -> Error {
    Error::not_found(place.word())
}
