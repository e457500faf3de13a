//! A forgotten password: a link by e-mail, for one use.

use serde_json::{Value, json};

use super::{sessions::faceless, signing_in::dies};
use crate::support::{Answer, Postbox, Socket, Visitor, World};

const FORGOT: &str = "/api/v1/auth/password/forgot";
const RESET: &str = "/api/v1/auth/password/reset";
const LOGIN: &str = "/api/v1/auth/login";

/// A world with a postbox, and more settings.
async fn world_with_mail(more: &[(&str, &str)]) -> (World, Postbox) {
    let postbox = Postbox::new().await;
    let settings = postbox.settings();
    let mut all: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    all.extend(more);
    (World::with(&all).await, postbox)
}

async fn forgets(visitor: &Visitor, email: &str) -> Answer {
    visitor.post(FORGOT, &json!({"email": email})).await
}

async fn resets(visitor: &Visitor, token: &str, password: &str) -> Answer {
    visitor.post(RESET, &json!({"token": token, "new_password": password})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_sets_a_new_password_once() {
    let (world, postbox) =
        world_with_mail(&[("TRUNKLINE_HTTP__PUBLIC_URL", "https://chat.example.com")]).await;
    let (here, there) = (world.instance().await, world.instance().await);
    there.listens(&world).await;
    let alice = here.person("Alice").await;
    let mut socket = Socket::open(&there.base, "/api/v1/ws", &alice.token).await.unwrap();
    let visitor = Visitor::at(&here.base);
    forgets(&visitor, &alice.email.to_uppercase()).await.expect(204);
    let letter = postbox.waits_for(1).await;
    assert_eq!(letter.to, alice.email);
    assert!(letter.text.contains("\nhttps://chat.example.com/#/reset-password?token="), "{}", letter.text);
    assert!(letter.text.contains("From: Trunkline <chat@example.com>\n"), "{}", letter.text);
    let token = letter.token();
    let elsewhere = Visitor::at(&there.base);
    let refused = resets(&elsewhere, &token, "short").await.refused(400, "validation_failed");
    assert_eq!(refused["errors"][0]["field"], "new_password");
    for bad in ["", "nonsense", &format!("{token}A")] {
        let refused = resets(&elsewhere, bad, "trunkline2").await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "token");
    }
    let (one, other) =
        tokio::join!(resets(&visitor, &token, "trunkline2"), resets(&elsewhere, &token, "trunkline2"));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 400]);
    resets(&visitor, &token, "trunkline3").await.refused(400, "validation_failed");
    assert_eq!(socket.closed().await.0, 4401);
    dies(&alice).await;
    dies(&alice.at(&there)).await;
    let old = json!({"email": alice.email, "password": "trunkline1"});
    visitor.post(LOGIN, &old).await.refused(401, "wrong_credentials");
    visitor.post(LOGIN, &json!({"email": alice.email, "password": "trunkline2"})).await.expect(200);
    // The token is nowhere in the tables.
    let dump = "select (select json_agg(jobs)::text from jobs) || coalesce((select json_agg(password_resets)::text from password_resets), '')";
    let dump: String = world.psql().await.query_one(dump, &[]).await.unwrap().get(0);
    assert!(!dump.contains(&token));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_who_has_an_account() {
    let (world, postbox) = world_with_mail(&[("TRUNKLINE_LIMITS__LOGINS_PER_MINUTE", "3")]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    psql.execute("update users set status = 'suspended' where id = $1", &[&bob.id]).await.unwrap();
    let visitor = Visitor::at(&here.base);
    let asks = async |email: &str, address: String| -> (u16, Value) {
        let form = json!({"email": email});
        let answer = visitor.post_with(FORGOT, &[("x-forwarded-for", &address)], &form).await;
        (answer.status, faceless(answer.body))
    };
    let mut told = Vec::new();
    for email in ["nobody@example.com", &bob.email, &alice.email] {
        let mut answers = Vec::new();
        for number in 0..4 {
            let (status, mut body) = asks(email, format!("198.51.100.{number}")).await;
            body.as_object_mut().map(|body| body.remove("instance"));
            answers.push((status, body));
        }
        assert_eq!(answers.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [204, 204, 204, 429]);
        told.push(answers);
        psql.batch_execute("delete from throttles where key like 'reset:address:%'").await.unwrap();
    }
    told.dedup();
    assert_eq!(told.len(), 1);
    postbox.waits_for(3).await;
    assert!(postbox.letters().iter().all(|letter| letter.to == alice.email));
    // From one address, for whomever.
    for number in 0..3 {
        assert_eq!(asks(&format!("{number}@example.com"), "203.0.113.1".into()).await.0, 204);
    }
    assert_eq!(asks("more@example.com", "203.0.113.1".into()).await.0, 429);
    let refused = forgets(&visitor, "no address").await.refused(400, "validation_failed");
    assert_eq!(refused["errors"][0]["field"], "email");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_good_for_an_hour_and_until_another_is_used() {
    let (world, postbox) = world_with_mail(&[]).await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let visitor = Visitor::at(&here.base);
    // A server that is busy is asked again.
    postbox.refuses_one();
    for number in 1..=3 {
        forgets(&visitor, &alice.email).await.expect(204);
        postbox.waits_for(number).await;
    }
    let letters = postbox.letters();
    let psql = world.psql().await;
    let sql = "update password_resets set expires_at = now() where hash = sha256($1::text::bytea)";
    assert_eq!(psql.execute(sql, &[&letters[0].token()]).await.unwrap(), 1);
    resets(&visitor, &letters[0].token(), "trunkline2").await.refused(400, "validation_failed");
    resets(&visitor, &letters[1].token(), "trunkline2").await.expect(204);
    resets(&visitor, &letters[2].token(), "trunkline3").await.refused(400, "validation_failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_when_the_password_is_known_again_or_mail_goes_elsewhere() {
    let (world, postbox) = world_with_mail(&[]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let visitor = Visitor::at(&here.base);
    forgets(&visitor, &alice.email).await.expect(204);
    let letter = postbox.waits_for(1).await;
    let change = json!({"current_password": "trunkline1", "new_password": "trunkline2"});
    alice.post("/api/v1/auth/password", &change).await.expect(204);
    resets(&visitor, &letter.token(), "trunkline3").await.refused(400, "validation_failed");

    forgets(&visitor, &bob.email).await.expect(204);
    let letter = postbox.waits_for(2).await;
    let username = bob.get("/api/v1/users/me").await.expect(200)["username"].clone();
    let profile = json!({"name": "Bob", "username": username, "email": "elsewhere@example.com"});
    bob.put(&format!("/api/v1/users/{}", bob.id), &profile).await.expect(200);
    resets(&visitor, &letter.token(), "trunkline3").await.refused(400, "validation_failed");
    let noted =
        "select count(*) from audit where action = 'email_changed' and target = $1 and actor_id = $1::uuid";
    let noted: i64 = world.psql().await.query_one(noted, &[&bob.id.to_string()]).await.unwrap().get(0);
    assert_eq!(noted, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_mail_nobody_is_promised_any() {
    let world = World::new().await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    forgets(&visitor, "alice@example.com").await.refused(503, "mail_not_configured");
    resets(&visitor, "token", "trunkline2").await.refused(503, "mail_not_configured");
}
