//! What can't be delivered.

use std::time::Duration;

use serde_json::json;

use super::{DEVICES, is_quiet, read, subscribes, world};
use crate::support::{Manners, Receiver};

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_gone_is_forgotten() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let direct = world.direct_chat(alice.id, bob.id).await;
    for status in [404, 410] {
        let (gone, well) = (Receiver::new().await, Receiver::new().await);
        gone.behaves(Manners::Answers(status));
        subscribes(&bob, &gone).await;
        let device = subscribes(&bob, &well).await;
        alice.says(direct, "hello").await;
        well.is_sent(1).await;
        is_quiet(&psql).await;
        let list = bob.get(DEVICES).await.expect(200);
        assert_eq!(
            (&list["total"], &list["items"][0]["endpoint"]),
            (&json!(1), &json!(well.url())),
            "{status}"
        );
        assert_eq!(gone.sent().len(), 1);
        assert_eq!(read(&device, &well.sent())[0]["body"], "hello");
        let id = list["items"][0]["id"].as_str().unwrap();
        bob.delete(&format!("{DEVICES}/{id}")).await.expect(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_taken_is_tried_again_and_at_last_given_up() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let service = Receiver::new().await;
    let device = subscribes(&bob, &service).await;
    let direct = world.direct_chat(alice.id, bob.id).await;
    service.behaves(Manners::Answers(503));
    alice.says(direct, "hello").await;
    service.is_sent(1).await;
    service.behaves(Manners::Answers(201));
    // Two seconds later, and up to half as long again.
    service.is_sent(2).await;
    is_quiet(&psql).await;
    assert_eq!(read(&device, &service.sent())[0]["body"], "hello");

    service.behaves(Manners::Answers(500));
    let hurry = "update push_queue set attempts = 9; update jobs set run_at = now() where task = 'send_push' and status = 'queued'";
    for failures in 1..=5 {
        let sent = service.sent().len();
        alice.says(direct, "nobody takes it").await;
        service.is_sent(sent + 1).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        psql.batch_execute(hurry).await.unwrap();
        is_quiet(&psql).await;
        // What is given up is noted a moment after it has left the queue.
        let mut list = bob.get(DEVICES).await.expect(200);
        let noted = |list: &serde_json::Value| match failures {
            5 => list["total"] == 0,
            _ => list["items"][0]["failures"] == failures,
        };
        for _ in 0..100 {
            if noted(&list) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            list = bob.get(DEVICES).await.expect(200);
        }
        assert!(noted(&list), "{failures}: {list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_has_lost_its_job_gets_another() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let service = Receiver::new().await;
    service.behaves(Manners::Answers(503));
    let device = subscribes(&bob, &service).await;
    let direct = world.direct_chat(alice.id, bob.id).await;
    alice.says(direct, "hello").await;
    service.is_sent(1).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    service.behaves(Manners::Answers(201));
    let lose = "delete from jobs where task = 'send_push' and status = 'queued';
        update push_queue set created_at = now() - interval '11 minutes';
        insert into jobs (task) values ('look_after_pushes')";
    psql.batch_execute(lose).await.unwrap();
    is_quiet(&psql).await;
    assert_eq!(read(&device, &service.sent())[0]["body"], "hello");
}
