//! Replacing a profile: one's own, or anyone's by an administrator.

use serde_json::json;
use uuid::Uuid;

use crate::support::{Person, World};

fn path(of: &Person) -> String {
    format!("/api/v1/users/{}", of.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn oneself_and_administrators_replace_a_profile_and_nobody_else() {
    let world = World::new().await;
    let here = world.instance().await;
    let (mut alice, bob, admin) =
        (here.person("Alice").await, here.person("Bob").await, here.person("Admin").await);
    world.promotes(admin.id).await;
    let contacts = json!({"qq": "1", "wechat": null, "github": null});
    let whole = json!({
        "name": " Alice L. ", "username": "alice.l", "email": " Alice@Example.org ", "bio": "Curious.",
        "contacts": contacts,
    });
    let user = alice.put(&path(&alice), &whole).await.expect(200);
    assert_eq!((&user["name"], &user["username"]), (&json!("Alice L."), &json!("alice.l")));
    assert_eq!((&user["email"], &user["bio"]), (&json!("Alice@Example.org"), &json!("Curious.")));
    assert_eq!(user["contacts"], contacts);
    assert_eq!(alice.get("/api/v1/users/me").await.expect(200), user);

    bob.put(&path(&alice), &whole).await.refused(403, "forbidden");
    let nobody = format!("/api/v1/users/{}", Uuid::now_v7());
    bob.put(&nobody, &whole).await.refused(404, "not_found");
    admin.put(&nobody, &whole).await.refused(404, "not_found");

    let less = json!({"name": "A", "username": "alice.l", "email": "al@example.org"});
    let user = admin.put(&path(&alice), &less).await.expect(200);
    assert_eq!((&user["name"], &user["email"]), (&json!("A"), &json!("al@example.org")));
    assert_eq!((&user["bio"], &user["contacts"]), (&json!("Curious."), &contacts), "left out, they stay");
    assert_eq!(user["roles"], json!(["user"]));
    alice.email = "AL@example.org".into();
    alice.signs_in().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_and_one_that_is_none() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let bobs = bob.get("/api/v1/users/me").await.expect(200);
    let with = |username: &str, email: &str| json!({"name": "A", "username": username, "email": email});
    let taken = bobs["username"].as_str().unwrap();
    alice.put(&path(&alice), &with(taken, &alice.email)).await.refused(409, "username_taken");
    let email = bob.email.to_uppercase();
    alice.put(&path(&alice), &with("alice", &email)).await.refused(409, "email_taken");
    for (body, field) in [
        (json!({"username": "alice", "email": alice.email}), "name"),
        (json!({"name": "A", "email": alice.email}), "username"),
        (json!({"name": "A", "username": "alice"}), "email"),
        (with("Alice", &alice.email), "username"),
        (with("alice", "nobody"), "email"),
        (with("alice", "a b@example.com"), "email"),
        (with("alice", &format!("{}@example.com", "a".repeat(250))), "email"),
    ] {
        let problem = alice.put(&path(&alice), &body).await.refused(400, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    // Two who want one name at once: one gets it.
    for round in 0..10 {
        let body = |who: &Person| with(&format!("wanted{round}"), &who.email);
        let (hers, his) = (body(&alice), body(&bob));
        let (one, other) = (path(&alice), path(&bob));
        let answers = tokio::join!(alice.put(&one, &hers), bob.put(&other, &his));
        let mut statuses = [answers.0.status, answers.1.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
}
