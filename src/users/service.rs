//! What people do with their own profile, and how a profile looks to someone.

use uuid::Uuid;

use super::{
    Contacts, User, avatar,
    model::{UserChange, UserRow},
    store,
};
use crate::{
    app::App,
    error::{Code, Error, OnConstraint, Result},
    http::Caller,
    validate::{Checks, is_username},
};

/// One's own profile.
pub async fn me(app: &App, caller: Caller) -> Result<User> {
    let row = store::find(&app.db().await?, caller.user_id).await?.ok_or_else(gone)?;
    own_view(app, row)
}

/// Changes one's own profile; what is left out stays.
pub async fn change(app: &App, caller: Caller, change: UserChange) -> Result<User> {
    let name = change.name.as_deref().map(str::trim);
    let mut checks = Checks::new();
    if let Some(name) = name {
        checks.length(name, "name", 1, 255);
    }
    if let Some(username) = &change.username {
        checks.that(is_username(username), "username", "must be 3 to 32 of a-z, 0-9, _ and .");
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
    let contacts =
        change.contacts.map(|contacts| seal_contacts(app, caller.user_id, &contacts)).transpose()?;
    let row = store::update(
        &app.db().await?,
        caller.user_id,
        name,
        change.username.as_deref(),
        change.bio.as_deref(),
        contacts.as_deref(),
    )
    .await
    .on_constraint("users_username_key", || Error::new(Code::UsernameTaken, "this username is taken"))?
    .ok_or_else(gone)?;
    own_view(app, row)
}

/// Replaces one's picture and removes the old one.
pub async fn change_avatar(app: &App, caller: Caller, picture: Vec<u8>) -> Result<User> {
    let folder = format!("avatars/{}", caller.user_id);
    let keep = async |key: String| {
        let changed = store::set_avatar(&app.db().await?, caller.user_id, Some(&key)).await?;
        changed.map(|changed| (changed.user, changed.old_avatar_key)).ok_or_else(gone)
    };
    own_view(app, avatar::replace(app, &folder, picture, keep).await?)
}

/// A profile as its owner sees it.
pub fn own_view(app: &App, row: UserRow) -> Result<User> {
    let contacts = open_contacts(app, &row)?;
    Ok(User {
        id: row.id,
        email: Some(row.email),
        username: row.username,
        name: row.name,
        bio: row.bio,
        contacts: Some(contacts),
        avatar_url: avatar::url(&app.public_url(), row.avatar_key.as_deref()),
        roles: Some(row.roles),
        status: Some(row.status),
        last_online_at: row.last_online_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn seal_contacts(app: &App, user_id: Uuid, contacts: &Contacts) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(contacts).map_err(Error::internal)?;
    app.keyring.seal(&format!("users.contacts:{user_id}"), &plain)
}

fn open_contacts(app: &App, row: &UserRow) -> Result<Contacts> {
    let Some(sealed) = &row.contacts else { return Ok(Contacts::default()) };
    let plain = app.keyring.open(&format!("users.contacts:{}", row.id), sealed)?;
    serde_json::from_slice(&plain).map_err(Error::internal)
}

/// The token was good, but its account is not there any more.
fn gone() -> Error {
    Error::new(Code::NotSignedIn, "this account is no longer there")
}
