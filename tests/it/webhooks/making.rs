//! Who makes webhooks, where they may lead, and what is known of them.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{has_failed, hook, path, world};
use crate::support::{Person, Receiver, World};

/// An address that is public, and at which nobody is called in these stories.
const URL: &str = "http://8.8.8.8/hook";

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_told_once_and_lies_sealed() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let wish = json!({"url": "HTTP://8.8.8.8/Hook?token=x", "events": ["message_edited", "new_message", "new_message"]});
    let make = |key: &'static str, wish: &Value| {
        alice.request(Method::POST, &path(chat)).header("idempotency-key", key).json(wish)
    };
    let made = Person::send(make("one", &wish)).await.expect(201);
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 43);
    assert_eq!(made["url"], "http://8.8.8.8/Hook?token=x");
    assert_eq!(made["events"], json!(["new_message", "message_edited"]));
    assert_eq!((&made["active"], &made["created_by"]), (&json!(true), &json!(alice.id)));
    // The same key is the same webhook, with its secret.
    assert_eq!(Person::send(make("one", &wish)).await.expect(201), made);
    Person::send(make("one", &json!({"url": URL}))).await.refused(409, "idempotency_key_reused");
    let list = alice.get(&path(chat)).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &made["id"]));
    assert!(list["items"][0].get("secret").is_none(), "{list}");
    let csv = alice.request(Method::GET, &format!("{}?format=csv", path(chat))).send().await.unwrap();
    let csv = csv.text().await.unwrap();
    assert!(
        csv.starts_with("\u{feff}id,url,events,") && csv.contains("/Hook") && !csv.contains(secret),
        "{csv}"
    );
    let rows = "select string_agg(to_jsonb(webhooks)::text || to_jsonb(idempotency_keys)::text, '') from webhooks, idempotency_keys";
    let psql = world.psql().await;
    let rows: String = psql.query_one(rows, &[]).await.unwrap().get(0);
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert!(!rows.contains(secret) && !rows.contains(&hex), "{rows}");
    // Moved to another row it opens nothing: it is sealed for its own.
    let other = alice.post(&path(chat), &json!({"url": URL})).await.expect(201);
    assert_ne!(other["secret"], made["secret"]);
    assert_eq!(other["events"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_wish_is_said_by_its_field() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let long = format!("http://8.8.8.8/{}", "x".repeat(2048));
    for url in ["", "8.8.8.8", "ftp://8.8.8.8/", "http://", &long, "http://me@8.8.8.8/"] {
        let refused = alice.post(&path(chat), &json!({"url": url})).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "url", "{refused}");
    }
    for events in [json!(["nothing"]), json!([1]), json!(["new_message", "typing"]), json!("new_message")] {
        let wish = json!({"url": URL, "events": events});
        let refused = alice.post(&path(chat), &wish).await.refused(400, "validation_failed");
        let field = refused["errors"][0]["field"].as_str().unwrap();
        assert!(field.starts_with("events"), "{refused}");
    }
    alice.post(&path(chat), &json!({})).await.refused(400, "validation_failed");
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://localhost/",
        "http://localhost./",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1:8080/",
    ] {
        let refused = alice.post(&path(chat), &json!({"url": url})).await;
        refused.refused(400, "address_not_allowed");
    }
    // Whether somebody inside has a name is nobody's to find out.
    let mut answers = Vec::new();
    for url in ["http://nobody.invalid/", "http://localhost/"] {
        let refused = alice.post(&path(chat), &json!({"url": url})).await.refused(400, "address_not_allowed");
        answers.push(refused["detail"].clone());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(alice.get(&path(chat)).await.expect(200)["total"], 0);
    // What slips past the server does not slip past the table.
    let psql = world.psql().await;
    for url in ["http://me@8.8.8.8/", "ftp://8.8.8.8/", "http://", "http://a b/", &long] {
        let sql = "insert into webhooks (chat_id, url, secret) values ($1, $2, '')";
        let refused = psql.execute(sql, &[&chat, &url]).await.unwrap_err();
        assert_eq!(refused.as_db_error().unwrap().constraint(), Some("webhooks_url_check"), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_has_ten_however_many_are_wanted_at_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let elsewhere = alice.at(&there);
    let wants = (0..16).map(|number| {
        let person = if number % 2 == 0 { &alice } else { &elsewhere };
        async move { person.insists(Method::POST, &path(chat), &json!({"url": URL})).await }
    });
    let mut made = Vec::new();
    for answer in join_all(wants).await {
        match answer.status {
            201 => made.push(answer.expect(201)["id"].as_str().unwrap().to_owned()),
            _ => _ = answer.refused(409, "conflict"),
        }
    }
    assert_eq!(made.len(), 10);
    // Before a name is looked up for nothing.
    let wish = json!({"url": "http://nobody.invalid/"});
    alice.post(&path(chat), &wish).await.refused(409, "conflict");
    alice.delete(&format!("{}/{}", path(chat), made[3])).await.expect(204);
    alice.delete(&format!("{}/{}", path(chat), made[3])).await.expect(404);
    alice.post(&path(chat), &json!({"url": URL})).await.expect(201);
    alice.post(&path(chat), &json!({"url": URL})).await.refused(409, "conflict");
    let psql = world.psql().await;
    let sql = "insert into webhooks (chat_id, url, secret) values ($1, $2, '')";
    let eleventh = psql.execute(sql, &[&chat, &URL]).await;
    assert_eq!(eleventh.unwrap_err().as_db_error().unwrap().constraint(), Some("webhooks_place_check"));
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    let left: i64 = psql.query_one("select count(*) from webhooks", &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_a_hundred_however_many_are_wanted_at_once() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let mut chats = Vec::new();
    for number in 0..16 {
        chats.push(alice.creates_chat(&format!("Room {number}")).await);
    }
    let sql = "insert into webhooks (chat_id, url, secret, created_by) select $1, $2, '', $3 from generate_series(1, 10)";
    for chat in &chats[..9] {
        psql.execute(sql, &[chat, &URL, &alice.id]).await.unwrap();
    }
    let mut made = None;
    let rooms = chats[9..].iter().cycle().take(16);
    let wants = rooms.map(|chat| {
        let alice = &alice;
        async move { alice.insists(Method::POST, &path(*chat), &json!({"url": URL})).await }
    });
    for answer in join_all(wants).await {
        match answer.status {
            201 => made = Some(answer.expect(201)),
            _ => _ = answer.refused(409, "conflict"),
        }
    }
    let count = "select count(*) from webhooks where created_by = $1";
    assert_eq!(psql.query_one(count, &[&alice.id]).await.unwrap().get::<_, i64>(0), 100);
    let refused = alice.post(&path(chats[15]), &json!({"url": URL})).await.refused(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("100 webhooks"), "{refused}");
    let room = bob.creates_chat("Bob's").await;
    bob.post(&path(room), &json!({"url": URL})).await.expect(201);
    let (id, chat) = (
        made.unwrap()["id"].as_str().unwrap().to_owned(),
        "select chat_id from webhooks where id::text = $1",
    );
    let chat = psql.query_one(chat, &[&id]).await.unwrap().get(0);
    alice.delete(&format!("{}/{id}", path(chat))).await.expect(204);
    alice.post(&path(chat), &json!({"url": URL})).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_judged_again_whenever_something_is_sent() {
    let lenient = world().await;
    let receiver = Receiver::new().await;
    let here = lenient.instance().await;
    let alice = here.person("Alice").await;
    let (chat, named) = (alice.creates_chat("Lobby").await, alice.creates_chat("Named").await);
    hook(&alice, chat, &receiver).await;
    let url = receiver.url().replace("127.0.0.1", "localhost");
    let make = |alice: &Person| {
        let wish = json!({"url": url});
        alice.request(Method::POST, &path(named)).header("idempotency-key", "one").json(&wish)
    };
    let made = Person::send(make(&alice)).await.expect(201);
    // Who may reach everything is told what is wrong.
    let unknown = alice.post(&path(chat), &json!({"url": "http://nobody.invalid/"})).await;
    unknown.refused(400, "validation_failed");
    here.stop().await;
    // The same database, and nobody may call what is private any more.
    let mut strict = lenient.config();
    strict.webhooks.allow_private = false;
    let here = lenient.instance_of(strict).await;
    let alice = alice.at(&here);
    // What was answered before is answered again, wherever the name leads now.
    assert_eq!(Person::send(make(&alice)).await.expect(201), made);
    for (chat, reason) in [
        (chat, "its address is not a public one"),
        (named, "its name is not known, or not that of a public address"),
    ] {
        alice.says(chat, "hello").await;
        let failed = has_failed(&alice, chat).await;
        let error = failed["last_error"].as_str().unwrap();
        assert!(error.ends_with(reason), "{error}");
    }
    assert!(receiver.sent().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_to_webhooks_is_noted_without_what_may_be_secret() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    world.promotes(alice.id).await;
    let chat = alice.creates_chat("Lobby").await;
    let wish = json!({"url": "https://8.8.8.8/services/T01/sesame?key=sesame", "events": ["pin_added"]});
    let id = alice.post(&path(chat), &wish).await.expect(201)["id"].clone();
    let one = format!("{}/{}", path(chat), id.as_str().unwrap());
    for active in [false, false, true] {
        let switched = alice.patch(&one, &json!({"active": active})).await.expect(200);
        assert_eq!(switched["active"], active);
    }
    alice.delete(&one).await.expect(204);
    alice.post(&path(chat), &wish).await.expect(201);
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    let records = alice.get(&format!("/api/v1/audit?sort=at&limit=100&target={chat}")).await.expect(200);
    let records = records["items"].as_array().unwrap();
    let actions: Vec<_> = records.iter().map(|record| record["action"].as_str().unwrap()).collect();
    let expected = [
        "webhook_made",
        "webhook_switched_off",
        "webhook_switched_on",
        "webhook_removed",
        "webhook_made",
        "chat_deleted",
    ];
    assert_eq!(actions, expected);
    assert_eq!(
        records[0]["data"],
        json!({"webhook_id": id, "to": "https://8.8.8.8", "events": ["pin_added"]})
    );
    assert!(records.iter().all(|record| record["actor_id"] == json!(alice.id)));
    assert!(!serde_json::to_string(records).unwrap().contains("sesame"));
}
