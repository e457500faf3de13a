//! `trunkline verify`: a log that was broken by hand is named with what is wrong, and nothing else is.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    commands::{Folder, shared},
    support::{Person, World},
};

/// Breaks a chat, as nobody can while the triggers are on, and what is said of it. `$chat` is its id, `$N` the id of the
/// message with number N: 1 to 6 are messages, 3 answers 1 and 6 has a file, 7 is an edit of 2, 8 a reaction to 4, 9 a pin on 5.
const BREAKS: [(&str, &str); 23] = [
    ("delete from messages where chat_id = $chat and seq = 4", "the log has a gap after entry 3"),
    ("delete from messages where chat_id = $chat and seq = 9", "last_seq is 9 and the latest entry is 8"),
    ("delete from messages where chat_id = $chat and seq = 9", "the log has a gap after entry 8"),
    ("delete from messages where chat_id = $chat and seq <= 2", "first_seq is 1 and the oldest entry is 3"),
    ("delete from messages where chat_id = $chat", "last_seq is 9 and the latest entry is 0"),
    ("update messages set seq = 20 where chat_id = $chat and seq = 9", "the latest entry is 20"),
    ("update chats set last_seq = 12 where id = $chat", "last_seq is 12 and the latest entry is 9"),
    ("update chats set last_seq = 7 where id = $chat", "last_seq is 7 and the latest entry is 9"),
    ("update chats set first_seq = 3 where id = $chat", "first_seq is 3 and the oldest entry is 1"),
    ("update chats set first_seq = 40 where id = $chat", "less than nothing"),
    (
        "update chats set message_count = 7 where id = $chat",
        "message_count is 7 and the log holds 6 messages",
    ),
    ("update chats set member_count = 5 where id = $chat", "member_count is 5 and there are 1 members"),
    (
        "update members set role = 'admin' where chat_id = $chat",
        "a group chat has a creator, and this one has none",
    ),
    ("update members set last_read_seq = 10 where chat_id = $chat", "1 read marks lie beyond the end"),
    (
        "update messages set reply_to = gen_random_uuid() where chat_id = $chat and seq = 3",
        "entry 3 is about a message",
    ),
    ("update messages set reply_to = $5 where chat_id = $chat and seq = 3", "entry 3 is about a message"),
    (
        "update messages set target_id = gen_random_uuid() where chat_id = $chat and seq = 7",
        "entry 7 is about a message",
    ),
    (
        "update messages set target_id = gen_random_uuid() where chat_id = $chat and seq = 8",
        "entry 8 is about a message",
    ),
    (
        "update reactions set message_id = gen_random_uuid() where chat_id = $chat",
        "reactions hang on message",
    ),
    (
        "update messages set recalled_at = now(), content = null where chat_id = $chat and seq = 5",
        "a pin hangs on message",
    ),
    ("delete from files where chat_id = $chat", "message 6 lacks files"),
    ("update files set message_id = gen_random_uuid() where chat_id = $chat", "files hang on message"),
    ("insert into search_ends (chat_id, seq) values ($chat, 128)", "the search knows entries up to 128"),
];

/// A chat with a log of nine entries of every sort.
async fn chat_of(alice: &Person, title: &str) -> Uuid {
    let chat = alice.creates_chat(title).await;
    let mut said: Vec<Value> = Vec::new();
    for number in 1..=5 {
        let reply = if number == 3 { said[0]["id"].clone() } else { Value::Null };
        let body = json!({"content": format!("number {number}"), "reply_to": reply});
        said.push(alice.tries(chat, &body).await.expect(201));
    }
    let file = alice.uploads("notes.txt", "a few words").await;
    alice.shows(chat, &[&file]).await;
    let path =
        |place: usize| format!("/api/v1/chats/{chat}/messages/{}", said[place]["id"].as_str().unwrap());
    alice.patch(&path(1), &json!({"content": "edited"})).await.expect(200);
    alice.puts(&format!("{}/reactions/👍", path(3))).await.expect(204);
    alice.puts(&format!("{}/pin", path(4))).await.expect(204);
    chat
}

/// A session that no trigger and no foreign key looks after.
async fn careless(world: &World) -> tokio_postgres::Client {
    let psql = world.superuser().await;
    psql.batch_execute("set session_replication_role = replica").await.unwrap();
    psql
}

