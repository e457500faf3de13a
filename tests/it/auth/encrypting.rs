//! A password that is encrypted on its way: to a key all instances share, once, and for five minutes.

use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use trunkline::{auth, jobs::Runner, worker::TASKS};
use uuid::Uuid;

use crate::support::{Person, Visitor, World};

pub const KEY: &str = "/api/v1/auth/keys/public";
const LOGIN: &str = "/api/v1/auth/login";

/// What a client does with a password, or with whatever it takes for one.
pub fn encrypted(key: &Value, plain: &str) -> String {
    let pem = key["public_key"].as_str().unwrap();
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && pem.ends_with("-----END PUBLIC KEY-----\n"));
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let key = PublicEncryptingKey::from_der(&STANDARD.decode(text).unwrap()).unwrap();
    let key = OaepPublicEncryptingKey::new(key).unwrap();
    let mut sealed = vec![0; key.ciphertext_size()];
    key.encrypt(&OAEP_SHA256_MGF1SHA256, plain.as_bytes(), &mut sealed, None).unwrap();
    STANDARD.encode(sealed)
}

fn form(alice: &Person, key: &Value, password: &str, minutes: i64) -> Value {
    let at = (Utc::now() + TimeDelta::minutes(minutes)).to_rfc3339();
    let plain = json!({"password": password, "at": at}).to_string();
    json!({"email": alice.email, "encrypted_password": encrypted(key, &plain), "key_id": key["key_id"]})
}

#[tokio::test(flavor = "multi_thread")]
async fn one_signs_in_with_an_encrypted_password_on_any_instance() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let alice = here.person("Alice").await;
    let (one, other) = (Visitor::at(&here.base), Visitor::at(&there.base));
    let (key, again) = (one.get(KEY).await.expect(200), other.get(KEY).await.expect(200));
    assert_eq!((&key, &key["algorithm"]), (&again, &json!("RSA-OAEP-256")));
    let good = form(&alice, &key, "trunkline1", 0);
    other.post(LOGIN, &good).await.expect(200);
    let wrong = form(&alice, &key, "trunkline2", 0);
    one.post(LOGIN, &wrong).await.refused(401, "wrong_credentials");
    // Who has listened in can't send it again, anywhere.
    for visitor in [&one, &other] {
        let refused = visitor.post(LOGIN, &good).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "encrypted_password");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_or_of_another_key_is_refused_by_name() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let key = visitor.get(KEY).await.expect(200);
    let with = |field: &str, value: Value| {
        let mut form = form(&alice, &key, "trunkline1", 0);
        form[field] = value;
        form
    };
    for (form, field) in [
        (form(&alice, &key, "trunkline1", -6), "encrypted_password"),
        (form(&alice, &key, "trunkline1", 6), "encrypted_password"),
        (with("encrypted_password", json!("not base64!")), "encrypted_password"),
        (with("encrypted_password", json!(STANDARD.encode([7; 256]))), "encrypted_password"),
        (with("encrypted_password", json!(encrypted(&key, "trunkline1"))), "encrypted_password"),
        (with("key_id", json!(Uuid::now_v7())), "key_id"),
        (with("key_id", json!("k1")), "key_id"),
        (with("key_id", Value::Null), "key_id"),
        (with("password", json!("trunkline1")), "password"),
        (json!({"email": alice.email}), "password"),
    ] {
        let refused = visitor.post(LOGIN, &form).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
        assert!(!refused.to_string().contains("trunkline1"));
    }
    visitor.post(LOGIN, &form(&alice, &key, "trunkline1", -4)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_another_one_every_day_and_sealed_in_the_table() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let psql = world.psql().await;
    let first = visitor.get(KEY).await.expect(200);
    let ages = async |hours: i32| {
        let sql = "update login_keys set created_at = created_at - make_interval(hours => $1)";
        psql.execute(sql, &[&hours]).await.unwrap();
        auth::jobs::rotate_login_keys(&here.app).await.unwrap();
    };
    ages(23).await;
    assert_eq!(visitor.get(KEY).await.expect(200), first);
    ages(2).await;
    let second = visitor.get(KEY).await.expect(200);
    assert_ne!(second["key_id"], first["key_id"]);
    for key in [&first, &second] {
        visitor.post(LOGIN, &form(&alice, key, "trunkline1", 0)).await.expect(200);
    }
    ages(25).await;
    let old = visitor.post(LOGIN, &form(&alice, &first, "trunkline1", 0)).await;
    assert_eq!(old.refused(400, "validation_failed")["errors"][0]["field"], "key_id");
    visitor.post(LOGIN, &form(&alice, &second, "trunkline1", 0)).await.expect(200);
    // PKCS #8 begins with an algorithm; what is sealed does not.
    let sql = "select bool_or(position('\\x2a864886f70d010101'::bytea in private_key) > 0) from login_keys";
    assert!(!psql.query_one(sql, &[]).await.unwrap().get::<_, bool>(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_can_not_be_opened_any_more_is_replaced() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let lost = visitor.get(KEY).await.expect(200);
    world.psql().await.batch_execute("update login_keys set private_key = '\\x00'").await.unwrap();
    let refused = visitor.post(LOGIN, &form(&alice, &lost, "trunkline1", 0)).await;
    assert_eq!(refused.refused(400, "validation_failed")["errors"][0]["field"], "key_id");
    let sql = "insert into jobs (task) values ('rotate_login_keys')";
    world.psql().await.batch_execute(sql).await.unwrap();
    Runner::run_all(here.app.clone(), TASKS, |_| {}).await.unwrap();
    for _ in 0..100 {
        let key = visitor.get(KEY).await.expect(200);
        if key != lost {
            visitor.post(LOGIN, &form(&alice, &key, "trunkline1", 0)).await.expect(200);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the key that is lost is still handed out");
}
