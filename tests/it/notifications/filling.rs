//! A million notifications of one person: what is asked costs what is shown.

use serde_json::Value;
use tokio_postgres::Client;

use super::{MINE, is_counted};
use crate::support::{World, pages_of};

/// A statement, and the types and values of its parameters.
type Asked<'a> = (&'a str, &'a str, Vec<String>);

/// How many pages of the cache a statement touches, by a plan that knows nothing of its parameters.
async fn pages(psql: &Client, (file, types, values): &Asked<'_>) -> i64 {
    let path = format!("{}/sql/queries/notifications/{file}.sql", env!("CARGO_MANIFEST_DIR"));
    let query = std::fs::read_to_string(path).unwrap();
    psql.batch_execute(&format!("prepare asked ({types}) as {query}")).await.unwrap();
    let (pages, _) = pages_of(psql, &format!("execute asked ({})", values.join(", "))).await;
    psql.batch_execute("deallocate asked").await.unwrap();
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn a_million_of_one_person_are_as_quick_as_ten() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    // As a dump would bring them. One in a thousand is of another kind, one in ten thousand unread.
    let fill = format!(
        "begin;
        set local check_function_bodies = off; select set_config('search_path', '', true);
        insert into public.notifications (id, recipient_id, seq, kind, message, sender_id, created_at, read_at)
        select gen_random_uuid(), '{alice}', n, case when n % 1000 = 1 then 'mention' else 'message' end, 'x', '{bob}',
            now() - make_interval(secs => 1000001 - n), case when n % 10000 <> 1 then now() end
        from generate_series(1, 1000000) as n;
        insert into public.notification_heads (user_id, last_seq, held, unread) values ('{alice}', 1000000, 1000000, 100);
        commit;
        set plan_cache_mode = force_generic_plan; set jit = off; analyze notifications",
        alice = alice.id,
        bob = bob.id,
    );
    psql.batch_execute(&fill).await.unwrap();
    is_counted(&psql).await;
    let (id, of) = (format!("'{}'", alice.id), "uuid, text, boolean, bigint, bigint");
    let wanted = |kind: &str, unread: &str, offset: &str| {
        vec![id.clone(), kind.to_owned(), unread.to_owned(), "10".to_owned(), offset.to_owned()]
    };
    let array = |value: &str, kind: &str| format!("array[{value}]::{kind}[]");
    let asked: Vec<Asked<'_>> = vec![
        ("list", of, wanted("null", "false", "0")),
        ("list", of, wanted("null", "true", "0")),
        ("list", of, wanted("'mention'", "false", "0")),
        ("list", of, wanted("'mention'", "true", "0")),
        ("count", "uuid, text, boolean", vec![id.clone(), "null".into(), "false".into()]),
        ("count", "uuid, text, boolean", vec![id.clone(), "'mention'".into(), "false".into()]),
        ("count", "uuid, text, boolean", vec![id.clone(), "'message'".into(), "true".into()]),
        ("find_last_seq", "uuid", vec![id.clone()]),
        (
            "list_after",
            "uuid[], uuid[], bigint[], bigint",
            vec![array(&id, "uuid"), array(&id, "uuid"), array("999990", "bigint"), "100".into()],
        ),
        ("list_read_states", "uuid[]", vec![array(&id, "uuid")]),
        ("sweep_unread", "int", vec!["365".into()]),
        ("sweep_read", "int", vec!["90".into()]),
    ];
    for asked in &asked {
        let pages = pages(&psql, asked).await;
        // Of a kind up to 1,001 are counted, each of which may have its page before the table was vacuumed.
        let most = if asked.0 == "count" { 1_100 } else { 150 };
        assert!(pages < most, "{}: {pages} pages for {:?}", asked.0, asked.2);
    }
    // Deep down it costs what is passed over.
    assert!(pages(&psql, &("list", of, wanted("null", "false", "10000"))).await < 1_000);
    let list = alice.get(&format!("{MINE}?kind=message&unread=true")).await.expect(200);
    assert_eq!((&list["total"], &list["unread_count"]), (&Value::from(0), &Value::from(100)));
    let list = alice.get(MINE).await.expect(200);
    assert_eq!(
        (&list["total"], &list["items"][0]["sender"]["name"]),
        (&Value::from(1_000_000), &Value::from("Bob"))
    );
    alice.puts(&format!("{MINE}/read")).await.expect(204);
    assert_eq!(alice.get(MINE).await.expect(200)["unread_count"], 0);
}
