//! The shapes of roles, and of what they permit.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

use crate::{db::FromRow, error::Result, http::sorts, permissions, time::Timestamp};

/// An operation, and the permission it needs.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct Route {
    /// GET, POST …
    pub method: String,
    /// As the documentation has it: `/api/v1/users/{id}`.
    pub path: String,
    /// What a role must hold: method and path.
    pub permission: String,
    /// What it does.
    pub summary: String,
    /// Whether it needs no token, and so no permission.
    pub public: bool,
    /// Whether it is kept from the role `user`.
    #[serde(skip)]
    #[oai(skip)]
    pub is_administration: bool,
}

/// A role of people: a name for what may be done.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
// What somebody is in a chat has the name `Role` in the document already.
#[oai(example, rename = "UserRole")]
pub struct Role {
    /// 1 to 64 of `a-z 0-9 _ -`, unique.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The permissions it holds, in order; `*` is all there are and will be.
    pub permissions: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A new role.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct NewRole {
    /// 1 to 64 of `a-z 0-9 _ -`, unique.
    #[oai(validator(min_length = 1, max_length = 64, pattern = "^[a-z0-9_-]{1,64}$"))]
    pub name: String,
    /// What it is for; up to 1,000 characters.
    #[oai(validator(max_length = 1000))]
    pub description: Option<String>,
    /// What it permits: `permission`s of `GET /routes`, or `*` for everything.
    pub permissions: Vec<String>,
}

/// What to change of a role; what is left out stays.
#[derive(Debug, Clone, Default, Object, Serialize, Deserialize)]
#[oai(example, rename = "UserRoleChange")]
pub struct RoleChange {
    /// 1 to 64 of `a-z 0-9 _ -`, unique. Whoever has the role keeps it.
    #[oai(validator(min_length = 1, max_length = 64, pattern = "^[a-z0-9_-]{1,64}$"))]
    pub name: Option<String>,
    /// What it is for; up to 1,000 characters.
    #[oai(validator(max_length = 1000))]
    pub description: Option<String>,
    /// Replaces what it permits.
    pub permissions: Option<Vec<String>>,
}

/// What a role permits.
#[derive(Debug, Clone, Object, Serialize, Deserialize)]
#[oai(example)]
pub struct RolePermissions {
    /// `permission`s of `GET /routes`, or `*` for everything.
    pub permissions: Vec<String>,
}

sorts! {
    /// The order of roles.
    RoleSort {
        #[default]
        Name = "name",
        NameDescending = "-name",
        CreatedAt = "created_at",
        CreatedAtDescending = "-created_at",
    }
}

const READ_USER: &str = "GET:/api/v1/users/{id}";

impl Example for Route {
    fn example() -> Self {
        Self {
            method: "GET".into(),
            path: "/api/v1/users/{id}".into(),
            permission: permissions::code("GET", "/api/v1/users/{id}"),
            summary: "A person's profile".into(),
            public: false,
            is_administration: false,
        }
    }
}

impl Example for Role {
    fn example() -> Self {
        Self {
            name: "moderator".into(),
            description: "Moderates chats".into(),
            permissions: vec![READ_USER.into()],
            created_at: Timestamp(chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap_or_default()),
        }
    }
}

impl Example for NewRole {
    fn example() -> Self {
        Self {
            name: "moderator".into(),
            description: Some("Moderates chats".into()),
            permissions: vec![READ_USER.into()],
        }
    }
}

impl Example for RoleChange {
    fn example() -> Self {
        Self { description: Some("Moderates chats".into()), ..Self::default() }
    }
}

impl Example for RolePermissions {
    fn example() -> Self {
        Self { permissions: vec![READ_USER.into()] }
    }
}

impl FromRow for Role {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            permissions: row.try_get("permissions")?,
            created_at: row.try_get("created_at")?,
        })
    }
}
