//! What is noted, and with whom.

use serde_json::json;

use super::{actions, administrator, noted};
use crate::support::{Instance, Person, Visitor, World};

async fn two(world: &World) -> (Instance, Person, Person) {
    let here = world.instance().await;
    let (admin, alice) = (administrator(world, &here).await, here.person("Alice").await);
    (here, admin, alice)
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_who_is_given_them() {
    let world = World::new().await;
    let (_here, admin, alice) = two(&world).await;
    let role = json!({"name": "greeter", "permissions": ["GET:/api/v1/users"]});
    admin.post("/api/v1/roles", &role).await.expect(201);
    let permissions = json!({"permissions": ["GET:/api/v1/users/me"]});
    admin.put("/api/v1/roles/greeter/permissions", &permissions).await.expect(200);
    admin.put("/api/v1/roles/greeter/permissions", &json!({"permissions": ["*", "x"]})).await.expect(400);
    let path = format!("/api/v1/users/{}/roles", alice.id);
    admin.put(&path, &json!({"roles": ["greeter"]})).await.expect(200);
    admin.put(&path, &json!({"roles": ["nobody"]})).await.expect(400);
    admin.delete("/api/v1/roles/greeter").await.expect(204);
    let of_role = noted(&admin, "greeter").await;
    assert_eq!(actions(&of_role), ["role_created", "role_changed", "role_deleted"]);
    assert_eq!(
        of_role[1]["data"],
        json!({"added": ["GET:/api/v1/users/me"], "removed": ["GET:/api/v1/users"]})
    );
    let of_alice = noted(&admin, alice.id).await;
    // What a new account gets is no news; a role that goes is taken from those who had it.
    assert_eq!(actions(&of_alice), ["role_taken", "role_given", "role_taken"]);
    for record in of_role.iter().chain(&of_alice) {
        assert_eq!((&record["actor_id"], &record["address"]), (&json!(admin.id), &json!("127.0.0.1")));
    }
    // In psql nobody has a name.
    let of_admin = noted(&admin, admin.id).await;
    assert_eq!(actions(&of_admin), ["role_given"]);
    assert_eq!((&of_admin[0]["actor_id"], &of_admin[0]["data"]), (&json!(null), &json!({"role": "admin"})));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_to_people() {
    let world = World::new().await;
    let (_here, admin, alice) = two(&world).await;
    alice.patch("/api/v1/users/me", &json!({"bio": "Mine to change."})).await.expect(200);
    let profile =
        json!({"name": "Alicia", "username": "alicia", "email": alice.email, "contacts": {"qq": "12345"}});
    admin.put(&format!("/api/v1/users/{}", alice.id), &profile).await.expect(200);
    let psql = world.psql().await;
    for sql in [
        // First: who is suspended has no session left to revoke.
        "update sessions set revoked_at = now(), revoked_because = 'stolen' where user_id = $1",
        "update users set status = 'suspended' where id = $1",
        "update users set status = 'active' where id = $1",
        "update users set password_hash = 'another' where id = $1",
        "update users set last_online_at = now() where id = $1",
        "delete from users where id = $1",
    ] {
        psql.execute(sql, &[&alice.id]).await.unwrap();
    }
    let records = noted(&admin, alice.id).await;
    let expected = [
        "profile_changed",
        "user_suspended",
        "user_activated",
        "password_changed",
        "role_taken",
        "user_deleted",
    ];
    let mut found = actions(&records);
    // Which of the two that go together comes first is nobody's promise.
    found[4..].sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(records[0]["data"], json!({"fields": ["username", "name", "contacts"]}));
    assert_eq!(records[0]["actor_id"], json!(admin.id));
    let whole = serde_json::to_string(&records).unwrap();
    assert!(!whole.contains("12345") && !whole.contains("another"), "{whole}");
    let sessions = admin.get("/api/v1/audit?action=session_revoked").await.expect(200);
    assert_eq!(sessions["items"][0]["data"], json!({"user_id": alice.id, "because": "stolen"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_does_to_their_own_tokens_and_sessions_is_theirs() {
    let world = World::new().await;
    let (here, admin, alice) = two(&world).await;
    let made = alice.post("/api/v1/auth/tokens", &json!({"name": "bot"})).await.expect(201);
    let token = made["id"].as_str().unwrap();
    alice.delete(&format!("/api/v1/auth/tokens/{token}")).await.expect(204);
    let login = json!({"email": alice.email, "password": "trunkline1"});
    Visitor::at(&here.base).post("/api/v1/auth/login", &login).await.expect(200);
    let sessions = alice.get("/api/v1/auth/sessions").await.expect(200);
    let other =
        sessions["items"].as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
    let other = other["id"].as_str().unwrap();
    alice.delete(&format!("/api/v1/auth/sessions/{other}")).await.expect(204);
    let of_token = noted(&admin, token).await;
    assert_eq!(actions(&of_token), ["token_made", "token_revoked"]);
    let of_session = noted(&admin, other).await;
    assert_eq!(actions(&of_session), ["session_revoked"]);
    for record in of_token.iter().chain(&of_session) {
        assert_eq!((&record["actor_id"], &record["address"]), (&json!(alice.id), &json!("127.0.0.1")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_to_a_chat() {
    let world = World::new().await;
    let (here, admin, alice) = two(&world).await;
    let (bob, carol) = (here.person("Bob").await, here.person("Carol").await);
    let chat = alice.creates_chat("Lobby").await;
    for who in [&bob, &carol] {
        who.joins(chat).await;
    }
    bob.leaves(chat).await;
    bob.joins(chat).await;
    alice.says(chat, "hello").await;
    let member = |who: &Person| format!("/api/v1/chats/{chat}/members/{}", who.id);
    alice.delete(&member(&carol)).await.expect(204);
    alice.delete(&format!("/api/v1/chats/{chat}/messages")).await.expect(204);
    alice.patch(&member(&bob), &json!({"role": "creator"})).await.expect(200);
    bob.delete(&format!("/api/v1/chats/{chat}")).await.expect(204);
    let records = noted(&admin, chat).await;
    let expected =
        ["member_removed", "messages_cleared", "member_role_changed", "chat_handed_over", "chat_deleted"];
    assert_eq!(actions(&records), expected);
    let who: Vec<_> = records.iter().map(|record| record["actor_id"].clone()).collect();
    let expected = [alice.id, alice.id, alice.id, alice.id, bob.id].map(|id| json!(id));
    assert_eq!(who, expected);
    assert_eq!(records[0]["data"], json!({"user_id": carol.id, "role": "member"}));
    assert_eq!(records[3]["data"], json!({"user_id": bob.id, "from": "member", "to": "creator"}));
    assert_eq!(records[4]["data"], json!({"kind": "group", "title": "Lobby"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_noted_of_what_did_not_happen() {
    let world = World::new().await;
    let (_here, admin, alice) = two(&world).await;
    let psql = world.psql().await;
    psql.batch_execute("begin; update users set status = 'suspended'; rollback").await.unwrap();
    admin
        .put(&format!("/api/v1/users/{}/roles", admin.id), &json!({"roles": []}))
        .await
        .refused(409, "conflict");
    assert_eq!(noted(&admin, alice.id).await, [json!(null); 0]);
    assert_eq!(actions(&noted(&admin, admin.id).await), ["role_given"]);
}
