//! What people do with profiles: look at them, find them, change their own.

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::{
    User, Viewer, addresses, avatar,
    model::{AccountStatus, Filter, Profile, UserChange, UserRoles, UserRow, UserSort},
    store::{self, Change},
    view::{own_view, seal_contacts},
};
use crate::{
    app::App,
    db::{GenericClient, query::begin_as},
    error::{Code, Error, OnConstraint, Result},
    http::{Caller, List, Wanted},
    roles::{self, service::Administrators},
    validate::Checks,
};

/// One's own profile.
pub async fn me(app: &App, caller: Caller) -> Result<User> {
    let row = store::find(&app.db().await?, caller.user_id).await?.ok_or_else(gone)?;
    Ok(own_view(app, row))
}

/// Someone, as the caller sees them.
pub async fn get(app: &App, caller: Caller, id: Uuid) -> Result<User> {
    let viewer = Viewer::new(app, caller).await?;
    let seen = store::find_seen(&app.db().await?, id, caller.user_id).await?;
    Ok(viewer.view(app, seen.ok_or_else(no_such_person)?))
}

/// People, as the caller sees them. A search finds those in whose name or username every word of it occurs, and whose
/// e-mail is the whole of it: a part of an address finds nobody, so that none can be guessed piece by piece.
///
/// Who may sign in and who has which role only administrators may ask: 403.
pub async fn list(
    app: &App,
    caller: Caller,
    filter: &Filter,
    sort: UserSort,
    wanted: Wanted,
) -> Result<List<User>> {
    let viewer = Viewer::new(app, caller).await?;
    if !viewer.is_admin() && (filter.status.is_some() || filter.role.is_some()) {
        return Err(Error::new(Code::Forbidden, "only administrators ask who has a status or a role"));
    }
    let (db, id, on) = (app.db().await?, caller.user_id, app.clone());
    let (limit, offset, longest) = (wanted.limit(), wanted.offset(), filter.search.longest());
    let ids = filter.ids.as_deref();
    let rows = match (longest, ids) {
        (None, None) => store::list(&db, id, filter, sort, limit, offset).await?,
        (None, Some(ids)) => store::list_among(&db, ids, id, filter, sort, limit, offset).await?,
        (Some(longest), _) => store::search(&db, longest, id, filter, sort, limit, offset).await?,
    };
    let total = async {
        match (longest, ids) {
            (None, None) => store::count(&db, filter).await,
            (None, Some(ids)) => store::count_among(&db, ids, filter).await,
            (Some(longest), _) => store::count_search(&db, longest, filter).await,
        }
    };
    let items = rows.map_ok(move |seen| viewer.view(&on, seen));
    wanted.answer(Box::pin(items), total).await
}

/// Changes one's own profile; what is left out stays.
pub async fn change(app: &App, caller: Caller, change: UserChange) -> Result<User> {
    let row = apply(app, caller, caller.user_id, (None, None), change).await?.ok_or_else(gone)?;
    Ok(own_view(app, row))
}

/// What happens to the e-mail address of a profile that is replaced.
#[derive(Clone, PartialEq, Eq)]
pub enum NewEmail {
    /// It stays as it is, whatever the profile says.
    None,
    /// It is replaced.
    Any,
    /// It is replaced while the password is still the one with this hash.
    While {
        /// The hash.
        password_hash: String,
    },
}

/// Replaces a profile: one's own, or anyone's by an administrator; `None` when the password is not the one any more that had to
/// be. The old address is told by e-mail, in a job.
pub async fn replace(
    app: &App,
    caller: Caller,
    id: Uuid,
    profile: Profile,
    new_email: NewEmail,
) -> Result<Option<User>> {
    if !Viewer::new(app, caller).await?.may_change(id) {
        // Profiles are public: whether there is one is no secret.
        store::find(&app.db().await?, id).await?.ok_or_else(no_such_person)?;
        let detail = "only they themselves and administrators may change a profile";
        return Err(Error::new(Code::Forbidden, detail));
    }
    let Profile { name, username, email, bio, contacts, current_password: _ } = profile;
    let change = UserChange { name: Some(name), username: Some(username), bio, contacts };
    let email = Some(email.trim()).filter(|_| new_email != NewEmail::None);
    let hash = match new_email {
        NewEmail::While { password_hash } => Some(password_hash),
        _ => None,
    };
    // Who may change it sees all of it.
    match apply(app, caller, id, (email, hash.as_deref()), change).await? {
        Some(row) => Ok(Some(own_view(app, row))),
        None if hash.is_some() => Ok(None),
        None => Err(no_such_person()),
    }
}

/// Lets somebody have these roles and no others. Somebody who may do everything must remain.
pub async fn set_roles(app: &App, caller: Caller, id: Uuid, wanted: &UserRoles) -> Result<User> {
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    replace_roles(&transaction, id, &wanted.roles).await?;
    let row = store::find(&transaction, id).await?.ok_or_else(no_such_person)?;
    transaction.commit().await?;
    app.permissions.forget(&[id]);
    // Who gives roles sees who has them.
    Ok(own_view(app, row))
}

