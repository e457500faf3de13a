//! Whatever a database was made with, and whatever is set for it: the same tables, the same answers.

use serde_json::json;
use trunkline::db::migrate::migrate;

use super::{connect, empty, healthy, number, read};
use crate::{
    commands::{Folder, shared},
    sql::CATALOG,
    support::{Person, Visitor, World},
};

/// What a house may have made a rule.
const RULES: &str = "
    alter database $DB set standard_conforming_strings = off;
    alter database $DB set search_path = nowhere;
    alter database $DB set datestyle = 'German, DMY';
    alter database $DB set intervalstyle = 'sql_standard';
    alter database $DB set default_transaction_isolation = 'serializable';
    alter database $DB set default_transaction_deferrable = on;
    alter database $DB set check_function_bodies = off;
    alter database $DB set array_nulls = off;
    alter database $DB set transform_null_equals = on;
    alter database $DB set bytea_output = 'escape';
    alter database $DB set statement_timeout = '2ms';
    alter database $DB set idle_in_transaction_session_timeout = '1ms';
    alter database $DB set idle_session_timeout = '1s';
    alter database $DB set lock_timeout = '1ms';
    alter database $DB set timezone = 'Asia/Kathmandu'";

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_set_the_tables_are_the_same() {
    let world = World::new().await;
    let url = empty(&world, "").await;
    let rules = RULES.replace("$DB", url.rsplit_once('/').unwrap().1);
    world.superuser().await.batch_execute(&rules).await.unwrap();
    migrate(&url).await.unwrap();
    let catalog = async |url: &str| -> Vec<String> {
        // Told when it connects: on a machine that does other things two milliseconds are over before any statement is.
        let psql = connect(&format!("{url}?options=-c%20statement_timeout%3D0")).await;
        psql.batch_execute("set search_path = public; set standard_conforming_strings = on").await.unwrap();
        let mut rows: Vec<String> =
            psql.query(CATALOG, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        // What a migration was applied at, and what the owner has given to servers.
        rows.retain(|row| !row.starts_with("migration ") && !row.starts_with("class "));
        rows
    };
    let (other, plain) = (catalog(&url).await, catalog(&world.url).await);
    let alone = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|row| !other.contains(row)).cloned().collect()
    };
    assert_eq!(alone(&other, &plain), alone(&plain, &other));
    assert!(migrate(&url).await.unwrap().installed.is_empty());
}

