//! Who may no longer send does not, and hears of it.

use serde_json::json;

use super::{MINE, at, becomes, hands_in, messages};
use crate::support::{Person, Socket, World};

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_send_any_more_does_not_and_is_told_why() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    for (meanwhile, reason) in [
        ("delete from members where user_id = $1", "not_found"),
        (
            "insert into bans (chat_id, user_id) select chat_id, user_id from scheduled_messages where user_id = $1",
            "not_found",
        ),
        (
            "delete from chats where id = (select chat_id from scheduled_messages where user_id = $1)",
            "not_found",
        ),
        ("delete from user_roles where user_id = $1", "forbidden"),
    ] {
        let bob: Person = here.person("Bob").await;
        let chat = alice.creates_private_chat(meanwhile).await;
        world.adds(chat, bob.id).await;
        let mut gateway = Socket::open(&there.base, "/api/v1/ws", &bob.token).await.unwrap();
        gateway.expect("welcome").await;
        let receipt = hands_in(&bob, chat, "later", at(3600)).await.expect(202);
        psql.execute(meanwhile, &[&bob.id]).await.unwrap();
        world.rings().await;
        psql.batch_execute("update scheduled_messages set send_at = now() where failed_at is null")
            .await
            .unwrap();
        if reason == "forbidden" {
            // Nor may they look any more.
            let sql = "insert into user_roles (user_id, role) values ($1, 'user')";
            let failed =
                "select count(*) from scheduled_messages where user_id = $1 and reason = 'forbidden'";
            while psql.query_one(failed, &[&bob.id]).await.unwrap().get::<_, i64>(0) == 0 {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            psql.execute(sql, &[&bob.id]).await.unwrap();
            world.rings().await;
        }
        let failed = becomes(&bob, "failed").await;
        assert_eq!((&failed["id"], &failed["reason"]), (&receipt["id"], &json!(reason)), "{meanwhile}");
        if reason != "forbidden" {
            let told = loop {
                let frame = gateway.notified().await;
                if frame["notification"]["kind"] == "scheduled_failed" {
                    break frame;
                }
            };
            let told = &told["notification"]["data"];
            assert_eq!((&told["id"], &told["reason"]), (&receipt["id"], &json!(reason)), "{meanwhile}");
            assert_eq!((&told["chat_id"], &told["client_id"]), (&json!(chat), &json!("later")));
        }
        bob.delete(&format!("{MINE}/{}", receipt["id"].as_str().unwrap())).await.expect(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ban_a_block_and_a_suspension_count_when_the_time_has_come() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let due = "update scheduled_messages set send_at = now() where failed_at is null";
    let public = alice.creates_chat("Lobby").await;
    for (meanwhile, reason) in [
        (
            "insert into bans (chat_id, user_id) select chat_id, user_id from scheduled_messages where user_id = $1",
            "banned",
        ),
        ("update users set status = 'suspended' where id = $1", "suspended"),
    ] {
        let mut bob: Person = here.person("Bob").await;
        hands_in(&bob, public, "later", at(3600)).await.expect(202);
        psql.execute(meanwhile, &[&bob.id]).await.unwrap();
        psql.batch_execute(due).await.unwrap();
        let reasons = "select count(*) from scheduled_messages where user_id = $1 and reason = $2";
        while psql.query_one(reasons, &[&bob.id, &reason]).await.unwrap().get::<_, i64>(0) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        psql.execute("update users set status = 'active' where id = $1", &[&bob.id]).await.unwrap();
        bob.signs_in().await;
        assert_eq!(becomes(&bob, "failed").await["reason"], reason);
    }
    let bob = here.person("Bob").await;
    let direct = world.direct_chat(alice.id, bob.id).await;
    hands_in(&bob, direct, "later", at(3600)).await.expect(202);
    alice.put(&format!("/api/v1/blocks/{}", bob.id), &json!({})).await.expect(204);
    psql.batch_execute(due).await.unwrap();
    assert_eq!(becomes(&bob, "failed").await["reason"], "blocked");
    // The same once more takes the place of what failed.
    alice.delete(&format!("/api/v1/blocks/{}", bob.id)).await.expect(204);
    hands_in(&bob, direct, "later", at(1)).await.expect(202);
    assert_eq!(messages(&bob, direct, 1).await[0]["content"], "later");
    assert_eq!(alice.get(&format!("/api/v1/chats/{public}/messages")).await.expect(200)["total"], 0);
    assert_eq!(bob.get(MINE).await.expect(200)["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_or_a_file_that_another_message_has_taken_fails_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let path = format!("/api/v1/chats/{chat}/messages");
    let psql = world.psql().await;
    hands_in(&alice, chat, "later", at(3600)).await.expect(202);
    // The API refuses that (naming.rs); SQL may.
    let now = "insert into messages (chat_id, sender_id, content, client_id) values ($1, $2, 'now', 'later')";
    psql.execute(now, &[&chat, &alice.id]).await.unwrap();
    psql.batch_execute("update scheduled_messages set send_at = now()").await.unwrap();
    assert_eq!(becomes(&alice, "failed").await["reason"], "client_id_reused");
    psql.batch_execute("delete from scheduled_messages").await.unwrap();
    let part = reqwest::multipart::Part::bytes(b"a plan".to_vec()).file_name("plan.txt");
    let form = reqwest::multipart::Form::new().part("file", part);
    let upload = alice.request(reqwest::Method::POST, "/api/v1/uploads").multipart(form);
    let file = Person::send(upload).await.expect(201)["id"].clone();
    alice.post(&path, &json!({"attachments": [file], "send_at": at(3600)})).await.expect(202);
    alice.post(&path, &json!({"attachments": [file]})).await.expect(201);
    psql.batch_execute("update scheduled_messages set send_at = now()").await.unwrap();
    assert_eq!(becomes(&alice, "failed").await["reason"], "validation_failed");
    // A week later it is forgotten.
    psql.batch_execute("update scheduled_messages set failed_at = now() - interval '8 days'; insert into jobs (task) values ('sweep_scheduled_messages')")
        .await
        .unwrap();
    world.rests().await;
    assert_eq!(alice.get(MINE).await.expect(200)["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_in_which_nothing_can_be_seen_is_refused_when_it_is_written() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let psql = world.psql().await;
    let insert = "insert into scheduled_messages (user_id, chat_id, client_id, content, send_at) values ($1, $2, $3, $4, now() + interval '1 day')";
    psql.execute(insert, &[&alice.id, &chat, &"fine", &"hello"]).await.unwrap();
    for blank in ["", " ", "\n\t", "\u{200b}", "\u{2800}"] {
        let wrong = psql.execute(insert, &[&alice.id, &chat, &"blank", &blank]).await.unwrap_err();
        let edited = psql.execute("update scheduled_messages set content = $1", &[&blank]).await.unwrap_err();
        for error in [wrong, edited] {
            let constraint = error.as_db_error().and_then(|error| error.constraint());
            assert_eq!(constraint, Some("scheduled_messages_content_check"), "{error:?}");
        }
    }
    assert_eq!(alice.get(MINE).await.expect(200)["total"], 1);
}
