//! How a profile looks, and to whom.

use uuid::Uuid;

use super::{
    Contacts, NewContacts, User, avatar,
    model::{SeenRow, UserRow},
};
use crate::{
    app::App,
    error::{Error, Result},
    http::Caller,
    roles,
};

/// Somebody who looks at profiles.
#[derive(Debug, Clone, Copy)]
pub struct Viewer {
    user_id: Uuid,
    is_admin: bool,
}

impl Viewer {
    /// Someone, with what is known of their roles.
    pub async fn new(app: &App, caller: Caller) -> Result<Self> {
        let is_admin = roles::service::is_administrator(app, caller).await?;
        Ok(Self { user_id: caller.user_id, is_admin })
    }

    /// Whether they are an administrator.
    pub fn is_admin(self) -> bool {
        self.is_admin
    }

    /// Whether everything of this person is theirs to see and to change: their own, and an administrator's.
    pub fn may_change(self, user_id: Uuid) -> bool {
        self.is_admin || self.user_id == user_id
    }

    /// A profile as they see it.
    pub fn view(self, app: &App, seen: SeenRow) -> User {
        let SeenRow { user, is_friend, knows } = seen;
        let sees_all = self.may_change(user.id);
        User {
            contacts: (sees_all || is_friend).then(|| open_contacts(app, &user)),
            id: user.id,
            email: sees_all.then_some(user.email),
            username: user.username,
            name: user.name,
            bio: user.bio,
            avatar_url: avatar::url(&app.public_url(), user.avatar_key.as_deref()),
            roles: sees_all.then_some(user.roles),
            status: sees_all.then_some(user.status),
            last_online_at: (sees_all || knows).then_some(user.last_online_at),
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// A profile as its owner sees it.
pub fn own_view(app: &App, user: UserRow) -> User {
    let owner = Viewer { user_id: user.id, is_admin: false };
    owner.view(app, SeenRow { user, is_friend: false, knows: true })
}

/// Seals the contacts of one person, for the table.
pub fn seal_contacts(app: &App, user_id: Uuid, contacts: &NewContacts) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(contacts).map_err(Error::internal)?;
    app.keyring.seal(&purpose(user_id), &plain)
}

/// What can't be opened any more (its key is lost, or psql moved it here) is empty: the rest of the profile is good.
fn open_contacts(app: &App, user: &UserRow) -> Contacts {
    let sealed = user.contacts.as_deref().unwrap_or_default();
    if sealed.is_empty() {
        return Contacts::default();
    }
    let plain = app.keyring.open_or_report(&purpose(user.id), sealed);
    plain.and_then(|plain| serde_json::from_slice(&plain).ok()).unwrap_or_default()
}

/// What the contacts of this person are sealed for.
pub fn purpose(user_id: Uuid) -> String {
    format!("users.contacts:{user_id}")
}