/// Everything that SQL may do with a chat and its people, as the README says it.
const DEEDS: &str = "
    insert into public.messages (chat_id, sender_id, content) select '$CHAT', '$ALICE', 'hi @$NAME, see https://example.com/@$NAME';
    insert into public.messages (chat_id, sender_id, content) select '$CHAT', '$ALICE', 'again';
    update public.messages set content = 'hello @$NAME' where chat_id = '$CHAT' and content = 'again';
    insert into public.reactions (chat_id, message_id, user_id, emoji)
    select chat_id, id, '$ALICE', '+' from public.messages where chat_id = '$CHAT' and content like 'h%';
    delete from public.reactions where chat_id = '$CHAT' and message_id in (select id from public.messages where content like 'hi%');
    insert into public.pins (chat_id, message_id) select chat_id, id from public.messages where content like 'hi%' and chat_id = '$CHAT';
    update public.messages set recalled_at = now() where chat_id = '$CHAT' and content like 'hi%';
    insert into public.members (chat_id, user_id) values ('$CHAT', '$BOB');
    update public.members set role = 'admin' where chat_id = '$CHAT' and user_id = '$BOB';
    insert into public.webhooks (chat_id, url, secret, created_by) values ('$CHAT', 'https://example.com/', '', '$BOB');
    update public.webhooks set active = false; update public.webhooks set active = true;
    insert into public.users (id, email, username, name, password_hash, is_bot) values
        ('11111111-1111-7111-8111-111111111111', 'b@bots.invalid', 'hook_bot', 'Bot', '', true);
    insert into public.hooks (chat_id, bot_id, token_hash, created_by) values ('$CHAT', '11111111-1111-7111-8111-111111111111', '', '$BOB');
    select public.post_messages(array['$CHAT']::uuid[], array['11111111-1111-7111-8111-111111111111']::uuid[], array[public.uuid_v7()], array['by a hook'],
        array[null], array[null]::uuid[], '{}', '{}', true);
    delete from public.hooks;
    delete from public.users where is_bot;
    insert into public.scheduled_messages (user_id, chat_id, client_id, content, send_at) values ('$BOB', '$CHAT', 'x', 'x', now() + interval '1 hour');
    update public.scheduled_messages set send_at = now() + interval '2 hours';
    update public.chats set title = 'Lounge', retention_days = 30 where id = '$CHAT';
    insert into public.friends (low_id, high_id, asked_by)
    select least('$ALICE'::uuid, '$BOB'), greatest('$ALICE'::uuid, '$BOB'), '$BOB';
    insert into public.blocks (user_id, blocked_id) values ('$ALICE', '$BOB');
    insert into public.files (owner_id, name, content_type, size, state) values ('$ALICE', 'a', 'b', 1, 'loose');
    insert into public.messages (chat_id, sender_id, kind, body)
    select '$CHAT', owner_id, 'media', jsonb_build_object('attachments', jsonb_build_array(id)) from public.files where state = 'loose';
    insert into public.jobs (task) values ('echo');
    insert into public.user_roles (user_id, role) values ('$BOB', 'admin');
    update public.roles set description = 'all' where name = 'admin';
    insert into public.api_tokens (user_id, name, hash) values ('$BOB', 'bot', '');
    update public.users set status = 'suspended', name = 'B', email = 'b$NAME@example.com' where id = '$BOB';
    select public.post_messages(array['$CHAT']::uuid[], array['$ALICE']::uuid[], array[public.uuid_v7()], array['posted @$NAME'],
        array[null], array[null]::uuid[], '{}', '{}', true);
    select public.post_message('$CHAT', '$ALICE', public.uuid_v7(), 'posted alone @$NAME', 'alone');
    select public.post_message('$CHAT', '$ALICE', public.uuid_v7(), 'posted alone @$NAME', 'alone');
    select public.wake_webhooks(array['$CHAT']::uuid[]);
    select public.trim_messages('$CHAT', 100);
    select public.clear_messages('$CHAT');
    insert into public.messages (chat_id, kind, content) values ('$CHAT', 'system', 'done');
    delete from public.members where chat_id = '$CHAT' and user_id = '$BOB';
    delete from public.users where id = '$BOB'";

