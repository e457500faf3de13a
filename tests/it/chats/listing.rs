//! Finding chats: mine with what is new in them, and public ones by words.

use serde_json::{Value, json};

use crate::support::{Person, World};

async fn list(person: &Person, query: &str) -> Value {
    person.get(&format!("/api/v1/chats{query}")).await.expect(200)
}

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|chat| chat["title"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn mine_are_listed_by_activity_with_what_is_new() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (one, two) = (alice.creates_chat("One").await, alice.creates_private_chat("Two").await);
    bob.creates_chat("Bob's").await;
    bob.joins(one).await;
    assert_eq!(titles(&list(&alice, "").await), ["Two", "One"]);
    let empty = list(&alice, "").await;
    assert!(empty["items"][0].as_object().unwrap().contains_key("last_message"));
    assert_eq!(
        (&empty["items"][0]["last_message"], &empty["items"][0]["unread_count"]),
        (&Value::Null, &json!(0))
    );
    bob.says(one, "hi").await;
    let said = bob.says(one, "there").await;
    // By hand, since who posts has read up to there.
    let own = "insert into messages (chat_id, sender_id, content) values ($1, $2, 'mine does not count')";
    world.psql().await.execute(own, &[&one, &alice.id]).await.unwrap();
    let system = "insert into messages (chat_id, kind, content) values ($1, 'system', 'nor does the system')";
    world.psql().await.execute(system, &[&one]).await.unwrap();
    let mine = list(&alice, "").await;
    assert_eq!((titles(&mine), &mine["total"]), (vec!["One", "Two"], &json!(2)));
    let first = &mine["items"][0];
    assert_eq!((&first["unread_count"], &first["mention_count"]), (&json!(2), &json!(0)));
    assert_eq!((&first["last_read_seq"], &first["last_seq"]), (&json!(0), &json!(5)));
    assert_eq!(first["last_message"]["content"], "nor does the system");

    let recall = "update messages set recalled_at = now() where chat_id = $1 and seq = $2";
    let seq = said["seq"].as_i64().unwrap();
    world.psql().await.execute(recall, &[&one, &seq]).await.unwrap();
    assert_eq!(list(&alice, "").await["items"][0]["unread_count"], 1);
    let read = "update members set last_read_seq = 2 where chat_id = $1 and user_id = $2";
    world.psql().await.execute(read, &[&one, &alice.id]).await.unwrap();
    assert_eq!(list(&alice, "").await["items"][0]["unread_count"], 0);
    let _ = two;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_paged() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    for n in 1..=12 {
        alice.creates_chat(&format!("Room {n:02}")).await;
    }
    alice.creates_private_chat("Hidden").await;
    for (person, scope, total) in [(&alice, "?scope=mine", 13), (&eve, "?scope=public", 12)] {
        let first = list(person, scope).await;
        assert_eq!((titles(&first).len(), &first["total"]), (10, &json!(total)));
        let rest = list(person, &format!("{scope}&offset=10&limit=100")).await;
        assert_eq!((titles(&rest).len(), &rest["total"]), (total - 10, &json!(total)));
        assert_eq!(titles(&rest).last(), Some(&"Room 01"));
        let beyond = list(person, &format!("{scope}&offset=50")).await;
        assert_eq!(beyond, json!({"items": [], "total": total}));
        for bad in ["limit=0", "limit=101", "limit=x", "offset=-1", "scope=all"] {
            let scope = if bad.starts_with("scope") { "?" } else { &format!("{scope}&") };
            person.get(&format!("/api/v1/chats{scope}{bad}")).await.refused(400, "validation_failed");
        }
    }
    assert_eq!(list(&eve, "").await, json!({"items": [], "total": 0}));
    let public = list(&eve, "?scope=public&limit=1").await;
    assert!(public["items"][0].get("unread_count").is_none(), "{public}");
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_are_filtered_by_what_they_are() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    alice.creates_chat("Open").await;
    alice.creates_private_chat("Closed").await;
    alice.post("/api/v1/chats/direct", &json!({"user_id": bob.id})).await.expect(201);
    let old = "update chats set created_at = '2020-02-03T04:05:06Z' where title = 'Open'";
    world.psql().await.execute(old, &[]).await.unwrap();
    for (query, total) in [
        ("", 3),
        ("?kind=group", 2),
        ("?kind=direct", 1),
        ("?visibility=public", 1),
        ("?visibility=private", 2),
        ("?visibility=private&kind=group", 1),
        ("?created_at_to=2020-02-03T04:05:06Z", 1),
        ("?created_at_from=2020-02-03T04:05:06Z", 3),
        ("?created_at_from=2020-02-03T04:05:07Z", 2),
        ("?created_at_from=2020-02-03T04:05:07Z&search=open", 0),
        ("?scope=public", 1),
        ("?scope=public&kind=direct", 0),
        ("?scope=public&visibility=public&search=open", 1),
        ("?scope=public&visibility=private&search=open", 0),
        ("?scope=public&created_at_to=2020-02-03T04:05:05Z", 0),
    ] {
        let page = list(&alice, query).await;
        assert_eq!(
            (page["items"].as_array().unwrap().len(), &page["total"]),
            (total, &json!(total)),
            "{query}"
        );
        let beyond =
            list(&alice, &format!("{query}{}offset=50", if query.is_empty() { "?" } else { "&" })).await;
        assert_eq!(beyond, json!({"items": [], "total": total}), "{query}");
    }
    // A time is told to the millisecond, and finds what has it.
    for chat in list(&alice, "").await["items"].as_array().unwrap() {
        let at = chat["created_at"].as_str().unwrap();
        let found = list(&alice, &format!("?created_at_from={at}&created_at_to={at}")).await;
        assert!(found["items"].as_array().unwrap().iter().any(|found| found["id"] == chat["id"]), "{found}");
    }
    for bad in ["kind=room", "visibility=hidden", "created_at_from=yesterday", "role=admin"] {
        let problem = alice.get(&format!("/api/v1/chats?{bad}")).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], bad.split_once('=').unwrap().0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_are_found_by_every_word_of_a_search() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    for (title, description) in [
        ("Garden friends", "Roses and 100% compost"),
        ("ΟΔΟΣ", "a greek street"),
        ("北京聊天室", "天气 and more"),
        ("snake_case", r"back\slash"),
    ] {
        alice.post("/api/v1/chats", &json!({"title": title, "description": description})).await.expect(201);
    }
    alice.post("/api/v1/chats", &json!({"title": "Rose hideout", "visibility": "private"})).await.expect(201);
    for (search, found) in [
        ("garden", vec!["Garden friends"]),
        ("ROSE den", vec!["Garden friends"]),
        ("rose street", vec![]),
        ("100%", vec!["Garden friends"]),
        ("οδοσ", vec!["ΟΔΟΣ"]),
        ("οδος", vec!["ΟΔΟΣ"]),
        ("Οδο", vec!["ΟΔΟΣ"]),
        ("京聊", vec!["北京聊天室"]),
        ("天气　聊天", vec!["北京聊天室"]),
        ("e_c", vec!["snake_case"]),
        (r"k\s", vec!["snake_case"]),
        ("_____________", vec![]),
        ("'; drop table chats; --", vec![]),
    ] {
        let encoded: String = search.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let list = list(&eve, &format!("?scope=public&search={encoded}")).await;
        assert_eq!(titles(&list), found, "{search}");
        assert_eq!(list["total"], found.len(), "{search}");
    }
    assert_eq!(titles(&list(&alice, "?search=rose").await), ["Rose hideout", "Garden friends"]);
    assert_eq!(list(&alice, "?search=rose&offset=5").await, json!({"items": [], "total": 2}));
    assert_eq!(list(&eve, "?search=rose").await["total"], 0);
    assert_eq!(list(&eve, "?scope=public&search=%20").await["total"], 4);
    let long = "x".repeat(256);
    eve.get(&format!("/api/v1/chats?search={long}")).await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_the_order_that_is_asked_for() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let mut chats = Vec::new();
    for title in ["beech", "Ash", "Cedar"] {
        chats.push(alice.creates_chat(title).await);
    }
    bob.joins(chats[1]).await;
    alice.says(chats[0], "hello").await;
    for scope in ["?scope=public", "?scope=mine", "?scope=public&search=e", "?search=e"] {
        for (sort, order) in [
            ("", ["beech", "Cedar", "Ash"]),
            ("&sort=-active_at", ["beech", "Cedar", "Ash"]),
            ("&sort=active_at", ["Ash", "Cedar", "beech"]),
            ("&sort=title", ["Ash", "beech", "Cedar"]),
            ("&sort=-title", ["Cedar", "beech", "Ash"]),
            ("&sort=created_at", ["beech", "Ash", "Cedar"]),
            ("&sort=-created_at", ["Cedar", "Ash", "beech"]),
            ("&sort=member_count", ["beech", "Cedar", "Ash"]),
            ("&sort=-member_count", ["Ash", "beech", "Cedar"]),
        ] {
            let found = |title: &&str| !scope.contains("search") || title.contains('e');
            let order: Vec<_> = order.into_iter().filter(found).collect();
            assert_eq!(titles(&list(&alice, &format!("{scope}{sort}")).await), order, "{scope}{sort}");
            let last = list(&alice, &format!("{scope}{sort}&limit=1&offset={}", order.len() - 1)).await;
            assert_eq!((titles(&last), &last["total"]), (vec![*order.last().unwrap()], &json!(order.len())));
        }
        for bad in ["sort=name", "sort=", "sort=-", "sort=title%20desc"] {
            let refused = alice.get(&format!("/api/v1/chats{scope}&{bad}")).await;
            assert_eq!(refused.refused(400, "validation_failed")["errors"][0]["field"], "sort");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unread_is_counted_up_to_a_thousand_whatever_lies_behind_the_mark() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Room").await;
    world.adds(chat, bob.id).await;
    let psql = world.psql().await;
    for (person, username) in [(&alice, "alice"), (&bob, "bob")] {
        let sql = "update users set username = $2 where id = $1";
        psql.execute(sql, &[&person.id, &username]).await.unwrap();
    }
    let counts = async |person: &Person| {
        let listed = list(person, "").await;
        let chat = &listed["items"][0];
        (chat["unread_count"].as_i64().unwrap(), chat["mention_count"].as_i64().unwrap())
    };
    let read = "update members set last_read_seq = $2 where user_id = $1";
    psql.execute(read, &[&alice.id, &0_i64]).await.unwrap();

    // Bob's arrival is entry 1. Her own, by far more than anybody would look through, and what was recalled.
    world.fills(chat, alice.id, 9_000, 10).await;
    world.fills(chat, bob.id, 50, 10).await;
    psql.execute("update messages set recalled_at = now() where chat_id = $1 and seq > 9021", &[&chat])
        .await
        .unwrap();
    bob.says(chat, "@alice look").await;
    // At once; when the index is written; and when what it knows is out of date.
    let rest = "update chats set active_at = active_at - interval '1 hour'";
    for round in 0..3 {
        assert_eq!(counts(&alice).await, (21 - round, 1), "{round}");
        psql.execute(rest, &[]).await.unwrap();
        trunkline::messages::search::refresh(&here.app).await.unwrap();
        let recall = "update messages set recalled_at = now() where chat_id = $1 and seq = $2";
        psql.execute(recall, &[&chat, &(9002 + round)]).await.unwrap();
    }
    assert_eq!(counts(&alice).await, (18, 1));
    // Bob has all of hers before him; she mentions him behind thousands that do not.
    psql.execute(read, &[&bob.id, &0_i64]).await.unwrap();
    assert_eq!(counts(&bob).await, (1_000, 0));
    alice.says(chat, "@bob here").await;
    world.fills(chat, alice.id, 500, 10).await;
    let second = alice.says(chat, "@bob and here").await;
    for mentions in [2, 2] {
        assert_eq!(counts(&bob).await, (1_000, mentions));
        psql.execute(rest, &[]).await.unwrap();
        trunkline::messages::search::refresh(&here.app).await.unwrap();
    }
    let path = format!("/api/v1/chats/{chat}/messages/{}", second["id"].as_str().unwrap());
    alice.patch(&path, &json!({"content": "nobody here"})).await.expect(200);
    assert_eq!(counts(&bob).await, (1_000, 1));

    // To the letter where it is counted.
    let last = second["seq"].as_i64().unwrap() + 1;
    psql.execute(read, &[&bob.id, &last]).await.unwrap();
    for (count, unread) in [(0, 0), (999, 999), (1, 1_000), (700, 1_000)] {
        world.fills(chat, alice.id, count, 10).await;
        assert_eq!(counts(&bob).await, (unread, 0));
    }
}