/// The same, in a transaction that has changed nothing yet.
pub async fn replace_roles(db: &impl GenericClient, id: Uuid, wanted: &[String]) -> Result<()> {
    let administrators = Administrators::lock(db).await?;
    if !store::lock(db, id).await? {
        return Err(no_such_person());
    }
    roles::service::give(db, id, wanted).await?;
    administrators.must_remain(db).await
}

/// Suspends somebody or lets them in again, in a transaction that has changed nothing yet. Somebody who may everything
/// must remain.
pub async fn put_status(db: &impl GenericClient, id: Uuid, status: AccountStatus) -> Result<UserRow> {
    let administrators = Administrators::lock(db).await?;
    let row = store::set_status(db, id, status.word()).await?.ok_or_else(no_such_person)?;
    administrators.must_remain(db).await?;
    Ok(row)
}

/// Erases somebody, in a transaction that has changed nothing yet; false when their password is another one than had to be.
/// Somebody who may do everything must remain.
pub async fn erase(
    db: &impl GenericClient,
    id: Uuid,
    clear_words: bool,
    password_hash: Option<&str>,
) -> Result<bool> {
    let administrators = Administrators::lock(db).await?;
    if !store::lock(db, id).await? {
        return Err(no_such_person());
    }
    let known = store::find_password(db, id).await?;
    if password_hash.is_some_and(|hash| known.as_deref() != Some(hash)) {
        return Ok(false);
    }
    store::erase(db, id, clear_words).await?;
    administrators.must_remain(db).await?;
    Ok(true)
}

/// Checks and makes a change; `None` when there is no such person, or their password is another than had to be.
async fn apply(
    app: &App,
    caller: Caller,
    id: Uuid,
    (email, password_hash): (Option<&str>, Option<&str>),
    change: UserChange,
) -> Result<Option<UserRow>> {
    let name = change.name.as_deref().map(str::trim);
    let mut checks = Checks::new();
    if let Some(name) = name {
        checks.line(name, "name", 1, 255);
    }
    if let Some(username) = &change.username {
        checks.username(username);
    }
    if let Some(email) = email {
        checks.email(email, "email");
    }
    if let Some(bio) = &change.bio {
        checks.length(bio, "bio", 0, 1000);
    }
    if let Some(contacts) = &change.contacts {
        for (field, value) in [
            ("contacts.qq", &contacts.qq),
            ("contacts.wechat", &contacts.wechat),
            ("contacts.github", &contacts.github),
        ] {
            checks.length(value.as_deref().unwrap_or_default(), field, 0, 255);
        }
    }
    checks.done()?;
    let contacts = change.contacts.map(|contacts| seal_contacts(app, id, &contacts)).transpose()?;
    let change = Change {
        name,
        username: change.username.as_deref(),
        email,
        bio: change.bio.as_deref(),
        contacts: contacts.as_deref(),
        password_hash,
    };
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    let before = match email {
        Some(_) => store::lock_email(&transaction, id).await?,
        None => None,
    };
    let row = unless_taken(store::update(&transaction, id, change).await)?;
    if let (Some(row), Some(before)) = (&row, before)
        && row.email != before
    {
        addresses::tell(app, &transaction, &before).await?;
    }
    transaction.commit().await?;
    Ok(row)
}

/// Says which name of an account was taken, when one was.
pub fn unless_taken<T>(written: Result<T>) -> Result<T> {
    let email_taken = || Error::new(Code::EmailTaken, "this e-mail is taken");
    written
        .on_constraint("users_email_folded_key", email_taken)
        // What version 12 goes by stays until none runs any more, and is looked at first.
        .on_constraint("users_email_key", email_taken)
        .on_constraint("users_username_key", || Error::new(Code::UsernameTaken, "this username is taken"))
}

/// Replaces one's picture and removes the old one.
pub async fn change_avatar(app: &App, caller: Caller, picture: Vec<u8>) -> Result<User> {
    let keep = async |key: String| set_avatar(app, caller, Some(&key)).await;
    avatar::store(app, caller.user_id, &format!("avatars/{}", caller.user_id), picture, keep).await
}

/// Removes one's picture, if there is one.
pub async fn remove_avatar(app: &App, caller: Caller) -> Result<()> {
    set_avatar(app, caller, None).await.map(drop)
}

async fn set_avatar(app: &App, caller: Caller, key: Option<&str>) -> Result<User> {
    let row = store::set_avatar(&app.db().await?, caller.user_id, key).await?;
    Ok(own_view(app, row.ok_or_else(gone)?))
}

/// The token was good, but its account is not there any more.
fn gone() -> Error {
    Error::new(Code::NotSignedIn, "this account is no longer there")
}

/// Nobody has this id: 404.
pub fn no_such_person() -> Error {
    Error::not_found("person")
}
