//! A hundred thousand events: a page costs what a page costs.

use serde_json::json;

use super::EVENTS;
use crate::support::{World, pages_of};

const CITY: &str = "
    begin;
    set local session_replication_role = replica;
    insert into users (email, username, name, password_hash)
    select format('p%s@example.com', n), format('p%s', lpad(n::text, 5, '0')), format('Person %s', n), 'x' from generate_series(1, 2000) as n;
    create temp table people as select id, row_number() over (order by id) as n from users where password_hash = 'x';
    insert into events (owner_id, name, event_time, description, max_tickets, created_at)
    select people.id, format('Event %s of %s', g, md5(g::text)), now() + make_interval(mins => g - 50000), 'It takes place', 100,
        now() - make_interval(mins => g * 7919 % 100000)
    from generate_series(1, 100000) as g join people on people.n = g % 2000 + 1;
    commit";

/// As every connection of the server has it.
const SETTINGS: &str = "set jit = off; set plan_cache_mode = force_generic_plan; set random_page_cost = 1";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_hundred_thousand_events_reads_that_page() {
    let world = World::new().await;
    let psql = world.superuser().await;
    for sql in [CITY, "analyze events", SETTINGS] {
        psql.batch_execute(sql).await.unwrap();
    }
    let somebody: uuid::Uuid = psql.query_one("select id from people where n = 7", &[]).await.unwrap().get(0);
    let nobody = uuid::Uuid::nil();
    for (name, parameters, most) in [
        ("list_soonest", format!("'{nobody}', null, null, 10, 500"), 1_000),
        ("list_soonest", format!("'{nobody}', now(), null, 10, 0"), 100),
        ("list_latest", format!("'{nobody}', null, null, 10, 500"), 1_000),
        ("list_newest", format!("'{nobody}', null, null, 10, 500"), 1_000),
        ("list_oldest", format!("'{nobody}', null, null, 10, 500"), 1_000),
        ("list_by_name", format!("'{nobody}', null, null, 10, 500"), 1_000),
        ("list_by_name_descending", format!("'{nobody}', null, null, 10, 500"), 1_000),
        ("list_of_owner", format!("'{nobody}', null, null, '{somebody}', 'name', 10, 0"), 500),
        ("count_of_owner", format!("null, null, '{somebody}'"), 500),
        ("count_to_come", format!("'{somebody}'"), 500),
        (
            "search",
            format!("'{nobody}', null, null, '%98765%', array['%98765%', '%event%'], null, 'name', 10, 0"),
            4_000,
        ),
        ("count_search", "null, null, '%event%', array['%event%'], null, 1001".to_owned(), 3_000),
        ("find", format!("'{nobody}', '{nobody}'"), 50),
        ("list_due", String::new(), 50),
        ("seconds_to_next", String::new(), 50),
    ] {
        let file = format!("{}/sql/queries/events/{name}.sql", env!("CARGO_MANIFEST_DIR"));
        let sql = std::fs::read_to_string(file).unwrap();
        psql.batch_execute(&format!("prepare asked as {sql}")).await.unwrap();
        let parameters = if parameters.is_empty() { parameters } else { format!("({parameters})") };
        let (pages, plan) = pages_of(&psql, &format!("execute asked{parameters}")).await;
        assert!(pages < most, "{name} read {pages} pages: {plan:#}");
        psql.batch_execute("deallocate asked").await.unwrap();
    }
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    assert_eq!(alice.get(&format!("{EVENTS}?sort=name")).await.expect(200)["total"], 100_000);
    let found = alice.get(&format!("{EVENTS}?search=event&limit=2")).await.expect(200);
    assert_eq!((&found["total"], &found["total_is_exact"]), (&json!(1000), &json!(false)));
    let found = alice.get(&format!("{EVENTS}?search=98765+event")).await.expect(200);
    assert!(found["total"].as_i64().unwrap() >= 1 && found.get("total_is_exact").is_none(), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tickets_of_one_statement_write_the_row_of_their_chat_as_often_as_one() {
    let world = World::new().await;
    let psql = world.psql().await;
    let people = "insert into users (email, username, name, password_hash)
        select format('p%s@example.com', n), format('p%s', lpad(n::text, 5, '0')), format('Person %s', n), 'x'
        from generate_series(0, 500) as n;
        insert into events (owner_id, name, event_time, max_tickets, with_chat)
        select id, size, now() + interval '1 day', 500, true from users, unnest(array['1', '500']) as size where username = 'p00000'";
    psql.batch_execute(people).await.unwrap();
    let mut written = vec![];
    for size in [1_i64, 500] {
        let sql = "insert into tickets (event_id, holder_id, quantity)
            select events.id, users.id, 1 from users, events
            where events.name = $1::text and username > 'p00000' order by username limit $2";
        psql.batch_execute("begin").await.unwrap();
        assert_eq!(psql.execute(sql, &[&size.to_string(), &size]).await.unwrap(), size as u64);
        let updates = "select n_tup_upd from pg_stat_xact_user_tables where relname = 'chats'";
        written.push(psql.query_one(updates, &[]).await.unwrap().get::<_, i64>(0));
        psql.batch_execute("commit").await.unwrap();
    }
    // Each look at a row walks over its versions of the same transaction.
    assert!(written[1] < written[0] + 10, "{written:?}");
    let outcome = "select tickets_sold, member_count, (select held from notification_heads where user_id = events.owner_id),
        (select count(*) from messages where messages.chat_id = chats.id and kind = 'member_joined')
        from events join chats on chats.id = events.chat_id where name = '500'";
    let row = psql.query_one(outcome, &[]).await.unwrap();
    let found: (i32, i32, i64, i64) = (row.get(0), row.get(1), row.get(2), row.get(3));
    assert_eq!(found, (500, 501, 501, 500));
}
