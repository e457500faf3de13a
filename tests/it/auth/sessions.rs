//! Where somebody is signed in, and how a session ends: its tokens and its sockets, on every instance.

use serde_json::{Value, json};
use uuid::Uuid;

use super::signing_in::dies;
use crate::support::{Person, Socket, Visitor, World};

const SESSIONS: &str = "/api/v1/auth/sessions";
const PASSWORD: &str = "/api/v1/auth/password";
const LOGIN: &str = "/api/v1/auth/login";

/// The id of the session someone is in.
async fn session_of(person: &Person) -> String {
    let list = person.get(SESSIONS).await.expect(200);
    let current = list["items"].as_array().unwrap().iter().find(|session| session["current"] == true);
    current.unwrap()["id"].as_str().unwrap().to_owned()
}

/// A gateway of theirs, past its welcome.
async fn gateway(person: &Person) -> Socket {
    let mut socket = Socket::open(&person.base, "/api/v1/ws", &person.token).await.unwrap();
    socket.expect("welcome").await;
    socket
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sees_where_one_is_signed_in() {
    let world = World::new().await;
    let here = world.instance().await;
    let mut alice = here.person("Alice").await;
    here.person("Bob").await;
    let first = alice.clone();
    let agent = [("user-agent", "Firefox"), ("x-forwarded-for", "198.51.100.7")];
    let form = json!({"email": alice.email, "password": "trunkline1"});
    Visitor::at(&here.base).post_with(LOGIN, &agent, &form).await.expect(200);
    alice.signs_in().await;
    let list = alice.get(SESSIONS).await.expect(200);
    assert_eq!((&list["total"], list["items"].as_array().unwrap().len()), (&json!(3), 3));
    let firefox = &list["items"][1];
    assert_eq!(
        (&firefox["user_agent"], &firefox["address"], &firefox["current"]),
        (&json!("Firefox"), &json!("198.51.100.7"), &json!(false))
    );
    assert_eq!(firefox.as_object().unwrap().len(), 6, "{firefox}");
    assert_eq!((&list["items"][0]["current"], &list["items"][2]["current"]), (&json!(true), &json!(false)));
    let oldest = alice.get(&format!("{SESSIONS}?sort=created_at&limit=1")).await.expect(200);
    assert_eq!(oldest["items"][0]["id"], json!(session_of(&first).await));
    let csv = alice.request(reqwest::Method::GET, &format!("{SESSIONS}?format=csv")).send().await.unwrap();
    assert_eq!(csv.text().await.unwrap().lines().count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_ended_is_over_everywhere() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    there.listens(&world).await;
    let mut alice = here.person("Alice").await;
    let left = alice.clone();
    alice.signs_in().await;
    let (mut near, mut far, mut mine) =
        (gateway(&left).await, gateway(&left.at(&there)).await, gateway(&alice.at(&there)).await);
    let path = format!("{SESSIONS}/{}", session_of(&left).await);
    alice.delete(&path).await.expect(204);
    left.get(SESSIONS).await.refused(401, "not_signed_in");
    assert_eq!((near.closed().await.0, far.closed().await.0), (4401, 4401));
    dies(&left.at(&there)).await;
    let spent = json!({"refresh_token": left.refresh_token});
    Visitor::at(&there.base).post("/api/v1/auth/token/refresh", &spent).await.refused(401, "session_over");
    alice.delete(&path).await.refused(404, "not_found");
    assert_eq!(alice.get(SESSIONS).await.expect(200)["total"], 1);
    mine.hears_nothing().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_session_is_not_there() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
    for id in [session_of(&alice).await, Uuid::now_v7().to_string()] {
        eve.delete(&format!("{SESSIONS}/{id}")).await.refused(404, "not_found");
    }
    alice.get(SESSIONS).await.expect(200);
    let refused = eve.delete(&format!("{SESSIONS}/mine")).await.refused(400, "validation_failed");
    assert_eq!(refused["errors"], json!([{"field": "id", "message": "must be a UUID"}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_other_session() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    there.listens(&world).await;
    let mut alice = here.person("Alice").await;
    let left = alice.clone();
    alice.signs_in().await;
    let (mut far, mut mine) = (gateway(&left.at(&there)).await, gateway(&alice.at(&there)).await);
    let change = async |old: &str, new: &str| {
        alice.post(PASSWORD, &json!({"current_password": old, "new_password": new})).await
    };
    for (new, field) in [("short1", "new_password"), ("lettersonly", "new_password")] {
        let refused = change("trunkline1", new).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field);
    }
    change("trunkline2", "trunkline3").await.refused(403, "wrong_password");
    left.get(SESSIONS).await.expect(200);
    change("trunkline1", "trunkline3").await.expect(204);
    left.get(SESSIONS).await.refused(401, "not_signed_in");
    assert_eq!(far.closed().await.0, 4401);
    dies(&left.at(&there)).await;
    alice.at(&there).get(SESSIONS).await.expect(200);
    mine.hears_nothing().await;
    let visitor = Visitor::at(&there.base);
    let old = json!({"email": alice.email, "password": "trunkline1"});
    visitor.post(LOGIN, &old).await.refused(401, "wrong_credentials");
    let new = json!({"email": alice.email, "password": "trunkline3"});
    visitor.post(LOGIN, &new).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_a_password_at_once_one_does() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let mut alice = here.person("Alice").await;
    let one = alice.clone();
    alice.signs_in().await;
    let other = alice.at(&there);
    let form = |new: &str| json!({"current_password": "trunkline1", "new_password": new});
    let (first, second) = (form("trunkline2"), form("trunkline3"));
    let (a, b) = tokio::join!(one.post(PASSWORD, &first), other.post(PASSWORD, &second));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    // The one that came second is wrong by then, or its session over.
    assert!(statuses[0] == 204 && [401, 403].contains(&statuses[1]), "{a:?} {b:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_while_nobody_listened_is_over_all_the_same() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (mut hers, mut his) = (gateway(&alice).await, gateway(&bob).await);
    let psql = world.superuser().await;
    // In one transaction with the end of the connection that listens: the notification has nobody to tell.
    let deaf = "
        begin;
        update sessions set revoked_at = now(), revoked_because = 'stolen' where user_id = '$ALICE';
        delete from sessions where user_id = '$BOB';
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'trunkline listener%';
        select pg_sleep(0.2);
        commit;";
    let deaf = deaf.replace("$ALICE", &alice.id.to_string()).replace("$BOB", &bob.id.to_string());
    psql.batch_execute(&deaf).await.unwrap();
    assert_eq!((hers.closed().await.0, his.closed().await.0), (4401, 4401));
    dies(&alice).await;
    dies(&bob).await;
}

/// The part of a problem that is the same for everyone.
pub fn faceless(mut problem: Value) -> Value {
    problem["instance"] = Value::Null;
    problem
}
