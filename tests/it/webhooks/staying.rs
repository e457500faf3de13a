//! A webhook whose maker may no longer stays off, whoever switches it on.

use serde_json::json;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{hook, world};
use crate::support::{Person, Receiver};

/// What happens to a maker, and what is said of it.
const ENDS: [(&str, &str); 4] = [
    ("update users set status = 'suspended' where id = $1", "suspended"),
    ("delete from members where user_id = $1", "no creator or admin"),
    ("update members set role = 'member' where user_id = $1", "no creator or admin"),
    ("delete from users where id = $1", "deleted"),
];

async fn state(psql: &Client, chat: Uuid) -> (bool, Option<String>) {
    let row =
        psql.query_one("select active, last_error from webhooks where chat_id = $1", &[&chat]).await.unwrap();
    (row.get(0), row.get(1))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_switches_it_on_it_stays_off() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    for (end, because) in ENDS {
        let bob: Person = here.person("Bob").await;
        let chat = alice.creates_chat(because).await;
        bob.joins(chat).await;
        let admin = "update members set role = 'admin' where chat_id = $1 and user_id = $2";
        psql.execute(admin, &[&chat, &bob.id]).await.unwrap();
        let receiver = Receiver::new().await;
        let made = hook(&bob, chat, &receiver).await;
        psql.execute(end, &[&bob.id]).await.unwrap();
        for switch in
            ["update webhooks set active = true", "update webhooks set active = true, last_error = null"]
        {
            psql.batch_execute(switch).await.unwrap();
            let (active, why) = state(&psql, chat).await;
            assert!(!active && why.is_some_and(|why| why.contains(because)), "{end}: {switch}");
        }
        // Somebody else may answer for it.
        let path = format!("/api/v1/chats/{chat}/webhooks/{}", made["id"].as_str().unwrap());
        alice.patch(&path, &json!({"active": true})).await.expect(200);
        assert_eq!(state(&psql, chat).await, (true, None), "{end}");
        psql.execute("delete from chats where id = $1", &[&chat]).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_is_never_the_one_that_gives_up() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let receiver = Receiver::new().await;
    hook(&alice, chat, &receiver).await;
    // Somebody makes another webhook of hers: the chat is held, as the server does, and then the person is asked for.
    let maker = world.psql().await;
    maker.execute("begin", &[]).await.unwrap();
    maker.execute("select from chats where id = $1 for no key update", &[&chat]).await.unwrap();
    let administrator = world.psql().await;
    let suspend = tokio::spawn(async move {
        administrator.execute("update users set status = 'suspended' where id = $1", &[&alice.id]).await
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let sql =
        "insert into webhooks (chat_id, url, secret, created_by) values ($1, 'https://example.com/', '', $2)";
    let error = maker.execute(sql, &[&chat, &alice.id]).await.unwrap_err();
    assert_eq!(error.code(), Some(&tokio_postgres::error::SqlState::LOCK_NOT_AVAILABLE));
    maker.execute("rollback", &[]).await.unwrap();
    assert_eq!(suspend.await.unwrap().unwrap(), 1);
    let psql = world.psql().await;
    let active: i64 = psql.query_one("select count(*) from webhooks where active", &[]).await.unwrap().get(0);
    assert_eq!(active, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_makes_nobody_answer_who_may_not() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let (chat, elsewhere) = (alice.creates_private_chat("Ours").await, bob.creates_chat("His").await);
    world.adds(chat, bob.id).await;
    let psql = world.psql().await;
    for who in [bob.id, eve.id] {
        let insert = "insert into webhooks (chat_id, url, secret, created_by) values ($1, 'https://example.com/', '', $2)";
        psql.execute(insert, &[&chat, &who]).await.unwrap();
        let (active, why) = state(&psql, chat).await;
        assert!(!active && why.is_some_and(|why| why.contains("no creator or admin")));
        psql.execute("delete from webhooks", &[]).await.unwrap();
        let receiver = Receiver::new().await;
        hook(&alice, chat, &receiver).await;
        psql.execute("update webhooks set created_by = $1", &[&who]).await.unwrap();
        let (active, why) = state(&psql, chat).await;
        assert!(!active && why.is_some_and(|why| why.contains("no creator or admin")));
        let noted = "select count(*) from audit where action = 'webhook_switched_off' and target = $1";
        let noted: i64 = psql.query_one(noted, &[&chat.to_string()]).await.unwrap().get(0);
        assert!(noted > 0);
        // Back to who may, and on.
        let back = "update webhooks set created_by = $1, active = true";
        psql.execute(back, &[&alice.id]).await.unwrap();
        assert_eq!(state(&psql, chat).await, (true, None));
        psql.execute("delete from webhooks", &[]).await.unwrap();
    }
    // Nor by moving it to where they may not.
    let receiver = Receiver::new().await;
    hook(&bob, elsewhere, &receiver).await;
    psql.execute("update webhooks set chat_id = $1", &[&chat]).await.unwrap();
    assert!(!state(&psql, chat).await.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_version_left_on_ends_when_its_member_goes() {
    let world = world().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    bob.joins(chat).await;
    let receiver = Receiver::new().await;
    hook(&alice, chat, &receiver).await;
    let psql = world.superuser().await;
    let old = "set session_replication_role = replica; update webhooks set created_by = ";
    psql.batch_execute(&format!("{old} '{}'; reset session_replication_role", bob.id)).await.unwrap();
    assert!(state(&psql, chat).await.0);
    bob.leaves(chat).await;
    let (active, why) = state(&psql, chat).await;
    assert!(!active && why.is_some_and(|why| why.contains("no creator or admin")));
}
