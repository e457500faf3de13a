//! Subscriptions: whose they are, how they are kept, and when they end.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{DEVICES, is_quiet, subscribes, world};
use crate::support::{Device, Person, Receiver, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_is_ones_own_and_its_keys_are_sealed() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let service = Receiver::new().await;
    let device = subscribes(&alice, &service).await;
    let list = alice.get(DEVICES).await.expect(200);
    let item = &list["items"][0];
    assert_eq!(
        (&item["endpoint"], &item["current"], &list["total"]),
        (&json!(service.url()), &json!(true), &json!(1))
    );
    assert!(item.get("keys").is_none() && item["used_at"].is_null());
    let path = format!("{DEVICES}/{}", item["id"].as_str().unwrap());
    bob.delete(&path).await.refused(404, "not_found");
    assert_eq!(bob.get(DEVICES).await.expect(200)["total"], 0);
    // The same device again takes other keys.
    let other = Device::new();
    let again = alice.post(DEVICES, &other.subscription(&service.url())).await.expect(200);
    assert_eq!(again["id"], item["id"]);
    let psql = world.psql().await;
    let rows =
        "select (select string_agg(s::text || encode(s.secret, 'escape'), '') from push_subscriptions as s)
        || (select string_agg(k::text || encode(k.private_key, 'escape'), '') from push_keys as k)";
    alice.get("/api/v1/push/key").await.expect(200);
    let rows: String = psql.query_one(rows, &[]).await.unwrap().get(0);
    for secret in device.keys().iter().chain(&other.keys()).chain([&service.url()]) {
        assert!(!rows.contains(secret), "{secret}");
    }
    alice.delete(&path).await.expect(204);
    alice.delete(&path).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_whose_who_signed_in_there_last_and_ends_with_the_session() {
    let world = world().await;
    let (here, there) = world.two_instances().await;
    let (mut alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let carol = here.person("Carol").await;
    let service = Receiver::new().await;
    let psql = world.psql().await;
    subscribes(&alice, &service).await;
    let device = Device::new();
    bob.post(DEVICES, &device.subscription(&service.url())).await.expect(201);
    assert_eq!(alice.get(DEVICES).await.expect(200)["total"], 0);
    for person in [&alice, &bob] {
        let direct = world.direct_chat(carol.id, person.id).await;
        carol.says(direct, "hello").await;
    }
    assert_eq!(device.reads(&service.is_sent(1).await[0])["title"], "Carol");
    is_quiet(&psql).await;
    assert_eq!(service.sent().len(), 1);

    // After signing out nothing is sent there.
    subscribes(&alice, &Receiver::new().await).await;
    let second = Receiver::new().await;
    let device = subscribes(&alice.at(&there), &second).await;
    alice.act("/api/v1/auth/logout").await.expect(204);
    let direct: Uuid = psql
        .query_one("select id from chats where pair @> array[$1::uuid]", &[&alice.id])
        .await
        .unwrap()
        .get(0);
    carol.says(direct, "after the end").await;
    is_quiet(&psql).await;
    assert!(second.sent().is_empty() && !device.keys()[0].is_empty());
    alice.signs_in().await;
    psql.batch_execute("insert into jobs (task) values ('look_after_pushes')").await.unwrap();
    world.rests().await;
    assert_eq!(alice.get(DEVICES).await.expect(200)["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_more_than_twenty_devices() {
    let world = world().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let mut all = tokio::task::JoinSet::new();
    for n in 0..24 {
        let person = if n % 2 == 0 { alice.clone() } else { alice.at(&there) };
        all.spawn(async move {
            let body = Device::new().subscription(&format!("http://127.0.0.1:9/{n}"));
            person.post(DEVICES, &body).await.status
        });
    }
    let mut statuses = Vec::new();
    while let Some(status) = all.join_next().await {
        statuses.push(status.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [[201; 20].as_slice(), &[409; 4]].concat());
    assert_eq!(alice.get(DEVICES).await.expect(200)["total"], 20);
    // One that is known may come again.
    let known = alice.get(&format!("{DEVICES}?limit=1")).await.expect(200)["items"][0]["endpoint"].clone();
    alice.post(DEVICES, &Device::new().subscription(known.as_str().unwrap())).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_device_is_refused() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let whole = Device::new().subscription("https://1.1.1.1/push");
    let with = |path: &[&str], value: Value| {
        let mut body = whole.clone();
        let mut part = &mut body;
        for name in path {
            part = &mut part[*name];
        }
        *part = value;
        body
    };
    for private in ["https://127.0.0.1/x", "https://10.0.0.1/x", "https://[::1]/x", "https://localhost/x"] {
        alice.post(DEVICES, &with(&["endpoint"], json!(private))).await.refused(400, "address_not_allowed");
    }
    for wrong in [
        with(&["endpoint"], json!("http://1.1.1.1/push")),
        with(&["endpoint"], json!("ftp://1.1.1.1/push")),
        with(&["endpoint"], json!("https://a:b@1.1.1.1/push")),
        with(&["endpoint"], json!("x".repeat(3000))),
        with(&["endpoint"], json!(7)),
        with(&["keys"], json!({})),
        with(&["keys", "auth"], json!("short")),
        with(&["keys", "auth"], json!("?".repeat(22))),
        with(&["keys", "p256dh"], json!("BCVxsr7N")),
        // As long as a point, and none.
        with(&["keys", "p256dh"], json!(format!("B{}", "A".repeat(86)))),
        json!([]),
        json!({}),
    ] {
        let answer = alice.post(DEVICES, &wrong).await;
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.body);
    }
    alice.post(DEVICES, &whole).await.expect(201);
    let stranger: Person = alice.bearing("");
    stranger.post(DEVICES, &whole).await.refused(401, "not_signed_in");
    stranger.get("/api/v1/push/key").await.refused(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_instances_have_one_key_whoever_asks_first() {
    let world = world().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let asks = (0..16).map(|n| {
        let person = if n % 2 == 0 { alice.clone() } else { alice.at(&there) };
        async move { person.get("/api/v1/push/key").await.expect(200)["public_key"].clone() }
    });
    let keys = futures_util::future::join_all(asks).await;
    assert!(keys.iter().all(|key| key == &keys[0] && key.as_str().unwrap().len() == 87), "{keys:?}");
    // After a restart as well.
    let later = world.instance().await;
    assert_eq!(alice.at(&later).get("/api/v1/push/key").await.expect(200)["public_key"], keys[0]);
}
