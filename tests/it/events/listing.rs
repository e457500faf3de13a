//! Finding events: by words, by time, in an order, page by page, and as a file.

use serde_json::{Value, json};

use super::{EVENTS, makes_with_chat};
use crate::support::{Person, World};

async fn names(person: &Person, query: &str) -> Vec<String> {
    let list = person.get(&format!("{EVENTS}?limit=100&{query}")).await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(list["total"], items.len(), "{query}");
    items.iter().map(|event| event["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn words_times_and_orders_find_what_is_meant() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    for (who, name, description, day) in [
        (&alice, "Straßenfest", "Musik und Tanz", 3),
        (&alice, "夏日音樂會", "在公園", 1),
        (&bob, "Cafe\u{301} Concert", "100% live_music", 2),
        (&bob, "An evening of jazz", "", 4),
    ] {
        let body = json!({
            "name": name, "description": description, "event_time": format!("2027-06-0{day}T19:00:00Z"), "max_tickets": 10,
        });
        who.post(EVENTS, &body).await.expect(201);
    }
    let all = ["夏日音樂會", "Cafe\u{301} Concert", "Straßenfest", "An evening of jazz"];
    assert_eq!(names(&alice, "").await, all);
    for (query, found) in [
        ("search=concert", vec![all[1]]),
        ("search=CAF%C3%89", vec![all[1]]),
        ("search=STRASSENFEST", vec![]),
        ("search=stra%C3%9Fen+TANZ", vec![all[2]]),
        ("search=tanz+jazz", vec![]),
        ("search=%E9%9F%B3%E6%A8%82", vec![all[0]]),
        ("search=en", vec![all[2], all[3]]),
        ("search=100%25", vec![all[1]]),
        ("search=_", vec![all[1]]),
        ("search=%5C", vec![]),
        ("search=+++", all.to_vec()),
        ("event_time_from=2027-06-02T19:00:00Z", all[1..].to_vec()),
        ("event_time_to=2027-06-02T19:00:00Z", all[..2].to_vec()),
        (
            "event_time_from=2027-06-02T00:00:00Z&event_time_to=2027-06-03T23:00:00Z&sort=-event_time",
            vec![all[2], all[1]],
        ),
        ("sort=-event_time", vec![all[3], all[2], all[1], all[0]]),
        ("sort=created_at", vec![all[2], all[0], all[1], all[3]]),
        ("sort=-created_at", vec![all[3], all[1], all[0], all[2]]),
        ("sort=name", vec![all[3], all[1], all[2], all[0]]),
        ("sort=-name", vec![all[0], all[2], all[1], all[3]]),
        ("search=e&sort=-name", vec![all[2], all[1], all[3]]),
        (&*format!("owner_id={}", bob.id), vec![all[1], all[3]]),
        (&*format!("owner_id={}&sort=-name&search=jazz", bob.id), vec![all[3]]),
        (&*format!("owner_id={}&event_time_from=2027-06-03T00:00:00Z", bob.id), vec![all[3]]),
        (&*format!("owner_id={}&sort=name", uuid::Uuid::now_v7()), vec![]),
    ] {
        assert_eq!(names(&alice, query).await, found, "{query}");
    }
    for bad in [
        "sort=place",
        "event_time_from=tomorrow",
        "owner_id=me",
        "limit=0",
        "limit=101",
        "offset=-1",
        "format=pdf",
        "include=chats",
    ] {
        alice.get(&format!("{EVENTS}?{bad}")).await.refused(400, "validation_failed");
    }
    alice.get(&format!("{EVENTS}?search={}", "x".repeat(256))).await.refused(400, "validation_failed");
    let page = alice.get(&format!("{EVENTS}?limit=2&offset=1&include=users")).await.expect(200);
    assert_eq!((&page["total"], &page["items"][0]["name"]), (&json!(4), &json!(all[1])));
    let mut known: Vec<_> = page["users"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect();
    known.sort_by_key(Value::to_string);
    let mut owners = vec![json!(alice.id), json!(bob.id)];
    owners.sort_by_key(Value::to_string);
    assert_eq!(known, owners);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_holds_them_all_and_no_chat_of_others() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (path, chat) = makes_with_chat(&alice, "=Concert", 10).await;
    let text = async |person: &Person, query: &str| {
        let request = person.request(reqwest::Method::GET, &format!("{EVENTS}?format=csv&{query}"));
        request.send().await.unwrap().text().await.unwrap()
    };
    let file = text(&alice, "").await;
    assert!(file.starts_with("\u{feff}id,owner_id,name,event_time,timezone,local_time,"), "{file}");
    assert!(file.contains(",'=Concert,") && file.contains(&chat.to_string()));
    for query in ["", "search=concert", "sort=name", &format!("owner_id={}", alice.id)] {
        let file = text(&bob, query).await;
        assert!(file.contains(",'=Concert,") && !file.contains(&chat.to_string()), "{file}");
        let list = bob.get(&format!("{EVENTS}?{query}")).await.expect(200);
        assert_eq!(
            (&list["items"][0]["chat_id"], &list["items"][0]["with_chat"]),
            (&Value::Null, &json!(true))
        );
    }
    super::buys(&bob, &path, 1).await;
    assert!(text(&bob, "").await.contains(&chat.to_string()));
    assert_eq!(text(&bob, "search=nothing").await.lines().count(), 1);
}
