//! Who is banned is out, and stays out, whichever way they try to come back.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, Socket, World};

fn ban(chat: Uuid, who: &Person) -> String {
    format!("/api/v1/chats/{chat}/bans/{}", who.id)
}

async fn posts(who: &Person, chat: Uuid) -> crate::support::Answer {
    who.post(&format!("/api/v1/chats/{chat}/messages"), &json!({"content": "hello"})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_banned_from_a_public_chat_comes_in_by_no_way() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let chat = alice.creates_chat("Lobby").await;
    posts(&bob, chat).await.expect(201);
    let invite = alice.post(&format!("/api/v1/chats/{chat}/invites"), &json!({})).await.expect(201);
    let mut listening = bob.at(&there).opens(chat).await;
    let mut gateway = Socket::open(&there.base, "/api/v1/ws?subscribe=all", &bob.token).await.unwrap();
    gateway.expect("welcome").await;
    gateway.expect("caught_up").await;

    alice.puts(&ban(chat, &bob)).await.expect(204);
    alice.puts(&ban(chat, &bob)).await.expect(204);
    posts(&alice, chat).await.expect(201);
    listening.expect("member_left").await;
    assert_eq!(listening.closed().await.0, 4403);
    gateway.expect("member_left").await;
    gateway.expect("chat_removed").await;
    gateway.hears_nothing().await;

    let path = format!("/api/v1/chats/{chat}");
    for what in ["", "/messages", "/log", "/members", "/reads", "/pins"] {
        bob.get(&format!("{path}{what}")).await.refused(403, "banned");
    }
    posts(&bob, chat).await.refused(403, "banned");
    bob.act(&format!("{path}/join")).await.refused(403, "banned");
    let token = invite["token"].as_str().unwrap();
    bob.act(&format!("/api/v1/invites/{token}/accept")).await.refused(403, "banned");
    let add = json!({"user_id": bob.id});
    alice.post(&format!("{path}/members"), &add).await.refused(403, "banned");
    assert_eq!(Socket::open(&there.base, &path, &bob.token).await.err(), Some(403));
    gateway.sends(&json!({"type": "chat.send", "chat_id": chat, "content": "hello"})).await;
    assert_eq!(gateway.expect("error").await["code"], "banned");
    gateway.sends(&json!({"type": "chat.subscribe", "chat_id": chat})).await;
    assert_eq!(gateway.expect("error").await["code"], "banned");
    let found = bob.get("/api/v1/search/messages?search=hello").await.expect(200);
    assert_eq!(found["total"], 0);
    for (who, total) in [(&bob, 0), (&carol, 1)] {
        for list in ["", "&search=lobby", "&limit=1&offset=1", "&search=lobby&offset=5", "&sort=title"] {
            let found = who.get(&format!("/api/v1/chats?scope=public{list}")).await.expect(200);
            assert_eq!(found["total"], total, "{list}: {found}");
        }
    }
    let by_hand = "insert into members (chat_id, user_id) values ($1, $2)";
    let refused = world.psql().await.execute(by_hand, &[&chat, &bob.id]).await.unwrap_err();
    assert_eq!(refused.as_db_error().unwrap().constraint(), Some("members_banned_check"));

    let list = alice.get(&format!("{path}/bans")).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["user"]["id"]), (&json!(1), &json!(bob.id)));
    assert_eq!(list["items"][0]["by"], json!(alice.id));
    assert_eq!(alice.get(&format!("{path}/bans?search=nobody")).await.expect(200)["total"], 0);
    carol.get(&format!("{path}/bans")).await.refused(403, "forbidden");

    alice.delete(&ban(chat, &bob)).await.expect(204);
    alice.delete(&ban(chat, &bob)).await.expect(204);
    assert_eq!(alice.get(&path).await.expect(200)["member_count"], 1, "nobody is made a member by that");
    posts(&bob, chat).await.expect(201);
    gateway.expect("chat_added").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_watches_a_public_chat_is_put_out_by_a_ban_too() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let chat = alice.creates_chat("Lobby").await;
    let mut watching = eve.at(&there).opens(chat).await;
    let mut gateway = Socket::open(&there.base, "/api/v1/ws", &eve.token).await.unwrap();
    gateway.expect("welcome").await;
    gateway.sends(&json!({"type": "chat.subscribe", "chat_id": chat})).await;
    gateway.expect("ack").await;
    gateway.expect("caught_up").await;
    // A DBA's ban is one like any.
    let sql = "insert into bans (chat_id, user_id) values ($1, $2)";
    world.psql().await.execute(sql, &[&chat, &eve.id]).await.unwrap();
    assert_eq!(watching.closed().await.0, 4403);
    gateway.expect("chat_removed").await;
    alice.says(chat, "for us alone").await;
    gateway.hears_nothing().await;
    // Nobody is put out because somebody says so.
    let (bob, mut hearing) = (here.person("Bob").await, alice.opens(chat).await);
    let mut bobs = bob.opens(chat).await;
    let forged = format!("select pg_notify('trunkline', 'b {}:{chat}')", bob.id);
    world.psql().await.batch_execute(&forged).await.unwrap();
    alice.says(chat, "for Bob, too").await;
    hearing.expect("new_message").await;
    bobs.expect("new_message").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_chat_does_not_exist_for_who_is_banned_from_it() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let chat = alice.creates_private_chat("Attic").await;
    for person in [&bob, &carol] {
        alice
            .post(&format!("/api/v1/chats/{chat}/members"), &json!({"user_id": person.id}))
            .await
            .expect(201);
    }
    let role = format!("/api/v1/chats/{chat}/members/{}", carol.id);
    alice.patch(&role, &json!({"role": "admin"})).await.expect(200);
    let invite = alice.post(&format!("/api/v1/chats/{chat}/invites"), &json!({})).await.expect(201);
    let path = format!("/api/v1/chats/{chat}");
    carol.puts(&ban(chat, &bob)).await.expect(204);
    carol.puts(&ban(chat, &alice)).await.refused(409, "conflict");
    carol.puts(&ban(chat, &carol)).await.refused(400, "validation_failed");
    bob.get(&path).await.refused(404, "not_found");
    posts(&bob, chat).await.refused(404, "not_found");
    let token = invite["token"].as_str().unwrap();
    bob.act(&format!("/api/v1/invites/{token}/accept")).await.refused(404, "not_found");
    // Who is gone can be banned, and nobody who is not there.
    alice.puts(&format!("{path}/bans/{}", Uuid::now_v7())).await.refused(404, "not_found");
    alice.puts(&ban(chat, &carol)).await.expect(204);
    carol.get(&path).await.refused(404, "not_found");
    let direct = alice.post("/api/v1/chats/direct", &json!({"user_id": bob.id})).await.expect(201);
    let direct: Uuid = direct["id"].as_str().unwrap().parse().unwrap();
    alice.puts(&ban(direct, &bob)).await.refused(403, "forbidden");
    let audit = world.psql().await;
    let sql = "select coalesce(jsonb_agg(action order by at, id), '[]') from audit where action like 'member%banned'";
    let actions: Value = audit.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(actions, json!(["member_banned", "member_banned"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_adds_whom_they_may_not_write_to() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Trap").await;
    let members = format!("/api/v1/chats/{chat}/members");
    bob.blocks(&alice).await;
    alice.post(&members, &json!({"user_id": bob.id})).await.refused(403, "blocked");
    bob.unblocks(&alice).await;
    alice.blocks(&bob).await;
    alice.post(&members, &json!({"user_id": bob.id})).await.refused(403, "blocked");
    assert_eq!(bob.get("/api/v1/chats").await.expect(200)["total"], 0);
}
