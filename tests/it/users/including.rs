//! Lists that bring along who stands in them: each person once, by what everybody may see.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, World};

/// The people a list brings along, by name.
async fn names(person: &Person, path: &str) -> Vec<String> {
    let page = person.get(path).await.expect(200);
    let users = page["users"].as_array().unwrap_or_else(|| panic!("{path}: {page}"));
    let mut names: Vec<_> = users.iter().map(|user| user["name"].as_str().unwrap().to_owned()).collect();
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stands_in_a_list_is_named_once() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol, dave) = (
        here.person("Alice").await,
        here.person("Bob").await,
        here.person("Carol").await,
        here.person("Dave").await,
    );
    world.promotes(dave.id).await;
    let chat = alice.creates_chat("Lobby").await;
    let at = format!("/api/v1/chats/{chat}");
    for person in [&bob, &carol] {
        person.joins(chat).await;
    }
    let me = alice.get("/api/v1/users/me").await.expect(200);
    let content = format!("Good morning @{}, not {}", me["username"].as_str().unwrap(), dave.id);
    let said = bob.says(chat, &content).await;
    let one = format!("{at}/messages/{}", said["id"].as_str().unwrap());
    carol.puts(&format!("{one}/reactions/👍")).await.expect(204);
    alice.puts(&format!("{one}/pin")).await.expect(204);
    // An id that somebody says is no person.
    bob.says(chat, &dave.id.to_string()).await;
    carol.befriends(&alice).await.expect(201);
    dave.befriends(&alice).await.expect(201);
    alice.befriends(&dave).await.expect(200);
    alice.blocks(&bob).await;
    bob.leaves(chat).await;
    alice.puts(&format!("{at}/bans/{}", bob.id)).await.expect(204);

    for (path, found) in [
        (format!("{at}/messages?search=morning"), &["Alice", "Bob", "Carol"][..]),
        (format!("{at}/messages?limit=1"), &["Bob"]),
        (format!("{at}/messages?around_seq=3&limit=1"), &["Alice", "Bob", "Carol"]),
        (format!("{at}/log?limit=100"), &["Alice", "Bob", "Carol"]),
        ("/api/v1/search/messages?search=morning".to_owned(), &["Alice", "Bob", "Carol"]),
        (format!("{at}/pins?"), &["Alice", "Bob", "Carol"]),
        (format!("{at}/members?"), &["Alice", "Carol"]),
        (format!("{at}/reads?"), &["Alice", "Carol"]),
        (format!("{at}/bans?"), &["Alice", "Bob"]),
        ("/api/v1/chats?".to_owned(), &["Alice", "Bob"]),
        ("/api/v1/friends?".to_owned(), &["Dave"]),
        ("/api/v1/friends/requests?".to_owned(), &["Carol"]),
        ("/api/v1/blocks?".to_owned(), &["Bob"]),
        (format!("/api/v1/users?id={}", carol.id), &["Carol"]),
        ("/api/v1/auth/sessions?".to_owned(), &[]),
        (format!("{at}/messages?search=nothing"), &[]),
    ] {
        assert_eq!(names(&alice, &format!("{path}&include=users")).await, found, "{path}");
        let without = alice.get(&path).await.expect(200);
        assert!(without.get("users").is_none(), "{path}: {without}");
    }
    let noted = names(&dave, &format!("/api/v1/audit?target={chat}&include=users")).await;
    assert_eq!(noted, ["Alice", "Bob"]);

    let page = alice.get(&format!("{at}/messages?search=morning&include=users")).await.expect(200);
    let shown: BTreeMap<_, _> =
        page["users"].as_array().unwrap().iter().map(|user| (user["id"].to_string(), user)).collect();
    let expected = json!({"id": alice.id, "username": me["username"], "name": "Alice", "avatar_url": null});
    assert_eq!(shown[&json!(alice.id).to_string()], &expected);
    assert_eq!((&page["total"], &page["items"][0]["id"]), (&json!(1), &said["id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_lists_name_people_and_only_when_they_are_asked_so() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    alice.says(chat, "hello").await;
    let at = format!("/api/v1/chats/{chat}");
    for list in [format!("{at}/messages"), format!("{at}/log"), "/api/v1/users".to_owned()] {
        for other in ["", "chats", "users,chats", "Users", "users&include=users"] {
            let refused =
                alice.get(&format!("{list}?include={other}")).await.refused(400, "validation_failed");
            assert_eq!(refused["errors"][0]["field"], "include", "{refused}");
        }
    }
    for other in [at.clone(), "/api/v1/users/me".to_owned()] {
        alice.get(&format!("{other}?include=users")).await.refused(400, "validation_failed");
    }
    alice.bearing("").get(&format!("{at}/messages?include=users")).await.refused(401, "not_signed_in");
    // A download is what it is without.
    let download = async |query: &str| {
        let path = format!("{at}/messages?format=csv{query}");
        let answer = alice.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        answer.text().await.unwrap()
    };
    assert_eq!(download("&include=users").await, download("").await);
    // HEAD is answered like GET.
    let head = alice.request(Method::HEAD, &format!("{at}/messages?include=users")).send().await.unwrap();
    assert_eq!(head.status(), 200);
    let none: Value = alice.get("/api/v1/roles?include=users").await.body;
    assert!(none["users"] == json!([]) || none["status"] == 403, "{none}");
}
