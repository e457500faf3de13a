//! Tickets: bought and given back, waited for, shown at the door.

mod buying;
mod codes;
mod holding;
mod racing;
mod strangers;
mod waiting;

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::support::{Answer, Person};

/// Asks for so many places, and waits for them if they are not there.
async fn waits(person: &Person, event: &str, quantity: i32) -> Answer {
    person.post(&format!("{event}/tickets"), &json!({"quantity": quantity, "wait": true})).await
}

/// The same for somebody who must stand in line then, at this position.
async fn stands(person: &Person, event: &str, quantity: i32, position: i64) {
    assert_eq!(waits(person, event, quantity).await.expect(202)["position"], position);
}

/// The line of an event, as its owner sees it: who, for how many, at which position.
async fn line(owner: &Person, event: &str) -> Vec<(Value, i64, i64)> {
    let list = owner.get(&format!("{event}/waiting?limit=100")).await.expect(200);
    let items = list["items"].as_array().unwrap();
    let number = |value: &Value| value.as_i64().unwrap();
    items
        .iter()
        .map(|one| (one["user_id"].clone(), number(&one["quantity"]), number(&one["position"])))
        .collect()
}

/// Until so many places are held for somebody; they are.
async fn is_held_for(person: &Person, event: &str) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let mut list = person.get(&format!("{event}/waiting")).await.expect(200);
        if list["items"][0]["held_until"].is_string() {
            return list["items"][0].take();
        }
        assert!(Instant::now() < until, "nothing is held: {list}");
        sleep(Duration::from_millis(20)).await;
    }
}