async fn breaks(world: &World, psql: &tokio_postgres::Client, chat: Uuid, sql: &str) {
    let five = world.id_at(chat, 5).await;
    let five = five.as_str().unwrap_or_default();
    let sql = sql.replace("$chat", &format!("'{chat}'")).replace("$5", &format!("'{five}'"));
    psql.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_broken_is_named() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let sound = chat_of(&alice, "Sound").await;
    let mut chats = Vec::new();
    for number in 0..BREAKS.len() {
        chats.push(chat_of(&alice, &format!("Broken {number}")).await);
    }
    let folder = Folder::new();
    let (code, out, err) = folder.run(&["verify"], &shared(&world.url)).await;
    let all =
        format!("{} chats with {} entries: all is as it must be\n", chats.len() + 1, 9 * (chats.len() + 1));
    assert_eq!((code, out.as_str()), (0, all.as_str()), "{err}");

    let psql = careless(&world).await;
    for (chat, (sql, _)) in chats.iter().zip(BREAKS) {
        breaks(&world, &psql, *chat, sql).await;
    }
    let nowhere = Uuid::now_v7();
    let sql = "insert into messages (chat_id, seq, kind, content) values ($1, 1, 'system', 'lost')";
    psql.execute(sql, &[&nowhere]).await.unwrap();
    let (code, out, err) = folder.run(&["verify"], &shared(&world.url)).await;
    assert_eq!(code, 1);
    assert!(err.lines().last().unwrap().ends_with("24 chats are not as they must be"), "{err}");
    for (chat, (sql, said)) in chats.iter().zip(BREAKS) {
        let found = out.lines().any(|line| line.starts_with(&chat.to_string()) && line.contains(said));
        assert!(found, "{sql}: {said} is not said in\n{out}");
    }
    assert!(out.contains(&format!("{nowhere}: there are entries, and there is no such chat")), "{out}");
    assert!(!out.contains(&sound.to_string()), "{out}");

    let (code, out, _) = folder.run(&["verify", "--json"], &shared(&world.url)).await;
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, found["failed"].as_array().unwrap().len()), (1, 24));
    let first =
        found["failed"].as_array().unwrap().iter().find(|failed| failed["chat_id"] == json!(chats[0]));
    let problems =
        json!(["the log has a gap after entry 3", "message_count is 6 and the log holds 5 messages"]);
    let first = first.unwrap();
    assert_eq!(first["title"], "Broken 0");
    for problem in problems.as_array().unwrap() {
        assert!(first["problems"].as_array().unwrap().contains(problem), "{first}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_meanwhile_and_what_a_retention_removes_is_no_mistake() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (busy, trimmed) = (chat_of(&alice, "Busy").await, chat_of(&alice, "Trimmed").await);
    world.fills(busy, alice.id, 45_000, 10).await;
    // The messages that were edited, reacted to and pinned go; what was told of them stays.
    let sql = format!(
        "update messages set created_at = now() - interval '40 days' where chat_id = '{trimmed}' and seq <= 6;
        update chats set retention_days = 30 where id = '{trimmed}'"
    );
    careless(&world).await.batch_execute(&sql).await.unwrap();
    assert_eq!(trunkline::messages::jobs::trim(&here.app).await.unwrap(), 6);
    let writers: Vec<_> = (0..3)
        .map(|number| {
            let (alice, name) = (alice.clone(), format!("writer {number}"));
            tokio::spawn(async move {
                for round in 0.. {
                    alice.chatters(busy, &format!("{name} {round}"), 5).await;
                }
            })
        })
        .collect();
    let folder = Folder::new();
    for _ in 0..5 {
        let (code, out, err) = folder.run(&["verify", "--json"], &shared(&world.url)).await;
        let found: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &found["chats"], &found["failed"]), (0, &json!(2), &json!([])), "{out} {err}");
        assert!(found["entries"].as_i64().unwrap() > 45_000, "{out}");
    }
    writers.iter().for_each(tokio::task::JoinHandle::abort);
    breaks(&world, &careless(&world).await, trimmed, "update messages set target_id = gen_random_uuid(), body = '{\"seq\": 8}' where chat_id = $chat and seq = 7").await;
    let (code, out, _) = folder.run(&["verify"], &shared(&world.url)).await;
    assert!(
        code == 1 && out.contains("entry 7 is about a message"),
        "what was not removed is missed all the same: {out}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_counts_wrong_and_one_where_somebody_waits_in_vain_are_named() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let mut events = vec![];
    for name in ["Sound", "Sold", "Held", "In vain"] {
        let path = crate::events::makes(&alice, name, 1).await;
        crate::events::buys(&alice, &path, 1).await;
        bob.post(&format!("{path}/tickets"), &json!({"quantity": 1, "wait": true})).await.expect(202);
        events.push(path.rsplit('/').next().unwrap().to_owned());
    }
    let folder = Folder::new();
    let (code, out, _) = folder.run(&["verify"], &shared(&world.url)).await;
    assert_eq!((code, out.as_str()), (0, "0 chats with 0 entries: all is as it must be\n"));
    careless(&world)
        .await
        .batch_execute(
            "update events set tickets_sold = 0 where name = 'Sold';
            update events set tickets_sold = 0, tickets_held = 1 where name = 'Held';
            update events set max_tickets = 2 where name = 'In vain'",
        )
        .await
        .unwrap();
    let (code, out, err) = folder.run(&["verify"], &shared(&world.url)).await;
    assert_eq!(
        (code, err.lines().last().unwrap().ends_with("3 events are not as they must be")),
        (1, true),
        "{err}"
    );
    for (event, said) in
        events.iter().zip(["", "its tickets are for 1", "0 places are held", "a place that is free"])
    {
        let found = out.lines().any(|line| line.contains(event) && line.contains(said));
        assert_eq!(found, !said.is_empty(), "{said}: {out}");
    }
    let (_, out, _) = folder.run(&["verify", "--json"], &shared(&world.url)).await;
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&found["events"], found["failed_events"].as_array().unwrap().len()), (&json!(4), 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_and_notifications_that_are_counted_wrong_are_named() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (mut posts, mut people) = (vec![], vec![]);
    for title in ["Sound", "Post"] {
        let body = json!({"title": title, "content": "words"});
        let post = alice.post("/api/v1/posts", &body).await.expect(201)["id"].as_str().unwrap().to_owned();
        alice.post(&format!("/api/v1/posts/{post}/comments"), &json!({"content": "hm"})).await.expect(201);
        posts.push(post);
    }
    let event = crate::events::makes(&alice, "Event", 1).await;
    alice.post(&format!("{event}/comments"), &json!({"content": "hm"})).await.expect(201);
    let psql = world.psql().await;
    for name in ["Sound", "Seq", "Held", "Unread", "Lost"] {
        let person = here.person(name).await;
        let told =
            "insert into notifications (recipient_id, message) select $1, 'news' from generate_series(1, 3)";
        psql.execute(told, &[&person.id]).await.unwrap();
        psql.execute(
            "update notifications set read_at = now() where recipient_id = $1 and seq = 2",
            &[&person.id],
        )
        .await
        .unwrap();
        psql.execute("delete from notifications where recipient_id = $1 and seq = 1", &[&person.id])
            .await
            .unwrap();
        people.push(person.id);
    }
    let folder = Folder::new();
    let (code, out, err) = folder.run(&["verify", "--json"], &shared(&world.url)).await;
    let found: Value = serde_json::from_str(&out).unwrap();
    let sound = (&found["posts"], &found["people"], &found["failed_posts"], &found["failed_people"]);
    assert_eq!((code, sound), (0, (&json!(2), &json!(5), &json!([]), &json!([]))), "{err}");
    let break_all = format!(
        "update posts set comment_count = 7 where title = 'Post'; update events set comment_count = 0;
        update notification_heads set last_seq = 2 where user_id = '{}';
        update notification_heads set held = 3 where user_id = '{}';
        update notification_heads set unread = 0 where user_id = '{}';
        delete from notification_heads where user_id = '{}'",
        people[1], people[2], people[3], people[4]
    );
    careless(&world).await.batch_execute(&break_all).await.unwrap();
    let (code, out, err) = folder.run(&["verify"], &shared(&world.url)).await;
    let verdict = "one event, one post and 4 people's notifications are not as they must be";
    assert!(code == 1 && err.lines().last().unwrap().ends_with(verdict), "{err}");
    for said in [
        format!(
            "event {} (Event): comment_count is 0 and there are 1 comments",
            event.rsplit('/').next().unwrap()
        ),
        format!("post {} (Post): comment_count is 7 and there are 1 comments", posts[1]),
        format!("notifications of {}: last_seq is 2 and the latest notification is 3", people[1]),
        format!("notifications of {}: held is 3 and there are 2 notifications", people[2]),
        format!("notifications of {}: unread is 0 and 1 notifications are not read", people[3]),
        format!("notifications of {}: there are notifications, and nothing is counted of them", people[4]),
    ] {
        assert!(out.lines().any(|line| line == said), "{said}: {out}");
    }
    assert_eq!(out.lines().count(), 6, "{out}");
    let (_, out, _) = folder.run(&["verify", "--json"], &shared(&world.url)).await;
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["failed_posts"][0]["post_id"], json!(posts[1]));
    assert_eq!(
        (&found["failed_events"][0]["name"], found["failed_people"].as_array().unwrap().len()),
        (&json!("Event"), 4)
    );
}
