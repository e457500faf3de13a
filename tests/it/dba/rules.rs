//! The rules for a row of `chats` and of `messages`: each is told by its own name.

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn which_rule_a_row_breaks_is_told_by_its_name() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, id) = (alice.creates_chat("Lobby").await, alice.id);
    let psql = world.psql().await;
    psql.batch_execute("set trunkline.numbered = on").await.unwrap();
    let message = |columns: &str, values: &str| {
        format!("insert into messages (chat_id, {columns}) values ('{chat}', {values})")
    };
    let group = |columns: &str, values: &str| format!("insert into chats ({columns}) values ({values})");
    let said = |content: &str| message("seq, sender_id, content", &format!("1, '{id}', {content}"));
    let files = |body: &str| message("seq, kind, sender_id, body", &format!("1, 'media', '{id}', {body}"));
    let bad = [
        (message("seq, sender_id, content", &format!("0, '{id}', 'x'")), "messages_seq_check"),
        (message("seq, sender_id, content", &format!("-1, '{id}', 'x'")), "messages_seq_check"),
        (message("seq, kind", "1, 'shout'"), "messages_kind_check"),
        (message("seq, content", "1, 'x'"), "messages_sender_check"),
        (message("seq, kind, body", "1, 'media', '{\"attachments\": [1]}'"), "messages_sender_check"),
        (
            message("seq, kind, sender_id, content", &format!("1, 'system', '{id}', 'x'")),
            "messages_sender_check",
        ),
        (
            message("seq, sender_id, content, client_id", &format!("1, '{id}', 'x', ''")),
            "messages_client_id_check",
        ),
        (
            message("seq, sender_id, content, client_id", &format!("1, '{id}', 'x', repeat('ü', 65)")),
            "messages_client_id_check",
        ),
        (
            message("seq, sender_id, content, recalled_at", &format!("1, '{id}', 'x', now()")),
            "messages_recalled_check",
        ),
        (said("null"), "messages_content_check"),
        (said("''"), "messages_content_check"),
        (said("e' \\n\\t'"), "messages_content_check"),
        (said("repeat('话', 4097)"), "messages_content_check"),
        (files("null"), "messages_attachments_check"),
        (files("'{}'"), "messages_attachments_check"),
        (files("'{\"attachments\": []}'"), "messages_attachments_check"),
        (files("'{\"attachments\": 1}'"), "messages_attachments_check"),
        (files("'{\"attachments\": [1,2,3,4,5,6,7,8,9,10,11]}'"), "messages_attachments_check"),
        (group("kind, title", "'crowd', 'x'"), "chats_kind_check"),
        (group("visibility, title", "'secret', 'x'"), "chats_visibility_check"),
        (group("title", "null"), "chats_title_check"),
        (group("title", "e'\\u200b'"), "chats_title_check"),
        (group("title", "e'a\\nb'"), "chats_title_check"),
        (group("title", "repeat('x', 256)"), "chats_title_check"),
        (group("title, description", "'x', repeat('x', 4097)"), "chats_description_check"),
        (group("kind", "'direct'"), "chats_pair_check"),
        (group("title, pair", &format!("'x', array['{id}']::uuid[]")), "chats_pair_check"),
        (group("title, retention_days", "'x', 0"), "chats_retention_days_check"),
        (group("title, retention_days", "'x', 36501"), "chats_retention_days_check"),
        (format!("update chats set title = ' ' where id = '{chat}'"), "chats_title_check"),
    ];
    for settings in ["set standard_conforming_strings = on", "set standard_conforming_strings = off"] {
        psql.batch_execute(settings).await.unwrap();
        for (sql, rule) in &bad {
            let error = psql.batch_execute(sql).await.unwrap_err();
            let error = error.as_db_error().unwrap_or_else(|| panic!("{sql}: {error:?}"));
            assert_eq!((error.code().code(), error.constraint()), ("23514", Some(*rule)), "{sql}: {error:?}");
            assert!(error.table().is_some_and(|table| rule.starts_with(table)), "{sql}: {error:?}");
        }
    }
    let good = [
        message(
            "seq, sender_id, content, client_id",
            &format!("1, '{id}', repeat('话', 4096), repeat('ü', 64)"),
        ),
        message("seq, kind, content", "2, 'system', 'x'"),
        message("seq, sender_id, recalled_at", &format!("3, '{id}', now()")),
        message("seq, kind, sender_id, recalled_at", &format!("4, 'media', '{id}', now()")),
        message("seq, kind", "5, 'chat_updated'"),
        group("title, retention_days, description", "repeat('话', 255), 36500, ''"),
        group(
            "kind, visibility, pair",
            &format!("'direct', 'private', array['{}', '{id}']::uuid[]", uuid::Uuid::nil()),
        ),
    ];
    for sql in good {
        psql.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_break_a_log_is_refused_with_what_to_do_instead() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (chat, other) = (alice.creates_chat("Lobby").await, alice.creates_chat("Other").await);
    world.fills(chat, alice.id, 5, 10).await;
    let psql = world.psql().await;
    for (sql, message, instead) in [
        (
            "update messages set seq = 9 where seq = 5".to_owned(),
            "keeps its chat, its number",
            "recall this one",
        ),
        (
            format!("update messages set chat_id = '{other}' where seq = 5"),
            "keeps its chat",
            "INSERT a message there",
        ),
        ("update messages set id = uuid_v7() where seq = 5".to_owned(), "and its id", "recalled_at = now()"),
        ("delete from messages where seq = 5".to_owned(), "are not deleted", "recalled_at = now()"),
        (format!("delete from messages where chat_id = '{chat}'"), "are not deleted", "clear_messages(id)"),
        ("delete from messages where created_at < now()".to_owned(), "are not deleted", "retention_days"),
        ("truncate chats cascade".to_owned(), "are not truncated", "delete from public.chats"),
        ("truncate messages".to_owned(), "are not deleted", "delete from public.chats"),
        (
            format!("update chats set last_seq = last_seq - 1 where id = '{chat}'"),
            "never goes back from 5 to 4",
            "recount.sql",
        ),
    ] {
        let error = psql.batch_execute(&sql).await.unwrap_err();
        let error = error.as_db_error().unwrap_or_else(|| panic!("{sql}: {error:?}"));
        assert_eq!(error.code().code(), "23001", "{sql}: {error:?}");
        assert!(error.message().contains(message), "{sql}: {error:?}");
        assert!(error.hint().is_some_and(|hint| hint.contains(instead)), "{sql}: {error:?}");
    }
    // The same values again move nothing, and what is told otherwise goes as ever.
    for fine in [
        "update messages set seq = seq, id = id where seq = 5".to_owned(),
        "update messages set content = 'edited' where seq = 5".to_owned(),
        format!("select clear_messages('{chat}')"),
        format!(
            "update messages set created_at = now() - interval '9 days' where chat_id = '{chat}' and seq < 4"
        ),
        format!("update chats set retention_days = 5 where id = '{chat}'"),
        format!("select trim_messages('{chat}', 100)"),
    ] {
        psql.batch_execute(&fine).await.unwrap_or_else(|error| panic!("{fine}: {error:?}"));
    }
    assert_eq!(alice.says(chat, "goes on").await["seq"], 9);
    // Who mends a log by hand says so.
    let mended = format!(
        "begin; set local trunkline.repairing = on; delete from messages where chat_id = '{chat}' and seq = 9;
        update chats set last_seq = 8, message_count = message_count - 1 where id = '{chat}'; commit"
    );
    psql.batch_execute(&mended).await.unwrap();
    assert_eq!(alice.says(chat, "mended").await["seq"], 9);
    psql.batch_execute(&format!("delete from chats where id = '{chat}'")).await.unwrap();
    psql.batch_execute("delete from messages").await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_made_later_is_greater_and_says_when() {
    let world = World::new().await;
    let psql = world.psql().await;
    // Each waits longer than a microsecond, however quick the machine is: what is made in one is in no order.
    let sql = "with made as materialized (
            select n, uuid_v7() as id, pg_sleep(0.00001) from generate_series(1, 500) as n
        ),
        compared as (select id, lag(id) over (order by n) as before from made)
        select count(*) filter (where id <= before),
            count(*) filter (where id::text !~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'),
            max(abs(extract(epoch from clock_timestamp()) * 1000
                - ('x' || left(translate(id::text, '-', ''), 12))::bit(48)::bigint))::bigint
        from compared";
    let row = psql.query_one(sql, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (0, 0));
    assert!(row.get::<_, i64>(2) < 600_000, "{} ms ago", row.get::<_, i64>(2));
}
