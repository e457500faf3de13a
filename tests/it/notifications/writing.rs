//! Notifications that SQL writes.

use serde_json::json;

use super::{is_counted, mine, opens};
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_row_written_in_psql_is_numbered_and_arrives() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let ((mut one, _), (mut other, _)) = (opens(&alice, None).await, opens(&bob, None).await);
    for settings in [
        "set search_path = pg_catalog; set standard_conforming_strings = off; set timezone = 'Asia/Kathmandu'",
        "set default_transaction_isolation = serializable; set plan_cache_mode = force_generic_plan",
    ] {
        let psql = world.psql().await;
        psql.batch_execute(settings).await.unwrap();
        let sql = "insert into public.notifications (recipient_id, seq, message, sender_id, data)
            values ($1, 77, 'by hand', $2, '{\"a\": 1}')";
        psql.execute(sql, &[&alice.id, &bob.id]).await.unwrap();
        let sql = "select public.notify_people(array(select id from public.users), 'message', 'to all', null, null)";
        psql.execute(sql, &[]).await.unwrap();
    }
    for seq in [1, 3] {
        let frame = one.notified().await;
        assert_eq!((&frame["seq"], &frame["notification"]["message"]), (&json!(seq), &json!("by hand")));
        assert_eq!(frame["notification"]["sender"]["name"], "Bob");
        let frame = one.notified().await;
        assert_eq!((&frame["seq"], &frame["notification"]["message"]), (&json!(seq + 1), &json!("to all")));
    }
    for seq in [1, 2] {
        assert_eq!(other.notified().await["seq"], seq);
    }
    let psql = world.psql().await;
    // All or nothing.
    let given_up =
        "begin; select notify_people(array(select id from users), 'message', 'never', null, '{}'); rollback";
    psql.batch_execute(given_up).await.unwrap();
    one.is_not_notified().await;
    let sql = "delete from notifications where recipient_id = $1 and seq in (1, 2)";
    psql.execute(sql, &[&alice.id]).await.unwrap();
    assert_eq!(mine(&alice).await.len(), 2);
    is_counted(&psql).await;
    for wrong in [
        "insert into notifications (recipient_id, message) select id, '' from users",
        "insert into notifications (recipient_id, message) select id, e'\\u200b' from users",
        "insert into notifications (recipient_id, message, kind) select id, 'x', 'shout' from users",
        "insert into notifications (recipient_id, message, data) select id, 'x', '[]' from users",
    ] {
        psql.batch_execute(wrong).await.unwrap_err();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_loaded_with_old_times_notifies_nobody() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let name = super::username(&bob).await;
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let sql = "insert into messages (chat_id, sender_id, content, created_at) values ($1, $2, $3, now() - make_interval(hours => $4))";
    let (psql, call) = (world.psql().await, format!("@{name}, hello"));
    psql.execute(sql, &[&chat, &alice.id, &call, &2]).await.unwrap();
    assert!(mine(&bob).await.is_empty());
    psql.execute(sql, &[&chat, &alice.id, &call, &0]).await.unwrap();
    assert_eq!(mine(&bob).await.len(), 1);
    // A system message has no sender.
    psql.execute("insert into messages (chat_id, kind, content) values ($1, 'system', $2)", &[&chat, &call])
        .await
        .unwrap();
    assert!(mine(&bob).await[0]["sender"].is_null());
}
