//! What people may do at all: stories about roles and the permissions they hold.

mod notifications;
mod giving;
mod making;

use serde_json::json;

use crate::support::{Instance, Person, World};

/// Somebody who may everything.
async fn administrator(world: &World, here: &Instance) -> Person {
    let admin = here.person("Admin").await;
    world.promotes(admin.id).await;
    admin
}

/// Gives somebody these roles and no others.
async fn gives(admin: &Person, whom: &Person, roles: &[&str]) {
    admin.put(&format!("/api/v1/users/{}/roles", whom.id), &json!({"roles": roles})).await.expect(200);
}

/// Makes a role that permits this.
async fn makes(admin: &Person, name: &str, permissions: &[&str]) {
    let role = json!({"name": name, "permissions": permissions});
    admin.post("/api/v1/roles", &role).await.expect(201);
}
