//! The rows of a dump, brought into a migrated database by a plain owner: they are what they were, and life goes on.

use serde_json::json;
use tokio_postgres::Client;
use trunkline::db::migrate::migrate;

use super::{connect, dump, empty, healthy, number, read, runs};
use crate::{
    commands::{Folder, shared},
    support::{Person, World},
};

/// What the demo has nothing of.
const MORE: &str = "
    insert into reactions (chat_id, message_id, user_id, emoji)
    select chat_id, messages.id, users.id, '+' from messages, users where content like 'Welcome%';
    delete from reactions where user_id = (select id from users where username = 'alice');
    insert into pins (chat_id, message_id, pinned_by) select chat_id, id, sender_id from messages where content like 'Welcome%';
    update messages set content = content || ' (edited) @alice' where content like 'Welcome%';
    update messages set recalled_at = now() where content like 'Thank you%';
    insert into bans (chat_id, user_id, banned_by)
    select chats.id, users.id, chats.owner_id from chats, users
    where chats.kind = 'group' and not exists (select from members where chat_id = chats.id and user_id = users.id);
    insert into friends (low_id, high_id, asked_by) select least(a.id, b.id), greatest(a.id, b.id), b.id
    from users as a, users as b where a.username = 'alice' and b.username = 'bob';
    insert into blocks (user_id, blocked_id) select a.id, b.id from users as a, users as b where a.username = 'alice' and b.username = 'erin';
    insert into bans (chat_id, user_id) select chats.id, users.id from chats, users where title = 'Lobby' and username = 'erin';
    insert into files (owner_id, name, content_type, size, state) select id, 'a', 'b', 1, 'loose' from users where username = 'alice';
    insert into messages (chat_id, sender_id, kind, body)
    select chats.id, files.owner_id, 'media', jsonb_build_object('attachments', jsonb_build_array(files.id))
    from chats, files where title = 'Lobby';
    insert into webhooks (chat_id, url, secret, created_by)
    select id, 'https://example.com/', ''::bytea, owner_id from chats where title = 'Lobby' union all
    select id, 'https://example.com/', ''::bytea, owner_id from chats where title = 'Lobby';
    delete from webhooks where place = 1;
    insert into users (email, username, name, password_hash, is_bot) values ('b@bots.invalid', 'hook_bot', 'Bot', '', true);
    insert into hooks (chat_id, bot_id, token_hash, created_by)
    select chats.id, users.id, ''::bytea, owner_id from chats, users where title = 'Lobby' and is_bot;
    insert into scheduled_messages (user_id, chat_id, client_id, content, send_at)
    select owner_id, id, 'later', 'later', now() + interval '1 year' from chats where title = 'Lobby';
    insert into api_tokens (user_id, name, hash) select id, 'bot', ''::bytea from users;
    insert into user_roles (user_id, role) select id, 'admin' from users where username = 'alice';
    update roles set permissions = '{*}', description = 'everybody' where name = 'user';
    insert into roles (name) values ('guest');
    insert into events (owner_id, name, event_time, max_tickets, with_chat)
    select id, 'Evening', now() + interval '1 year', 1, true from users where username = 'bob';
    insert into tickets (event_id, holder_id, quantity) select events.id, users.id, 1 from events, users where events.name = 'Evening' and username = 'alice';
    insert into event_waiting (event_id, user_id, quantity) select events.id, users.id, 1 from events, users where events.name = 'Evening' and username = 'erin';
    update tickets set cancelled_at = now() where quantity = 1;
    insert into sessions (user_id, expires_at) select id, now() + interval '1 year' from users where username = 'alice';
    select notify_people(array(select id from users), 'message', 'maintenance', null, '{}');
    update notifications set read_at = now() where seq = 1 and recipient_id = (select id from users where username = 'bob');
    insert into notification_preferences (user_id, kind, push) select id, 'comment', true from users;
    insert into chat_mutes (user_id, chat_id) select owner_id, id from chats where title = 'Lobby';
    insert into push_keys (public_key, private_key) values ('', '');
    insert into push_subscriptions (user_id, session_id, endpoint_hash, secret) select user_id, id, '', '' from sessions;
    select notify_people(array(select id from users), 'message', 'maintenance', null, '{}');
    insert into pictures (id, owner_id, size) select id, id, 1 from users where username = 'alice';
    insert into posts (owner_id, title, content) select id, 'Post', 'words' from users where username in ('alice', 'bob');
    insert into comments (post_id, owner_id, content) select posts.id, users.id, 'words' from posts, users where username = 'bob';
    insert into comments (event_id, owner_id, content) select events.id, events.owner_id, 'words' from events;
    delete from comments where post_id = (select id from posts order by id limit 1);
    insert into calendar_feeds (user_id, token_hash) select id, ''::bytea from users where username = 'alice';
    insert into calendar_tombstones (user_id, event_id, name, event_time, timezone, duration_minutes, sequence)
    select id, id, 'Gone', now(), 'UTC', 60, 1 from users where username = 'alice';
    insert into topic_records (topic, value) select 'orders', to_jsonb(n) from generate_series(1, 5) as n;
    select lease_records('orders', 'g', 3, 1000, 30, 1);
    insert into jobs (task, status, attempts, finished_at) values ('echo', 'succeeded', 1, now());
    insert into paused_tasks (task) values ('echo');
    insert into schedules (name, task, every_seconds) values ('hourly', 'echo', 3600);
    insert into jobs (task, run_at) values ('echo', now() + interval '1 year');
    update chats set description = 'moved' where title = 'Lobby'";

