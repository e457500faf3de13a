//! Reactions: one of each by each, shown wherever the message is, told once.

use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Person, World};

fn message_path(chat: Uuid, message: &Value) -> String {
    format!("/api/v1/chats/{chat}/messages/{}", message["id"].as_str().unwrap())
}

/// Every byte but plain letters escaped, as a careful client does.
fn path(chat: Uuid, message: &Value, emoji: &str) -> String {
    let escape = |byte: u8| {
        if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") }
    };
    format!("{}/reactions/{}", message_path(chat, message), emoji.bytes().map(escape).collect::<String>())
}

async fn head(person: &Person, chat: Uuid) -> i64 {
    person.get(&format!("/api/v1/chats/{chat}")).await.expect(200)["last_seq"].as_i64().unwrap()
}

async fn reactions(person: &Person, chat: Uuid, message: &Value) -> Value {
    person.get(&message_path(chat, message)).await.expect(200)["reactions"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_shows_wherever_the_message_does() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let said = alice.says(chat, "hello").await;
    let mut sockets = [alice.opens(chat).await, bob.opens(chat).await];
    let family = "👨‍👩‍👧‍👦";
    for (who, emoji) in [(&bob, "👍"), (&alice, family), (&alice, "👍"), (&bob, ":party:"), (&bob, "👍")]
    {
        who.puts(&path(chat, &said, emoji)).await.expect(204);
    }
    for socket in &mut sockets {
        let entries = socket.reads(2, 6).await;
        let told: Vec<_> = entries
            .iter()
            .map(|entry| (&entry["type"], &entry["actor_id"], &entry["message_id"], &entry["emoji"]))
            .collect();
        let added = json!("reaction_added");
        let expected = [(&bob, "👍"), (&alice, family), (&alice, "👍"), (&bob, ":party:")]
            .map(|(who, emoji)| (json!(who.id), json!(emoji)));
        for (entry, (actor, emoji)) in told.iter().zip(&expected) {
            assert_eq!(*entry, (&added, actor, &said["id"], emoji));
        }
        socket.hears_nothing().await;
    }
    let mut shown = said.clone();
    shown["reactions"] = json!([
        {"emoji": "👍", "count": 2, "user_ids": [bob.id, alice.id]},
        {"emoji": family, "count": 1, "user_ids": [alice.id]},
        {"emoji": ":party:", "count": 1, "user_ids": [bob.id]},
    ]);
    assert_eq!(bob.get(&message_path(chat, &said)).await.expect(200), shown);
    for query in ["", "?before_seq=9", "?after_seq=1", "?around_seq=2"] {
        let list = bob.get(&format!("/api/v1/chats/{chat}/messages{query}")).await.expect(200);
        assert_eq!(list["items"], json!([shown]), "{query}");
    }
    let log = bob.get(&format!("/api/v1/chats/{chat}/log")).await.expect(200);
    assert_eq!(log["items"][1]["message"], shown);
    assert_eq!(bob.get("/api/v1/chats").await.expect(200)["items"][0]["last_message"], shown);
    let edited = alice.patch(&message_path(chat, &said), &json!({"content": "hello!"})).await.expect(200);
    assert_eq!(edited["reactions"], shown["reactions"]);
    assert_eq!(sockets[1].expect("message_edited").await["message"], edited);

    for _ in 0..2 {
        bob.delete(&path(chat, &said, "👍")).await.expect(204);
    }
    let entry = sockets[1].expect("reaction_removed").await;
    assert_eq!((&entry["actor_id"], &entry["emoji"]), (&json!(bob.id), &json!("👍")));
    assert_eq!(reactions(&alice, chat, &said).await[1]["user_ids"], json!([alice.id]));
    alice.delete(&message_path(chat, &said)).await.expect(204);
    let entry = sockets[1].expect("message_recalled").await;
    assert_eq!(entry["message"]["reactions"], json!([]));
    sockets[1].hears_nothing().await;
    assert_eq!(reactions(&alice, chat, &said).await, json!([]));
    bob.puts(&path(chat, &said, "👍")).await.refused(409, "message_recalled");
    bob.delete(&path(chat, &said, "👍")).await.expect(204);
    assert_eq!(head(&alice, chat).await, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_react_with_one_emoji() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let (open, hidden) = (alice.creates_chat("Open").await, alice.creates_private_chat("Hidden").await);
    let (said, secret) = (alice.says(open, "hi").await, alice.says(hidden, "secret").await);
    eve.puts(&path(hidden, &secret, "👍")).await.refused(404, "not_found");
    eve.delete(&path(hidden, &secret, "👍")).await.refused(404, "not_found");
    eve.puts(&path(open, &said, "👍")).await.refused(403, "forbidden");
    eve.delete(&path(open, &said, "👍")).await.refused(403, "forbidden");
    alice.puts(&path(open, &secret, "👍")).await.refused(404, "not_found");
    for bad in ["👍👍", "a", "7", "::", ":a b:", "👍\0", "%", "/", &format!(":{}:", "x".repeat(63))] {
        for answer in [alice.puts(&path(open, &said, bad)).await, alice.delete(&path(open, &said, bad)).await]
        {
            assert_eq!(answer.refused(400, "validation_failed")["errors"][0]["field"], "emoji", "{bad:?}");
        }
    }
    assert_eq!(head(&alice, open).await, 1);
    for good in ["🇩🇪", "1️⃣", "👩🏽‍💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", ":+1:"] {
        alice.puts(&path(open, &said, good)).await.expect(204);
    }
    let shown = reactions(&alice, open, &said).await;
    let emoji: Vec<_> =
        shown.as_array().unwrap().iter().map(|each| each["emoji"].as_str().unwrap()).collect();
    assert_eq!(emoji, ["🇩🇪", "1️⃣", "👩🏽‍💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", ":+1:"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emoji_keeps_its_place_as_long_as_anyone_stands_by_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let said = alice.says(chat, "hello").await;
    for (who, emoji) in [(&alice, "👍"), (&alice, "👎"), (&bob, "👍")] {
        who.puts(&path(chat, &said, emoji)).await.expect(204);
    }
    let shown = async || -> Vec<Value> {
        let all = reactions(&alice, chat, &said).await;
        all.as_array().unwrap().iter().map(|each| each["emoji"].clone()).collect()
    };
    alice.delete(&path(chat, &said, "👍")).await.expect(204);
    assert_eq!(shown().await, ["👍", "👎"]);
    bob.delete(&path(chat, &said, "👍")).await.expect(204);
    bob.puts(&path(chat, &said, "👍")).await.expect(204);
    assert_eq!(shown().await, ["👎", "👍"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_people_react_at_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let said = alice.says(chat, "cake?").await;
    let mut people = JoinSet::new();
    for number in 0..50 {
        let base = if number % 2 == 0 { here.base.clone() } else { there.base.clone() };
        people.spawn(async move { Person::register(&base, "Guest").await });
    }
    let people = people.join_all().await;
    for person in &people {
        person.joins(chat).await;
    }
    let mut socket = alice.at(&there).opens(chat).await;
    let before = head(&alice, chat).await;
    for method in [reqwest::Method::PUT, reqwest::Method::DELETE, reqwest::Method::PUT] {
        let mut all = JoinSet::new();
        for person in &people {
            // Twice each, for good measure.
            for _ in 0..2 {
                let (person, path, method) = (person.clone(), path(chat, &said, "🎂"), method.clone());
                all.spawn(async move { person.insists(method, &path, &json!({})).await.expect(204) });
            }
        }
        all.join_all().await;
    }
    let shown = reactions(&alice, chat, &said).await;
    assert_eq!((&shown[0]["count"], shown[0]["user_ids"].as_array().unwrap().len()), (&json!(50), 50));
    assert_eq!(head(&alice, chat).await, before + 150);
    let entries = socket.reads(before, before + 150).await;
    let last: Vec<_> = entries[100..].iter().map(|entry| entry["actor_id"].clone()).collect();
    assert_eq!(shown[0]["user_ids"], json!(last), "in the order of the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn psql_reacts_too() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (one, two) = (alice.creates_chat("One").await, alice.creates_chat("Two").await);
    for chat in [one, two] {
        alice.says(chat, "first").await;
        alice.says(chat, "second").await;
    }
    let mut socket = alice.opens(one).await;
    let psql = world.psql().await;
    let sql = "insert into reactions (chat_id, message_id, user_id, emoji)
        select chat_id, id, $1, '👀' from messages where kind = 'text' on conflict do nothing";
    for count in [4, 0] {
        assert_eq!(psql.execute(sql, &[&bob.id]).await.unwrap(), count);
    }
    assert_eq!(psql.execute("delete from reactions where chat_id = $1", &[&one]).await.unwrap(), 2);
    let kinds: Vec<_> = socket.reads(2, 6).await.iter().map(|entry| entry["type"].clone()).collect();
    assert_eq!(kinds, ["reaction_added", "reaction_added", "reaction_removed", "reaction_removed"]);
    assert_eq!(head(&alice, two).await, 4);
    let nowhere = "insert into reactions (chat_id, message_id, user_id, emoji) values ($1, $2, $2, '👀')";
    assert!(psql.execute(nowhere, &[&one, &Uuid::now_v7()]).await.is_err());
    // A cleared room and a deleted one keep none, and say nothing of each.
    alice.delete(&format!("/api/v1/chats/{two}/messages")).await.expect(204);
    assert_eq!(head(&alice, two).await, 5);
    let left =
        async || -> i64 { psql.query_one("select count(*) from reactions", &[]).await.unwrap().get(0) };
    assert_eq!(left().await, 0);
    psql.execute("insert into reactions (chat_id, message_id, user_id, emoji) select chat_id, id, $1, '👀' from messages where chat_id = $2 and kind = 'text'", &[&bob.id, &one]).await.unwrap();
    assert_eq!(left().await, 2);
    alice.delete(&format!("/api/v1/chats/{one}")).await.expect(204);
    assert_eq!(left().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_emoji_is_one_reaction() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let psql = world.psql().await;
    for (kept, others) in [
        ("👍", vec!["👍\u{fe0f}"]),
        ("❤️", vec!["❤"]),
        ("☠️", vec!["☠"]),
        ("1️⃣", vec!["1\u{20e3}"]),
        ("👁️‍🗨️", vec!["👁‍🗨", "👁️‍🗨", "👁‍🗨️"]),
        ("🏳️‍🌈", vec!["🏳‍🌈", "🏳️‍🌈\u{fe0f}"]),
        ("⛹🏽‍♂️", vec!["⛹🏽‍♂", "⛹🏽️‍♂️"]),
        ("🏴‍☠️", vec!["🏴‍☠", "🏴\u{fe0f}‍☠️"]),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", vec!["🏴\u{fe0f}󠁧󠁢󠁥󠁮󠁧󠁿"]),
        ("🇩🇪", vec![]),
        (":한:", vec![":\u{1112}\u{1161}\u{11ab}:"]),
        (":Ⓜℹ:", vec![]),
    ] {
        let said = alice.says(chat, kept).await;
        let before = head(&alice, chat).await;
        alice.puts(&path(chat, &said, kept)).await.expect(204);
        for other in &others {
            alice.puts(&path(chat, &said, other)).await.expect(204);
            bob.puts(&path(chat, &said, other)).await.expect(204);
            let sql = "insert into reactions (chat_id, message_id, user_id, emoji) values ($1, $2, $3, $4) on conflict do nothing";
            let id: Uuid = said["id"].as_str().unwrap().parse().unwrap();
            assert_eq!(psql.execute(sql, &[&chat, &id, &bob.id, other]).await.unwrap(), 0, "{kept} {other}");
        }
        let people = if others.is_empty() { vec![alice.id] } else { vec![alice.id, bob.id] };
        let shown = json!([{"emoji": kept, "count": people.len(), "user_ids": people}]);
        assert_eq!(reactions(&bob, chat, &said).await, shown, "{}", kept.escape_unicode());
        assert_eq!(head(&alice, chat).await, before + people.len() as i64);
        let log = alice.get(&format!("/api/v1/chats/{chat}/log?after_seq={before}")).await.expect(200);
        assert_eq!(log["items"][0]["emoji"], kept);
        for person in [&alice, &bob] {
            person.delete(&path(chat, &said, others.first().unwrap_or(&kept))).await.expect(204);
        }
        assert_eq!(reactions(&bob, chat, &said).await, json!([]), "{kept}");
    }
    let said = alice.says(chat, "hi").await;
    // With U+FE0F in its place it is longer than a reaction may be.
    let hearts = vec!["❤"; 30].join("\u{200d}");
    alice.puts(&path(chat, &said, &hearts)).await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_has_at_most_fifty_kinds() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let said = alice.says(chat, "hello").await;
    let mut all = JoinSet::new();
    for number in 0..60 {
        let (person, path) =
            (if number % 2 == 0 { &alice } else { &bob }.clone(), path(chat, &said, &format!(":n{number}:")));
        all.spawn(async move { (number, person.puts(&path).await) });
    }
    let (taken, refused): (Vec<_>, Vec<_>) =
        all.join_all().await.into_iter().partition(|(_, answer)| answer.status == 204);
    assert_eq!((taken.len(), refused.len()), (50, 10));
    for (_, answer) in refused {
        answer.refused(409, "too_many_reactions");
    }
    let before = head(&alice, chat).await;
    let (one, psql) = (format!(":n{}:", taken[0].0), world.psql().await);
    for person in [&alice, &bob] {
        person.puts(&path(chat, &said, &one)).await.expect(204);
    }
    assert_eq!(head(&alice, chat).await, before + 1, "those that are there are open to all");
    let id: Uuid = said["id"].as_str().unwrap().parse().unwrap();
    let sql =
        "insert into reactions (chat_id, message_id, user_id, emoji) select $1, $2, $3, unnest($4::text[])";
    let error = psql.execute(sql, &[&chat, &id, &alice.id, &vec!["🎈"]]).await.unwrap_err();
    assert_eq!(error.as_db_error().and_then(|error| error.constraint()), Some("reactions_kinds_check"));
    for person in [&alice, &bob] {
        person.delete(&path(chat, &said, &one)).await.expect(204);
    }
    alice.puts(&path(chat, &said, "🎈")).await.expect(204);
    bob.puts(&path(chat, &said, "🎉")).await.refused(409, "too_many_reactions");
    // One statement is no way around it.
    let other = alice.says(chat, "other").await;
    let id: Uuid = other["id"].as_str().unwrap().parse().unwrap();
    let words: Vec<String> = (0..51).map(|n| format!(":{n}:")).collect();
    psql.execute(sql, &[&chat, &id, &alice.id, &words]).await.unwrap_err();
    assert_eq!(psql.execute(sql, &[&chat, &id, &alice.id, &&words[..50]]).await.unwrap(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_hundred_are_named_and_all_are_counted() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let said = alice.says(chat, "cake?").await;
    alice.puts(&path(chat, &said, "🎂")).await.expect(204);
    let id: Uuid = said["id"].as_str().unwrap().parse().unwrap();
    let crowd = "with crowd as (
            insert into users (email, username, name, password_hash)
            select n || '@example.com', 'guest_' || n, 'Guest', '' from generate_series(1, 120) as n returning id
        )
        insert into reactions (chat_id, message_id, user_id, emoji) select $1, $2, id, '🎂' from crowd";
    world.psql().await.execute(crowd, &[&chat, &id]).await.unwrap();
    let shown = reactions(&alice, chat, &said).await;
    let named = shown[0]["user_ids"].as_array().unwrap();
    assert_eq!((&shown[0]["count"], named.len(), &named[0]), (&json!(121), 100, &json!(alice.id)));
}
