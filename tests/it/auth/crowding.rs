//! Sign-ins and sign-ups by the hundred from one address: they are counted, they stand in a line of their own, and somebody at
//! another address does not notice.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::sleep};
use uuid::Uuid;

use super::encrypting::{KEY, encrypted};
use crate::support::{Answer, Instance, Visitor, World};

const LOGIN: &str = "/api/v1/auth/login";
const REGISTER: &str = "/api/v1/auth/register";
const CROWD: &str = "127.0.0.66";
const VICTIM: &str = "127.0.0.77";
/// A hash takes so long that a line forms on any machine.
const COST: (&str, &str) = ("TRUNKLINE_AUTH__BCRYPT_COST", "10");
/// What the stories of the line are about is not what is counted.
const UNCOUNTED: (&str, &str) = ("TRUNKLINE_LIMITS__ENABLED", "false");

async fn posts(visitor: &Visitor, path: &str, from: &str, form: &Value) -> Answer {
    visitor.post_with(path, &[("x-forwarded-for", from)], form).await
}

/// Eighty connections from one address that do something over and over; how it was answered is not asked.
fn crowd(
    here: &Instance,
    form: impl Fn() -> (&'static str, Value) + Clone + Send + Sync + 'static,
) -> JoinSet<()> {
    let mut crowd = JoinSet::new();
    for _ in 0..80 {
        let (visitor, form) = (Visitor::at(&here.base), form.clone());
        crowd.spawn(async move {
            loop {
                let (path, form) = form();
                let request = visitor.request(reqwest::Method::POST, path).header("x-forwarded-for", CROWD);
                let answer = request.json(&form).send().await;
                // A crowd that is refused comes back at once, but lets the machine of the test breathe.
                if answer.is_ok_and(|answer| answer.status() != StatusCode::OK) {
                    sleep(Duration::from_millis(20)).await;
                }
            }
        });
    }
    crowd
}

/// Somebody at another address signs in, again and again, and is never refused.
async fn signs_in_undisturbed(here: &Instance, email: &str) {
    let visitor = Visitor::at(&here.base);
    let form = json!({"email": email, "password": "trunkline1"});
    for _ in 0..6 {
        posts(&visitor, LOGIN, VICTIM, &form).await.expect(200);
    }
}

fn sign_up() -> (&'static str, Value) {
    let email = format!("{}@example.com", Uuid::new_v4().simple());
    (REGISTER, json!({"email": email, "password": "trunkline1", "name": "Eve"}))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_up_by_the_hundred_keeps_nobody_from_signing_in() {
    for settings in [vec![COST], vec![COST, UNCOUNTED]] {
        let world = World::with(&settings).await;
        let here = world.instance().await;
        let alice = here.person("Alice").await;
        let _crowd = crowd(&here, sign_up);
        sleep(Duration::from_millis(500)).await;
        signs_in_undisturbed(&here, &alice.email).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_by_the_hundred_keeps_nobody_from_signing_in() {
    for settings in [vec![COST], vec![COST, UNCOUNTED]] {
        let world = World::with(&settings).await;
        let here = world.instance().await;
        let (alice, eve) = (here.person("Alice").await, here.person("Eve").await);
        let form = json!({"email": eve.email, "password": "trunkline1"});
        let _crowd = crowd(&here, move || (LOGIN, form.clone()));
        sleep(Duration::from_millis(500)).await;
        signs_in_undisturbed(&here, &alice.email).await;
        // Who is signed in changes their password beside it.
        let change = json!({"current_password": "trunkline1", "new_password": "trunkline2"});
        let request = alice.request(reqwest::Method::POST, "/api/v1/auth/password");
        crate::support::Person::send(request.header("x-forwarded-for", VICTIM).json(&change))
            .await
            .expect(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rubbish_for_the_key_keeps_nobody_from_signing_in() {
    let world = World::with(&[COST, UNCOUNTED]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let key = Visitor::at(&here.base).get(KEY).await.expect(200);
    let sealed = encrypted(&key, "rubbish");
    let form = json!({"email": "x@example.com", "encrypted_password": sealed, "key_id": key["key_id"]});
    let _crowd = crowd(&here, move || (LOGIN, form.clone()));
    sleep(Duration::from_millis(500)).await;
    signs_in_undisturbed(&here, &alice.email).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ups_from_one_address_are_counted() {
    let world = World::with(&[("TRUNKLINE_LIMITS__SIGN_UPS_PER_HOUR", "3")]).await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (one, other) = (Visitor::at(&here.base), Visitor::at(&there.base));
    for visitor in [&one, &other, &one] {
        posts(visitor, REGISTER, "2001:db8::1", &sign_up().1).await.expect(201);
    }
    // What can't be an account is told so, and does not count.
    posts(&one, REGISTER, CROWD, &json!({"email": "x", "password": "x", "name": ""}))
        .await
        .refused(400, "validation_failed");
    let refused = posts(&other, REGISTER, "2001:db8::2", &sign_up().1).await;
    let seconds: u32 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=3600).contains(&seconds), "{seconds}");
    refused.refused(429, "too_many_requests");
    posts(&other, REGISTER, "2001:db9::1", &sign_up().1).await.expect(201);
    let many = (0..12).map(|_| async { posts(&one, REGISTER, CROWD, &sign_up().1).await.status });
    let statuses = futures_util::future::join_all(many).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 3, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_from_one_address_and_to_one_account_are_counted() {
    let world = World::with(&[("TRUNKLINE_LIMITS__SIGN_INS_PER_MINUTE", "4")]).await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (one, other) = (Visitor::at(&here.base), Visitor::at(&there.base));
    let of = |email: &str, password: &str| json!({"email": email, "password": password});
    for (visitor, password, status) in [
        (&one, "trunkline1", 200),
        (&other, "trunkline1", 200),
        (&one, "wrong1", 401),
        (&other, "trunkline1", 200),
    ] {
        posts(visitor, LOGIN, CROWD, &of(&alice.email, password)).await.expect(status);
    }
    let refused = posts(&other, LOGIN, CROWD, &of(&alice.email, "trunkline1")).await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.refused(429, "too_many_requests");
    posts(&one, LOGIN, CROWD, &of(&bob.email, "trunkline1")).await.refused(429, "too_many_requests");
    // With that of the beginning, four are hers: from wherever more come, they wait. Wrong ones keep nobody out that soon.
    posts(&one, LOGIN, VICTIM, &of(&alice.email, "trunkline1")).await.refused(429, "too_many_requests");
    for number in 0..6 {
        let from = format!("198.51.100.{number}");
        posts(&one, LOGIN, &from, &of(&bob.email, "wrong1")).await.refused(401, "wrong_credentials");
    }
    posts(&one, LOGIN, VICTIM, &of(&bob.email, "trunkline1")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_to_wait_gets_nothing_decrypted() {
    let world = World::with(&[("TRUNKLINE_LIMITS__LOGINS_PER_MINUTE", "3")]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    let key = visitor.get(KEY).await.expect(200);
    for _ in 0..3 {
        let wrong = json!({"email": alice.email, "password": "wrong1"});
        posts(&visitor, LOGIN, CROWD, &wrong).await.refused(401, "wrong_credentials");
    }
    // Told to wait, and not that it can't be read: nobody has tried.
    let rubbish =
        json!({"email": alice.email, "encrypted_password": encrypted(&key, "x"), "key_id": key["key_id"]});
    posts(&visitor, LOGIN, CROWD, &rubbish).await.refused(429, "too_many_requests");
    posts(&visitor, LOGIN, VICTIM, &rubbish).await.refused(429, "too_many_requests");
}
