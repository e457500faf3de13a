//! Direct chats: one between two people, and nobody else's.

use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Answer, Person, Socket, World};

const DIRECT: &str = "/api/v1/chats/direct";

async fn opens(person: &Person, other: &Person) -> Answer {
    person.post(DIRECT, &json!({"user_id": other.id})).await
}

fn id(chat: &Value) -> Uuid {
    serde_json::from_value(chat["id"].clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_have_one_chat_that_each_sees_with_the_other() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    here.listens(&world).await;
    there.listens(&world).await;
    let (alice, bob, eve) = (here.person("Alice").await, there.person("Bob").await, here.person("Eve").await);
    let mut gateways = Vec::new();
    for (person, instance) in [(&alice, &there), (&bob, &here), (&bob, &there)] {
        let mut socket =
            Socket::open(&instance.base, "/api/v1/ws?subscribe=all", &person.token).await.unwrap();
        socket.expect("welcome").await;
        gateways.push(socket);
    }
    let chat = opens(&alice, &bob).await.expect(201);
    let of = |field: &str| chat[field].clone();
    assert_eq!((of("kind"), of("visibility"), of("title")), (json!("direct"), json!("private"), Value::Null));
    assert_eq!((of("owner_id"), of("member_count"), of("last_seq")), (Value::Null, json!(2), json!(0)));
    assert_eq!((&chat["peer"]["user_id"], &chat["peer"]["name"]), (&json!(bob.id), &json!("Bob")));
    assert_eq!(chat["peer"]["avatar_url"], Value::Null);
    for (socket, peer) in gateways.iter_mut().zip([&bob, &alice, &alice]) {
        let added = socket.expect("chat_added").await;
        assert_eq!((&added["chat"]["id"], &added["chat"]["peer"]["user_id"]), (&chat["id"], &json!(peer.id)));
        socket.expect("caught_up").await;
    }
    assert_eq!(opens(&alice, &bob).await.expect(200), chat);
    let his = opens(&bob, &alice).await.expect(200);
    assert_eq!((&his["id"], &his["peer"]["user_id"]), (&chat["id"], &json!(alice.id)));

    alice.says(id(&chat), "hello").await;
    for socket in &mut gateways {
        assert_eq!(socket.hears(1).await, ["hello"]);
    }
    let path = format!("/api/v1/chats/{}", id(&chat));
    assert_eq!(bob.get(&path).await.expect(200)["peer"]["name"], "Alice");
    let listed = bob.get("/api/v1/chats").await.expect(200);
    assert_eq!(
        (&listed["items"][0]["peer"]["name"], &listed["items"][0]["unread_count"]),
        (&json!("Alice"), &json!(1))
    );
    for (search, total) in [("ali", 1), ("ALICE", 1), ("bob", 0), ("direct", 0)] {
        let found = bob.get(&format!("/api/v1/chats?search={search}")).await.expect(200);
        assert_eq!(
            (&found["total"], found["items"].as_array().unwrap().len()),
            (&json!(total), total),
            "{search}"
        );
    }
    // Nobody else knows of it, and nobody comes in or goes.
    for answer in [eve.get(&path).await, eve.act(&format!("{path}/join")).await] {
        answer.refused(404, "not_found");
    }
    assert_eq!(eve.get("/api/v1/chats?scope=public").await.expect(200)["total"], 0);
    bob.act(&format!("{path}/leave")).await.refused(403, "forbidden");
    let members = alice.get(&format!("{path}/members?sort=name")).await.expect(200);
    let roles: Vec<_> = members["items"].as_array().unwrap().iter().map(|member| &member["role"]).collect();
    assert_eq!(roles, ["member", "member"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_oneself_or_nobody_there_is_none() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let refused = opens(&alice, &alice).await.refused(400, "validation_failed");
    assert_eq!(refused["errors"][0]["field"], "user_id");
    for bad in [json!({}), json!({"user_id": "bob"}), json!({"user_id": null})] {
        let refused = alice.post(DIRECT, &bad).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "user_id");
    }
    alice.post(DIRECT, &json!({"user_id": Uuid::now_v7()})).await.refused(404, "not_found");
    let count: i64 = world.psql().await.query_one("select count(*) from chats", &[]).await.unwrap().get(0);
    assert_eq!(count, 0, "what was refused leaves nothing");
    // The same request again is answered as the first time, and another is not taken for it.
    let keyed = async |other: &Person| {
        let request = alice.request(reqwest::Method::POST, DIRECT).header("idempotency-key", "k1");
        Person::send(request.json(&json!({"user_id": other.id}))).await
    };
    let chat = keyed(&bob).await.expect(201);
    assert_eq!(keyed(&bob).await.expect(201), chat);
    keyed(&here.person("Carol").await).await.refused(409, "idempotency_key_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_ask_at_once_from_both_sides_it_is_one_chat() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    for round in 0..5 {
        let bob = there.person(&format!("Bob{round}")).await;
        let mut all = JoinSet::new();
        for n in 0..20 {
            let (asks, other) = if n % 2 == 0 { (&alice, &bob) } else { (&bob, &alice) };
            let (asks, other) = (asks.at(if n % 3 == 0 { &here } else { &there }), other.clone());
            all.spawn(async move { opens(&asks, &other).await });
        }
        let answers = all.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        let mut ids: Vec<_> = answers
            .into_iter()
            .map(|answer| {
                assert!([200, 201].contains(&answer.status), "{}", answer.body);
                assert_eq!(answer.body["member_count"], 2);
                id(&answer.body)
            })
            .collect();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let log = bob.get(&format!("/api/v1/chats/{}/log", ids[0])).await.expect(200);
        assert_eq!(log["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn psql_keeps_to_one_chat_for_two_too() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = opens(&alice, &bob).await.expect(201);
    let psql = world.psql().await;
    for (pair, constraint) in [
        ("array[$1::uuid, $2]", "chats_pair_"),
        ("array[$2::uuid, $1]", "chats_pair_"),
        ("case when $1::uuid <> $2 then null::uuid[] end", "chats_pair_check"),
        ("array[$1::uuid, $1, $2]", "chats_pair_check"),
    ] {
        let sql = format!("insert into chats (kind, visibility, pair) values ('direct', 'private', {pair})");
        let error = psql.execute(&sql, &[&alice.id, &bob.id]).await.unwrap_err();
        let broken = error.as_db_error().unwrap().constraint().unwrap().to_owned();
        assert!(broken.starts_with(constraint), "{broken}");
    }
    // Who was put out by SQL comes back by asking.
    let sql = "delete from members where chat_id = $1 and user_id = $2";
    psql.execute(sql, &[&id(&chat), &bob.id]).await.unwrap();
    bob.get(&format!("/api/v1/chats/{}", id(&chat))).await.refused(404, "not_found");
    let again = opens(&bob, &alice).await.expect(200);
    assert_eq!((&again["id"], &again["member_count"]), (&chat["id"], &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_opens_one_through_a_block() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    opens(&alice, &carol).await.expect(201);
    for other in [&bob, &carol] {
        alice.puts(&format!("/api/v1/blocks/{}", other.id)).await.expect(204);
        opens(&alice, other).await.refused(403, "blocked");
        opens(other, &alice).await.refused(403, "blocked");
    }
    // What they said is still there to be read.
    assert_eq!(carol.get("/api/v1/chats").await.expect(200)["total"], 1);
    alice.delete(&format!("/api/v1/blocks/{}", bob.id)).await.expect(204);
    opens(&bob, &alice).await.expect(201);
}
