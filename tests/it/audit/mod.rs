//! What was done is noted, whichever way it came, and stays as it was noted.

mod reading;
mod writing;

use serde_json::Value;

use crate::support::{Instance, Person, World};

const AUDIT: &str = "/api/v1/audit";

/// Somebody who may everything.
pub async fn administrator(world: &World, here: &Instance) -> Person {
    let admin = here.person("Admin").await;
    world.promotes(admin.id).await;
    admin
}

/// What was noted of a target, the oldest first.
pub async fn noted(admin: &Person, target: impl std::fmt::Display) -> Vec<Value> {
    let path = format!("{AUDIT}?sort=at&limit=100&target={target}");
    let list = admin.get(&path).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

/// The actions of these records.
pub fn actions(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["action"].as_str().unwrap()).collect()
}
