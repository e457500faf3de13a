//! How much of the database a statement touches.

use serde_json::Value;
use tokio_postgres::Client;

/// Runs a statement; how many pages it touched, in the cache or not, and its plan.
pub async fn pages_of(psql: &Client, statement: &str) -> (i64, Value) {
    let explain = format!("explain (analyze, buffers, format json) {statement}");
    let plan = psql.query_one(&explain, &[]).await.unwrap().get::<_, Value>(0)[0]["Plan"].clone();
    let pages = plan["Shared Hit Blocks"].as_i64().unwrap() + plan["Shared Read Blocks"].as_i64().unwrap();
    (pages, plan)
}
