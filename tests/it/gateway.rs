//! The gateway: one socket for any number of chats.

use std::{collections::BTreeSet, time::Duration};

use futures_util::SinkExt;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::support::{Person, Socket, World};

const GATEWAY: &str = "/api/v1/ws";

async fn gateway(person: &Person, query: &str) -> (Socket, serde_json::Value) {
    let mut socket = Socket::open(&person.base, &format!("{GATEWAY}{query}"), &person.token).await.unwrap();
    let welcome = socket.expect("welcome").await;
    (socket, welcome)
}

async fn subscribes(socket: &mut Socket, chat: Uuid, after_seq: Option<i64>) -> serde_json::Value {
    let command = json!({"type": "chat.subscribe", "ref": 1, "chat_id": chat, "after_seq": after_seq});
    socket.sends(&command).await;
    socket.expect("ack").await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_socket_hears_the_chats_it_subscribed_and_no_other() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let alice = here.person("Alice").await;
    let (one, two, three) =
        (alice.creates_chat("One").await, alice.creates_chat("Two").await, alice.creates_chat("Three").await);
    let (mut socket, welcome) = gateway(&alice.at(&there), "").await;
    assert_eq!(welcome["chats"].as_array().unwrap().len(), 3);
    for chat in [one, two] {
        let ack = subscribes(&mut socket, chat, None).await;
        assert_eq!(ack["data"], json!({"chat_id": chat, "last_seq": 0, "last_id": null}));
        socket.expect("caught_up").await;
    }
    alice.says(three, "unheard").await;
    alice.says(one, "first").await;
    assert_eq!(socket.hears(1).await, ["first"]);
    alice.says(two, "second").await;
    assert_eq!(socket.hears(1).await, ["second"]);
    socket.sends(&json!({"type": "chat.unsubscribe", "ref": "u", "chat_id": one})).await;
    assert_eq!(socket.expect("ack").await["data"], json!({}));
    alice.says(one, "no longer heard").await;
    socket.hears_nothing().await;
    subscribes(&mut socket, one, Some(0)).await;
    assert_eq!(socket.hears(2).await, ["first", "no longer heard"]);
    assert_eq!(socket.expect("caught_up").await["seq"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_everything_follows_what_comes_later() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let lobby = alice.creates_chat("Lobby").await;
    bob.joins(lobby).await;
    let (mut socket, _) = gateway(&bob, "?subscribe=all").await;
    socket.expect("caught_up").await;
    alice.says(lobby, "hello").await;
    assert_eq!(socket.hears(1).await, ["hello"]);

    let cellar = alice.creates_private_chat("Cellar").await;
    let sql = "insert into members (chat_id, user_id) values ($1, $2)";
    world.psql().await.execute(sql, &[&cellar, &bob.id]).await.unwrap();
    assert_eq!(socket.expect("chat_added").await["chat"]["id"], json!(cellar));
    socket.expect("caught_up").await;
    alice.says(cellar, "psst").await;
    assert_eq!(socket.hears(1).await, ["psst"]);

    bob.leaves(cellar).await;
    assert_eq!(socket.expect("member_left").await["user_id"], json!(bob.id));
    assert_eq!(socket.expect("chat_removed").await["chat_id"], json!(cellar));
    alice.says(cellar, "he is gone").await;
    socket.hears_nothing().await;
    alice.delete(&format!("/api/v1/chats/{lobby}")).await.expect(204);
    assert_eq!(socket.expect("chat_deleted").await["chat_id"], json!(lobby));
    socket.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_are_made_joined_and_left_over_the_socket() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (mut hers, _) = gateway(&alice, "").await;
    hers.sends(&json!({"type": "chat.create", "ref": 1, "title": "Made here"})).await;
    let (mut ack, mut added) = (hers.next().await, hers.next().await);
    if ack["type"] == "chat_added" {
        (ack, added) = (added, ack);
    }
    let chat: Uuid = serde_json::from_value(ack["data"]["id"].clone()).unwrap();
    assert_eq!((added["type"].as_str(), &added["chat"]["id"]), (Some("chat_added"), &json!(chat)));
    let (mut his, _) = gateway(&bob, "").await;
    his.sends(&json!({"type": "chat.join", "ref": 2, "chat_id": chat})).await;
    let frames = [his.next().await, his.next().await];
    let ack = frames.iter().find(|frame| frame["type"] == "ack").unwrap();
    assert_eq!((ack["ref"].as_i64(), &ack["data"]["user_id"]), (Some(2), &json!(bob.id)));
    his.sends(&json!({"type": "chat.leave", "ref": 3, "chat_id": chat})).await;
    let frames = [his.next().await, his.next().await];
    assert!(frames.iter().any(|frame| frame["type"] == "chat_removed"), "{frames:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_subscribes_to_nothing_private() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    let cellar = alice.creates_private_chat("Cellar").await;
    let (mut socket, welcome) = gateway(&eve, "?subscribe=all").await;
    assert_eq!(welcome["chats"], json!([]));
    for (chat, after) in [(cellar, None), (cellar, Some(0)), (Uuid::now_v7(), None)] {
        socket.sends(&json!({"type": "chat.subscribe", "ref": 1, "chat_id": chat, "after_seq": after})).await;
        let error = socket.expect("error").await;
        assert_eq!((error["ref"].as_i64(), error["code"].as_str()), (Some(1), Some("not_found")));
    }
    alice.says(cellar, "psst").await;
    socket.hears_nothing().await;
    eve.get(GATEWAY).await.refused(426, "upgrade_required");
    assert_eq!(Socket::open(&eve.base, GATEWAY, "nonsense").await.err(), Some(401));
    assert_eq!(
        Socket::open(&eve.base, &format!("{GATEWAY}?subscribe=some"), &eve.token).await.err(),
        Some(400)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_and_went_while_nobody_listened_is_told_all_the_same() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let old = alice.creates_private_chat("Old").await;
    let new = alice.creates_private_chat("New").await;
    world.adds(old, bob.id).await;
    let (mut socket, welcome) = gateway(&bob, "").await;
    assert_eq!(welcome["chats"].as_array().unwrap().len(), 1);
    // Committed when the connection that listens is gone, and before there is a new one.
    let sql = format!(
        "begin; select pg_terminate_backend(pid, 1000) from pg_stat_activity where application_name like 'trunkline listener%' and datname = current_database();
         delete from members where chat_id = '{old}' and user_id = '{bob}'; insert into members (chat_id, user_id) values ('{new}', '{bob}'); commit",
        bob = bob.id
    );
    world.superuser().await.batch_execute(&sql).await.unwrap();
    let mut told = [socket.next().await, socket.next().await];
    told.sort_by_key(|frame| frame["type"].to_string());
    assert_eq!((&told[0]["type"], &told[0]["chat"]["id"]), (&json!("chat_added"), &json!(new)));
    assert_eq!((&told[1]["type"], &told[1]["chat_id"]), (&json!("chat_removed"), &json!(old)));
    socket.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_while_the_tables_could_not_be_read_is_told_when_they_can() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (there.person("Alice").await, here.person("Bob").await);
    let mut sockets = [gateway(&bob, "").await.0, gateway(&bob, "?subscribe=all").await.0];
    let chat = alice.creates_private_chat("Attic").await;
    let psql = world.psql().await;
    // Who is a member can be asked; what the chat is cannot, for a while.
    psql.batch_execute(
        "create table fault (is_on bool); insert into fault values (true); grant select on fault to public;
         create function can_be_read() returns bool language plpgsql as $$
         begin
             if (select is_on from public.fault) then raise exception 'for a while' using errcode = '57014'; end if;
             return true;
         end $$;
         alter table chats enable row level security;
         create policy fault on chats using (public.can_be_read());",
    )
    .await
    .unwrap();
    world.adds(chat, bob.id).await;
    for socket in &mut sockets {
        socket.hears_nothing().await;
    }
    assert!(world.log().contains("for a while"), "nobody has asked for the chat");
    psql.execute("update fault set is_on = false", &[]).await.unwrap();
    for socket in &mut sockets {
        assert_eq!(socket.expect("chat_added").await["chat"]["id"], json!(chat));
    }
    sockets[1].expect("caught_up").await;
    alice.says(chat, "welcome").await;
    assert_eq!(sockets[1].hears(1).await, ["welcome"]);
}

/// Keeps the chats that a client of the gateway knows itself to be in, as it is told, until it is told nothing more.
async fn keeps(socket: &mut Socket, mine: &mut BTreeSet<Uuid>, follows: bool) {
    while let Some(frame) = socket.next_within(Duration::from_millis(1500)).await {
        let kind = frame["type"].as_str().unwrap();
        let id = if kind == "chat_added" { &frame["chat"]["id"] } else { &frame["chat_id"] };
        let id: Uuid = serde_json::from_value(id.clone()).unwrap();
        let is_news = match kind {
            "chat_added" => mine.insert(id),
            "chat_removed" | "chat_deleted" => mine.remove(&id),
            _ => follows,
        };
        assert!(is_news || follows, "told twice: {frame}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_is_told_is_the_list_of_mine() {
    let world = World::new().await;
    let (here, there) = world.two_instances().await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let first = alice.creates_chat("First").await;
    bob.joins(first).await;
    let mut sockets = Vec::new();
    for (instance, query) in
        [(&here, ""), (&there, ""), (&here, "?subscribe=all"), (&there, "?subscribe=all")]
    {
        let (socket, welcome) = gateway(&bob.at(instance), query).await;
        let chats = welcome["chats"].as_array().unwrap().iter();
        let mine: BTreeSet<Uuid> =
            chats.map(|chat| serde_json::from_value(chat["chat_id"].clone()).unwrap()).collect();
        assert_eq!(mine, BTreeSet::from([first]));
        sockets.push((socket, mine, !query.is_empty()));
    }
    let mut rooms = Vec::new();
    for n in 0..4 {
        let room = alice.creates_private_chat(&format!("Room {n}")).await;
        let invite = alice.act(&format!("/api/v1/chats/{room}/invites")).await.expect(201);
        rooms.push((room, format!("/api/v1/invites/{}/accept", invite["token"].as_str().unwrap())));
    }
    // Every way in and out of each room, by several doors at once.
    let mut doors = JoinSet::new();
    for (n, (room, accept)) in rooms.clone().into_iter().enumerate() {
        let (alice, bob) = (alice.clone(), if n % 2 == 0 { bob.at(&here) } else { bob.clone() });
        let psql = world.psql().await;
        doors.spawn(async move {
            let base = format!("/api/v1/chats/{room}");
            let his = format!("{base}/members/{}", bob.id);
            for round in 0..6 {
                match (n + round) % 3 {
                    0 => {
                        alice.post(&format!("{base}/members"), &json!({"user_id": bob.id})).await.expect(201)
                    }
                    1 => bob.act(&accept).await.expect(200),
                    _ => {
                        let sql =
                            format!("insert into members (chat_id, user_id) values ('{room}', '{}')", bob.id);
                        psql.batch_execute(&sql).await.unwrap();
                        json!({})
                    }
                };
                if n == 3 && round == 5 {
                    alice.delete(&base).await.expect(204);
                } else if n > 0 || round < 5 {
                    match (n + round) % 2 {
                        0 => drop(alice.delete(&his).await.expect(204)),
                        _ => bob.leaves(room).await,
                    }
                }
            }
        });
    }
    doors.join_all().await;
    bob.leaves(first).await;
    let carol = here.person("Carol").await;
    let direct = carol.post("/api/v1/chats/direct", &json!({"user_id": bob.id})).await.expect(201);
    let last: Uuid = serde_json::from_value(direct["id"].clone()).unwrap();
    let list = bob.get("/api/v1/chats").await.expect(200);
    let list = list["items"].as_array().unwrap().iter();
    let list: BTreeSet<Uuid> = list.map(|chat| serde_json::from_value(chat["id"].clone()).unwrap()).collect();
    assert_eq!(list, BTreeSet::from([rooms[0].0, last]));
    for (socket, mine, follows) in &mut sockets {
        keeps(socket, mine, *follows).await;
        assert_eq!(*mine, list, "follows: {follows}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ref_comes_back_as_it_was_or_not_at_all() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let (mut socket, _) = gateway(&alice, "").await;
    for text in [
        "0",
        "-7",
        "1.5",
        "9007199254740993",
        "18446744073709551615",
        "-9223372036854775808",
        "\"18446744073709551616\"",
    ] {
        socket.ws.send(Message::text(format!("{{\"type\":\"ping\",\"ref\":{text}}}"))).await.unwrap();
        assert_eq!(socket.expect("pong").await["ref"].to_string(), text);
    }
    for text in ["18446744073709551616", "-9223372036854775809", "1e30", "[1]", "true"] {
        socket.ws.send(Message::text(format!("{{\"type\":\"ping\",\"ref\":{text}}}"))).await.unwrap();
        let error = socket.expect("error").await;
        assert_eq!((&error["ref"], &error["code"]), (&json!(null), &json!("validation_failed")), "{text}");
        assert_eq!(error["data"]["errors"][0]["field"], "ref", "{error}");
    }
}
