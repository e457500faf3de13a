//! What is removed: by its person, or because its cause is gone.

use serde_json::json;

use super::{MINE, kinds, mine, opens, tells};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_on_one_device_is_told_to_the_others() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    for message in ["one", "two", "three"] {
        tells(&psql, &alice, message).await;
    }
    let ((mut one, _), (mut other, _)) = (opens(&alice, None).await, opens(&alice.at(&there), None).await);
    let ids: Vec<_> = mine(&alice).await.iter().map(|item| item["id"].clone()).collect();
    alice.delete(&format!("{MINE}/{}", ids[0].as_str().unwrap())).await.expect(204);
    for socket in [&mut one, &mut other] {
        let gone = socket.expect("notifications_removed").await;
        let told = (&gone["ids"], &gone["up_to_seq"], &gone["unread_count"]);
        assert_eq!(told, (&json!([ids[0]]), &json!(0), &json!(2)));
    }
    // Whoever was away finds it so.
    drop(other);
    alice.delete(&format!("{MINE}/{}", ids[2].as_str().unwrap())).await.expect(204);
    assert_eq!(one.expect("notifications_removed").await["unread_count"], 1);
    let (mut other, last) = opens(&alice.at(&there), Some(3)).await;
    assert_eq!((last, &alice.at(&there).get(MINE).await.expect(200)["unread_count"]), (3, &json!(1)));
    // By SQL, and much at once.
    let many =
        "insert into notifications (recipient_id, message) select $1, 'x' from generate_series(1, 200)";
    psql.execute(many, &[&alice.id]).await.unwrap();
    psql.batch_execute("delete from notifications where message = 'x' and seq > 10").await.unwrap();
    for socket in [&mut one, &mut other] {
        let gone = socket.expect("notifications_removed").await;
        assert_eq!((&gone["ids"], &gone["unread_count"]), (&json!([]), &json!(8)));
    }
    // What is still there was not removed, whoever says so.
    let forged = format!("notify trunkline, 'x {0}:{1}'", alice.id, ids[1].as_str().unwrap());
    psql.batch_execute(&forged).await.unwrap();
    assert_eq!(one.expect("notifications_removed").await["ids"], json!([]));
    super::is_counted(&psql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_friend_request_that_is_withdrawn_or_declined_is_nothing_to_answer() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let (mut gateway, _) = opens(&bob, None).await;
    // Withdrawn, declined, and ended by a block.
    for end in 0..3 {
        alice.befriends(&bob).await.expect(201);
        let id = gateway.notified().await["notification"]["id"].clone();
        match end {
            0 => alice.unfriends(&bob).await,
            1 => bob.unfriends(&alice).await,
            _ => bob.blocks(&alice).await,
        }
        let gone = gateway.expect("notifications_removed").await;
        assert_eq!((&gone["ids"], &gone["unread_count"]), (&json!([id]), &json!(0)));
        assert!(mine(&bob).await.is_empty());
    }
    bob.unblocks(&alice).await;
    // One that was read stays, and so does that of somebody else.
    here.person("Carol").await.befriends(&bob).await.expect(201);
    alice.befriends(&bob).await.expect(201);
    let newest = mine(&bob).await[0]["id"].as_str().unwrap().to_owned();
    bob.puts(&format!("{MINE}/{newest}/read")).await.expect(204);
    alice.unfriends(&bob).await;
    assert_eq!(kinds(&bob).await, ["friend_request", "friend_request"]);
    // The end of a friendship takes nothing away.
    alice.befriends(&bob).await.expect(201);
    bob.befriends(&alice).await.expect(200);
    alice.unfriends(&bob).await;
    assert_eq!(kinds(&alice).await, ["friend_accepted"]);
    assert_eq!(kinds(&bob).await.len(), 3);
    // Who is erased has withdrawn.
    let dave = here.person("Dave").await;
    for person in [&alice, &bob] {
        dave.befriends(person).await.expect(201);
    }
    psql.execute("select erase_user($1)", &[&dave.id]).await.unwrap();
    assert_eq!((kinds(&alice).await.len(), kinds(&bob).await.len()), (1, 3));
    super::is_counted(&psql).await;
}
