//! Writing posts, changing and deleting them, and finding them.

use uuid::Uuid;

use super::{
    model::{CONTENT, Filter, NewPost, Post, PostSort, SHOWN},
    store::{self, Part},
};
use crate::{
    app::App,
    db::{Counted, query::begin_as},
    error::{Code, Error, OnConstraint, Result},
    http::{Caller, Idempotency, List, Wanted},
    users::{Viewer, service::no_such_person},
    validate::Checks,
};

/// Where an `Idempotency-Key` of [`create`] counts.
const PATH: &str = "POST:/api/v1/posts";
/// How many of those that a search finds are counted.
const COUNTED: i64 = 1_000;

/// Writes a post.
pub async fn create(app: &App, caller: Caller, new: NewPost, key: Option<&str>) -> Result<Post> {
    let new = checked(new)?;
    app.limits.count_writing(caller.user_id)?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let claim = match key {
        Some(key) => match Idempotency::claim(&transaction, caller.user_id, PATH, key, &new).await? {
            Ok(claim) => Some(claim),
            Err(post) => return Ok(post),
        },
        None => None,
    };
    let post = store::insert(&transaction, caller.user_id, &new)
        .await
        .on_constraint("posts_owner_id_fkey", no_such_person)?;
    if let Some(claim) = claim {
        claim.keep(&transaction, &post).await?;
    }
    transaction.commit().await?;
    Ok(post)
}

/// One post.
pub async fn get(app: &App, id: Uuid) -> Result<Post> {
    store::find(&app.db().await?, id).await?.ok_or_else(no_such_post)
}

/// Replaces what a post says; by its owner and administrators.
pub async fn replace(app: &App, caller: Caller, id: Uuid, new: NewPost) -> Result<Post> {
    let new = checked(new)?;
    app.limits.count_writing(caller.user_id)?;
    let owner_id = only_of(app, caller).await?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let Some(post) = store::update(&transaction, id, &new, owner_id).await? else {
        store::find(&transaction, id).await?.ok_or_else(no_such_post)?;
        return Err(not_theirs());
    };
    transaction.commit().await?;
    Ok(post)
}

/// Deletes a post with its comments; by its owner and administrators.
pub async fn delete(app: &App, caller: Caller, id: Uuid) -> Result<()> {
    let owner_id = only_of(app, caller).await?;
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    if !store::delete(&transaction, id, owner_id).await? {
        store::find(&transaction, id).await?.ok_or_else(no_such_post)?;
        return Err(not_theirs());
    }
    transaction.commit().await
}

/// Posts, by what they say, who wrote them, and when.
pub async fn list(
    app: &App,
    counted: &Counted,
    caller: Caller,
    filter: &Filter,
    sort: PostSort,
    wanted: Wanted,
) -> Result<List<Post>> {
    let shown = if wanted.is_download() { CONTENT as i32 } else { SHOWN };
    let part = Part { limit: wanted.limit(), offset: wanted.offset(), shown };
    let longest = filter.search.longest();
    let db = app.db().await?;
    if let Some(owner_id) = filter.owner_id {
        let rows = store::list_owned(&db, owner_id, filter, sort, part).await?;
        let most = longest.map(|_| COUNTED + 1);
        let total = Box::pin(store::count_owned(&db, owner_id, filter, most));
        return match most {
            Some(_) => wanted.answer_up_to(COUNTED, rows, total).await,
            None => wanted.answer(rows, total).await,
        };
    }
    let Some(longest) = longest else {
        let rows = store::list(&db, filter, sort, part).await?;
        let total = counted.of(filter.is_any(), Box::pin(store::count(&db, filter)));
        return wanted.answer(rows, total).await;
    };
    drop(db);
    let _permit = app.searching.acquire_soon(caller.user_id).await?;
    let db = app.db().await?;
    let is_short = filter.search.is_short();
    let total = match is_short {
        true => store::count_short(&db, filter, COUNTED + 1).await?,
        false => store::count_found(&db, longest, filter, COUNTED + 1).await?,
    };
    // Few are found by the index and put in order; many fill a page soon, whatever the order.
    let rows = match is_short || total > COUNTED {
        true => store::list(&db, filter, sort, part).await?,
        false => store::search(&db, longest, filter, sort, part).await?,
    };
    wanted.answer_up_to(COUNTED, rows, async { Ok(total) }).await
}

/// Whose posts alone the caller may change; `None` for an administrator, who may change any.
async fn only_of(app: &App, caller: Caller) -> Result<Option<Uuid>> {
    let is_admin = Viewer::new(app, caller).await?.is_admin();
    Ok((!is_admin).then_some(caller.user_id))
}

fn checked(new: NewPost) -> Result<NewPost> {
    let new = NewPost { title: new.title.trim().to_owned(), content: new.content };
    Checks::new().line(&new.title, "title", 1, 255).length(&new.content, "content", 1, CONTENT).done()?;
    Ok(new)
}

fn not_theirs() -> Error {
    Error::new(Code::Forbidden, "only who wrote a post and administrators may change it")
}

/// Never there and deleted are alike.
fn no_such_post() -> Error {
    Error::not_found("post")
}
