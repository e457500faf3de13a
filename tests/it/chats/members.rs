//! Who is in a chat, and as what: adding, removing, giving roles, handing over.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Answer, Person, Socket, World};

fn path(chat: Uuid) -> String {
    format!("/api/v1/chats/{chat}/members")
}

async fn adds(who: &Person, chat: Uuid, person: &Person, role: &str) -> Answer {
    who.post(&path(chat), &json!({"user_id": person.id, "role": role})).await
}

async fn gives(who: &Person, chat: Uuid, person: &Person, role: &str) -> Answer {
    who.patch(&format!("{}/{}", path(chat), person.id), &json!({"role": role})).await
}

async fn removes(who: &Person, chat: Uuid, person: &Person) -> Answer {
    who.delete(&format!("{}/{}", path(chat), person.id)).await
}

async fn list(who: &Person, chat: Uuid, query: &str) -> Value {
    who.get(&format!("{}{query}", path(chat))).await.expect(200)
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|member| member["name"].as_str().unwrap()).collect()
}

fn roles(list: &Value) -> Vec<(&str, &str)> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|member| (member["name"].as_str().unwrap(), member["role"].as_str().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_added_is_in_and_hears_of_it() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, adam) = (here.person("Alice").await, here.person("Adam").await);
    let bob = there.person("Bob").await;
    there.listens(&world).await;
    let chat = alice.creates_private_chat("Attic").await;
    alice.says(chat, "before").await;
    let mut gateway = Socket::open(&there.base, "/api/v1/ws", &bob.token).await.unwrap();
    gateway.expect("welcome").await;

    let member = alice.post(&path(chat), &json!({"user_id": bob.id})).await.expect(201);
    assert_eq!((&member["user_id"], &member["role"]), (&json!(bob.id), &json!("member")));
    assert_eq!((&member["name"], &member["last_read_seq"]), (&json!("Bob"), &json!(1)));
    let added = gateway.expect("chat_added").await;
    assert_eq!((&added["chat"]["id"], &added["chat"]["member_count"]), (&json!(chat), &json!(2)));
    // Once more, and as something else: they stay what they are.
    assert_eq!(adds(&alice, chat, &bob, "member").await.expect(200), member);
    assert_eq!(adds(&alice, chat, &bob, "admin").await.expect(200), member);
    adds(&alice, chat, &adam, "admin").await.expect(201);
    let log = bob.get(&format!("/api/v1/chats/{chat}/log?after_seq=1")).await.expect(200);
    let entries = log["items"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    for (entry, person, role) in [(&entries[0], &bob, "member"), (&entries[1], &adam, "admin")] {
        assert_eq!((&entry["type"], &entry["actor_id"]), (&json!("member_joined"), &json!(alice.id)));
        assert_eq!(
            (&entry["member"]["user_id"], &entry["member"]["role"]),
            (&json!(person.id), &json!(role))
        );
    }

    let nobody = json!({"user_id": Uuid::now_v7()});
    alice.post(&path(chat), &nobody).await.refused(404, "not_found");
    for (bad, field) in [
        (json!({}), "user_id"),
        (json!({"user_id": "bob"}), "user_id"),
        (json!({"user_id": bob.id, "role": "owner"}), "role"),
        (json!({"user_id": bob.id, "role": "creator"}), "role"),
    ] {
        let refused = alice.post(&path(chat), &bad).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_listed_searched_and_sorted() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_private_chat("Attic").await;
    for name in ["Zoe", "bob", "李小龙", "Adam"] {
        let person = here.person(name).await;
        adds(&alice, chat, &person, if name == "Zoe" { "admin" } else { "member" }).await.expect(201);
    }
    let psql = world.psql().await;
    let sql = "update users set username = case when name = '李小龙' then 'dragon_1' else 'zz_' || substr(translate(id::text, 'abcdef-', 'xxxxxx'), 1, 29) end";
    psql.execute(sql, &[]).await.unwrap();
    for (query, found) in [
        ("", vec!["Alice", "Zoe", "bob", "李小龙", "Adam"]),
        ("?sort=joined_at", vec!["Alice", "Zoe", "bob", "李小龙", "Adam"]),
        ("?sort=-joined_at", vec!["Adam", "李小龙", "bob", "Zoe", "Alice"]),
        ("?sort=name", vec!["Adam", "Alice", "bob", "Zoe", "李小龙"]),
        ("?sort=-name", vec!["李小龙", "Zoe", "bob", "Alice", "Adam"]),
        ("?sort=role", vec!["Alice", "Zoe", "bob", "李小龙", "Adam"]),
        ("?sort=-role", vec!["bob", "李小龙", "Adam", "Zoe", "Alice"]),
        ("?sort=name&limit=2&offset=1", vec!["Alice", "bob"]),
        ("?search=A", vec!["Alice", "李小龙", "Adam"]),
        ("?search=%E5%B0%8F", vec!["李小龙"]),
        ("?search=%E5%B0%8F+RAGON_", vec!["李小龙"]),
        ("?search=alice+bob", vec![]),
        ("?search=%25", vec![]),
    ] {
        let list = list(&alice, chat, query).await;
        assert_eq!(names(&list), found, "{query}");
        if !query.contains("limit") {
            assert_eq!(list["total"], found.len(), "{query}");
        }
    }
    let usernames = list(&alice, chat, "?sort=username").await;
    let order: Vec<_> =
        usernames["items"].as_array().unwrap().iter().map(|member| member["username"].to_string()).collect();
    assert!(order.is_sorted(), "{order:?}");
    for (query, total) in
        [("role=creator", 1), ("role=admin", 1), ("role=member", 3), ("role=creator&search=bob", 0)]
    {
        assert_eq!(list(&alice, chat, &format!("?{query}")).await["total"], total, "{query}");
    }
    assert_eq!(list(&alice, chat, "?offset=9").await, json!({"items": [], "total": 5}));
    assert_eq!(list(&alice, chat, "?search=bob&offset=9").await, json!({"items": [], "total": 1}));
    for bad in ["sort=email", "sort=--name", "sort=", "sort=name%3Bdrop", "limit=0", "limit=101", "offset=-1"]
    {
        let refused = alice.get(&format!("{}?{bad}", path(chat))).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], bad.split('=').next().unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_handed_over() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (carol, eve) = (here.person("Carol").await, here.person("Eve").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    carol.joins(chat).await;
    gives(&alice, chat, &bob, "admin").await.expect(200);
    // What they are already is no news.
    gives(&alice, chat, &bob, "admin").await.expect(200);
    gives(&alice, chat, &alice, "creator").await.expect(200);
    gives(&alice, chat, &alice, "member").await.refused(409, "conflict");
    gives(&alice, chat, &eve, "admin").await.refused(404, "not_found");
    for bad in [json!({"role": "owner"}), json!({}), json!({"role": null})] {
        let refused = alice.patch(&format!("{}/{}", path(chat), bob.id), &bad).await;
        assert_eq!(refused.refused(400, "validation_failed")["errors"][0]["field"], "role");
    }

    let member = gives(&alice, chat, &carol, "creator").await.expect(200);
    assert_eq!((&member["user_id"], &member["role"]), (&json!(carol.id), &json!("creator")));
    let now = list(&eve, chat, "?sort=name").await;
    assert_eq!(roles(&now), [("Alice", "admin"), ("Bob", "admin"), ("Carol", "creator")]);
    let log = alice.get(&format!("/api/v1/chats/{chat}/log?after_seq=3")).await.expect(200);
    let entries = log["items"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry["actor_id"] == json!(alice.id)));
    for (entry, person, role) in [(&entries[0], &alice, "admin"), (&entries[1], &carol, "creator")] {
        assert_eq!((&entry["type"], &entry["member"]["role"]), (&json!("member_changed"), &json!(role)));
        assert_eq!(entry["member"]["user_id"], json!(person.id));
    }
    assert_eq!(
        (&entries[2]["type"], &entries[2]["chat"]["owner_id"]),
        (&json!("chat_updated"), &json!(carol.id))
    );
    let shown = eve.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
    assert_eq!((&shown["owner_id"], &shown["last_seq"]), (&json!(carol.id), &json!(6)));

    gives(&alice, chat, &bob, "member").await.refused(403, "forbidden");
    alice.leaves(chat).await;
    let leave = format!("/api/v1/chats/{chat}/leave");
    carol.act(&leave).await.refused(409, "owner_cannot_leave");
    removes(&carol, chat, &carol).await.refused(409, "owner_cannot_leave");
    gives(&carol, chat, &bob, "member").await.expect(200);
    bob.patch(&format!("/api/v1/chats/{chat}"), &json!({"title": "Mine"})).await.refused(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn psql_hands_a_chat_over_too() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let psql = world.psql().await;
    let sql = format!(
        "begin; update members set role = 'admin' where chat_id = '{chat}' and role = 'creator';
        update members set role = 'creator' where chat_id = '{chat}' and user_id = '{}'; commit",
        bob.id
    );
    psql.batch_execute(&sql).await.unwrap();
    let shown = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
    assert_eq!((&shown["owner_id"], &shown["last_seq"]), (&json!(bob.id), &json!(4)));
    gives(&bob, chat, &alice, "member").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_are_handed_the_chat_at_once_one_has_it() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let elsewhere = alice.at(&there);
    for round in 0..10 {
        let chat = alice.creates_chat(&format!("Lobby {round}")).await;
        bob.joins(chat).await;
        carol.joins(chat).await;
        let (one, other) =
            tokio::join!(gives(&alice, chat, &bob, "creator"), gives(&elsewhere, chat, &carol, "creator"));
        let (won, lost) = if one.status == 200 { (one, other) } else { (other, one) };
        let owner = won.expect(200)["user_id"].clone();
        lost.refused(403, "forbidden");
        assert_eq!(alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["owner_id"], owner);
        let creators = list(&alice, chat, "?sort=role").await;
        let count = roles(&creators).iter().filter(|(_, role)| *role == "creator").count();
        assert_eq!((count, &creators["items"][0]["user_id"]), (1, &owner));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_added_fifty_times_at_once_is_one_member() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Attic").await;
    let mut all = JoinSet::new();
    for n in 0..50 {
        let alice = if n % 2 == 0 { alice.clone() } else { alice.at(&there) };
        let body = json!({"user_id": bob.id});
        all.spawn(async move { alice.insists(Method::POST, &path(chat), &body).await });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    let mut members: Vec<_> = answers.into_iter().map(|answer| answer.body).collect();
    members.dedup();
    assert_eq!(members.len(), 1, "{members:?}");
    assert_eq!(list(&alice, chat, "").await["total"], 2);
    let shown = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
    assert_eq!((&shown["last_seq"], &shown["member_count"]), (&json!(1), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_remove_members_and_the_creator_anyone() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, adam, abel) =
        (here.person("Alice").await, here.person("Adam").await, here.person("Abel").await);
    let (bob, carol) = (here.person("Bob").await, here.person("Carol").await);
    let chat = alice.creates_private_chat("Attic").await;
    for (person, role) in [(&adam, "admin"), (&abel, "admin"), (&bob, "member"), (&carol, "member")] {
        adds(&alice, chat, person, role).await.expect(201);
    }
    for target in [&alice, &abel] {
        removes(&adam, chat, target).await.refused(403, "forbidden");
    }
    removes(&bob, chat, &carol).await.refused(403, "forbidden");
    removes(&adam, chat, &bob).await.expect(204);
    removes(&adam, chat, &bob).await.refused(404, "not_found");
    removes(&bob, chat, &bob).await.refused(404, "not_found");
    bob.get(&path(chat)).await.refused(404, "not_found");
    removes(&alice, chat, &abel).await.expect(204);
    // Oneself: that is leaving.
    removes(&carol, chat, &carol).await.expect(204);
    let log = alice.get(&format!("/api/v1/chats/{chat}/log?after_seq=4")).await.expect(200);
    let told: Vec<_> = log["items"].as_array().unwrap().iter().collect();
    assert_eq!(told.len(), 3);
    for (entry, actor, gone) in [(told[0], &adam, &bob), (told[1], &alice, &abel), (told[2], &carol, &carol)]
    {
        assert_eq!((&entry["type"], &entry["user_id"]), (&json!("member_left"), &json!(gone.id)));
        assert_eq!(entry["actor_id"], json!(actor.id));
    }
    assert_eq!(names(&list(&adam, chat, "").await), ["Alice", "Adam"]);
    // Who was put out of a private chat may be let in again.
    adds(&adam, chat, &bob, "member").await.expect(201);
    adds(&adam, chat, &carol, "admin").await.refused(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_while_they_post_says_nothing_more() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_private_chat("Attic").await;
    adds(&alice, chat, &bob, "member").await.expect(201);
    let mut his = [bob.opens(chat).await, bob.at(&here).opens(chat).await];
    let mut all = JoinSet::new();
    for number in 0..8 {
        let bob = if number % 2 == 0 { bob.clone() } else { bob.at(&here) };
        all.spawn(async move {
            let mut said = 0;
            loop {
                let answer = bob.tries(chat, &json!({"content": "and another thing"})).await;
                match answer.status {
                    201 => said += 1,
                    503 => {}
                    _ => break (said, answer.refused(404, "not_found")).0,
                }
            }
        });
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let removed = alice.insists(Method::DELETE, &format!("{}/{}", path(chat), bob.id), &json!({})).await;
    removed.expect(204);
    let said: i64 = all.join_all().await.into_iter().sum();
    // His arrival, what was acknowledged, his going; and nothing after that.
    let last = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"].as_i64().unwrap();
    assert_eq!(last, said + 2);
    for socket in &mut his {
        let entries = socket.reads(1, last).await;
        assert_eq!(entries.last().unwrap()["type"], "member_left");
        assert_eq!(socket.closed().await.0, 4403);
    }
}
