//! Nothing is missed, whatever breaks.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use super::{opens, tells};
use crate::support::{Socket, World};

#[tokio::test(flavor = "multi_thread")]
async fn what_came_meanwhile_is_told_first() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let (gateway, _) = opens(&alice, None).await;
    drop(gateway);
    let many = "insert into notifications (recipient_id, message) select $1, n::text from generate_series(1, 350) as n";
    psql.execute(many, &[&alice.id]).await.unwrap();
    let (mut gateway, last) = opens(&alice.at(&there), Some(0)).await;
    assert_eq!(last, 350);
    for seq in 1..=350 {
        let frame = gateway.notified().await;
        assert_eq!(
            (&frame["seq"], &frame["notification"]["message"]),
            (&json!(seq), &json!(seq.to_string()))
        );
    }
    tells(&psql, &alice, "live").await;
    assert_eq!(gateway.notified().await["seq"], 351);
    // Without a number, what comes from now on.
    let (mut gateway, last) = opens(&alice, None).await;
    assert_eq!(last, 351);
    gateway.is_not_notified().await;
    for strange in ["-1", "x", "1.5", ""] {
        let path = format!("/api/v1/ws?after_notification={strange}");
        assert_eq!(Socket::open(&alice.base, &path, &alice.token).await.err(), Some(400), "{strange}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_not_there_is_told_to_load_again() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    tells(&psql, &alice, "one").await;
    let (mut gateway, last) = opens(&alice, Some(50)).await;
    assert_eq!((last, &gateway.expect("notifications_reset").await["last_seq"]), (1, &json!(1)));
    tells(&psql, &alice, "two").await;
    assert_eq!(gateway.notified().await["seq"], 2);
    // The database is an older one, all of a sudden.
    let sql = "delete from notifications where seq = 2; update notification_heads set last_seq = 1";
    psql.batch_execute(sql).await.unwrap();
    gateway.expect("notifications_removed").await;
    world.loses_listeners().await;
    assert_eq!(gateway.expect("notifications_reset").await["last_seq"], 1);
    tells(&psql, &alice, "another two").await;
    assert_eq!(gateway.notified().await["notification"]["message"], "another two");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_listen_connection_loses_no_notification() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let (mut gateway, _) = opens(&alice, None).await;
    for round in 1..=5 {
        world.loses_listeners().await;
        tells(&psql, &alice, "while nobody listens").await;
        assert_eq!(gateway.notified().await["seq"], round);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_writers_and_a_socket_that_breaks_all_the_time_miss_nothing() {
    const EACH: i64 = 60;
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let (psql, id) = (world.psql().await, alice.id);
        writers.spawn(async move {
            let sql = "insert into notifications (recipient_id, message) select $1, $2 || '.' || n from generate_series($3::int, $4) as n";
            let mut written = 0;
            while written < EACH {
                // Some alone, some together, some given up.
                let some = (written % 3 + 1).min(EACH - written);
                let (from, to) = (written as i32 + 1, (written + some) as i32);
                let who = format!("w{writer}");
                if written % 7 == 0 {
                    psql.batch_execute("begin").await.unwrap();
                    psql.execute(sql, &[&id, &"given up", &from, &to]).await.unwrap();
                    psql.batch_execute("rollback").await.unwrap();
                }
                psql.execute(sql, &[&id, &who, &from, &to]).await.unwrap();
                written += some;
                sleep(Duration::from_millis(3)).await;
            }
        });
    }
    let (mut heard, mut round) = (Vec::new(), 0);
    while heard.len() < 8 * EACH as usize {
        let person = if round % 2 == 0 { alice.clone() } else { alice.at(&there) };
        let (mut gateway, _) = opens(&person, Some(heard.len() as i64)).await;
        for _ in 0..(round * 7) % 31 + 1 {
            if heard.len() == 8 * EACH as usize {
                break;
            }
            let frame = gateway.notified().await;
            assert_eq!(frame["seq"], heard.len() as i64 + 1, "a hole, or a repeat");
            heard.push(frame["notification"]["message"].as_str().unwrap().to_owned());
        }
        round += 1;
    }
    while let Some(written) = writers.join_next().await {
        written.unwrap();
    }
    // Each writer's own are all there, once; what was committed together has no order.
    for writer in 0..8 {
        let mut own: Vec<_> =
            heard.iter().filter_map(|text| text.strip_prefix(&format!("w{writer}."))).collect();
        own.sort_unstable();
        let mut expected: Vec<_> = (1..=EACH).map(|n| n.to_string()).collect();
        expected.sort_unstable();
        assert_eq!(own, expected);
    }
    super::is_counted(&world.psql().await).await;
}