#[tokio::test(flavor = "multi_thread")]
async fn sql_writes_wherever_its_session_looks_for_names() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    // A schema of somebody's own, in which nothing is what it seems.
    psql.batch_execute(
        "create schema mine; create table mine.chats (x int); create table mine.messages (x int);
        create table mine.members (x int); create table mine.users (x int);
        create function mine.notify_instances(kind text, items text[]) returns void language sql as 'select 1 / 0'",
    )
    .await
    .unwrap();
    for path in [
        "set search_path = ''",
        "set search_path = mine",
        "set search_path = mine, public",
        "set standard_conforming_strings = off; set backslash_quote = off",
        "set default_transaction_isolation = 'serializable'; set datestyle = 'German'; set array_nulls = off",
    ] {
        let (chat, bob) = (alice.creates_chat("Lobby").await, here.person("Bob").await);
        let name = "select username from public.users where id = $1";
        let name: String = psql.query_one(name, &[&alice.id]).await.unwrap().get(0);
        let deeds = DEEDS
            .replace("$CHAT", &chat.to_string())
            .replace("$ALICE", &alice.id.to_string())
            .replace("$BOB", &bob.id.to_string())
            .replace("$NAME", &name);
        psql.batch_execute("begin").await.unwrap();
        psql.batch_execute(path).await.unwrap();
        for sql in deeds.split(';') {
            let failed = |error: tokio_postgres::Error| panic!("{path}: {sql}: {:?}", error.as_db_error());
            psql.batch_execute(sql).await.unwrap_or_else(failed);
            if sql.contains("hello @") || sql.contains("see https") {
                let mentions = "select count(*) from public.messages where mentions = array[$1::uuid] and cardinality(mentions) = 1";
                let found: i64 = psql.query_one(mentions, &[&alice.id]).await.unwrap().get(0);
                assert!(found > 0, "{path}: {sql}");
            }
        }
        psql.batch_execute("commit").await.unwrap();
        psql.batch_execute("discard all").await.unwrap();
        let kinds = "select array_agg(distinct kind) from messages where chat_id = $1";
        let kinds: Vec<String> = psql.query_one(kinds, &[&chat]).await.unwrap().get(0);
        assert_eq!(kinds.len(), 14, "{path}: {kinds:?}");
        alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    }
    healthy(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_function_trusts_the_session_to_find_a_name() {
    let world = World::new().await;
    let psql = world.psql().await;
    let bare = r"
        with ours as (
            select oid, proname, regexp_replace(prosrc, '--[^\n]*', '', 'g') as body
            from pg_proc
            where pronamespace = 'public'::regnamespace and not exists (
                select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e'
            )
        ),
        tables as (
            select string_agg(relname, '|') as names
            from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        ),
        functions as (select string_agg(distinct proname, '|') as names from ours)
        select proname::text, coalesce(
            substring(body from '\y(?:from|join|update|into|using|truncate)\s+(?:' || tables.names || ')\y(?!\.)[^\n]*'),
            substring(body from '\y(?:' || tables.names || ')%rowtype'),
            substring(body from '(?:^|[^.\w])(?:' || functions.names || ')\('),
            -- What a backslash means depends on the session, but for E'…'.
            substring(regexp_replace(body, 'E''[^'']*''', '', 'g') from '\\[^\n]*')
        )
        from ours, tables, functions";
    let mut seen = 0;
    for row in psql.query(bare, &[]).await.unwrap() {
        seen += 1;
        let (name, found): (String, Option<String>) = (row.get(0), row.get(1));
        let found = found.filter(|found| !found.starts_with("public.") && !found.contains(" public."));
        assert_eq!(found, None, "{name} finds it on the path of the session alone");
    }
    assert!(seen > 45, "{seen} functions");
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_the_same_in_every_language() {
    let world = World::new().await;
    for locale in [
        "locale 'C.UTF-8' locale_provider icu icu_locale 'tr-TR'",
        "locale 'C.UTF-8' locale_provider icu icu_locale 'az'",
        "locale 'C.UTF-8' locale_provider icu icu_locale 'lt'",
        "locale 'C.UTF-8' locale_provider icu icu_locale 'en-US'",
        "locale 'C'",
        "locale 'C.UTF-8'",
    ] {
        let folder = Folder::new();
        let url = empty(&world, &format!("encoding 'UTF8' {locale}")).await;
        migrate(&url).await.unwrap_or_else(|error| panic!("{locale}: {error}"));
        let (code, out, _) = folder.run(&["doctor"], &shared(&url)).await;
        assert_eq!(code, 0, "{locale}: {out}");
        let serving = folder.serve(&shared(&url)).await;
        let visitor = Visitor::at(&serving.base);
        let account = |email: &str, username: &str| json!({"email": email, "username": username, "name": "Élodie İnce", "password": "trunkline1"});
        let capital = account("IVAN.Ié@EXAMPLE.COM", "ivan_i");
        visitor.post("/api/v1/auth/register", &capital).await.expect(201);
        let small = account("Ivan.iÉ@example.com", "other_i");
        visitor.post("/api/v1/auth/register", &small).await.refused(409, "email_taken");
        for (field, name) in [("email", "ivan.iÉ@example.com"), ("username", "IVAN_I")] {
            let form = json!({field: name, "password": "trunkline1"});
            let answer = visitor.post("/api/v1/auth/login", &form).await;
            assert_eq!(answer.status, 200, "{locale}: {name}");
        }
        // A sharp s, in both sizes; syllables of Hangul and what they are made of; wide letters.
        let mut wide = account("Ｗide.Straße.한@example.com", "wide");
        wide["name"] = json!("Wide");
        visitor.post("/api/v1/auth/register", &wide).await.expect(201);
        for same in
            ["ｗIDE.STRAẞE.한@example.com", "ｗide.straße.\u{1112}\u{1161}\u{11ab}@EXAMPLE.com", "wide"]
        {
            let field = if same.contains('@') { "email" } else { "username" };
            let form = json!({field: same, "password": "trunkline1"});
            assert_eq!(visitor.post("/api/v1/auth/login", &form).await.status, 200, "{locale}: {same}");
        }
        let alice = Person::register(&serving.base, "Alice").await;
        let chat = alice.creates_chat("TITLE iÄΣ").await;
        for same in ["title iäσ", "Title Iäς", "Title IA\u{308}ς", "tıtle iäς".replace('ı', "İ").as_str()]
        {
            alice.post("/api/v1/chats", &json!({"title": same})).await.refused(409, "title_taken");
        }
        let psql = connect(&url).await;
        let ivan =
            "insert into members (chat_id, user_id) select $1, id from users where username = 'ivan_i'";
        psql.execute(ivan, &[&chat]).await.unwrap();
        alice.says(chat, "INVITE @IVAN_I https://x.y/\u{3000}Ünal ÇIĞ").await;
        alice.says(chat, "STRAẞE e\u{301}clair \u{1112}\u{1161}\u{11ab}글 ＡＢＣ ΟΔΟΣ").await;
        for word in [
            "straße",
            "éCLAIR",
            "e\u{301}CLAIR",
            "한글",
            "\u{1112}\u{1161}\u{11ab}글",
            "ａｂｃ",
            "οδοσ",
            "οδος",
        ] {
            let path = format!("/api/v1/chats/{chat}/messages?search={word}");
            assert_eq!(alice.get(&path).await.expect(200)["total"], 1, "{locale}: {word}");
        }
        assert_eq!(number(&psql, "select count(*) from messages where cardinality(mentions) = 1").await, 1);
        for word in ["invite", "ünal", "u\u{308}nal", "çiğ"] {
            let path = format!("/api/v1/chats/{chat}/messages?search={word}");
            assert_eq!(alice.get(&path).await.expect(200)["total"], 1, "{locale}: {word}");
        }
        for word in ["élodie", "E\u{301}LODIE", "ince", "İNCE"] {
            let found = alice.get(&format!("/api/v1/users?search={word}")).await.expect(200);
            assert_eq!(found["total"], 1, "{locale}: {word}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trigrams_may_live_elsewhere() {
    let world = World::new().await;
    let url = empty(&world, "").await;
    let root = connect(&crate::support::superuser_of(&url)).await;
    root.batch_execute("create schema extensions; create extension pg_trgm schema extensions; grant usage on schema extensions to public")
        .await
        .unwrap();
    migrate(&url).await.unwrap();
    let psql = connect(&url).await;
    psql.batch_execute(&read("seeds/demo.sql")).await.unwrap();
    let found = "select count(*) from users where folded(name || ' ' || username) like '%alice%'";
    assert_eq!(number(&psql, found).await, 1);
    // Whoever may not make it is told who may.
    let url = empty(&world, "").await;
    let root = connect(&crate::support::superuser_of(&url)).await;
    let name = url.rsplit_once('/').unwrap().1;
    let own = format!("alter database {name} owner to current_user; grant create on schema public to owner");
    root.batch_execute(&own).await.unwrap();
    let error = migrate(&url).await.unwrap_err().causes();
    assert!(error.contains("create extension pg_trgm"), "{error}");
}
