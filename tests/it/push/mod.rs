//! What reaches the devices of who is away.

mod failing;
mod keeping;
mod sending;

use std::time::Duration;

use serde_json::Value;
use tokio_postgres::Client;

use crate::support::{Device, Instance, Person, Receiver, Sent, World};

const DEVICES: &str = "/api/v1/push/subscriptions";

/// A world in which push services may be on this machine.
async fn world() -> World {
    World::with(&[
        ("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("TRUNKLINE_PUSH__CONTACT", "mailto:admin@example.com"),
    ])
    .await
}

/// Alice, who has something to say, and Bob, who is away and has a device.
struct Scene {
    world: World,
    here: Instance,
    alice: Person,
    bob: Person,
    service: Receiver,
    device: Device,
    psql: Client,
}

async fn scene() -> Scene {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let service = Receiver::new().await;
    let device = subscribes(&bob, &service).await;
    let psql = world.psql().await;
    Scene { world, here, alice, bob, service, device, psql }
}

/// Subscribes a new device of somebody at this push service.
async fn subscribes(person: &Person, service: &Receiver) -> Device {
    let device = Device::new();
    person.post(DEVICES, &device.subscription(&service.url())).await.expect(201);
    device
}

/// Until nothing waits to be sent.
async fn is_quiet(psql: &Client) {
    for _ in 0..400 {
        let waiting = psql.query_one("select count(*) from push_queue", &[]).await.unwrap();
        if waiting.get::<_, i64>(0) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("something waits for ever");
}

/// What a device reads of all that its push service has taken.
fn read(device: &Device, sent: &[Sent]) -> Vec<Value> {
    sent.iter().filter(|sent| sent.taken).map(|sent| device.reads(sent)).collect()
}

/// The username of somebody.
async fn username(person: &Person) -> String {
    person.get("/api/v1/users/me").await.expect(200)["username"].as_str().unwrap().to_owned()
}
