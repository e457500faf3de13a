//! Who makes hooks, and what is known of them.

use futures_util::future::join_all;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::json;
use uuid::Uuid;

use super::{hook, latest, note, path, posts};
use crate::support::{Person, World, noise};

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_told_once_and_lies_hashed() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let wish = json!({"name": "  Build server "});
    let make = |wish: &serde_json::Value| {
        alice.request(Method::POST, &path(chat)).header("idempotency-key", "one").json(wish)
    };
    let made = Person::send(make(&wish)).await.expect(201);
    note(&made);
    let token = made["url"].as_str().unwrap().strip_prefix(&format!("{}/api/v1/hooks/", here.base)).unwrap();
    assert_eq!((token.len(), &made["name"]), (43, &json!("Build server")));
    assert_eq!(
        (&made["created_by"], &made["used_at"], &made["avatar_url"]),
        (&json!(alice.id), &json!(null), &json!(null))
    );
    assert_eq!(Person::send(make(&wish)).await.expect(201), made);
    Person::send(make(&json!({"name": "Another"}))).await.refused(409, "idempotency_key_reused");
    let list = alice.get(&path(chat)).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &made["id"]));
    assert!(list["items"][0].get("url").is_none(), "{list}");
    let rows = "select string_agg(to_jsonb(hooks)::text || to_jsonb(idempotency_keys)::text, '') from hooks, idempotency_keys";
    let rows: String = world.psql().await.query_one(rows, &[]).await.unwrap().get(0);
    assert!(!rows.contains(token), "{rows}");
    for name in ["", "  ", "two\nlines", &"x".repeat(256)] {
        let refused = alice.post(&path(chat), &json!({"name": name})).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "name", "{refused}");
    }
    assert_eq!(alice.get(&path(chat)).await.expect(200)["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_has_ten_and_a_person_a_hundred_however_many_are_wanted_at_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let elsewhere = alice.at(&there);
    let wants = (0..16).map(|number| {
        let person = if number % 2 == 0 { &alice } else { &elsewhere };
        async move { person.insists(Method::POST, &path(chat), &json!({"name": "Bot"})).await }
    });
    let mut made = 0;
    for answer in join_all(wants).await {
        match answer.status {
            201 => made += 1,
            _ => _ = answer.refused(409, "conflict"),
        }
    }
    assert_eq!(made, 10);
    let psql = world.psql().await;
    for number in 0..10 {
        let room = alice.creates_chat(&format!("Room {number}")).await;
        let sql = "with bots as (
                insert into users (email, username, name, password_hash, is_bot)
                select gen_random_uuid() || '@bots.invalid', 'b' || left(gen_random_uuid()::text, 8) , 'Bot', '', true
                from generate_series(1, case when $3 < 9 then 10 else 0 end) returning id)
            insert into hooks (chat_id, bot_id, token_hash, created_by) select $1, id, sha256(id::text::bytea), $2 from bots";
        let sql = sql.replace(
            "left(gen_random_uuid()::text, 8)",
            "left(replace(gen_random_uuid()::text, '-', ''), 20)",
        );
        psql.execute(&sql, &[&room, &alice.id, &number]).await.unwrap();
    }
    let refused = alice.post(&path(alice.creates_chat("Full").await), &json!({"name": "Bot"})).await;
    assert!(refused.refused(409, "conflict")["detail"].as_str().unwrap().contains("100 hooks"));
    let bots = "select count(*) from users where is_bot";
    assert_eq!(psql.query_one(bots, &[]).await.unwrap().get::<_, i64>(0), 100);
    // What has said nothing leaves nothing.
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    assert_eq!(psql.query_one(bots, &[]).await.unwrap().get::<_, i64>(0), 90);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_has_a_name_and_a_picture_and_is_nobody_otherwise() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let made = hook(&alice, chat, "Build server").await;
    posts(&made, &json!({"text": "hello"})).await.expect(200);
    let bot: Uuid = made["bot_id"].as_str().unwrap().parse().unwrap();
    let form = || Form::new().part("file", Part::bytes(noise(900, 900)).file_name("bot.png"));
    let at = format!("{}/{}/avatar", path(chat), made["id"].as_str().unwrap());
    let shown = Person::send(alice.request(Method::POST, &at).multipart(form())).await.expect(200);
    let picture_url = shown["avatar_url"].as_str().unwrap().to_owned();
    assert_eq!(reqwest::get(&picture_url).await.unwrap().status().as_u16(), 200);
    Person::send(bob.request(Method::POST, &at).multipart(form())).await.refused(403, "forbidden");
    let said = latest(&bob, chat).await;
    assert_eq!((&said["sender_id"], &said["kind"]), (&json!(bot), &json!("text")));
    let profile = bob.get(&format!("/api/v1/users/{bot}")).await.expect(200);
    assert_eq!((&profile["name"], &profile["avatar_url"]), (&json!("Build server"), &json!(picture_url)));
    assert!(profile.get("email").is_none());
    // Not among people, not in the chat, and not to be brought there.
    for search in ["Build", "build server", &format!("hook-{bot}@bots.invalid")] {
        assert_eq!(
            bob.get(&format!("/api/v1/users?search={search}")).await.expect(200)["total"],
            0,
            "{search}"
        );
    }
    assert_eq!(bob.get("/api/v1/users").await.expect(200)["total"], 2);
    let members = alice.get(&format!("/api/v1/chats/{chat}/members")).await.expect(200);
    assert_eq!(members["total"], 1);
    alice
        .post(&format!("/api/v1/chats/{chat}/members"), &json!({"user_id": bot}))
        .await
        .refused(404, "not_found");
    alice.post("/api/v1/chats/direct", &json!({"user_id": bot})).await.refused(404, "not_found");
    // Nor is it a friend, somebody to be banned, or one who may do what people may.
    alice.post("/api/v1/friends", &json!({"user_id": bot})).await.refused(404, "not_found");
    alice.puts(&format!("/api/v1/chats/{chat}/bans/{bot}")).await.refused(404, "not_found");
    world.promotes(alice.id).await;
    for (what, body) in [
        ("/roles", json!({"roles": ["admin"]})),
        ("", json!({"name": "x", "username": "x_x_x", "email": "x@example.com"})),
    ] {
        alice.put(&format!("/api/v1/users/{bot}{what}"), &body).await.refused(404, "not_found");
    }
    let by_hand = "insert into user_roles (user_id, role) values ($1, 'admin')";
    world.psql().await.execute(by_hand, &[&bot]).await.unwrap();
    Person::send(
        alice.request(Method::DELETE, "/api/v1/users/me").json(&json!({"current_password": "trunkline1"})),
    )
    .await
    .refused(409, "conflict");
    // Nobody signs in as it.
    let username = profile["username"].as_str().unwrap();
    for form in [
        json!({"username": username, "password": ""}),
        json!({"username": username, "password": "trunkline1"}),
        json!({"email": format!("hook-{bot}@bots.invalid"), "password": "trunkline1"}),
    ] {
        assert!([400, 401].contains(&alice.post("/api/v1/auth/login", &form).await.status));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_to_hooks_is_noted() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    world.promotes(alice.id).await;
    let chat = alice.creates_chat("Lobby").await;
    let made = hook(&alice, chat, "Bot").await;
    alice.delete(&format!("{}/{}", path(chat), made["id"].as_str().unwrap())).await.expect(204);
    hook(&alice, chat, "Another").await;
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    let records = alice.get(&format!("/api/v1/audit?sort=at&limit=100&target={chat}")).await.expect(200);
    let records = records["items"].as_array().unwrap();
    let actions: Vec<_> = records.iter().map(|record| record["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["hook_made", "hook_removed", "hook_made", "chat_deleted"]);
    assert_eq!(records[0]["data"], json!({"hook_id": made["id"], "bot_id": made["bot_id"]}));
}
