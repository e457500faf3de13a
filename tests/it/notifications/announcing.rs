//! What administrators have to say: to one person, to several, to everybody.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{MINE, is_counted, mine, opens};
use crate::support::{Person, World};

/// An announcement, once it has ended.
async fn ends(admin: &Person, id: &Value) -> Value {
    let path = format!("/api/v1/announcements/{}", id.as_str().unwrap());
    for _ in 0..600 {
        let announcement = admin.get(&path).await.expect(200);
        if !announcement["finished_at"].is_null() {
            return announcement;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not end");
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_once_by_a_job() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (admin, alice) = (here.person("Admin").await, there.person("Alice").await);
    world.promotes(admin.id).await;
    let psql = world.psql().await;
    let town = "insert into users (email, username, name, password_hash, is_bot)
        select format('p%s@example.com', n), format('pal_%s', n), 'Pal', 'x', n = 7 from generate_series(1, 1700) as n;
        select erase_user(id) from users where username = 'pal_9'";
    psql.batch_execute(town).await.unwrap();
    let (mut gateway, _) = opens(&alice, None).await;
    let new = json!({"everyone": true, "message": "Maintenance tonight"});
    let key = |value: &str| {
        let request = admin.request(reqwest::Method::POST, MINE).header("idempotency-key", value.to_owned());
        request.json(&new)
    };
    let queued = Person::send(key("one")).await.expect(202);
    assert_eq!(Person::send(key("one")).await.expect(202), queued);
    let told = gateway.notified().await;
    assert_eq!(told["notification"]["message"], "Maintenance tonight");
    assert_eq!(told["notification"]["sender"]["name"], "Admin");
    let ended = ends(&admin, &queued["id"]).await;
    assert_eq!(
        (&ended["status"], &ended["done"], &ended["total"]),
        (&json!("succeeded"), &json!(1700), &json!(1700))
    );
    gateway.is_not_notified().await;
    // The bot, who is erased, and who said it are left out.
    let twice = "select count(*), count(distinct recipient_id) from notifications where message = 'Maintenance tonight'";
    let counts = psql.query_one(twice, &[]).await.unwrap();
    assert_eq!((counts.get::<_, i64>(0), counts.get::<_, i64>(1)), (1699, 1699));
    assert!(mine(&admin).await.is_empty());
    is_counted(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_that_broke_off_goes_on_where_it_was() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = here.person("Admin").await;
    let psql = world.psql().await;
    let town = "insert into users (email, username, name, password_hash)
        select format('p%s@example.com', n), format('pal_%s', n), 'Pal', 'x' from generate_series(1, 30) as n";
    psql.batch_execute(town).await.unwrap();
    // Ten of them had their turn.
    let sql = "with known as (select id, row_number() over (order by id) as n from users where id <> $1)
        insert into jobs (task, args, result)
        select 'announce', jsonb_build_object('sender_id', $1::uuid, 'message', 'once'),
            jsonb_build_object('after', id, 'done', 10, 'total', 30)
        from known where n = 10 returning id";
    psql.query_one(sql, &[&admin.id]).await.unwrap();
    world.rests().await;
    let told = "select count(*) from notifications where message = 'once'";
    assert_eq!(psql.query_one(told, &[]).await.unwrap().get::<_, i64>(0), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_told_by_name_and_only_administrators_say_so() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, alice, bob) =
        (here.person("Admin").await, here.person("Alice").await, here.person("Bob").await);
    world.promotes(admin.id).await;
    alice.blocks(&admin).await;
    let nobody = Uuid::now_v7();
    let several =
        json!({"recipient_ids": [alice.id, bob.id, alice.id, admin.id, nobody], "message": "hello"});
    bob.post(MINE, &several).await.refused(403, "forbidden");
    let queued = admin.post(MINE, &several).await.expect(202);
    let path = format!("/api/v1/announcements/{}", queued["id"].as_str().unwrap());
    bob.get(&path).await.refused(403, "forbidden");
    let ended = ends(&admin, &queued["id"]).await;
    assert_eq!((&ended["status"], &ended["total"]), (&json!("succeeded"), &json!(4)));
    assert_eq!((mine(&alice).await.len(), mine(&bob).await.len(), mine(&admin).await.len()), (1, 1, 0));

    admin.get(&format!("/api/v1/announcements/{nobody}")).await.refused(404, "not_found");
    admin.post(MINE, &json!({"recipient_id": nobody, "message": "x"})).await.refused(404, "not_found");
    let many: Vec<_> = (0..1001).map(|_| Uuid::now_v7()).collect();
    for wrong in [
        json!({"message": "to whom?"}),
        json!({"recipient_id": alice.id, "everyone": true, "message": "both"}),
        json!({"recipient_id": alice.id}),
        json!({"recipient_id": alice.id, "message": ""}),
        json!({"recipient_id": alice.id, "message": "\u{200b}"}),
        json!({"recipient_id": alice.id, "message": "x".repeat(4097)}),
        json!({"recipient_id": admin.id, "message": "to myself"}),
        json!({"recipient_id": "alice", "message": "x"}),
        json!({"recipient_ids": [], "message": "x"}),
        json!({"recipient_ids": many, "message": "x"}),
        json!({"everyone": false, "message": "x"}),
        json!({"everyone": true, "message": "\u{0}"}),
    ] {
        let answer = admin.post(MINE, &wrong).await;
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.body);
    }
}
