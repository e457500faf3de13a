//! Notifications as they happen.

use std::time::Duration;

use serde_json::json;

use super::{MINE, kinds, mine, opens, tells};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_on_one_device_is_told_to_the_others() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let ((mut one, _), (mut other, _)) = (opens(&alice, None).await, opens(&alice.at(&there), None).await);
    for message in ["one", "two", "three"] {
        tells(&psql, &alice, message).await;
    }
    for socket in [&mut one, &mut other] {
        for seq in 1..=3 {
            assert_eq!(socket.notified().await["seq"], seq);
        }
    }
    let ids: Vec<_> = mine(&alice).await.iter().map(|item| item["id"].clone()).collect();
    let path = format!("{MINE}/{}/read", ids[1].as_str().unwrap());
    alice.puts(&path).await.expect(204);
    for socket in [&mut one, &mut other] {
        let read = socket.expect("notifications_read").await;
        assert_eq!((&read["ids"], &read["unread_count"]), (&json!([ids[1]]), &json!(2)));
    }
    // Again is nothing new.
    alice.puts(&path).await.expect(204);
    alice.puts(&format!("{MINE}/read")).await.expect(204);
    for socket in [&mut one, &mut other] {
        let read = socket.expect("notifications_read").await;
        assert_eq!((&read["up_to_seq"], &read["unread_count"]), (&json!(3), &json!(0)));
    }
    // By SQL, few and many.
    let many =
        "insert into notifications (recipient_id, message) select $1, 'x' from generate_series(1, 300)";
    psql.execute(many, &[&alice.id]).await.unwrap();
    for (sql, named, up_to, left) in [
        ("update notifications set read_at = now() where seq in (4, 5, 9)", 3, 5, 297),
        ("update notifications set read_at = now() where seq <= 200", 0, 200, 103),
    ] {
        psql.batch_execute(sql).await.unwrap();
        for socket in [&mut one, &mut other] {
            let read = socket.expect("notifications_read").await;
            let told = (read["ids"].as_array().unwrap().len(), &read["up_to_seq"], &read["unread_count"]);
            assert_eq!(told, (named, &json!(up_to), &json!(left)), "{sql}");
        }
    }
    // What nobody has read is told by nobody.
    let forged = format!("notify trunkline, 'u {0}:{1}'", alice.id, ids[0].as_str().unwrap());
    psql.batch_execute(&format!("update notifications set read_at = null where seq = 3; {forged}"))
        .await
        .unwrap();
    assert_eq!(one.expect("notifications_read").await["ids"], json!([]));
    super::is_counted(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_wanted_live_is_listed_all_the_same() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let change = json!({"friend_request": {"live": false}});
    alice.put(&format!("{MINE}/preferences"), &change).await.expect(200);
    let (mut gateway, _) = opens(&alice, None).await;
    bob.befriends(&alice).await.expect(201);
    gateway.is_not_notified().await;
    tells(&psql, &alice, "hello").await;
    assert_eq!(gateway.notified().await["seq"], 2);
    assert_eq!(kinds(&alice).await, ["friend_request", "message"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_gone_hears_nothing_more() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let psql = world.psql().await;
    for end in [
        "update sessions set revoked_at = now() where user_id = $1",
        "delete from sessions where user_id = $1",
        "update users set status = 'suspended' where id = $1",
    ] {
        let alice = here.person("Alice").await;
        let (mut gateway, _) = opens(&alice.at(&there), None).await;
        psql.execute(end, &[&alice.id]).await.unwrap();
        for _ in 0..20 {
            tells(&psql, &alice, "too late").await;
        }
        // The good-bye, and no frame before it.
        assert_eq!(gateway.next_or_close().await.unwrap_err().0, 4401, "{end}");
        assert_eq!(gateway.untold(), 0, "{end}");
    }
    let alice = here.person("Alice").await;
    let (mut gateway, _) = opens(&alice.at(&there), None).await;
    tells(&psql, &alice, "for the last time").await;
    gateway.notified().await;
    psql.execute("select erase_user($1)", &[&alice.id]).await.unwrap();
    psql.execute("select notify_people(array[$1::uuid], 'message', 'too late', null, '{}')", &[&alice.id])
        .await
        .unwrap();
    assert_eq!(gateway.next_or_close().await.unwrap_err().0, 4401);
    world.rests().await;
    let left =
        psql.query_one("select count(*) from notifications where recipient_id = $1", &[&alice.id]).await;
    assert_eq!(left.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_transaction_keeps_nobody_waiting() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let alice = here.person("Alice").await;
    let (mut slow, quick) = (world.psql().await, world.psql().await);
    let (mut gateway, _) = opens(&alice, None).await;
    let open = slow.transaction().await.unwrap();
    let sql = "insert into notifications (recipient_id, message) values ($1, 'slow'), ($1, 'slower')";
    open.execute(sql, &[&alice.id]).await.unwrap();
    tokio::time::timeout(Duration::from_secs(2), tells(&quick, &alice, "quick")).await.expect("it waits");
    let first = gateway.notified().await;
    assert_eq!((&first["seq"], &first["notification"]["message"]), (&json!(1), &json!("quick")));
    open.commit().await.unwrap();
    for (seq, message) in [(2, "slow"), (3, "slower")] {
        let frame = gateway.notified().await;
        assert_eq!((&frame["seq"], &frame["notification"]["message"]), (&json!(seq), &json!(message)));
    }
}
