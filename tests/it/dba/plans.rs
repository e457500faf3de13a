//! Every statement of the server finds what it looks for, however big the tables are.

use std::{fs, path::PathBuf};

use serde_json::Value;
use tokio_postgres::Client;

use crate::support::{World, pages_of};

/// From how many rows on reading all of a table is a mistake.
const BIG: f64 = 5_000.0;

/// Statements that read all of a table, which one, and why that is right.
const WHOLE: [(&str, &str, &str); 33] = [
    ("audit/count", "audit", "asked by administrators, seldom, by whatever they think of"),
    ("audit/list_latest", "audit", "the same"),
    ("audit/list_oldest", "audit", "the same"),
    (
        "export/messages",
        "messages",
        "a person's own, wherever: asked too seldom for an index that every post pays for",
    ),
    ("messages/search_all", "chats", "a download: every public chat may hold the word"),
    ("posts/count", "posts", "counts them, and large counts are kept for a while"),
    ("posts/count_short", "posts", "no index knows words of one or two characters"),
    ("jobs/count", "jobs", "counts them"),
    ("jobs/count", "finished_jobs", "counts them"),
    ("jobs/move_finished", "jobs", "what an older program has finished: there is none of it later"),
    ("notifications/count_people", "users", "everybody is about to be told something"),
    ("presences/remove_instances", "presences", "an instance that died had a good part of them"),
    ("presences/remove_instances", "users", "and so a good part of the people (PostgreSQL 18)"),
    ("restore/keys", "login_keys", "once, of a database that was just restored: which keys it needs"),
    ("restore/keys", "users", "the same"),
    ("restore/keys", "webhooks", "the same"),
    (
        "restore/rename_scheduled",
        "scheduled_messages",
        "once, of a database that was just restored: all of them",
    ),
    ("restore/sign_out", "api_tokens", "the same: nobody stays signed in"),
    ("restore/sign_out", "refresh_tokens", "the same"),
    ("restore/sign_out", "sessions", "the same"),
    ("roles/has_administrator", "user_roles", "where everyone has the role the first row will do"),
    ("seed/count", "chats", "counts them"),
    ("verify/count", "chats", "counts what it is about to walk through"),
    ("seed/count", "users", "counts them"),
    ("topics/count", "topics", "counts them"),
    ("topics/list", "topics", "every topic is asked for"),
    ("topics/list_kept", "topics", "once an hour: each may have a retention"),
    ("users/count", "users", "counts them"),
    ("users/list", "friends", "everyone, and who of them are friends"),
    ("users/list", "users", "everyone is asked for"),
    ("webhooks/forget_lost_jobs", "webhooks", "once a minute, by one instance: each may have lost its job"),
    ("webhooks/list_behind", "webhooks", "the same: each may be behind"),
    ("webhooks/list_chats", "webhooks", "every chat that has one is asked for"),
];

