//! Making, changing and deleting chats: titles, rights, and requests that come twice.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Answer, Person, World};

const CHATS: &str = "/api/v1/chats";

async fn create(person: &Person, key: &str, body: Value) -> Answer {
    let request = person.request(reqwest::Method::POST, CHATS);
    Person::send(request.header("idempotency-key", key).json(&body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_chat_is_empty_and_its_creators() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.post(CHATS, &json!({"title": " Lobby "})).await.expect(201);
    let of = |field: &str| chat[field].clone();
    assert_eq!(
        (of("title"), of("kind"), of("visibility")),
        (json!("Lobby"), json!("group"), json!("public"))
    );
    assert_eq!((of("last_seq"), of("member_count"), of("owner_id")), (json!(0), json!(1), json!(alice.id)));
    assert_eq!((of("description"), of("image_url")), (json!(""), Value::Null));
    let got = alice.get(&format!("{CHATS}/{}", chat["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(got, chat);
    let log = alice.get(&format!("{CHATS}/{}/log", chat["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(log, json!({"items": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_have_1_to_255_characters_after_trimming() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for good in ["x".to_owned(), format!("  {}  ", "厅".repeat(255))] {
        alice.post(CHATS, &json!({"title": good})).await.expect(201);
    }
    let chat = alice.creates_chat("Lobby").await;
    for bad in ["", "  ", "\u{3000}", "a\0", &"厅".repeat(256)] {
        for answer in [
            alice.post(CHATS, &json!({"title": bad})).await,
            alice.patch(&format!("{CHATS}/{chat}"), &json!({"title": bad})).await,
        ] {
            let problem = answer.refused(400, "validation_failed");
            assert_eq!(problem["errors"][0]["field"], "title", "{bad:?}");
        }
    }
    let long = json!({"title": "Long", "description": "d".repeat(4097)});
    alice.post(CHATS, &long).await.refused(400, "validation_failed");
    let secret = json!({"title": "Odd", "visibility": "secret"});
    alice.post(CHATS, &secret).await.refused(400, "validation_failed");
    alice.post(CHATS, &json!({})).await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn public_titles_are_unique_ignoring_case_and_private_ones_are_not() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    alice.creates_chat("Übung").await;
    alice.post(CHATS, &json!({"title": "üBUNG"})).await.refused(409, "title_taken");
    alice.creates_chat("ΟΔΟΣ").await;
    alice.post(CHATS, &json!({"title": "οδος"})).await.refused(409, "title_taken");
    let private = alice.creates_private_chat("übung").await;
    alice.creates_private_chat("Übung").await;
    let path = format!("{CHATS}/{private}");
    alice.patch(&path, &json!({"visibility": "public"})).await.refused(409, "title_taken");
    alice.patch(&path, &json!({"visibility": "public", "title": "Übung 2"})).await.expect(200);
    alice.patch(&path, &json!({"title": "ÜBUNG"})).await.refused(409, "title_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_who_want_one_title_at_once_one_gets_it() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let mut all = JoinSet::new();
    for n in 0..30 {
        let alice = if n % 2 == 0 { alice.clone() } else { alice.at(&there) };
        let title = if n % 3 == 0 { "RUSH" } else { "rush" };
        all.spawn(async move { alice.post(CHATS, &json!({"title": title})).await });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "title_taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_sent_twenty_times_with_one_key_is_one_chat() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let mut all = JoinSet::new();
    for n in 0..20 {
        let alice = if n % 2 == 0 { alice.clone() } else { alice.at(&there) };
        all.spawn(async move { create(&alice, "key-1", json!({"title": "Once"})).await });
    }
    let mut bodies: Vec<Value> = all.join_all().await.into_iter().map(|answer| answer.expect(201)).collect();
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    create(&alice, "key-1", json!({"title": "Twice"})).await.refused(409, "idempotency_key_reused");
    // A key is its user's own, and what failed is not kept.
    let bob = here.person("Bob").await;
    create(&bob, "key-1", json!({"title": "Once"})).await.refused(409, "title_taken");
    create(&bob, "key-1", json!({"title": "Bob's"})).await.expect(201);
    for bad in ["", &"k".repeat(256)] {
        create(&alice, bad, json!({"title": "Never"})).await.refused(400, "validation_failed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn creator_and_admins_change_a_chat_and_only_the_creator_deletes_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, admin) = (here.person("Alice").await, here.person("Adam").await);
    let (bob, eve) = (here.person("Bob").await, here.person("Eve").await);
    let chat = alice.creates_chat("Lobby").await;
    for person in [&admin, &bob] {
        person.joins(chat).await;
    }
    let psql = world.psql().await;
    let sql = "update members set role = 'admin' where chat_id = $1 and user_id = $2";
    psql.execute(sql, &[&chat, &admin.id]).await.unwrap();
    let path = format!("{CHATS}/{chat}");

    let changed = alice.patch(&path, &json!({"description": "Meet here"})).await.expect(200);
    assert_eq!((&changed["title"], &changed["description"]), (&json!("Lobby"), &json!("Meet here")));
    // Two joined, one became admin, and this change: four entries.
    assert_eq!(changed["last_seq"], 4);
    let same = alice.patch(&path, &json!({"description": "Meet here"})).await.expect(200);
    assert_eq!(same["last_seq"], 4, "what changes nothing takes no number");
    assert_eq!(same["updated_at"], changed["updated_at"]);
    admin.patch(&path, &json!({"title": "Hall"})).await.expect(200);
    for person in [&bob, &eve] {
        person.patch(&path, &json!({"title": "Mine"})).await.refused(403, "forbidden");
    }
    for person in [&admin, &bob, &eve] {
        person.delete(&path).await.refused(403, "forbidden");
    }
    alice.patch(&path, &json!({"visibility": "private"})).await.expect(200);
    for answer in [eve.patch(&path, &json!({"title": "Mine"})).await, eve.delete(&path).await] {
        answer.refused(404, "not_found");
    }
    alice.delete(&path).await.expect(204);
    alice.get(&path).await.refused(404, "not_found");
    alice.delete(&path).await.refused(404, "not_found");
    let left: i64 = psql
        .query_one("select (select count(*) from messages) + (select count(*) from members)", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_changes_at_once_than_there_are_connections_all_succeed() {
    let world = World::with(&[("TRUNKLINE_DATABASE__POOL_SIZE", "4")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut all = JoinSet::new();
    for n in 0..24 {
        let chat = alice.creates_private_chat(&format!("Room {n}")).await;
        let alice = alice.clone();
        let change = json!({"description": "new"});
        all.spawn(async move { alice.patch(&format!("{CHATS}/{chat}"), &change).await });
    }
    for answer in all.join_all().await {
        assert_eq!(answer.expect(200)["last_seq"], 1);
    }
}
