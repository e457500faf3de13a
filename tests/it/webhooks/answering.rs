//! Who answers for a webhook, and what becomes of it when they may not any more.

use serde_json::{Value, json};

use super::{becomes, hook, path, world};
use crate::support::{Instance, Person, Receiver, World};

/// What happens to Bob, as psql says it.
const ENDINGS: [(&str, &str); 4] = [
    ("update members set role = 'member' where user_id = $1", "no creator or admin"),
    ("delete from members where user_id = $1", "no creator or admin"),
    ("update users set status = 'suspended' where id = $1", "was suspended"),
    ("delete from users where id = $1", "was deleted"),
];

/// Makes somebody an admin of Alice's chat.
async fn admin(alice: &Person, here: &Instance, chat: uuid::Uuid, name: &str) -> Person {
    let person = here.person(name).await;
    let wish = json!({"user_id": person.id, "role": "admin"});
    alice.post(&format!("/api/v1/chats/{chat}/members"), &wish).await.expect(201);
    person
}

/// The latest system message of a chat that tells of a webhook.
async fn notice(world: &World, chat: uuid::Uuid) -> Option<String> {
    let sql = "select content from messages where chat_id = $1 and kind = 'system' order by seq desc limit 1";
    world.psql().await.query_opt(sql, &[&chat]).await.unwrap().map(|row| row.get(0))
}

async fn ends(world: &World, here: &Instance, alice: &Person, ending: (&str, &str), number: usize) {
    let psql = world.psql().await;
    let (chat, other) = (
        alice.creates_chat(&format!("Room {number}")).await,
        alice.creates_chat(&format!("Other {number}")).await,
    );
    let bob = admin(alice, here, chat, &format!("Bob{number}")).await;
    let (receiver, hers) = (Receiver::new().await, Receiver::new().await);
    let webhook = hook(&bob, chat, &receiver).await;
    hook(alice, other, &hers).await;
    psql.execute(ending.0, &[&bob.id]).await.unwrap();
    let off = becomes(alice, chat, "active", json!(false)).await;
    let why = off["last_error"].as_str().unwrap();
    assert!(why.contains(ending.1), "{}: {why}", ending.0);
    assert!(off["failed_at"].is_string() && off["failures"] == 0, "{off}");
    let told = notice(world, chat).await.unwrap_or_default();
    assert!(told.contains(webhook["id"].as_str().unwrap()) && told.contains("switched off"), "{told}");
    let records =
        alice.get(&format!("/api/v1/audit?target={chat}&action=webhook_switched_off")).await.expect(200);
    assert_eq!(records["items"][0]["data"]["because"], off["last_error"], "{records}");
    // Nothing more is sent there, and those of others go on.
    alice.says(chat, "is anybody there?").await;
    alice.says(other, "and here?").await;
    hers.takes(1).await;
    world.rings().await;
    assert!(receiver.sent().is_empty());
    assert_eq!(notice(world, other).await, None);
    // Alice may have it go on: now it is she who answers for it.
    let one = format!("{}/{}", path(chat), webhook["id"].as_str().unwrap());
    let on = alice.patch(&one, &json!({"active": true})).await.expect(200);
    assert_eq!((&on["created_by"], &on["last_error"]), (&json!(alice.id), &Value::Null));
    let last = on["delivered_seq"].as_i64().unwrap();
    receiver.takes(last + 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_ends_with_the_rights_of_who_answers_for_it() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    world.promotes(alice.id).await;
    for (number, ending) in ENDINGS.into_iter().enumerate() {
        ends(&world, &here, &alice, ending, number).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stays_in_charge_keeps_their_webhooks() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let bob = admin(&alice, &here, chat, "Bob").await;
    let receiver = Receiver::new().await;
    hook(&alice, chat, &receiver).await;
    // A creator who hands over is an admin then.
    alice
        .patch(&format!("/api/v1/chats/{chat}/members/{}", bob.id), &json!({"role": "creator"}))
        .await
        .expect(200);
    let said = bob.says(chat, "mine now").await["seq"].as_i64().unwrap();
    receiver.takes(said).await;
    // Of a chat that is deleted nothing is left to tell of.
    bob.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    let left = "select count(*) from webhooks";
    assert_eq!(world.psql().await.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_made_while_its_maker_is_suspended_sends_nothing() {
    let world = world().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let receiver = Receiver::new().await;
    let mut psql = world.psql().await;
    let suspending = psql.transaction().await.unwrap();
    suspending.execute("update users set status = 'suspended' where id = $1", &[&alice.id]).await.unwrap();
    let maker = alice.clone();
    let wish = json!({"url": receiver.url()});
    let making = tokio::spawn(async move { maker.post(&path(chat), &wish).await });
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(!making.is_finished());
    suspending.commit().await.unwrap();
    let made = making.await.unwrap().expect(201);
    assert_eq!(made["active"], false);
    assert_eq!(made["last_error"], "who answers for it was suspended");
}
