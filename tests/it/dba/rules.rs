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
