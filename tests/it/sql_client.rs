//! SQL is a client like any other.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_arrives_whole_or_not_at_all() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let (one, two) = (alice.creates_chat("One").await, alice.creates_chat("Two").await);
    let mut sockets = Vec::new();
    for chat in [one, two] {
        sockets.push(alice.opens(chat).await);
        sockets.push(alice.at(&there).opens(chat).await);
    }
    let psql = world.psql().await;
    let insert = format!(
        "insert into messages (chat_id, sender_id, content)
         select unnest(array['{one}', '{two}']::uuid[]), '{}', 'row ' || n from generate_series(1, 3) as n",
        alice.id
    );
    psql.batch_execute(&format!("begin; {insert}")).await.unwrap();
    for socket in &mut sockets {
        socket.hears_nothing().await;
    }
    psql.batch_execute("rollback").await.unwrap();
    psql.batch_execute(&format!("begin; {insert}; {insert}")).await.unwrap();
    sockets[0].hears_nothing().await;
    psql.batch_execute("commit").await.unwrap();
    for socket in &mut sockets {
        let contents: Vec<_> = socket.reads(0, 6).await;
        let contents: Vec<_> =
            contents.iter().map(|entry| entry["message"]["content"].as_str().unwrap()).collect();
        assert_eq!(contents, ["row 1", "row 2", "row 3", "row 1", "row 2", "row 3"]);
    }
    assert_eq!(alice.says(one, "next").await["seq"], 7, "the rollback left no gap");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_is_an_edit_or_a_recall() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut sockets = [alice.opens(chat).await, alice.at(&there).opens(chat).await];
    alice.says(chat, "frist").await;
    alice.says(chat, "secret").await;
    let psql = world.psql().await;
    psql.execute("update messages set content = 'first' where chat_id = $1 and seq = 1", &[&chat])
        .await
        .unwrap();
    psql.execute("update messages set content = 'first' where chat_id = $1 and seq = 1", &[&chat])
        .await
        .unwrap();
    psql.execute("update messages set recalled_at = now() where chat_id = $1 and seq = 2", &[&chat])
        .await
        .unwrap();
    psql.execute("update messages set recalled_at = now() where chat_id = $1 and seq = 2", &[&chat])
        .await
        .unwrap();
    for socket in &mut sockets {
        let entries = socket.reads(0, 4).await;
        let kinds: Vec<_> = entries.iter().map(|entry| entry["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["new_message", "new_message", "message_edited", "message_recalled"]);
        assert_eq!(entries[2]["message"]["content"], "first");
        assert!(entries[2]["message"]["edited_at"].is_string());
        assert_eq!(entries[2]["message"]["seq"], 1);
        assert_eq!(entries[3]["message"]["content"], Value::Null);
        socket.hears_nothing().await;
    }
    // What is read later shows each message as it is now, and the words are nowhere.
    let mut late = alice.at(&there).resumes(chat, 0).await;
    let replay = late.reads(0, 4).await;
    let log = alice.get(&format!("/api/v1/chats/{chat}/log")).await.expect(200);
    assert_eq!(json!(replay), log["items"]);
    assert_eq!(replay[0]["message"]["content"], "first");
    let history = alice.get(&format!("/api/v1/chats/{chat}/messages")).await.expect(200);
    assert_eq!((&history["total"], &history["items"][0]["content"]), (&json!(2), &Value::Null));
    assert!(history["items"][0]["recalled_at"].is_string());
    for text in [json!(replay), log, history] {
        assert!(!text.to_string().contains("secret") && !text.to_string().contains("frist"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_message_is_a_row_without_a_sender() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    let psql = world.psql().await;
    let sql = "insert into messages (chat_id, kind, content) values ($1, 'system', 'maintenance at noon')";
    psql.execute(sql, &[&chat]).await.unwrap();
    let entry = &socket.reads(0, 1).await[0];
    assert_eq!((&entry["message"]["kind"], &entry["actor_id"]), (&json!("system"), &Value::Null));
    // What no client may write, psql may not either; and a row that names nobody stops no log.
    for content in ["", "  ", &"x".repeat(4097)] {
        let sql = "insert into messages (chat_id, sender_id, content) values ($1, $2, $3)";
        assert!(psql.execute(sql, &[&chat, &alice.id, &content]).await.is_err());
    }
    let sql = "insert into messages (chat_id, kind, body) values ($1, 'member_joined', '{\"user_id\": \"nobody\"}')";
    psql.execute(sql, &[&chat]).await.unwrap();
    alice.says(chat, "go on").await;
    assert_eq!(socket.reads(1, 3).await[1]["message"]["content"], "go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_wait_for_whoever_holds_the_chat() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let (held, free) = (alice.creates_chat("Held").await, alice.creates_chat("Free").await);
    let mut socket = alice.at(&there).opens(held).await;
    let psql = world.psql().await;
    let insert = format!(
        "begin; insert into messages (chat_id, sender_id, content) values ('{held}', '{}', 'psql')",
        alice.id
    );
    psql.batch_execute(&insert).await.unwrap();
    let waiting: Vec<_> = (0..6)
        .map(|number| {
            let alice = alice.at(if number % 2 == 0 { &here } else { &there });
            tokio::spawn(
                async move { alice.tries(held, &json!({"content": format!("post {number}")})).await },
            )
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    for number in 0..10 {
        let begun = Instant::now();
        alice.at(if number % 2 == 0 { &here } else { &there }).says(free, "meanwhile").await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    }
    psql.batch_execute("commit").await.unwrap();
    for post in waiting {
        post.await.unwrap().expect(201);
    }
    let entries = socket.reads(0, 7).await;
    assert_eq!(entries[0]["message"]["content"], "psql");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_too_long_is_told_to_come_again() {
    let world = World::new().await;
    let instance = world.instance().await;
    let (alice, bob) = (instance.person("Alice").await, instance.person("Bob").await);
    // More chats than the pool has connections: those who wait must not take them all.
    let mut held = Vec::new();
    for number in 0..20 {
        held.push(alice.creates_chat(&format!("Held {number}")).await);
    }
    let (free, private) = (alice.creates_chat("Free").await, alice.creates_private_chat("Attic").await);
    let mut socket = alice.opens(free).await;
    let psql = world.psql().await;
    psql.batch_execute("begin; select from chats where title <> 'Free' for update").await.unwrap();
    let begun = Instant::now();
    let waiting: Vec<_> = held
        .iter()
        .flat_map(|chat| [*chat, *chat])
        .map(|chat| {
            let alice = alice.clone();
            tokio::spawn(async move { alice.tries(chat, &json!({"content": "patience"})).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    for _ in 0..5 {
        let begun = Instant::now();
        alice.says(free, "meanwhile").await;
        socket.hears(1).await;
        bob.tries(private, &json!({"content": "knock"})).await.refused(404, "not_found");
        alice.get("/api/v1/chats").await.expect(200);
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    }
    for post in waiting {
        let answer = post.await.unwrap();
        assert!(answer.headers.contains_key("retry-after"));
        answer.refused(503, "not_ready");
    }
    let waited = begun.elapsed();
    assert!(waited > Duration::from_millis(4900) && waited < Duration::from_secs(7), "{waited:?}");
    psql.batch_execute("rollback").await.unwrap();
    for chat in held {
        assert_eq!(alice.says(chat, "now").await["seq"], 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_an_insert_brings_along_is_not_taken() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    alice.says(chat, "one").await;
    let sql = "insert into messages (chat_id, sender_id, content, seq) values ($1, $2, $3, $4)";
    let psql = world.psql().await;
    for (content, seq) in [("two", 50_i64), ("three", 3), ("four", 1)] {
        psql.execute(sql, &[&chat, &alice.id, &content, &seq]).await.unwrap();
    }
    assert_eq!(alice.says(chat, "five").await["seq"], 5);
    assert_eq!(socket.hears(5).await, ["one", "two", "three", "four", "five"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_at_once_take_as_long_as_each_and_leave_no_gap() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, other) = (alice.creates_chat("Lobby").await, alice.creates_chat("Annex").await);
    let mut socket = alice.opens(chat).await;
    let psql = world.psql().await;
    // Into both by turns; every third is there already.
    let twice = "insert into messages (chat_id, sender_id, content, client_id)
        select case when n % 2 = 0 then $1::uuid else $2 end, $3, 'number ' || n, (n - n % 3 / 2 * 2)::text
        from generate_series(1, 300) as n
        on conflict do nothing";
    let added = psql.execute(twice, &[&chat, &other, &alice.id]).await.unwrap();
    let heads = "select last_seq, message_count from chats where id = any ($1) order by title desc";
    let rows = psql.query(heads, &[&vec![chat, other]]).await.unwrap();
    let counted: i64 = rows.iter().map(|row| row.get::<_, i64>(0)).sum();
    assert_eq!(counted, i64::try_from(added).unwrap());
    assert!(rows.iter().all(|row| row.get::<_, i64>(0) == row.get::<_, i64>(1)));
    let here_now = rows[0].get::<_, i64>(0);
    socket.reads(0, here_now).await;

    // Each row is as quick as the one before: a version of the chat for each would make them slower and slower.
    let many = "insert into messages (chat_id, sender_id, content) select $1, $2, 'x' from generate_series(1, $3) as n";
    let begun = Instant::now();
    psql.execute(many, &[&chat, &alice.id, &2_000_i32]).await.unwrap();
    let few = begun.elapsed();
    let begun = Instant::now();
    psql.execute(many, &[&chat, &alice.id, &20_000_i32]).await.unwrap();
    let many = begun.elapsed();
    assert!(many < few * 40 + Duration::from_secs(1), "2,000 rows took {few:?}, 20,000 {many:?}");
    let last: i64 =
        psql.query_one("select last_seq from chats where id = $1", &[&chat]).await.unwrap().get(0);
    assert_eq!(last, here_now + 22_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_no_clock_shows_hides_nothing() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let mut socket = bob.opens(chat).await;
    let psql = world.psql().await;
    for (number, time) in ["infinity", "-infinity", "20000-01-01", "4000-01-01 BC"].into_iter().enumerate() {
        let odd = format!(
            "insert into messages (chat_id, sender_id, content, created_at) values ($1, $2, 'odd {number}', '{time}')"
        );
        psql.execute(&odd, &[&chat, &alice.id]).await.unwrap();
    }
    alice.says(chat, "and on").await;
    assert_eq!(socket.hears(5).await.last().unwrap(), "and on");
    let times = "update users set created_at = 'infinity', last_online_at = '-infinity' where id = $1";
    psql.execute(times, &[&alice.id]).await.unwrap();
    psql.execute("update members set joined_at = 'infinity' where user_id = $1", &[&alice.id]).await.unwrap();
    let base = format!("/api/v1/chats/{chat}");
    for path in ["/messages", "/log", "/messages?format=csv", "/members", "/reads"] {
        bob.get(&format!("{base}{path}")).await.expect(200);
    }
    let odd = bob.get(&format!("{base}/messages?search=odd&sort=seq")).await.expect(200);
    let times: Vec<_> =
        odd["items"].as_array().unwrap().iter().map(|item| item["created_at"].as_str().unwrap()).collect();
    let (first, last) = ("0001-01-01T00:00:00.000Z", "9999-01-01T00:00:00.000Z");
    assert_eq!(times, [last, first, last, first]);
    bob.get("/api/v1/chats").await.expect(200);
    bob.get(&format!("/api/v1/users/{}", alice.id)).await.expect(200);
    bob.get("/api/v1/search/messages?search=odd").await.expect(200);
}
