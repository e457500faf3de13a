//! Giving roles to people, and taking them away.

use serde_json::json;

use super::{administrator, gives, makes};
use crate::support::{Person, World};

const ME: &str = "/api/v1/users/me";

fn roles_of(person: &Person) -> String {
    format!("/api/v1/users/{}/roles", person.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn several_roles_permit_together_and_none_permits_nothing() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    makes(&admin, "seer", &["GET:/api/v1/users/me"]).await;
    makes(&admin, "finder", &["GET:/api/v1/users"]).await;
    let user = admin.put(&roles_of(&alice), &json!({"roles": ["seer", "finder", "seer"]})).await.expect(200);
    assert_eq!((&user["roles"], &user["email"]), (&json!(["finder", "seer"]), &json!(alice.email)));
    world.rings().await;
    for who in [alice.clone(), alice.at(&there)] {
        who.get(ME).await.expect(200);
        who.get("/api/v1/users").await.expect(200);
        let refused = who.get("/api/v1/chats").await.refused(403, "forbidden");
        assert!(refused["detail"].as_str().unwrap().contains("GET:/api/v1/chats"), "{refused}");
    }
    gives(&admin, &alice, &[]).await;
    alice.get(ME).await.refused(403, "forbidden");
    gives(&admin, &alice, &["user"]).await;
    alice.get("/api/v1/chats").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_roles_there_are_can_be_given_to_people_there_are() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, alice) = (administrator(&world, &here).await, here.person("Alice").await);
    let refused = admin.put(&roles_of(&alice), &json!({"roles": ["user", "queen"]})).await;
    assert_eq!(refused.refused(400, "validation_failed")["errors"][0]["field"], "roles");
    let nobody = format!("/api/v1/users/{}/roles", uuid::Uuid::now_v7());
    admin.put(&nobody, &json!({"roles": ["user"]})).await.refused(404, "not_found");
    alice.put(&roles_of(&alice), &json!({"roles": ["admin"]})).await.refused(403, "forbidden");
    assert_eq!(alice.get(ME).await.expect(200)["roles"], json!(["user"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_remains() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, mut other) = (administrator(&world, &here).await, here.person("Other").await);
    admin.put(&roles_of(&admin), &json!({"roles": ["user"]})).await.refused(409, "conflict");
    admin.put(&roles_of(&admin), &json!({"roles": []})).await.refused(409, "conflict");
    makes(&admin, "root", &["*"]).await;
    gives(&admin, &admin, &["root"]).await;
    admin.delete("/api/v1/roles/root").await.refused(409, "conflict");
    let nothing = json!({"permissions": []});
    admin.put("/api/v1/roles/root/permissions", &nothing).await.refused(409, "conflict");
    // Who is suspended is no administrator to rely on.
    gives(&admin, &other, &["admin"]).await;
    let suspend = "update users set status = 'suspended' where id = $1";
    world.psql().await.execute(suspend, &[&other.id]).await.unwrap();
    admin.delete("/api/v1/roles/root").await.refused(409, "conflict");
    let activate = "update users set status = 'active' where id = $1";
    world.psql().await.execute(activate, &[&other.id]).await.unwrap();
    admin.delete("/api/v1/roles/root").await.expect(204);
    admin.get("/api/v1/roles").await.refused(403, "forbidden");
    other.signs_in().await;
    other.get("/api/v1/roles").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_depose_each_other_at_once_leave_one() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (one, other) = (administrator(&world, &here).await, here.person("Other").await);
    for _ in 0..5 {
        gives(&one, &other, &["admin", "user"]).await;
        world.rings().await;
        let elsewhere = other.at(&there);
        let (path, other_path, body) = (roles_of(&other), roles_of(&one), json!({"roles": ["user"]}));
        let (a, b) = tokio::join!(one.put(&path, &body), elsewhere.put(&other_path, &body));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert!(statuses == [200, 409] || statuses == [200, 403], "{} {}", a.body, b.body);
        if b.status == 200 {
            // The other one is the administrator now: back to the beginning.
            gives(&other, &one, &["admin", "user"]).await;
        }
    }
}
