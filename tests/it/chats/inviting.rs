//! Invites: made, counted, revoked, and accepted.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Answer, Person, Socket, World};

fn path(chat: Uuid) -> String {
    format!("/api/v1/chats/{chat}/invites")
}

async fn invites(person: &Person, chat: Uuid, body: &Value) -> Value {
    person.post(&path(chat), body).await.expect(201)
}

async fn accepts(person: &Person, invite: &Value) -> Answer {
    person.act(&format!("/api/v1/invites/{}/accept", invite["token"].as_str().unwrap())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_brings_the_token_comes_in() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    there.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, there.person("Bob").await);
    let chat = alice.creates_private_chat("Attic").await;
    alice.says(chat, "before").await;
    let invite = alice.act(&path(chat)).await.expect(201);
    assert_eq!(
        (&invite["max_uses"], &invite["uses"], &invite["expires_at"]),
        (&Value::Null, &json!(0), &Value::Null)
    );
    assert_eq!(invite["created_by"], json!(alice.id));
    assert!(invite["token"].as_str().unwrap().len() >= 43);

    let mut gateway = Socket::open(&there.base, "/api/v1/ws", &bob.token).await.unwrap();
    gateway.expect("welcome").await;
    let joined = accepts(&bob, &invite).await.expect(200);
    assert_eq!((&joined["id"], &joined["member_count"]), (&json!(chat), &json!(2)));
    assert_eq!(gateway.expect("chat_added").await["chat"]["id"], json!(chat));
    // Once more takes no use; nor does it for the one who made it.
    assert_eq!(accepts(&bob, &invite).await.expect(200), joined);
    accepts(&alice, &invite).await.expect(200);
    let log = alice.get(&format!("/api/v1/chats/{chat}/log?after_seq=1")).await.expect(200);
    let entries = log["items"].as_array().unwrap();
    assert_eq!((entries.len(), &entries[0]["type"]), (1, &json!("member_joined")));
    assert_eq!((&entries[0]["actor_id"], &entries[0]["member"]["role"]), (&json!(bob.id), &json!("member")));
    assert_eq!(entries[0]["member"]["last_read_seq"], 1);

    let list = alice.get(&path(chat)).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["uses"]), (&json!(1), &json!(1)));
    assert!(list["items"][0].get("token").is_none());
    // Who was removed may come in again, as long as it is good.
    alice.delete(&format!("/api/v1/chats/{chat}/members/{}", bob.id)).await.expect(204);
    accepts(&bob, &invite).await.expect(200);
    assert_eq!(alice.get(&path(chat)).await.expect(200)["items"][0]["uses"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_nowhere_but_in_the_answer() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Attic").await;
    let keyed = async |body: &Value| {
        let request = alice.request(Method::POST, &path(chat)).header("idempotency-key", "k1");
        Person::send(request.json(body)).await
    };
    let invite = keyed(&json!({"max_uses": 1})).await.expect(201);
    assert_eq!(keyed(&json!({"max_uses": 1})).await.expect(201), invite, "the same answer, token and all");
    keyed(&json!({"max_uses": 2})).await.refused(409, "idempotency_key_reused");
    let token = invite["token"].as_str().unwrap();
    let psql = world.psql().await;
    let tables = "select table_name::text from information_schema.tables where table_schema = 'public'";
    for table in psql.query(tables, &[]).await.unwrap() {
        let sql = format!(
            "select count(*) from {} as t where t::text like '%' || $1 || '%'",
            table.get::<_, String>(0)
        );
        let found: i64 = psql.query_one(&sql, &[&token]).await.unwrap().get(0);
        assert_eq!(found, 0, "{sql}");
    }
    accepts(&bob, &invite).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_uses_let_five_of_fifty_in() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let chat = alice.creates_private_chat("Attic").await;
    let invite = invites(&alice, chat, &json!({"max_uses": 5})).await;
    let accept = format!("/api/v1/invites/{}/accept", invite["token"].as_str().unwrap());
    let mut people = Vec::new();
    for n in 0..50 {
        people.push(if n % 2 == 0 { &here } else { &there }.person(&format!("P{n}")).await);
    }
    let mut all = JoinSet::new();
    for person in people {
        let accept = accept.clone();
        all.spawn(async move {
            // Each twice at once: that is one use.
            let nothing = json!({});
            let come = || person.insists(Method::POST, &accept, &nothing);
            let (one, two) = tokio::join!(come(), come());
            assert_eq!(one.status, two.status, "{} {}", one.body, two.body);
            one
        });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 5);
    for answer in answers.into_iter().filter(|answer| answer.status != 200) {
        answer.refused(404, "not_found");
    }
    let shown = alice.get(&format!("/api/v1/chats/{chat}")).await.expect(200);
    assert_eq!((&shown["member_count"], &shown["last_seq"]), (&json!(6), &json!(5)));
    let list = alice.get(&path(chat)).await.expect(200);
    assert_eq!((&list["items"][0]["uses"], &list["items"][0]["max_uses"]), (&json!(5), &json!(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn spent_expired_revoked_and_made_up_are_alike() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob, carol) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Carol").await);
    let chat = alice.creates_private_chat("Attic").await;
    let other = alice.creates_private_chat("Cellar").await;
    let once = invites(&alice, chat, &json!({"max_uses": 1})).await;
    accepts(&bob, &once).await.expect(200);
    // The one whom the last use let in may ask again: an answer may have been lost.
    accepts(&bob, &once).await.expect(200);
    let short = invites(&alice, chat, &json!({"expires_in": 3600})).await;
    let sql = "update invites set expires_at = now() - interval '1 second' where expires_at is not null";
    let psql = world.psql().await;
    psql.execute(sql, &[]).await.unwrap();
    let revoked = invites(&alice, chat, &json!({})).await;
    let place = |invite: &Value| format!("{}/{}", path(chat), invite["id"].as_str().unwrap());
    alice
        .delete(&format!("{}/{}", path(other), revoked["id"].as_str().unwrap()))
        .await
        .refused(404, "not_found");
    alice.delete(&place(&revoked)).await.expect(204);
    alice.delete(&place(&revoked)).await.refused(404, "not_found");
    let mut details = Vec::new();
    for invite in [&once, &short, &revoked, &json!({"token": "made-up"}), &json!({"token": "%00"})] {
        details.push(accepts(&carol, invite).await.refused(404, "not_found")["detail"].clone());
    }
    details.dedup();
    assert_eq!(details, ["there is no such invite"]);
    let list = alice.get(&path(chat)).await.expect(200);
    assert_eq!((&list["total"], &list["items"][0]["id"]), (&json!(1), &once["id"]));
    // A deleted chat takes its invites along.
    let last = invites(&alice, chat, &json!({})).await;
    alice.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    accepts(&carol, &last).await.refused(404, "not_found");
    let left: i64 = psql.query_one("select count(*) from invites", &[]).await.unwrap().get(0);
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_invite_may_say_is_checked() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    for (bad, field) in [
        (json!({"max_uses": 0}), "max_uses"),
        (json!({"max_uses": 1_000_001}), "max_uses"),
        (json!({"max_uses": "5"}), "max_uses"),
        (json!({"max_uses": 1.5}), "max_uses"),
        (json!({"expires_in": 0}), "expires_in"),
        (json!({"expires_in": -1}), "expires_in"),
        (json!({"expires_in": 315_360_001}), "expires_in"),
    ] {
        let refused = alice.post(&path(chat), &bad).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{bad}");
    }
    let invite = invites(&alice, chat, &json!({"max_uses": 1_000_000, "expires_in": 315_360_000})).await;
    let expires = chrono::DateTime::parse_from_rfc3339(invite["expires_at"].as_str().unwrap()).unwrap();
    let days = (expires.to_utc() - chrono::Utc::now()).num_days();
    assert!((3648..=3651).contains(&days), "{days}");
    for n in 0..3 {
        invites(&alice, chat, &json!({"max_uses": n + 1})).await;
    }
    let page = alice.get(&format!("{}?limit=2&offset=1", path(chat))).await.expect(200);
    let uses: Vec<_> = page["items"].as_array().unwrap().iter().map(|invite| &invite["max_uses"]).collect();
    assert_eq!((uses, &page["total"]), (vec![&json!(2), &json!(1)], &json!(4)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_put_out_does_not_come_back_with_an_invite_of_their_own() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Lobby").await;
    alice
        .post(&format!("/api/v1/chats/{chat}/members"), &json!({"user_id": bob.id, "role": "admin"}))
        .await
        .expect(201);
    let (own, hers) = (invites(&bob, chat, &json!({})).await, invites(&alice, chat, &json!({})).await);
    alice.delete(&format!("/api/v1/chats/{chat}/members/{}", bob.id)).await.expect(204);
    accepts(&bob, &own).await.refused(404, "not_found");
    // What others have made goes on.
    accepts(&bob, &hers).await.expect(200);
}
