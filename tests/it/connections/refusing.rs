//! A database that says no for reasons that pass.

use serde_json::json;
use trunkline::db::query;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_by_itself_is_503_with_a_time_and_a_cause_in_the_log() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let psql = world.psql().await;
    psql.batch_execute(
        "create table fault (state text); insert into fault values ('00000'); grant select on fault to public;
         create function fail() returns trigger language plpgsql as $$
         declare wanted text := (select state from public.fault);
         begin
             if wanted <> '00000' then raise exception 'this is %', wanted using errcode = wanted; end if;
             return new;
         end $$;
         create trigger a_fault before insert on messages for each row execute function fail();
         create trigger a_fault before insert on reactions for each row execute function fail();
         create trigger a_fault before insert on chats for each row execute function fail();",
    )
    .await
    .unwrap();
    let path = format!("/api/v1/chats/{chat}/messages");
    let passing = [
        "53100", "53200", "53300", "53400", "53000", "58030", "25006", "57014", "57P01", "57P03", "40001",
        "40P01", "55P03", "08006", "28P01", "28000", "25P03", "25P04", "0A000",
    ];
    for state in passing {
        psql.execute("update fault set state = $1", &[&state]).await.unwrap();
        let sent = alice.post(&path, &json!({"content": "hello", "client_id": state})).await;
        let made = alice.post("/api/v1/chats", &json!({"title": format!("Room {state}")})).await;
        for answer in [sent, made] {
            assert!(answer.headers.contains_key("retry-after"), "{state}: {}", answer.body);
            assert!(!answer.body.to_string().contains("this is"), "{state}: {}", answer.body);
            answer.refused(503, "not_ready");
        }
        assert!(world.log().contains(&format!("this is {state}")), "{state} is not in the log");
    }
    // What does not pass is our fault, and the database's own words stay inside.
    for state in ["XX000", "42P01", "54000"] {
        psql.execute("update fault set state = $1", &[&state]).await.unwrap();
        alice
            .post("/api/v1/chats", &json!({"title": format!("Room {state}")}))
            .await
            .refused(500, "internal");
    }
    psql.execute("update fault set state = '00000'", &[]).await.unwrap();
    for state in passing {
        alice.post(&path, &json!({"content": "hello", "client_id": state})).await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fewer_connections_than_the_pool_wants_are_waited_for() {
    let world = World::new().await;
    let role = format!("few_{}", uuid::Uuid::new_v4().simple());
    let psql = world.superuser().await;
    psql.batch_execute(&format!("create role {role} login password 'story' in role trunkline_app"))
        .await
        .unwrap();
    let url = world.url_of_instances().replace("trunkline_app:", &format!("{role}:"));
    let here = world.instance_at(&url).await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    psql.batch_execute(&format!("alter role {role} connection limit 3")).await.unwrap();
    here.app.pool.discard_idle();
    let everyone = (0..16).map(|n| {
        let alice = alice.clone();
        tokio::spawn(async move {
            for m in 0..20 {
                alice.get("/api/v1/users/me").await.expect(200);
                alice.get(&format!("/api/v1/chats/{chat}/members")).await.expect(200);
                if m % 5 == 0 {
                    alice.says(chat, &format!("{n} {m}")).await;
                }
            }
        })
    });
    for one in everyone.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    let db = here.app.db().await.unwrap();
    let count: Option<i64> =
        query::scalar(&db, "select count(*) from messages where kind = 'text'", &[]).await.unwrap();
    assert_eq!(count, Some(64));
    drop(db);
    here.stop().await;
    psql.batch_execute(&format!("drop role {role}")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_not_asked_once_for_each_message() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let psql = world.psql().await;
    // A sequence counts what is rolled back, too.
    psql.batch_execute(
        "create table fault (is_on bool); insert into fault values (true); grant select on fault to public;
         create sequence attempts; grant usage on sequence attempts to public;
         create function fail() returns trigger language plpgsql as $$
         begin
             if (select is_on from public.fault) then
                 perform nextval('public.attempts'), pg_sleep(0.1);
                 raise exception 'no room' using errcode = '53100';
             end if;
             return new;
         end $$;
         create trigger a_fault before insert on messages for each row execute function fail();",
    )
    .await
    .unwrap();
    let path = format!("/api/v1/chats/{chat}/messages");
    let sends = async || {
        let sends = (0..200).map(|n| {
            let (alice, path) = (alice.clone(), path.clone());
            let body = json!({"content": format!("{n}"), "client_id": format!("{n}")});
            tokio::spawn(async move { alice.post(&path, &body).await })
        });
        futures_util::future::join_all(sends.collect::<Vec<_>>()).await
    };
    for answer in sends().await {
        answer.unwrap().refused(503, "not_ready");
    }
    let attempts: i64 = psql.query_one("select last_value from attempts", &[]).await.unwrap().get(0);
    assert!(attempts < 100, "{attempts} attempts for 200 messages");
    psql.execute("update fault set is_on = false", &[]).await.unwrap();
    for answer in sends().await {
        answer.unwrap().expect(201);
    }
}
