//! SQL is a client: what psql writes obeys the same rules, and has the same effects.

use serde_json::json;
use tokio_postgres::Client;

use super::{EVENTS, at, id_in, listens, told};
use crate::support::World;

/// The rule that a statement breaks.
async fn breaks(psql: &Client, sql: &str) -> String {
    let error = psql.batch_execute(sql).await.unwrap_err();
    let error = error.as_db_error().unwrap_or_else(|| panic!("{sql}: {error:?}"));
    error.constraint().map_or_else(|| error.code().code().to_owned(), str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_a_ticket_and_a_place_in_line_by_psql() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = listens(&world).await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    // Under any search path, in a session that does not write as the server does.
    psql.batch_execute(
        "set search_path = pg_catalog; set standard_conforming_strings = off; set datestyle = 'SQL, DMY'",
    )
    .await
    .unwrap();
    psql.batch_execute(&format!(
        "insert into public.events (owner_id, name, event_time, timezone, max_tickets, with_chat, tickets_sold)
         values ('{}', 'Concert', now() + interval '2 days', 'Asia/Kathmandu', 2, true, 2)",
        alice.id
    ))
    .await
    .unwrap();
    let event = alice.get(EVENTS).await.expect(200)["items"][0].take();
    assert_eq!((&event["tickets_left"], &event["sequence"]), (&json!(2), &json!(0)));
    let (path, chat) = (super::path_of(&event), event["chat_id"].as_str().unwrap().to_owned());
    let id = id_in(&path);
    let buy = |who: uuid::Uuid, quantity: i32| {
        format!(
            "insert into public.tickets (event_id, holder_id, quantity) values ('{id}', '{who}', {quantity})"
        )
    };
    psql.batch_execute(&buy(bob.id, 2)).await.unwrap();
    assert_eq!(told(&psql_of(&world).await, alice.id, "ticket_bought").await.len(), 1);
    bob.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
    assert_eq!(breaks(&psql, &buy(carol.id, 1)).await, "tickets_sold_out_check");
    assert_eq!(breaks(&psql, &buy(carol.id, 11)).await, "tickets_quantity_check");
    assert_eq!(breaks(&psql, &buy(uuid::Uuid::now_v7(), 1)).await, "tickets_holder_id_fkey");
    let wait = format!(
        "insert into public.event_waiting (event_id, user_id, quantity, held_until, place) values ('{id}', '{}', 1, 'infinity', -5)",
        carol.id
    );
    psql.batch_execute(&wait).await.unwrap();
    let place = carol.get(&format!("{path}/waiting")).await.expect(200)["items"][0].take();
    assert_eq!((&place["position"], &place["held_until"]), (&json!(1), &json!(null)));
    // More places are the line's first.
    psql.batch_execute("update public.events set max_tickets = 3").await.unwrap();
    let place = carol.get(&format!("{path}/waiting")).await.expect(200)["items"][0].take();
    assert_eq!(place["position"], 0);
    assert_eq!(told(&psql_of(&world).await, carol.id, "place_free").await.len(), 1);
    assert_eq!(breaks(&psql, "update public.events set max_tickets = 2").await, "events_places_check");
    psql.batch_execute(&buy(carol.id, 1)).await.unwrap();
    // Given back by an UPDATE, and by a DELETE.
    psql.batch_execute(&format!(
        "update public.tickets set cancelled_at = now() where holder_id = '{}'",
        bob.id
    ))
    .await
    .unwrap();
    bob.get(&format!("/api/v1/chats/{chat}")).await.refused(404, "not_found");
    psql.batch_execute(&format!("delete from public.tickets where holder_id = '{}'", carol.id))
        .await
        .unwrap();
    let event = alice.get(&path).await.expect(200);
    assert_eq!((&event["tickets_sold"], &event["tickets_left"]), (&json!(0), &json!(3)));
    // Several in one statement: all or nothing.
    let several = format!(
        "insert into public.tickets (event_id, holder_id, quantity) values ('{id}', '{}', 2), ('{id}', '{}', 2)",
        bob.id, carol.id
    );
    assert_eq!(breaks(&psql, &several).await, "tickets_sold_out_check");
    assert_eq!(alice.get(&path).await.expect(200)["tickets_sold"], 0);
    // After the start there is nothing to have.
    psql.batch_execute(&buy(bob.id, 1)).await.unwrap();
    psql.batch_execute("update public.events set event_time = now()").await.unwrap();
    assert_eq!(breaks(&psql, &buy(carol.id, 1)).await, "tickets_started_check");
    assert_eq!(breaks(&psql, &wait).await, "event_waiting_started_check");
    assert_eq!(alice.get(&path).await.expect(200)["sequence"], 1);
    psql.batch_execute("delete from public.events").await.unwrap();
    alice.get(&format!("/api/v1/chats/{chat}")).await.refused(404, "not_found");
}

async fn psql_of(world: &World) -> Client {
    world.psql().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_counted_or_kept_cannot_be_set() {
    let world = World::new().await;
    let here = world.instance().await;
    let psql = world.psql().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (path, chat) = super::makes_with_chat(&alice, "Concert", 2).await;
    super::buys(&bob, &path, 1).await;
    let (event, alice_id, bob_id) = (id_in(&path), alice.id, bob.id);
    bob.post(&format!("{path}/tickets"), &json!({"quantity": 2, "wait": true})).await.expect(202);
    for (sql, rule) in [
        ("update events set tickets_sold = 0".to_owned(), "23001"),
        ("update events set tickets_held = 1".to_owned(), "23001"),
        (format!("update events set owner_id = '{bob_id}'"), "23001"),
        ("update events set chat_id = null".to_owned(), "23001"),
        ("update events set id = uuid_v7()".to_owned(), "23001"),
        ("update events set name = ' '".to_owned(), "events_name_check"),
        ("update events set timezone = 'Europe/Atlantis'".to_owned(), "events_timezone_check"),
        ("update events set timezone = 'CEST'".to_owned(), "events_timezone_check"),
        ("update events set timezone = 'UTC+3'".to_owned(), "events_timezone_check"),
        ("update events set event_time = 'infinity'".to_owned(), "events_event_time_check"),
        ("update events set max_tickets = 0".to_owned(), "events_places_check"),
        ("update events set duration_minutes = 60".to_owned(), "events_duration_minutes_check"),
        ("update events set remind_minutes = -1".to_owned(), "events_remind_minutes_check"),
        ("update tickets set quantity = 2".to_owned(), "23001"),
        (format!("update tickets set holder_id = '{alice_id}'"), "23001"),
        ("update event_waiting set place = 0".to_owned(), "23001"),
        ("update event_waiting set quantity = 1".to_owned(), "23001"),
        ("update event_waiting set held_until = now() + interval '1 day'".to_owned(), "23001"),
        (
            format!(
                "insert into event_waiting (event_id, user_id, quantity) values ('{event}', '{alice_id}', 3)"
            ),
            "event_waiting_size_check",
        ),
        (format!("delete from chats where id = '{chat}'"), "events_chat_id_fkey"),
        (format!("update chats set visibility = 'public' where id = '{chat}'"), "chats_event_check"),
        (
            format!(
                "update members set role = 'admin' where user_id = '{alice_id}'; update members set role = 'creator' where user_id = '{bob_id}'"
            ),
            "members_event_owner_check",
        ),
    ] {
        assert_eq!(breaks(&psql, &sql).await, rule, "{sql}");
    }
    let given = "update tickets set cancelled_at = now(); update tickets set cancelled_at = null";
    assert_eq!(breaks(&psql, given).await, "23001");
    // The same values again are no change.
    psql.batch_execute(
        "update events set tickets_sold = tickets_sold, name = name, max_tickets = max_tickets",
    )
    .await
    .unwrap();
    assert_eq!(alice.get(&path).await.expect(200)["sequence"], 0);
    let stranger = here.person("Eve").await;
    let member = format!("insert into members (chat_id, user_id) values ('{chat}', '{}')", stranger.id);
    assert_eq!(breaks(&psql, &member).await, "members_event_check");
    let bot = "with bot as (
            insert into users (email, username, name, password_hash, is_bot) values ('b@bots.invalid', 'some_bot', 'Bot', '', true) returning id
        )
        insert into events (owner_id, name, event_time, max_tickets) select id, 'x', now(), 1 from bot";
    assert_eq!(breaks(&psql, bot).await, "events_owner_id_fkey");
    let body = json!({"name": "x", "event_time": at(60), "max_tickets": 1});
    alice.post(EVENTS, &body).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_write_rows_alone_does_all_of_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let app = world.psql_as("trunkline_app").await;
    app.batch_execute(&format!(
        "insert into events (owner_id, name, event_time, max_tickets, with_chat) values ('{}', 'x', now() + interval '1 day', 1, true);
         insert into tickets (event_id, holder_id, quantity) select id, '{bob}', 1 from events;
         insert into event_waiting (event_id, user_id, quantity) select id, '{}', 1 from events;
         update tickets set cancelled_at = now();
         update event_waiting set held_until = now();
         select release_holds(id) from events;
         update events set name = 'y';
         delete from events",
        alice.id,
        alice.id,
        bob = bob.id,
    ))
    .await
    .unwrap();
}