/// A town in which every table that grows is big.
const TOWN: &str = "
    begin;
    set local session_replication_role = replica;
    insert into users (email, username, name, password_hash)
    select format('p%s@example.com', n), format('p%s', lpad(n::text, 5, '0')), format('Person %s', n), 'x' from generate_series(1, 20000) as n;
    create temp table people as select id, row_number() over (order by id) as n from users;
    insert into user_roles (user_id, role) select id, 'user' from people;
    insert into chats (title, visibility, owner_id, last_seq, message_count, member_count, unindexed)
    select format('Chat %s', n), case when n % 10 = 0 then 'public' else 'private' end, people.id, 20, 20, 10, n % 1000 = 0
    from generate_series(1, 10000) as n join people using (n);
    create temp table rooms as select id, row_number() over (order by id) as n from chats;
    insert into members (chat_id, user_id)
    select rooms.id, people.id from rooms join people on people.n between rooms.n and rooms.n + 9;
    insert into messages (chat_id, seq, sender_id, content, client_id)
    select rooms.id, seq, people.id, format('message %s of %s', seq, rooms.n), seq::text
    from rooms join people using (n), generate_series(1, 20) as seq;
    insert into reactions (chat_id, message_id, emoji, user_id, since)
    select chat_id, id, '+', sender_id, now() from messages where seq = 1;
    insert into pins (chat_id, message_id) select chat_id, id from messages where seq = 2;
    insert into search_runs (chat_id, run, grams, speakers, day) select id, 0, array[n, n + 1, n + 2], array[owner_id], n / 100 from rooms join chats using (id);
    insert into search_ends (chat_id, seq) select id, 20 from rooms;
    insert into friends (low_id, high_id, asked_by, accepted_at)
    select least(one.id, other.id), greatest(one.id, other.id), one.id, case when one.n % 2 = 0 then now() end
    from people as one join people as other on other.n = one.n + 1;
    insert into blocks (user_id, blocked_id)
    select one.id, other.id from people as one join people as other on other.n = one.n + 3 where one.n % 2 = 0;
    insert into sessions (user_id, expires_at, revoked_at)
    select id, now() + interval '1 day', case when n % 100 = 0 then now() end from people;
    insert into refresh_tokens (hash, session_id, expires_at)
    select sha256(convert_to(id::text, 'UTF8')), id, now() + interval '1 day' from sessions;
    insert into api_tokens (user_id, name, hash) select id, 'bot', sha256(convert_to(id::text, 'UTF8')) from people;
    insert into password_resets (hash, user_id, expires_at)
    select sha256(convert_to(id::text, 'UTF8')), id, now() + make_interval(secs => n) from people;
    insert into audit (action, target, actor_id) select 'x', id::text, id from people;
    insert into idempotency_keys (user_id, path, key, request_hash)
    select id, '/x', 'key', sha256('x') from people;
    insert into invites (chat_id, token_hash, expires_at)
    select id, sha256(convert_to(id::text, 'UTF8')), now() + make_interval(secs => n) from rooms;
    insert into webhooks (chat_id, place, url, secret, delivered_seq) select id, 1, 'https://example.com/', '', 20 from rooms;
    insert into users (email, username, name, password_hash, is_bot)
    select 'b' || n || '@bots.invalid', 'bot_' || n, 'Bot', '', true from generate_series(1, 2000) as n;
    insert into hooks (chat_id, place, maker_place, bot_id, token_hash, created_by)
    select room.id, 1, 1, bot.id, sha256(convert_to(bot.id::text, 'UTF8')), (select owner_id from chats where chats.id = room.id)
    from (select id, row_number() over () as n from users where is_bot) as bot
    join (select id, row_number() over () as n from rooms) as room using (n);
    insert into scheduled_messages (user_id, chat_id, client_id, content, send_at, failed_at, reason)
    select people.id, rooms.id, 'x', 'x', now() + make_interval(secs => n), case when n % 10 = 0 then now() end, case when n % 10 = 0 then 'banned' end
    from people join rooms using (n);
    insert into events (owner_id, name, event_time, max_tickets, remind_at)
    select people.id, 'Event ' || g, now() + make_interval(mins => g), 10, case when g % 2 = 0 then now() + make_interval(mins => g) end
    from generate_series(1, 30000) as g join people on people.n = g % 20000 + 1;
    create temp table venues as select id, row_number() over (order by id) as n from events;
    insert into tickets (event_id, holder_id, quantity, cancelled_at, checked_in_by)
    select venues.id, people.id, 1, case when venues.n % 10 = 0 then now() end, case when venues.n % 9 = 0 then people.id end
    from venues join people on people.n = venues.n % 20000 + 1;
    insert into event_waiting (event_id, user_id, quantity, place, held_until)
    select venues.id, people.id, 1, 1, case when venues.n % 10 = 0 then now() + make_interval(mins => venues.n::integer) end
    from venues join people on people.n = venues.n % 20000 + 1;
    insert into posts (owner_id, title, content, created_at)
    select id, 'Post ' || n, 'words ' || n, now() - make_interval(secs => n) from people;
    insert into comments (post_id, owner_id, content, created_at)
    select posts.id, owner_id, 'words', now() - make_interval(secs => n) from posts, generate_series(1, 2) as n;
    insert into ended_comments (on_id) select uuid_v7() from generate_series(1, 10000) as n;
    insert into calendar_feeds (user_id, token_hash) select id, sha256(convert_to(id::text, 'UTF8')) from people;
    insert into calendar_tombstones (user_id, event_id, name, event_time, timezone, duration_minutes, sequence, deleted_at)
    select id, id, 'Gone', now(), 'UTC', 60, 1, now() - make_interval(secs => n) from people;
    insert into topics (name, last_offset) select 'topic_' || n, 5 from people;
    insert into topic_records (topic, record_offset, value) select 'topic_' || people.n, o, '1' from people, generate_series(1, 5) as o;
    insert into topic_groups (topic, name) select 'topic_' || n, 'g' from people;
    insert into topic_leases (topic, group_name, open, leased_until) select 'topic_' || n, 'g', '{[1,3)}', now() from people;
    insert into files (owner_id, name, content_type, size, state, chat_id, message_id, place)
    select sender_id, 'file', 'text/plain', 1, 'attached', chat_id, id, 1 from messages where seq = 3;
    insert into jobs (task, status, attempts, finished_at)
    select 'echo', 'succeeded', 1, now() - make_interval(secs => n) from people;
    insert into cache (key, value, expires_at) select n::text, '1', now() + make_interval(secs => n) from people;
    insert into throttles (key, count, expires_at) select n::text, 1, now() + make_interval(secs => n) from people;
    insert into instances (id) select gen_random_uuid() from generate_series(1, 3);
    insert into presences (instance_id, user_id) select instances.id, people.id from instances, people where n % 3 = 0;
    commit;
    analyze;
    -- As every connection of the server has it.
    set jit = off; set plan_cache_mode = force_generic_plan; set random_page_cost = 1";

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_reads_all_of_a_big_table() {
    let world = World::new().await;
    let psql = world.superuser().await;
    psql.batch_execute(TOWN).await.unwrap();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (name, sql) in queries() {
        let Some(plan) = explained(&psql, &sql).await else { continue };
        seen += 1;
        let mut tables = Vec::new();
        whole_tables(&psql, &plan, &mut tables).await;
        tables.retain(|table| !WHOLE.iter().any(|(query, whole, _)| *query == name && whole == table));
        if !tables.is_empty() {
            wrong.push(format!("{name} reads all of {}", tables.join(", ")));
        }
    }
    assert!(seen > 100, "{seen} statements were looked at");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every query file by its name.
fn queries() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sql/queries");
    let mut found = Vec::new();
    for entry in fs::read_dir(&root).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir()) {
        for file in fs::read_dir(entry.path()).unwrap().map(Result::unwrap) {
            let name = file.path().strip_prefix(&root).unwrap().with_extension("").display().to_string();
            found.push((name, fs::read_to_string(file.path()).unwrap()));
        }
    }
    found.sort();
    found
}