/// Every row of every table that is not about this database itself.
async fn rows(psql: &Client) -> Vec<(String, String)> {
    let tables =
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        and relname not in ('refinery_schema_history', 'installed_functions') order by 1";
    let mut rows = Vec::new();
    for row in psql.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        let sql =
            format!("select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from {table} as t");
        rows.push((table, psql.query_one(&sql, &[]).await.unwrap().get(0)));
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_a_dump_are_taken_as_they_are() {
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute(&read("seeds/demo.sql")).await.unwrap();
    psql.batch_execute(MORE).await.unwrap();
    let before = rows(&psql).await;
    let url = empty(&world, "").await;
    migrate(&url).await.unwrap();
    assert_eq!(runs(&url, &dump(&world.url, &["--data-only"]).await).await, "");
    let there = connect(&url).await;
    for (before, after) in before.iter().zip(&rows(&there).await) {
        assert_eq!(before, after);
    }
    assert!(before.iter().all(|(table, rows)| {
        let may_be_empty = [
            "cache",
            "ended_chats",
            "ended_comments",
            "idempotency_keys",
            "instances",
            "invites",
            "login_key_uses",
            "login_keys",
            "password_resets",
            "permissions",
            "presences",
            "refresh_tokens",
            "search_blocks",
            "search_ends",
            "search_heads",
            "search_runs",
            "sessions",
            "throttles",
            "ticks",
        ];
        !rows.is_empty() || may_be_empty.contains(&table.as_str())
    }));
    healthy(&there).await;
    assert!(migrate(&url).await.unwrap().installed.is_empty());

    // Whatever is written later is numbered, counted and noted as ever, in the session of a restore's settings but one, too.
    let audited = number(&there, "select count(*) from audit").await;
    there.batch_execute("set check_function_bodies = off; set search_path = ''").await.unwrap();
    let sql = "insert into public.messages (chat_id, sender_id, content)
        select chats.id, users.id, 'after' from public.chats, public.users where title = 'Lobby' and username = 'bob';
        insert into public.user_roles (user_id, role) select id, 'admin' from public.users where username = 'bob'";
    there.batch_execute(sql).await.unwrap();
    there.batch_execute("discard all").await.unwrap();
    assert_eq!(number(&there, "select count(*) from audit").await, audited + 1);
    healthy(&there).await;
    let folder = Folder::new();
    let serving = folder.serve(&shared(&url)).await;
    let carol = Person::register(&serving.base, "Carol").await;
    let lobby: uuid::Uuid =
        there.query_one("select id from chats where title = 'Lobby'", &[]).await.unwrap().get(0);
    carol.joins(lobby).await;
    carol.says(lobby, "hello").await;
    let form = json!({"email": "alice@example.com", "password": "trunkline1"});
    carol.post("/api/v1/auth/login", &form).await.expect(200);
    healthy(&there).await;
}
