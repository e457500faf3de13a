//! Shutting somebody out: by an administrator, by psql, by the command line; at once and everywhere.

use serde_json::json;
use tokio::{io::AsyncWriteExt, task::JoinSet};
use uuid::Uuid;

use super::signing_in::dies;
use crate::{
    commands::{Folder, shared},
    support::{Person, Socket, Visitor, World},
};

const LOGIN: &str = "/api/v1/auth/login";

fn status_of(person: &Person) -> String {
    format!("/api/v1/users/{}/status", person.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_is_out_everywhere() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    there.listens(&world).await;
    let (root, alice) = (here.person("Root").await, here.person("Alice").await);
    world.promotes(root.id).await;
    let psql = world.psql().await;
    for by_psql in [false, true] {
        let mut alice = alice.clone();
        alice.signs_in().await;
        let chat = alice.creates_chat(&format!("Room {by_psql}")).await;
        let (mut near, mut far) = (alice.opens(chat).await, alice.at(&there).opens(chat).await);
        if by_psql {
            let sql = "update users set status = 'suspended' where id = $1";
            psql.execute(sql, &[&alice.id]).await.unwrap();
        } else {
            let user = root.put(&status_of(&alice), &json!({"status": "suspended"})).await.expect(200);
            assert_eq!((&user["status"], &user["id"]), (&json!("suspended"), &json!(alice.id)));
            alice.get("/api/v1/users/me").await.refused(401, "not_signed_in");
        }
        assert_eq!((near.closed().await.0, far.closed().await.0), (4401, 4401));
        dies(&alice).await;
        dies(&alice.at(&there)).await;
        let form = json!({"email": alice.email, "password": "trunkline1"});
        Visitor::at(&there.base).post(LOGIN, &form).await.refused(403, "suspended");
        root.put(&status_of(&alice), &json!({"status": "active"})).await.expect(200);
        alice.get("/api/v1/users/me").await.refused(401, "not_signed_in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_suspend_and_never_themselves() {
    let world = World::new().await;
    let here = world.instance().await;
    let (root, alice, bob) =
        (here.person("Root").await, here.person("Alice").await, here.person("Bob").await);
    world.promotes(root.id).await;
    let suspended = json!({"status": "suspended"});
    for who in [&alice, &bob] {
        alice.put(&status_of(who), &suspended).await.refused(403, "forbidden");
    }
    let nobody = format!("/api/v1/users/{}/status", Uuid::now_v7());
    alice.put(&nobody, &suspended).await.refused(403, "forbidden");
    root.put(&nobody, &suspended).await.refused(404, "not_found");
    root.put(&status_of(&root), &suspended).await.refused(409, "conflict");
    let refused =
        root.put(&status_of(&bob), &json!({"status": "gone"})).await.refused(400, "validation_failed");
    assert_eq!(refused["errors"][0]["field"], "status");
    root.put(&status_of(&bob), &json!({"status": "active"})).await.expect(200);
    bob.get("/api/v1/users/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_slips_in_while_they_are_suspended() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut logins = JoinSet::new();
    for _ in 0..30 {
        let (visitor, form) =
            (Visitor::at(&here.base), json!({"email": alice.email, "password": "trunkline1"}));
        logins.spawn(async move { visitor.post(LOGIN, &form).await.status });
    }
    let psql = world.psql().await;
    psql.execute("update users set status = 'suspended' where id = $1", &[&alice.id]).await.unwrap();
    let statuses = logins.join_all().await;
    assert!(statuses.iter().all(|status| [200, 403].contains(status)), "{statuses:?}");
    let sql = "select count(*) from sessions where user_id = $1 and revoked_at is null";
    let open: i64 = psql.query_one(sql, &[&alice.id]).await.unwrap().get(0);
    assert_eq!(open, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_look_after_accounts() {
    let world = World::new().await;
    let here = world.instance().await;
    here.listens(&world).await;
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.push(("TRUNKLINE_AUTH__BCRYPT_COST", "4"));
    let visitor = Visitor::at(&here.base);
    let email = "carol@example.com";
    let create = ["user", "create", "--email", email, "--name", "Carol", "--role", "admin", "--json"];
    let (code, out, err) = folder.run(&create, &env).await;
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let made: serde_json::Value = serde_json::from_str(&out).unwrap();
    let password = made["password"].as_str().unwrap();
    let pair = visitor.post(LOGIN, &json!({"email": email, "password": password})).await.expect(200);
    let mut carol = here.person("Carol").await;
    (carol.email, carol.token) = (email.into(), pair["access_token"].as_str().unwrap().into());
    let me = carol.get("/api/v1/users/me").await.expect(200);
    assert_eq!((&me["roles"], &me["id"]), (&json!(["admin", "user"]), &made["id"]));
    let (code, _, err) = folder.run(&create, &env).await;
    assert!(code == 1 && err.lines().count() == 1 && err.contains("taken"), "{err}");
    let weak = ["user", "create", "--email", "x@example.com", "--name", "X", "--password", "weak"];
    let (code, _, err) = folder.run(&weak, &env).await;
    assert!(code == 1 && err.contains("password"), "{err}");

    // The only administrator stays one, whoever asks.
    for command in [&["user", "set-roles", email, "user"][..], &["user", "suspend", email]] {
        let (code, _, err) = folder.run(command, &env).await;
        assert!(
            code == 1 && err.lines().count() == 1 && err.contains("nobody who may do everything"),
            "{err}"
        );
    }
    let root = here.person("Root").await;
    world.promotes(root.id).await;
    let (code, ..) = folder.run(&["user", "set-roles", email, "user"], &env).await;
    assert_eq!(code, 0);
    assert_eq!(carol.get("/api/v1/users/me").await.expect(200)["roles"], json!(["user"]));
    let (code, _, err) = folder.run(&["user", "set-roles", email, "king"], &env).await;
    assert!(code == 1 && err.contains("king"), "{err}");

    let mut set = folder.command(&["user", "set-password", email], &env);
    let mut set = set.stdin(std::process::Stdio::piped()).spawn().unwrap();
    set.stdin.take().unwrap().write_all(b"another 1 password\n").await.unwrap();
    assert!(set.wait().await.unwrap().success());
    dies(&carol).await;
    let form = json!({"email": email, "password": "another 1 password"});
    let pair = visitor.post(LOGIN, &form).await.expect(200);
    carol.token = pair["access_token"].as_str().unwrap().into();
    let mut socket = Socket::open(&here.base, "/api/v1/ws", &carol.token).await.unwrap();
    let (code, ..) = folder.run(&["user", "suspend", email], &env).await;
    assert_eq!((code, socket.closed().await.0), (0, 4401));
    visitor.post(LOGIN, &form).await.refused(403, "suspended");
    for _ in 0..2 {
        let (code, ..) = folder.run(&["user", "unsuspend", email], &env).await;
        assert_eq!(code, 0);
        visitor.post(LOGIN, &form).await.expect(200);
    }
    for command in ["suspend", "unsuspend"] {
        let (code, _, err) = folder.run(&["user", command, "nobody@example.com"], &env).await;
        assert!(code == 1 && err.lines().count() == 1, "{err}");
    }
    // All of it stands in the audit as what it was.
    let path = format!("/api/v1/audit?sort=at&target={}", made["id"].as_str().unwrap());
    let records = root.get(&path).await.expect(200);
    let noted: Vec<_> = records["items"].as_array().unwrap().iter().collect();
    let actions: Vec<_> = noted.iter().map(|record| record["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["role_given", "role_taken", "password_changed", "user_suspended", "user_activated"]);
    for record in noted {
        assert_eq!((&record["data"]["via"], &record["actor_id"]), (&json!("command line"), &json!(null)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_shut_each_other_out_leave_one() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (one, other) = (here.person("One").await, here.person("Other").await);
    world.promotes(one.id).await;
    world.promotes(other.id).await;
    let (suspended, elsewhere) = (json!({"status": "suspended"}), other.at(&there));
    let (path, other_path) = (status_of(&other), status_of(&one));
    let (a, b) = tokio::join!(one.put(&path, &suspended), elsewhere.put(&other_path, &suspended));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert!([[200, 409], [200, 401]].contains(&statuses), "{} {}", a.body, b.body);
}
