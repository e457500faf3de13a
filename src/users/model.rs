//! The shapes of a person.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Deserializer, Serialize};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::FromRow,
    error::Result,
    http::{Search, sorts},
    time::Timestamp,
};

/// A person. Fields the caller may not see are absent.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
pub struct User {
    /// Who it is, for ever.
    pub id: Uuid,
    /// The e-mail address, as it was given: for themselves and administrators, absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name to mention someone by: 3 to 32 of `a-z 0-9 _ .`, beginning and ending with a letter, a digit or `_`.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// What they say of themselves.
    pub bio: String,
    /// Where else to reach them: for themselves, their friends and administrators, absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Contacts>,
    /// Where their picture can be fetched, without signing in; null without one.
    #[oai(skip_serializing_if_is_none = false)]
    pub avatar_url: Option<String>,
    /// The roles they have: for themselves and administrators, absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// `active` or `suspended`: for themselves and administrators, absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When they were last connected; null when never. For themselves, their friends, people in a common chat and
    /// administrators, unless they have blocked them; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "what_is_there")]
    pub last_online_at: Option<Option<Timestamp>>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When the profile last changed.
    pub updated_at: Timestamp,
}

/// Reads a field that is there, if only as null: one that is not is left to `default`.
fn what_is_there<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    field: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}

/// Where else to reach someone. Stored encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct Contacts {
    /// QQ number; null without one.
    #[oai(skip_serializing_if_is_none = false)]
    pub qq: Option<String>,
    /// WeChat id; null without one.
    #[oai(skip_serializing_if_is_none = false)]
    pub wechat: Option<String>,
    /// GitHub login; null without one.
    #[oai(skip_serializing_if_is_none = false)]
    pub github: Option<String>,
}

/// Where else to reach oneself.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewContacts {
    /// QQ number; up to 255 characters.
    #[oai(validator(max_length = 255))]
    pub qq: Option<String>,
    /// WeChat id; up to 255 characters.
    #[oai(validator(max_length = 255))]
    pub wechat: Option<String>,
    /// GitHub login; up to 255 characters.
    #[oai(validator(max_length = 255))]
    pub github: Option<String>,
}

/// What one may change of oneself; what is left out stays.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct UserChange {
    /// The name to show, 1 to 255 characters.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: Option<String>,
    /// 3 to 32 of `a-z 0-9 _ .`, beginning and ending with a letter, a digit or `_`; unique.
    #[oai(validator(min_length = 3, max_length = 32, pattern = "^[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]$"))]
    pub username: Option<String>,
    /// Up to 1,000 characters.
    #[oai(validator(max_length = 1000))]
    pub bio: Option<String>,
    /// Replaces the contacts as a whole.
    pub contacts: Option<NewContacts>,
}

/// A whole profile, to put in place of another.
#[derive(Clone, Object, Deserialize)]
#[oai(example)]
pub struct Profile {
    /// The name to show, 1 to 255 characters.
    #[oai(validator(min_length = 1, max_length = 255))]
    pub name: String,
    /// 3 to 32 of `a-z 0-9 _ .`, beginning and ending with a letter, a digit or `_`; unique.
    #[oai(validator(min_length = 3, max_length = 32, pattern = "^[a-z0-9_][a-z0-9_.]{1,30}[a-z0-9_]$"))]
    pub username: String,
    /// The e-mail address; unique, ignoring case.
    #[oai(validator(max_length = 254))]
    pub email: String,
    /// Up to 1,000 characters; left out, it stays as it is.
    #[oai(validator(max_length = 1000))]
    pub bio: Option<String>,
    /// Replaces the contacts as a whole; left out, they stay as they are.
    pub contacts: Option<NewContacts>,
    /// One's own password, where `email` is another one of one's own; may be left out within ten minutes of signing in.
    pub current_password: Option<String>,
}

/// The roles somebody is to have.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(example)]
#[oai(rename = "RoleAssignment")]
pub struct UserRoles {
    /// Their names; none at all takes away every permission.
    pub roles: Vec<String>,
}

/// Whether somebody may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// As everyone is at first.
    Active,
    /// Shut out by an administrator.
    Suspended,
}

