//! Who may read the database without seeing everything, and the views that they read.

use tokio_postgres::Client;

use super::tools::{demo, does};
use crate::support::World;

/// The columns of each view, in their order: they are promised. A new one may come at the end of a line.
const VIEWS: [(&str, &str); 11] = [
    ("api_v1_audit", "id, at, actor_id, action, target, data"),
    (
        "api_v1_chats",
        "id, kind, visibility, title, description, owner_id, retention_days, member_count, message_count, first_seq, last_seq, \
         created_at, updated_at, active_at",
    ),
    ("api_v1_entries", "chat_id, seq, id, kind, actor_id, target_id, body, created_at"),
    (
        "api_v1_files",
        "id, owner_id, content_type, size, width, height, state, chat_id, message_id, created_at",
    ),
    ("api_v1_members", "chat_id, user_id, role, last_read_seq, read_at, joined_at"),
    (
        "api_v1_message_facts",
        "chat_id, seq, id, kind, sender_id, characters, reply_to, mention_count, attachment_count, created_at, edited_at, \
         recalled_at",
    ),
    (
        "api_v1_messages",
        "chat_id, seq, id, kind, sender_id, content, reply_to, mentions, attachments, client_id, created_at, edited_at, \
         recalled_at",
    ),
    ("api_v1_pins", "chat_id, message_id, pinned_by, pinned_at"),
    ("api_v1_reactions", "chat_id, message_id, emoji, user_id, created_at"),
    ("api_v1_sessions", "id, user_id, created_at, last_used_at, expires_at, revoked_at"),
    ("api_v1_users", "id, username, name, status, is_bot, created_at, updated_at, last_online_at"),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_views_keep_their_columns_and_everything_is_explained() {
    let world = World::new().await;
    let psql = world.psql().await;
    let sql = "select relname::text, string_agg(attname, ', ' order by attnum) from pg_class
        join pg_attribute on attrelid = pg_class.oid and attnum > 0
        where relkind = 'v' and relnamespace = 'public'::regnamespace group by relname order by relname";
    let rows = psql.query(sql, &[]).await.unwrap();
    let there: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    for (view, columns) in VIEWS {
        let found = there.iter().find(|(name, _)| name == view);
        assert!(found.is_some_and(|(_, found)| found.starts_with(columns)), "{view}: {found:?}");
    }
    let silent = "select array_agg(format('%s.%s', pg_class.relname, attname)) from pg_class
        left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
            and col_description(attrelid, attnum) is null and relkind = 'r'
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v')
            and (attname is not null or obj_description(pg_class.oid, 'pg_class') is null)";
    assert_eq!(psql.query_one(silent, &[]).await.unwrap().get::<_, Option<Vec<String>>>(0), None);
}

/// What a role is answered; `None` where it may not ask.
pub(super) async fn answers(role: &Client, sql: &str) -> Option<i64> {
    role.query_one(sql, &[]).await.ok().map(|row| row.get(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analyst_sees_who_said_something_and_no_words() {
    let (world, _psql) = demo().await;
    let analyst = world.psql_as("trunkline_analyst").await;
    assert_eq!(answers(&analyst, "select count(*) from api_v1_message_facts").await, Some(13));
    assert!(answers(&analyst, "select sum(characters)::bigint from api_v1_message_facts").await > Some(100));
    for view in ["users", "chats", "members", "reactions", "pins", "files", "sessions"] {
        assert!(answers(&analyst, &format!("select count(*) from api_v1_{view}")).await.is_some(), "{view}");
    }
    for closed in [
        "messages",
        "users",
        "chats",
        "audit",
        "sessions",
        "api_v1_messages",
        "api_v1_entries",
        "api_v1_audit",
    ] {
        assert_eq!(answers(&analyst, &format!("select count(*) from {closed}")).await, None, "{closed}");
    }
    let columns = "select count(*) from information_schema.columns
        where table_name like 'api_v1_%' and column_name in ('content', 'email', 'address', 'contacts', 'body')
            and has_table_privilege('trunkline_analyst', 'public.' || table_name, 'select')";
    assert_eq!(answers(&analyst, columns).await, Some(0));
    let reader = world.psql_as("trunkline_reader").await;
    assert_eq!(answers(&reader, "select count(*) from api_v1_messages").await, Some(13));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_public_chats_sees_nothing_of_the_others() {
    let (world, _psql) = demo().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (public, private) = (alice.creates_chat("Hall").await, alice.creates_private_chat("Attic").await);
    let direct = world.direct_chat(alice.id, bob.id).await;
    for chat in [public, private, direct] {
        alice.says(chat, "hello").await;
    }
    let reader = world.psql_as("trunkline_reader").await;
    let of = |table: &str, chat: uuid::Uuid| format!("select count(*) from {table} where chat_id = '{chat}'");
    assert_eq!(answers(&reader, &of("messages", private)).await, Some(1));
    for _ in 0..2 {
        does(&world, "reader_row_security", &[]).await;
    }
    // As an upgrade does.
    does(&world, "roles_and_grants", &[]).await;
    for table in ["messages", "members"] {
        assert!(answers(&reader, &of(table, public)).await >= Some(1), "{table}");
        for chat in [private, direct] {
            assert_eq!(answers(&reader, &of(table, chat)).await, Some(0), "{table}");
        }
    }
    assert_eq!(answers(&reader, "select count(*) from chats where visibility = 'private'").await, Some(0));
    assert_eq!(answers(&reader, "select count(*) from api_v1_messages").await, None);
    // Servers notice nothing.
    for chat in [public, private, direct] {
        assert_eq!(alice.says(chat, "as ever").await["content"], "as ever");
        assert_eq!(alice.get(&format!("/api/v1/chats/{chat}/messages")).await.expect(200)["total"], 2);
    }
    bob.joins(public).await;
    does(&world, "reader_row_security", &["off=1"]).await;
    assert_eq!(answers(&reader, &of("messages", private)).await, Some(2));
    assert!(answers(&reader, "select count(*) from api_v1_messages").await.is_some());
}
