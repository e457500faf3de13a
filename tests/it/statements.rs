//! How many statements a request takes: a list asks the same few, however long its page is.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{Person, Socket, World};

/// How many statements the server has run since this was last asked.
async fn statements(psql: &Client) -> i64 {
    let sql = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements
        join pg_database on pg_database.oid = dbid and datname = current_database()
        where query not like '%pg_stat_statements%'
            and query not similar to '%(jobs|schedules|instances|presences|pg_notify)%'";
    let calls = psql.query_one(sql, &[]).await.unwrap().get(0);
    psql.execute("select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)", &[])
        .await
        .unwrap();
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_asks_as_much_for_fifty_items_as_for_two() {
    let world = World::new().await;
    let psql = world.superuser().await;
    world.counts_statements().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let town = format!(
        "insert into users (email, username, name, password_hash)
        select format('p%s@example.com', n), format('pal_%s', lpad(n::text, 2, '0')), format('Person %s', n), 'x' from generate_series(1, 60) as n;
        insert into members (chat_id, user_id) select '{chat}', id from users where password_hash = 'x';
        insert into friends (low_id, high_id, asked_by, accepted_at)
        select least(id, '{alice}'), greatest(id, '{alice}'), id, case when username < 'pal_35' then now() end
        from users where password_hash = 'x' and username < 'pal_60';
        insert into blocks (user_id, blocked_id) select '{alice}', id from users where password_hash = 'x' and username >= 'pal_60';
        insert into chats (title, owner_id) select format('Chat %s', n), '{alice}' from generate_series(1, 60) as n;
        insert into members (chat_id, user_id, role) select id, '{alice}', 'creator' from chats where title like 'Chat %';
        insert into messages (chat_id, sender_id, content) select id, '{alice}', 'a word' from chats;
        insert into messages (chat_id, sender_id, content) select '{chat}', '{alice}', 'a word' from generate_series(1, 60);
        insert into reactions (chat_id, message_id, emoji, user_id)
        select chat_id, id, '👍', '{alice}' from messages where kind = 'text';
        insert into pins (chat_id, message_id, pinned_by) select chat_id, id, '{alice}' from messages where kind = 'text';
        insert into events (owner_id, name, event_time, max_tickets)
        select '{alice}', format('Event %s', n), now() + make_interval(days => n), 100 from generate_series(1, 60) as n;
        insert into tickets (event_id, holder_id, quantity) select id, '{alice}', 1 from events;
        insert into tickets (event_id, holder_id, quantity)
        select events.id, users.id, 1 from events, users where events.name = 'Event 1' and password_hash = 'x';
        update events set max_tickets = tickets_sold where name = 'Event 1';
        insert into event_waiting (event_id, user_id, quantity)
        select events.id, users.id, 1 from events, users where events.name = 'Event 1' and password_hash = 'x';
        insert into notifications (recipient_id, message, sender_id)
        select '{alice}', 'has news', id from users where password_hash = 'x'",
        alice = alice.id,
    );
    psql.batch_execute(&town).await.unwrap();
    let post = "insert into posts (owner_id, title, content) select $1, 'Post', 'a word' from generate_series(1, 60) returning id";
    let post: Uuid = psql.query(post, &[&alice.id]).await.unwrap()[0].get(0);
    let comments = "insert into comments (post_id, owner_id, content) select $1, $2, 'a word' from generate_series(1, 60)";
    psql.execute(comments, &[&post, &alice.id]).await.unwrap();
    for _ in 0..60 {
        alice.post(&format!("/api/v1/chats/{chat}/invites"), &json!({})).await.expect(201);
    }
    let event: Uuid =
        psql.query_one("select id from events where name = 'Event 1'", &[]).await.unwrap().get(0);
    for list in [
        "/api/v1/events?".to_owned(),
        "/api/v1/events?search=event&".to_owned(),
        format!("/api/v1/events/{event}/tickets?"),
        format!("/api/v1/events/{event}/waiting?"),
        "/api/v1/users/me/tickets?".to_owned(),
        "/api/v1/chats?".to_owned(),
        "/api/v1/chats?search=chat&".to_owned(),
        "/api/v1/chats?scope=public&".to_owned(),
        format!("/api/v1/chats/{chat}/messages?"),
        format!("/api/v1/chats/{chat}/messages?search=word&"),
        format!("/api/v1/chats/{chat}/messages?around_seq=70&"),
        format!("/api/v1/chats/{chat}/log?"),
        format!("/api/v1/chats/{chat}/members?"),
        format!("/api/v1/chats/{chat}/reads?"),
        format!("/api/v1/chats/{chat}/pins?"),
        format!("/api/v1/chats/{chat}/invites?"),
        "/api/v1/search/messages?search=word&".to_owned(),
        "/api/v1/users?".to_owned(),
        "/api/v1/users?search=person&".to_owned(),
        "/api/v1/friends?".to_owned(),
        "/api/v1/friends/requests?".to_owned(),
        "/api/v1/posts?".to_owned(),
        "/api/v1/posts?search=word&".to_owned(),
        format!("/api/v1/posts?owner_id={}&", alice.id),
        format!("/api/v1/posts/{post}/comments?"),
        "/api/v1/notifications?".to_owned(),
        "/api/v1/notifications?unread=true&kind=message&".to_owned(),
    ] {
        let (short, long) = (asked(&psql, &alice, &list, 2).await, asked(&psql, &alice, &list, 50).await);
        assert!((1..=8).contains(&short), "{list}: {short} statements");
        assert!(long <= short, "{list}: {short} statements for 2 items, {long} for 50");
    }
}

/// How many statements a page of a list takes.
async fn asked(psql: &Client, person: &Person, list: &str, limit: usize) -> i64 {
    let path = format!("{list}limit={limit}");
    // Once before, so that every statement is prepared.
    person.get(&path).await.expect(200);
    let mut fewest = i64::MAX;
    for _ in 0..5 {
        statements(psql).await;
        let page = person.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap().len();
        assert!(items == limit || limit > 20 && items > 20, "{list}: {items} items");
        // A transaction is rolled back behind the answer.
        tokio::time::sleep(Duration::from_millis(20)).await;
        fewest = fewest.min(statements(psql).await);
    }
    fewest
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_chats_are_one_statement() {
    let world = World::new().await;
    let psql = world.superuser().await;
    world.counts_statements().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let town = format!(
        "insert into chats (title, owner_id) select format('Chat %s', n), '{alice}' from generate_series(1, 500) as n;
        insert into members (chat_id, user_id) select id, '{alice}' from chats;
        insert into messages (chat_id, sender_id, content) select id, '{bob}', 'news' from chats, generate_series(1, 3)",
        alice = alice.id,
        bob = bob.id,
    );
    psql.batch_execute(&town).await.unwrap();
    let path = "/api/v1/chats?limit=100&offset=200";
    let page = alice.get(path).await.expect(200);
    assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(500), 100));
    assert_eq!(page["items"][0]["unread_count"], 3);
    let mut fewest = i64::MAX;
    for _ in 0..3 {
        statements(&psql).await;
        alice.get(path).await.expect(200);
        fewest = fewest.min(statements(&psql).await);
    }
    assert_eq!(fewest, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_one_statement_more() {
    let world = World::new().await;
    let psql = world.superuser().await;
    world.counts_statements().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let town = format!(
        "insert into users (email, username, name, password_hash)
        select format('p%s@example.com', n), format('pal_%s', n), 'Pal', 'x' from generate_series(1, 60) as n;
        insert into messages (chat_id, sender_id, content) select '{chat}', id, 'a word' from users where password_hash = 'x'"
    );
    psql.batch_execute(&town).await.unwrap();
    for list in [format!("/api/v1/chats/{chat}/messages?"), format!("/api/v1/chats/{chat}/log?")] {
        let without = asked(&psql, &alice, &list, 50).await;
        for limit in [2, 50] {
            let with = asked(&psql, &alice, &format!("{list}include=users&"), limit).await;
            assert_eq!(with, without + 1, "{list}: {limit} items");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_nobody_uses_asks_little() {
    let world = World::new().await;
    let psql = world.superuser().await;
    world.counts_statements().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let _socket = alice.opens(alice.creates_chat("Lobby").await).await;
    // What a new server does once.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let sql = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements
        join pg_database on pg_database.oid = dbid and datname = current_database()";
    let calls = async || psql.query_one(sql, &[]).await.unwrap().get::<_, i64>(0);
    let before = calls().await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let asked = calls().await - before;
    assert!(asked < 80, "{asked} statements in ten seconds");
    // Where nothing of events is due, one question in five seconds says so.
    let of_events = "select coalesce(sum(calls), 0)::bigint from pg_stat_statements
        join pg_database on pg_database.oid = dbid and datname = current_database()
        where query ~ '-- events/(list_due|remind|seconds_to_next)'";
    let before = psql.query_one(of_events, &[]).await.unwrap().get::<_, i64>(0);
    tokio::time::sleep(Duration::from_secs(10)).await;
    let asked = psql.query_one(of_events, &[]).await.unwrap().get::<_, i64>(0) - before;
    // PostgreSQL 18 keeps no comment that stands before a statement, and counts none.
    let least = i64::from(
        psql.query_one("show server_version_num", &[]).await.unwrap().get::<_, String>(0).as_str() < "180000",
    );
    assert!((least..=3).contains(&asked), "{asked} statements of events in ten seconds");
}

/// Somebody comes back to a chat, and is told what came after an entry and nothing else.
async fn comes_back(person: Person, chat: Uuid, after: i64, end: Value) {
    let mut socket = person.resumes(chat, after).await;
    for seq in after + 1..=end["seq"].as_i64().unwrap() {
        let frame = socket.expect("new_message").await;
        assert_eq!((&frame["chat_id"], &frame["seq"]), (&json!(chat), &json!(seq)));
    }
    assert_eq!(socket.next().await, end);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_comes_back_shares_its_statements_and_each_is_told_their_own() {
    let world = World::new().await;
    let psql = world.superuser().await;
    world.counts_statements().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (lobby, cellar) = (alice.creates_chat("Lobby").await, alice.creates_private_chat("Cellar").await);
    world.fills(lobby, alice.id, 40, 10).await;
    world.fills(cellar, alice.id, 60, 10).await;
    let (lobby_end, cellar_end) = (world.caught_up(lobby, 40).await, world.caught_up(cellar, 60).await);
    // Whatever is prepared once is prepared.
    comes_back(alice.clone(), lobby, 1, lobby_end.clone()).await;
    statements(&psql).await;

    // Nobody is let in for a moment, so all of them wait at the same place.
    let mut door = world.psql().await;
    let closed = door.transaction().await.unwrap();
    closed.batch_execute("lock table chats in access exclusive mode").await.unwrap();
    let mut crowd = JoinSet::new();
    for _ in 0..40 {
        crowd.spawn(comes_back(alice.clone(), lobby, 30, lobby_end.clone()));
        crowd.spawn(comes_back(bob.clone(), lobby, 35, lobby_end.clone()));
        crowd.spawn(comes_back(alice.clone(), cellar, 35, cellar_end.clone()));
        // The cellar is none of Bob's.
        let (base, token) = (bob.base.clone(), bob.token.clone());
        crowd.spawn(async move {
            let path = format!("/api/v1/chats/{cellar}?after_seq=35");
            assert_eq!(Socket::open(&base, &path, &token).await.err(), Some(404));
        });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    closed.commit().await.unwrap();
    crowd.join_all().await;
    // Each of its own would be 40 that are refused, and 120 that ask twice whether they may, and once for a page.
    let asked = statements(&psql).await;
    assert!((3..200).contains(&asked), "{asked} statements");
}
