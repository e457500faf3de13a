//! Whatever the database says of sessions by default, it works the same.

use serde_json::json;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn house_rules_of_a_database_change_nothing() {
    for isolation in ["repeatable read", "serializable"] {
        let world = World::new().await;
        let name = world.url.rsplit_once('/').unwrap().1;
        let psql = world.psql().await;
        let rules = [
            ("default_transaction_isolation", isolation),
            ("default_transaction_deferrable", "on"),
            ("search_path", "nowhere"),
            ("standard_conforming_strings", "off"),
            ("datestyle", "German, DMY"),
            ("intervalstyle", "sql_standard"),
            ("timezone", "Asia/Kathmandu"),
            ("bytea_output", "escape"),
            ("extra_float_digits", "-3"),
            ("transform_null_equals", "on"),
            ("client_min_messages", "error"),
            ("lock_timeout", "1ms"),
            ("statement_timeout", "1ms"),
            ("idle_in_transaction_session_timeout", "1ms"),
            ("idle_session_timeout", "1s"),
            ("plan_cache_mode", "force_custom_plan"),
            ("check_function_bodies", "off"),
        ];
        for (rule, value) in rules {
            psql.batch_execute(&format!("alter database {name} set {rule} = '{value}'")).await.unwrap();
        }
        // PostgreSQL 17 has one more.
        let more = format!(
            "do $$ begin
                 if current_setting('transaction_timeout', true) is not null then
                     alter database {name} set transaction_timeout = '1ms';
                 end if;
             end $$"
        );
        psql.batch_execute(&more).await.unwrap();
        let here = world.instance().await;
        let alice = here.person("Alice").await;
        let chat = alice.creates_chat("Lobby").await;
        let message = alice.says(chat, "hello").await["id"].as_str().unwrap().to_owned();
        let mut socket = alice.opens(chat).await;
        let mut people = Vec::new();
        for n in 0..4 {
            let person = here.person(&format!("Person{n}")).await;
            person.joins(chat).await;
            people.push(person);
        }
        let reaction = format!("/api/v1/chats/{chat}/messages/{message}/reactions");
        for round in ["👍", "🎉", ":ship:"] {
            let everyone = people.iter().map(|person| {
                let (person, path) = (person.clone(), format!("{reaction}/{round}"));
                tokio::spawn(async move {
                    person.puts(&path).await.expect(204);
                    person.leaves(chat).await;
                    person.joins(chat).await;
                    person.says(chat, "@alice look").await;
                    let sent = person.patch("/api/v1/users/me", &json!({"bio": "x"})).await;
                    sent.expect(200);
                })
            });
            for one in everyone.collect::<Vec<_>>() {
                one.await.unwrap();
            }
        }
        let last = alice.says(chat, "the end").await["seq"].as_i64().unwrap();
        socket.reads(1, last).await;
        let found = alice.get(&format!("/api/v1/chats/{chat}/messages?search=LOOK")).await.expect(200);
        assert_eq!(found["total"], 12);
        let created = found["items"][0]["created_at"].as_str().unwrap();
        assert!(created.ends_with('Z') && created.contains('T'), "{created}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_is_found_whatever_the_url_calls_it() {
    let world = World::new().await;
    let url = format!("{}?application_name=chat", world.url_of_instances());
    let here = world.instance_at(&url).await;
    here.listens(&world).await;
    let rows =
        world.superuser().await.query(include_str!("../../../sql/ops/listeners.sql"), &[]).await.unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get("application_name")).collect();
    let at = here.base.trim_start_matches("http://");
    assert_eq!(names, [format!("trunkline listener chat {at}")]);
    let queue = include_str!("../../../sql/ops/notification_queue.sql");
    let row = world.superuser().await.query_one(queue, &[]).await.unwrap();
    assert!(row.get::<_, i64>("listeners") > 0);
    let pool = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'chat'";
    assert!(world.superuser().await.query_one(pool, &[]).await.unwrap().get::<_, i64>(0) > 0);
}
