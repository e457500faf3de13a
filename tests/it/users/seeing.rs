//! Who sees what of whom.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, World};

const ME: &str = "/api/v1/users/me";

/// Which of the fields that are not for everyone somebody sees, in the profile and in the list.
async fn sees(viewer: &Person, of: &Person) -> Vec<&'static str> {
    let profile = viewer.get(&format!("/api/v1/users/{}", of.id)).await.expect(200);
    let listed = viewer.get("/api/v1/users?limit=100").await.expect(200);
    let items = listed["items"].as_array().unwrap();
    let same = items.iter().find(|item| item["id"] == json!(of.id)).unwrap();
    assert_eq!(&profile, same);
    for public in ["id", "username", "name", "bio", "avatar_url", "created_at", "updated_at"] {
        assert!(profile.get(public).is_some(), "{public}");
    }
    let guarded = ["email", "contacts", "roles", "status", "last_online_at"];
    guarded.into_iter().filter(|field| profile.get(*field).is_some()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn email_roles_and_status_are_for_oneself_and_administrators_contacts_also_for_friends() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, admin, friend) =
        (here.person("Alice").await, here.person("Admin").await, here.person("Friend").await);
    let (asks, asked, stranger, blocked, foe) = (
        here.person("Asks").await,
        here.person("Asked").await,
        here.person("Stranger").await,
        here.person("Blocked").await,
        here.person("Foe").await,
    );
    let contacts = json!({"qq": "10001", "wechat": "wx", "github": "gh"});
    alice.patch(ME, &json!({"contacts": contacts})).await.expect(200);
    world.promotes(admin.id).await;
    for other in [&friend, &blocked, &foe] {
        other.befriends(&alice).await.expect(201);
        alice.befriends(other).await.expect(200);
        assert_eq!(sees(other, &alice).await, ["contacts", "last_online_at"]);
    }
    asks.befriends(&alice).await.expect(201);
    alice.befriends(&asked).await.expect(201);
    alice.blocks(&blocked).await;
    foe.blocks(&alice).await;
    let all = ["email", "contacts", "roles", "status", "last_online_at"];
    for (viewer, fields) in [
        (&alice, &all[..]),
        (&admin, &all[..]),
        (&friend, &["contacts", "last_online_at"][..]),
        (&asks, &[]),
        (&asked, &[]),
        (&stranger, &[]),
        (&blocked, &[]),
        (&foe, &[]),
    ] {
        assert_eq!(sees(viewer, &alice).await, fields);
    }
    let profile = friend.get(&format!("/api/v1/users/{}", alice.id)).await.expect(200);
    assert_eq!(profile["contacts"], contacts);
    let profile = admin.get(&format!("/api/v1/users/{}", alice.id)).await.expect(200);
    assert_eq!((&profile["email"], &profile["roles"]), (&json!(alice.email), &json!(["user"])));
    friend.unfriends(&alice).await;
    assert_eq!(sees(&friend, &alice).await, [""; 0]);
    // A role that is taken away counts within a second.
    let demote = "delete from user_roles where role = 'admin'";
    world.psql().await.execute(demote, &[]).await.unwrap();
    world.rings().await;
    assert_eq!(sees(&admin, &alice).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_does_not_see_when_somebody_was_online() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    world.psql().await.execute("update users set last_online_at = now()", &[]).await.unwrap();
    let last = async |viewer: &Person, of: &Person| {
        let profile = viewer.get(&format!("/api/v1/users/{}", of.id)).await.expect(200);
        profile.get("last_online_at").cloned()
    };
    // Strangers do not see it either, in the profile or in a list.
    assert_eq!(last(&bob, &alice).await, None);
    let found = bob.get(&format!("/api/v1/users?search={}", alice.email)).await.expect(200);
    assert_eq!((&found["total"], found["items"][0].get("last_online_at")), (&json!(1), None));
    let chat = alice.creates_chat("Lobby").await;
    assert_eq!(last(&bob, &alice).await, None, "a public chat that he is not in");
    bob.joins(chat).await;
    let is_told = |at: Option<Value>| at.is_some_and(|at| at.is_string());
    assert!(is_told(last(&bob, &alice).await));
    alice.blocks(&bob).await;
    assert_eq!(last(&bob, &alice).await, None);
    assert!(is_told(last(&alice, &bob).await));
    assert!(is_told(last(&alice, &alice).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_not_there() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    alice.get(&format!("/api/v1/users/{}", Uuid::now_v7())).await.refused(404, "not_found");
    let problem = alice.get("/api/v1/users/7").await.refused(400, "validation_failed");
    assert_eq!(problem["errors"], json!([{"field": "id", "message": "must be a UUID"}]));
}
