//! Making, changing and removing roles.

use serde_json::{Value, json};
use trunkline::server::operations;

use super::{administrator, gives, makes};
use crate::support::World;

const ROLES: &str = "/api/v1/roles";
const ME: &str = "GET:/api/v1/users/me";

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_has_a_permission_of_its_own() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let mut listed = Vec::new();
    while listed.len() < operations().len() {
        let page = alice.get(&format!("/api/v1/routes?limit=100&offset={}", listed.len())).await.expect(200);
        assert_eq!(page["total"], operations().len());
        listed.extend_from_slice(page["items"].as_array().unwrap());
    }
    let me = listed.iter().find(|route| route["permission"] == ME).unwrap();
    assert_eq!(
        *me,
        json!({"method": "GET", "path": "/api/v1/users/me", "permission": ME, "summary": "My profile", "public": false})
    );
    let found = alice.get("/api/v1/routes?search=HEALTH%20live").await.expect(200);
    assert_eq!((&found["total"], &found["items"][0]["public"]), (&json!(1), &json!(true)));
    let page = alice.get("/api/v1/routes?limit=3&offset=2").await.expect(200);
    assert_eq!(page["items"], Value::Array(listed[2..5].to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_may_everything_but_administration() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let user = admin.get("/api/v1/roles/user").await.expect(200);
    let mut expected: Vec<_> = operations()
        .into_iter()
        .filter(|operation| !operation.public && !operation.is_administration)
        .map(|operation| operation.permission)
        .collect();
    expected.sort();
    assert_eq!(user["permissions"], json!(expected));
    let alice = here.person("Alice").await;
    for path in [ROLES, "/api/v1/roles/admin"] {
        alice.get(path).await.refused(403, "forbidden");
    }
    assert_eq!(admin.get("/api/v1/roles/admin").await.expect(200)["permissions"], json!(["*"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_server_adds_what_is_new_and_what_was_taken_stays_taken() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let path = "/api/v1/roles/user/permissions";
    admin.put(path, &json!({"permissions": [ME]})).await.expect(200);
    // As if this operation had not been there before.
    let forget = "delete from permissions where code in ('GET:/api/v1/chats', 'GET:/api/v1/roles')";
    world.psql().await.execute(forget, &[]).await.unwrap();
    let (one, other) = tokio::join!(world.instance(), world.instance());
    let user = admin.at(&one).get("/api/v1/roles/user").await.expect(200);
    assert_eq!(user["permissions"], json!(["GET:/api/v1/chats", ME]));
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_made_changed_and_removed() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let wish =
        json!({"name": "greeter", "description": "Says hello", "permissions": [ME, "GET:/api/v1/users", ME]});
    let made = admin.post(ROLES, &wish).await.expect(201);
    assert_eq!(made["permissions"], json!(["GET:/api/v1/users", ME]));
    admin.post(ROLES, &wish).await.refused(409, "conflict");
    assert_eq!(admin.get("/api/v1/roles/greeter").await.expect(200), made);
    let change = json!({"name": "host", "description": "Says hello, and good-bye"});
    let changed = admin.patch("/api/v1/roles/greeter", &change).await.expect(200);
    assert_eq!((&changed["name"], &changed["permissions"]), (&json!("host"), &made["permissions"]));
    admin.get("/api/v1/roles/greeter").await.refused(404, "not_found");
    admin.patch("/api/v1/roles/greeter", &change).await.refused(404, "not_found");
    admin.patch("/api/v1/roles/host", &json!({"name": "user"})).await.refused(409, "conflict");
    let all =
        admin.put("/api/v1/roles/host/permissions", &json!({"permissions": [ME, "*"]})).await.expect(200);
    assert_eq!(all["permissions"], json!(["*"]));
    let names: Vec<_> =
        admin.get("/api/v1/roles?sort=-name").await.expect(200)["items"].as_array().unwrap().clone();
    let names: Vec<_> = names.iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["user", "host", "admin"]);
    let found = admin.get("/api/v1/roles?search=good-bye%20SAYS").await.expect(200);
    assert_eq!((&found["total"], &found["items"][0]["name"]), (&json!(1), &json!("host")));
    admin.delete("/api/v1/roles/host").await.expect(204);
    admin.delete("/api/v1/roles/host").await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_wish_with_the_same_key_is_one_role() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    let wish = json!({"name": "greeter", "permissions": []});
    let send = async |wish: &Value| {
        let request = admin.request(reqwest::Method::POST, ROLES).header("idempotency-key", "one").json(wish);
        crate::support::Person::send(request).await
    };
    let made = send(&wish).await.expect(201);
    assert_eq!(send(&wish).await.expect(201), made);
    send(&json!({"name": "other", "permissions": []})).await.refused(409, "idempotency_key_reused");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_role_is_named() {
    let world = World::new().await;
    let here = world.instance().await;
    let admin = administrator(&world, &here).await;
    for (role, field) in [
        (json!({"permissions": []}), "name"),
        (json!({"name": "a"}), "permissions"),
        (json!({"name": "", "permissions": []}), "name"),
        (json!({"name": "Größe", "permissions": []}), "name"),
        (json!({"name": "a".repeat(65), "permissions": []}), "name"),
        (json!({"name": "a", "description": "d".repeat(1001), "permissions": []}), "description"),
        (json!({"name": "a", "permissions": [ME, "GET:/nowhere"]}), "permissions[1]"),
        (json!({"name": "a", "permissions": ["get:/api/v1/users/me"]}), "permissions[0]"),
        (json!({"name": "a", "permissions": "*"}), "permissions"),
    ] {
        let refused = admin.post(ROLES, &role).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{role}");
    }
    makes(&admin, "a", &[]).await;
    let wrong = json!({"name": "A B"});
    let refused = admin.patch("/api/v1/roles/a", &wrong).await.refused(400, "validation_failed");
    assert_eq!(refused["errors"][0]["field"], "name");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shipped_roles_stay_and_admin_keeps_everything() {
    let world = World::new().await;
    let here = world.instance().await;
    let (admin, other) = (administrator(&world, &here).await, here.person("Other").await);
    makes(&admin, "root", &["*"]).await;
    gives(&admin, &other, &["root"]).await;
    for name in ["admin", "user"] {
        let path = format!("{ROLES}/{name}");
        admin.delete(&path).await.refused(409, "conflict");
        admin.patch(&path, &json!({"name": "boss"})).await.refused(409, "conflict");
        admin.patch(&path, &json!({"name": name, "description": "Ours"})).await.expect(200);
    }
    admin
        .put("/api/v1/roles/admin/permissions", &json!({"permissions": [ME]}))
        .await
        .refused(409, "conflict");
    let file = admin.request(reqwest::Method::GET, "/api/v1/roles?format=csv").send().await.unwrap();
    let file = file.text().await.unwrap();
    assert!(file.starts_with("\u{feff}name,description,permissions,created_at"), "{file}");
    assert_eq!(file.lines().count(), 4);
}
