//! A change of roles counts on every instance, for requests and for sockets, whoever made it.

use std::time::{Duration, Instant};

use serde_json::json;
use trunkline::{realtime::permits::COMMANDS, server::operations};

use super::{administrator, gives, makes};
use crate::support::{Person, Socket, World};

/// Waits until a request is answered like this; the contract gives it a second.
async fn within_a_second(who: &Person, path: &str, status: u16) {
    let begun = Instant::now();
    while who.get(path).await.status != status {
        assert!(begun.elapsed() < Duration::from_secs(1), "{path} is not {status}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn every_command_needs_what_an_operation_needs() {
    let operations = operations();
    for (command, permission) in COMMANDS {
        let known = operations.iter().any(|operation| operation.permission == permission);
        assert!(known, "{command} needs {permission}, which is no operation");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_psql_counts_everywhere_within_a_second() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    here.listens(&world).await;
    world.rings().await;
    let alice = here.person("Alice").await;
    let psql = world.psql().await;
    let both = [alice.clone(), alice.at(&there)];
    for (sql, status) in [
        ("delete from user_roles", 403),
        ("insert into user_roles (user_id, role) select id, 'user' from users", 200),
        (
            "update roles set permissions = array_remove(permissions, 'GET:/api/v1/chats') where name = 'user'",
            403,
        ),
        ("update user_roles set role = 'admin'", 200),
        ("truncate user_roles", 403),
        ("insert into user_roles (user_id, role) select id, 'admin' from users", 200),
        ("update roles set permissions = '{}'", 403),
        ("update roles set permissions = '{*}', name = 'queen' where name = 'admin'", 200),
        ("delete from roles where name = 'queen'", 403),
    ] {
        psql.batch_execute(sql).await.unwrap();
        for who in &both {
            within_a_second(who, "/api/v1/chats", status).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_counts_after_a_lost_bell() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    here.listens(&world).await;
    alice.get("/api/v1/chats").await.expect(200);
    let psql = world.superuser().await;
    // No notification for this one, and the connection that would have heard it ends.
    psql.batch_execute("set session_replication_role = replica; delete from user_roles").await.unwrap();
    alice.get("/api/v1/chats").await.expect(200);
    let end = "select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'trunkline listener%'";
    psql.execute(end, &[]).await.unwrap();
    within_a_second(&alice, "/api/v1/chats", 403).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_closed_when_no_role_permits_it_any_more() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    let chat = alice.creates_chat("Lobby").await;
    let mut one = alice.opens(chat).await;
    let mut other = alice.at(&there).opens(chat).await;
    let mut gateway = Socket::open(&there.base, "/api/v1/ws", &alice.token).await.unwrap();
    gateway.expect("welcome").await;
    makes(&admin, "gatekeeper", &["GET:/api/v1/ws"]).await;
    gives(&admin, &alice, &["gatekeeper"]).await;
    assert_eq!(one.closed().await.0, 4403);
    assert_eq!(other.closed().await.0, 4403);
    gateway.sends(&json!({"type": "ping", "ref": 1})).await;
    gateway.expect("pong").await;
    gives(&admin, &alice, &[]).await;
    assert_eq!(gateway.closed().await.0, 4403);
    world.rings().await;
    let path = format!("/api/v1/chats/{chat}");
    for path in [path.as_str(), "/api/v1/ws"] {
        let refused = Socket::open(&there.base, path, &alice.token).await.err().unwrap();
        assert_eq!(refused, 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_needs_what_its_operation_needs() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    let chat = alice.creates_chat("Lobby").await;
    makes(&admin, "reader", &["GET:/api/v1/ws", "GET:/api/v1/chats/{chat_id}"]).await;
    gives(&admin, &alice, &["reader"]).await;
    let mut socket = Socket::open(&here.base, "/api/v1/ws", &alice.token).await.unwrap();
    socket.expect("welcome").await;
    socket.sends(&json!({"type": "chat.subscribe", "ref": 1, "chat_id": chat})).await;
    socket.expect("ack").await;
    socket.expect("caught_up").await;
    for (command, permission) in COMMANDS {
        if permission == "GET:/api/v1/chats/{chat_id}" {
            continue;
        }
        socket.sends(&json!({"type": command, "ref": command, "chat_id": chat, "content": "hello"})).await;
        let error = socket.expect("error").await;
        assert_eq!((&error["ref"], &error["code"]), (&json!(command), &json!("forbidden")), "{error}");
    }
    gives(&admin, &alice, &["user"]).await;
    socket.sends(&json!({"type": "chat.read", "ref": 2, "chat_id": chat, "seq": 0})).await;
    socket.expect("ack").await;
}
