//! A hook ends with the rights of who made it, and when it is removed.

use serde_json::json;

use super::{hook, latest, path, posts};
use crate::support::World;

/// What happens to a maker, and what is said of it.
const ENDS: [(&str, &str); 4] = [
    ("update users set status = 'suspended' where id = $1", "suspended"),
    ("delete from members where user_id = $1", "no creator or admin"),
    ("update members set role = 'member' where user_id = $1", "no creator or admin"),
    ("delete from users where id = $1", "deleted"),
];

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_with_the_rights_of_its_maker_and_the_chat_is_told() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    for (end, because) in ENDS {
        let bob = here.person("Bob").await;
        let chat = alice.creates_chat(end).await;
        bob.joins(chat).await;
        let admin = "update members set role = 'admin' where chat_id = $1 and user_id = $2";
        psql.execute(admin, &[&chat, &bob.id]).await.unwrap();
        let made = hook(&bob, chat, "Bob's bot").await;
        let said = posts(&made, &json!({"text": "before"})).await.expect(200);
        psql.execute(end, &[&bob.id]).await.unwrap();
        posts(&made, &json!({"text": "after"})).await.refused(404, "not_found");
        let told = latest(&alice, chat).await;
        let content = told["content"].as_str().unwrap();
        assert!(content.contains("Bob's bot") && content.contains(because), "{end}: {content}");
        assert_eq!(alice.get(&path(chat)).await.expect(200)["total"], 0, "{end}");
        // What was said stands, and who said it has a name.
        let before =
            alice.get(&format!("/api/v1/chats/{chat}/messages/{}", said["id"].as_str().unwrap())).await;
        let sender = before.expect(200)["sender_id"].as_str().unwrap().to_owned();
        assert_eq!(alice.get(&format!("/api/v1/users/{sender}")).await.expect(200)["name"], "Bob's bot");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_unknown_and_suspended_are_alike() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let chat = alice.creates_private_chat("Private").await;
    let (one, other) = (hook(&alice, chat, "One").await, hook(&alice, chat, "Other").await);
    let at = format!("{}/{}", path(chat), one["id"].as_str().unwrap());
    eve.delete(&at).await.refused(404, "not_found");
    eve.get(&path(chat)).await.refused(404, "not_found");
    posts(&one, &json!({"text": "x"})).await.expect(200);
    alice.delete(&at).await.expect(204);
    alice.delete(&at).await.refused(404, "not_found");
    let removed = posts(&one, &json!({"text": "x"})).await.refused(404, "not_found");
    let unknown = json!({"url": format!("{}/api/v1/hooks/{}", here.base, "x".repeat(43))});
    let unknown = posts(&unknown, &json!({"text": "x"})).await.refused(404, "not_found");
    assert_eq!(removed["detail"], unknown["detail"]);
    let suspend = "update users set status = 'suspended' where is_bot and name = 'Other'";
    world.psql().await.execute(suspend, &[]).await.unwrap();
    posts(&other, &json!({"text": "x"})).await.refused(404, "not_found");
    assert_eq!(alice.get(&format!("/api/v1/chats/{chat}/messages")).await.expect(200)["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_when_it_ends_makes_no_member_of_the_bot() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let made = hook(&alice, chat, "Bot").await;
    posts(&made, &json!({"text": "first"})).await.expect(200);
    // Somebody holds the chat and removes the hook; a post waits meanwhile.
    let psql = world.psql().await;
    psql.batch_execute("begin; delete from hooks; insert into messages (chat_id, kind, content) select id, 'system', 'busy' from chats")
        .await
        .unwrap();
    let late = tokio::spawn(async move { posts(&made, &json!({"text": "late"})).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    psql.batch_execute("commit").await.unwrap();
    late.await.unwrap().refused(404, "not_found");
    let members: i64 = psql.query_one("select count(*) from members", &[]).await.unwrap().get(0);
    assert_eq!((members, latest(&alice, chat).await["content"].as_str()), (1, Some("busy")));
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_makes_nobody_answer_who_may_not() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let chat = alice.creates_private_chat("Ours").await;
    world.adds(chat, bob.id).await;
    let made = hook(&alice, chat, "Bot").await;
    let psql = world.psql().await;
    let bot = "insert into users (email, username, name, password_hash, is_bot)
        values ('b@bots.invalid', 'bot_b', 'B', '', true) returning id";
    let bot: uuid::Uuid = psql.query_one(bot, &[]).await.unwrap().get(0);
    let insert = "insert into hooks (chat_id, bot_id, token_hash, created_by) values ($1, $2, 'x', $3)";
    let update = "update hooks set created_by = $1";
    // A member, a stranger, and no person at all.
    for who in [bob.id, eve.id, bot] {
        for error in [psql.execute(insert, &[&chat, &bot, &who]).await, psql.execute(update, &[&who]).await] {
            let error = error.unwrap_err();
            assert_eq!(
                error.as_db_error().unwrap().constraint(),
                Some("hooks_created_by_check"),
                "{error:?}"
            );
        }
    }
    // Nor does a hook speak as a person.
    let speaks = "update hooks set bot_id = $1";
    for error in
        [psql.execute(insert, &[&chat, &eve.id, &alice.id]).await, psql.execute(speaks, &[&eve.id]).await]
    {
        let error = error.unwrap_err();
        assert_eq!(error.as_db_error().unwrap().constraint(), Some("hooks_bot_id_check"), "{error:?}");
    }
    posts(&made, &json!({"text": "still mine"})).await.expect(200);
    // Somebody else who may can take it over; and it ends with their rights, whatever these are called by then.
    let admin = "update members set role = 'admin' where user_id = $1";
    psql.execute(admin, &[&bob.id]).await.unwrap();
    psql.execute(update, &[&bob.id]).await.unwrap();
    posts(&made, &json!({"text": "his by now"})).await.expect(200);
    psql.execute("delete from members where user_id = $1", &[&bob.id]).await.unwrap();
    posts(&made, &json!({"text": "nobody's"})).await.refused(404, "not_found");
}
