//! Work that is done again and again.

mod asking;
mod firing;
mod reckoning;
mod writing_sql;

use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Instance, Person, World};

const SCHEDULES: &str = "/api/v1/schedules";

/// Somebody who may everything.
async fn administrator(world: &World, here: &Instance) -> Person {
    let admin = here.person("Admin").await;
    world.promotes(admin.id).await;
    admin
}

/// The id in an answer.
fn id_of(answer: &Value) -> Uuid {
    answer["id"].as_str().unwrap().parse().unwrap()
}

async fn number(psql: &Client, sql: &str) -> i64 {
    psql.query_one(sql, &[]).await.unwrap().get(0)
}