impl AccountStatus {
    /// As the table has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

/// Whether somebody is to be let in.
#[derive(Debug, Clone, Object, Deserialize)]
pub struct NewStatus {
    /// `suspended` shuts them out, `active` lets them in again.
    pub status: AccountStatus,
}

/// Which people are wanted; `None` is any.
#[derive(Debug, Clone)]
pub struct Filter {
    /// These and no others.
    pub ids: Option<Vec<Uuid>>,
    /// The words that must occur.
    pub search: Search,
    /// Whether they may sign in.
    pub status: Option<AccountStatus>,
    /// A role they have.
    pub role: Option<String>,
    /// Signed up at this moment or later.
    pub from: Option<Timestamp>,
    /// Signed up at this moment or earlier.
    pub to: Option<Timestamp>,
}

sorts! {
    /// In which order people are listed; `-` is the other way round.
    UserSort {
        #[default]
        Name = "name",
        NameDescending = "-name",
        Username = "username",
        UsernameDescending = "-username",
        CreatedAt = "created_at",
        CreatedAtDescending = "-created_at",
    }
}

impl Example for User {
    fn example() -> Self {
        let at = Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default());
        Self {
            id: Uuid::from_u128(0x0199_1f00_0000_7000_8000_0000_0000_0001),
            email: Some("alice@example.com".into()),
            username: "alice".into(),
            name: "Alice".into(),
            bio: String::new(),
            contacts: Some(Contacts { github: Some("alice".into()), ..Contacts::default() }),
            avatar_url: None,
            roles: Some(vec!["user".into()]),
            status: Some("active".into()),
            last_online_at: None,
            created_at: at,
            updated_at: at,
        }
    }
}

impl Example for UserChange {
    fn example() -> Self {
        Self {
            name: Some("Alice Liddell".into()),
            username: None,
            bio: Some("Curious.".into()),
            contacts: None,
        }
    }
}

impl Example for Profile {
    fn example() -> Self {
        Self {
            name: "Alice Liddell".into(),
            username: "alice".into(),
            email: "alice@example.com".into(),
            bio: Some("Curious.".into()),
            contacts: None,
            current_password: None,
        }
    }
}

impl Example for UserRoles {
    fn example() -> Self {
        Self { roles: vec!["user".into()] }
    }
}

/// A row of `users`, with the roles.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct UserRow {
    pub id: Uuid,
    pub email: String,
    pub username: String,
    pub name: String,
    pub bio: String,
    pub contacts: Option<Vec<u8>>,
    pub avatar_key: Option<String>,
    pub status: String,
    pub roles: Vec<String>,
    pub last_online_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl FromRow for UserRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            email: row.try_get("email")?,
            username: row.try_get("username")?,
            name: row.try_get("name")?,
            bio: row.try_get("bio")?,
            contacts: row.try_get("contacts")?,
            avatar_key: row.try_get("avatar_key")?,
            status: row.try_get("status")?,
            roles: row.try_get("roles")?,
            last_online_at: row.try_get("last_online_at")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}

/// A row of `users`, as far as everybody may see it.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct NamedRow {
    pub id: Uuid,
    pub username: String,
    pub name: String,
    pub avatar_key: Option<String>,
}

impl FromRow for NamedRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            username: row.try_get("username")?,
            name: row.try_get("name")?,
            avatar_key: row.try_get("avatar_key")?,
        })
    }
}

/// Someone, and what they are to whoever looks.
#[derive(Debug, Clone)]
pub struct SeenRow {
    /// Who is seen.
    pub user: UserRow,
    /// Whether the two are friends.
    pub is_friend: bool,
    /// Whether the one who looks may know when they are online: a friend or somebody in a chat with them, whom they have not blocked.
    pub knows: bool,
}

impl FromRow for SeenRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            user: UserRow::from_row(row)?,
            is_friend: row.try_get("is_friend")?,
            knows: row.try_get("knows")?,
        })
    }
}

/// What signing in has to know of an account.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns of the table, described in sql/")]
pub struct Credentials {
    pub id: Uuid,
    pub password_hash: String,
    pub status: String,
}

impl FromRow for Credentials {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            password_hash: row.try_get("password_hash")?,
            status: row.try_get("status")?,
        })
    }
}

/// A piece of the log of a chat.
#[derive(Debug, Clone, Copy)]
pub struct LogPiece {
    /// The chat.
    pub chat_id: Uuid,
    /// Before the first place.
    pub after: i64,
    /// The last place.
    pub up_to: i64,
}

impl FromRow for LogPiece {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            chat_id: row.try_get("chat_id")?,
            after: row.try_get("after")?,
            up_to: row.try_get("up_to")?,
        })
    }
}

/// What somebody has said in a piece of a log.
#[derive(Debug, Clone, Copy)]
pub struct PostedRow {
    /// Which piece, from 1.
    pub piece: i64,
    /// The place of their first message there that has words.
    pub oldest: i64,
    /// The place of the latest.
    pub newest: i64,
}

impl FromRow for PostedRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { piece: row.try_get("n")?, oldest: row.try_get("oldest")?, newest: row.try_get("newest")? })
    }
}
