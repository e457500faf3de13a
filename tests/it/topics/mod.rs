//! A durable log for programs.

mod commands;
mod keeping;
mod producing;
mod sharing;

use serde_json::{Value, json};

use crate::support::{Answer, Person};

fn at(topic: &str) -> String {
    format!("/api/v1/topics/{topic}")
}

/// Adds these values.
async fn produces(person: &Person, topic: &str, values: &[Value]) -> Answer {
    let records: Vec<_> = values.iter().map(|value| json!({"value": value})).collect();
    person.post(&format!("{}/records", at(topic)), &json!({"records": records})).await
}

/// What is read with these parameters.
async fn reads(person: &Person, topic: &str, query: &str) -> Vec<Value> {
    let list = person.get(&format!("{}/records?{query}", at(topic))).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

async fn commits(person: &Person, topic: &str, group: &str, offsets: &[i64]) {
    let body = json!({"group": group, "offsets": offsets});
    person.post(&format!("{}/commit", at(topic)), &body).await.expect(204);
}

fn offsets(records: &[Value]) -> Vec<i64> {
    records.iter().map(|record| record["offset"].as_i64().unwrap()).collect()
}
