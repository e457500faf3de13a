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
