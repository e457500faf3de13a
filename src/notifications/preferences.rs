//! How somebody wants to be told, kind by kind.

use super::{
    model::preferences::{DIRECT, KINDS, Preferences, PreferencesChange},
    store,
};
use crate::{
    app::App,
    db::query::begin_as,
    error::{Error, Result},
    http::Caller,
    users,
};

/// The caller's preferences.
pub async fn get(app: &App, caller: Caller) -> Result<Preferences> {
    Preferences::of(&store::list_preferences(&app.db().await?, caller.user_id, KINDS).await?)
}

/// Changes the caller's preferences; answers all of them.
pub async fn change(app: &App, caller: Caller, change: &PreferencesChange) -> Result<Preferences> {
    let named = change.named();
    if named.iter().any(|(kind, ways)| *kind == DIRECT && ways.live == Some(false)) {
        let message = "must be true or left out: messages of direct chats are frames of the chat";
        return Err(Error::invalid_field("direct.live", message));
    }
    let mut db = app.db().await?;
    let transaction = begin_as(&mut db, caller).await?;
    // Of two changes at once the second builds upon the first.
    users::store::lock(&transaction, caller.user_id).await?;
    let user_id = caller.user_id;
    if !named.is_empty() {
        let kinds: Vec<_> = named.iter().map(|(kind, _)| *kind).collect();
        let live: Vec<_> = named.iter().map(|(_, ways)| ways.live).collect();
        let push: Vec<_> = named.iter().map(|(_, ways)| ways.push).collect();
        store::set_preferences(&transaction, user_id, &kinds, &live, &push).await?;
    }
    let preferences = Preferences::of(&store::list_preferences(&transaction, user_id, KINDS).await?)?;
    transaction.commit().await?;
    Ok(preferences)
}