/// The plan that the server runs, whatever the parameters; nothing for what has none, such as `begin`.
async fn explained(psql: &Client, sql: &str) -> Option<Value> {
    psql.batch_execute("deallocate all").await.unwrap();
    psql.batch_execute(&format!("prepare looked_at as {sql}")).await.ok()?;
    let count = "select cardinality(parameter_types) from pg_prepared_statements where name = 'looked_at'";
    let count: i32 = psql.query_one(count, &[]).await.unwrap().get(0);
    let nulls = vec!["null"; usize::try_from(count).unwrap()].join(", ");
    let arguments = if count == 0 { String::new() } else { format!("({nulls})") };
    let explain = format!("explain (format json) execute looked_at{arguments}");
    let rows = psql.query(&explain, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    Some(rows[0].get::<_, Value>(0)[0]["Plan"].clone())
}

/// The big tables that a plan reads from one end to the other.
async fn whole_tables(psql: &Client, plan: &Value, tables: &mut Vec<String>) {
    let mut nodes = vec![plan];
    while let Some(node) = nodes.pop() {
        if node["Node Type"].as_str().is_some_and(|kind| kind.contains("Seq Scan")) {
            let table = node["Relation Name"].as_str().unwrap_or_default().to_owned();
            let rows = "select reltuples::float8 from pg_class where oid = to_regclass($1)";
            let rows = psql.query_opt(rows, &[&table]).await.unwrap().map_or(0.0, |row| row.get::<_, f64>(0));
            if rows >= BIG && !tables.contains(&table) {
                tables.push(table);
            }
        }
        nodes.extend(node["Plans"].as_array().into_iter().flatten());
    }
}

/// Many that are due and are somebody else's, and many that wait for their time; one of these tasks is due.
const CROWD: &str = "
    begin;
    set local session_replication_role = replica;
    insert into jobs (task, run_at) select 'deliver_webhook', now() - make_interval(secs => n) from generate_series(1, 50000) as n;
    insert into jobs (task, run_at) select 'echo', now() + make_interval(days => 1, secs => n) from generate_series(1, 10000) as n;
    insert into jobs (task) values ('sweep_files');
    commit;
    analyze jobs;
    set jit = off; set plan_cache_mode = force_generic_plan; set random_page_cost = 1";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_jobs_looks_at_none_of_another_crew() {
    let world = World::new().await;
    let psql = world.superuser().await;
    psql.batch_execute(CROWD).await.unwrap();
    let (_, sql) = queries().into_iter().find(|(name, _)| name == "jobs/take").unwrap();
    psql.batch_execute(&format!("prepare taken as {sql}")).await.unwrap();
    let taken = "execute taken(array['echo', 'sweep_files', 'sweep_jobs'], '{}', '{}', '{}', '{}', 8, 20)";
    let (pages, plan) = pages_of(&psql, taken).await;
    let (mut looked_at, mut nodes) = (0.0, vec![&plan]);
    while let Some(node) = nodes.pop() {
        let loops = node["Actual Loops"].as_f64().unwrap_or_default();
        if node["Index Name"].is_string() || node["Relation Name"] == "jobs" {
            for rows in ["Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck"] {
                looked_at += node[rows].as_f64().unwrap_or_default() * loops;
            }
        }
        nodes.extend(node["Plans"].as_array().into_iter().flatten());
    }
    assert!(looked_at < 100.0, "{looked_at} rows were looked at: {plan:#}");
    // A page for each of somebody else's would be 50,000.
    assert!(pages < 5_000, "{pages} pages were read: {plan:#}");
    let running = "select array_agg(task) from jobs where status = 'running'";
    let running: Vec<String> = psql.query_one(running, &[]).await.unwrap().get(0);
    assert_eq!(running, ["sweep_files"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_people_of_a_large_room_reads_that_page() {
    let world = World::new().await;
    let psql = world.superuser().await;
    let crowd = "
        begin;
        set local session_replication_role = replica;
        insert into users (email, username, name, password_hash)
        select format('p%s@example.com', n), 'p' || n || 'x', 'Person ' || n, 'x' from generate_series(1, 20000) as n;
        insert into chats (title, member_count) values ('Stadium', 20000);
        insert into members (chat_id, user_id, joined_at)
        select chats.id, users.id, now() - make_interval(secs => hashtext(users.username)::bigint % 100000) from users, chats;
        commit;
        analyze;
        set jit = off; set plan_cache_mode = force_generic_plan; set random_page_cost = 1";
    psql.batch_execute(crowd).await.unwrap();
    let chat: uuid::Uuid = psql.query_one("select id from chats", &[]).await.unwrap().get(0);
    // Everybody's profile alone would be more than 20,000.
    for (name, more, most) in [
        ("members/list_in_order", ", 10, 0", 100),
        ("members/list_in_order", ", 10, 5000", 6_000),
        ("members/count", "", 100),
    ] {
        let (_, sql) = queries().into_iter().find(|(found, _)| found == name).unwrap();
        psql.batch_execute(&format!("prepare asked as {sql}")).await.unwrap();
        let (pages, plan) = pages_of(&psql, &format!("execute asked('{chat}'{more})")).await;
        assert!(pages < most, "{name} read {pages} pages: {plan:#}");
        psql.batch_execute("deallocate asked").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_of_a_long_log_is_cleared_without_reading_the_rest() {
    let world = World::new().await;
    let psql = world.superuser().await;
    let logs = "
        begin;
        set local session_replication_role = replica;
        insert into users (email, username, name, password_hash) values ('p@example.com', 'pal', 'Pal', 'x');
        insert into chats (title, last_seq, message_count) values ('Short', 100, 100), ('Long', 50000, 50000);
        insert into messages (chat_id, seq, sender_id, content)
        select chats.id, seq, users.id, 'word' from users, chats, generate_series(1, chats.last_seq) as seq;
        commit;
        analyze;
        set jit = off; set plan_cache_mode = force_generic_plan; set random_page_cost = 1";
    psql.batch_execute(logs).await.unwrap();
    for call in [
        "clear_messages(id, $1, $1 + 10, false)",
        "clear_sender(id, (select id from users), $1, $1 + 10, false)",
    ] {
        let mut read = vec![];
        for title in ["Short", "Short", "Long"] {
            let call = call.replace("$1", &(read.len() * 20 + 10).to_string());
            read.push(pages_of(&psql, &format!("select {call} from chats where title = '{title}'")).await.0);
        }
        // The first of a connection reads what it knows of the tables. The long log has a thousand pages.
        assert!(read[2] < read[1] + 300, "{call} read {read:?} pages");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_hundred_thousand_comments_reads_that_page() {
    let world = World::new().await;
    let psql = world.superuser().await;
    let crowd = "
        begin;
        set local session_replication_role = replica;
        insert into users (email, username, name, password_hash) values ('p@example.com', 'pal', 'Pal', 'x');
        insert into posts (owner_id, title, content, comment_count) select id, 'One', 'x', 100000 from users;
        insert into comments (post_id, owner_id, content, created_at)
        select posts.id, owner_id, 'word', now() - make_interval(secs => n) from posts, generate_series(1, 100000) as n;
        commit;
        analyze;
        set jit = off; set plan_cache_mode = force_generic_plan; set random_page_cost = 1";
    psql.batch_execute(crowd).await.unwrap();
    let row = psql.query_one("select id, owner_id from posts", &[]).await.unwrap();
    let (post, owner): (uuid::Uuid, uuid::Uuid) = (row.get(0), row.get(1));
    for (name, arguments, most) in [
        ("comments/list_newest", format!("'{post}', false, null, null, 10, 0"), 50),
        (
            "comments/list_oldest",
            format!("'{post}', false, null, now() - make_interval(secs => 50000), 10, 0"),
            50,
        ),
        ("comments/list_newest", format!("'{post}', false, null, null, 10, 10000"), 1_000),
        ("comments/insert", format!("uuid_v7(), null, '{post}', '{owner}', 'word'"), 500),
        ("comments/find_place", format!("null, '{post}'"), 50),
    ] {
        let (_, sql) = queries().into_iter().find(|(found, _)| found == name).unwrap();
        psql.batch_execute(&format!("prepare asked as {sql}")).await.unwrap();
        let (pages, plan) = pages_of(&psql, &format!("execute asked({arguments})")).await;
        // All of them are more than a thousand.
        assert!(pages < most, "{name} read {pages} pages: {plan:#}");
        psql.batch_execute("deallocate asked").await.unwrap();
    }
}
