//! The code of a ticket: nobody makes one up, and it lets in once.

use reqwest::Method;
use serde_json::{Value, json};
use trunkline::tickets::code;

use crate::{
    events::{buys, gives_back, id_in, makes},
    support::{Answer, Person, World},
};

async fn code_of(person: &Person, event: &str, ticket: &Value) -> String {
    let path = format!("{event}/tickets/{}/code", ticket["id"].as_str().unwrap());
    person.get(&path).await.expect(200)["code"].as_str().unwrap().to_owned()
}

async fn shows(scanner: &Person, event: &str, code: &str) -> Answer {
    scanner.post(&format!("{event}/check-ins"), &json!({"code": code})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_scanners_at_one_ticket_let_in_once() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob, root) =
        (here.person("Alice").await, here.person("Bob").await, there.person("Root").await);
    world.promotes(root.id).await;
    let path = makes(&alice, "Concert", 50).await;
    for _ in 0..10 {
        let ticket = buys(&bob, &path, 2).await;
        let code = code_of(&bob, &path, &ticket).await;
        assert_eq!(code, code_of(&root, &path, &ticket).await, "it is always the same, on every instance");
        let (one, other) = tokio::join!(shows(&alice, &path, &code), shows(&root, &path, &code));
        assert_eq!(one.status + other.status, 401, "{} {}", one.body, other.body);
        let done = one.body.clone();
        assert_eq!(done, other.body);
        assert_eq!((&done["ticket_id"], &done["quantity"]), (&ticket["id"], &json!(2)));
        assert_eq!(done["holder"], json!({"id": bob.id, "name": "Bob"}));
        assert!(done["checked_in_by"] == json!(alice.id) || done["checked_in_by"] == json!(root.id));
        assert_eq!(shows(&alice, &path, &format!(" {code}\n")).await.expect(200), done);
        let seen = bob.get(&format!("{path}/tickets/{}", ticket["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(seen["checked_in_at"], done["checked_in_at"]);
        // Who is in does not give it back.
        let one = format!("{path}/tickets/{}", ticket["id"].as_str().unwrap());
        bob.delete(&one).await.refused(409, "conflict");
    }
    let in_order = alice.get(&format!("{path}/tickets?sort=-checked_in_at")).await.expect(200);
    assert_eq!(in_order["total"], 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_code_of_a_good_ticket_of_this_event_is_not_there() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (path, other) = (makes(&alice, "Concert", 5).await, makes(&alice, "Other", 5).await);
    let ticket = buys(&bob, &path, 1).await;
    let code = code_of(&bob, &path, &ticket).await;
    shows(&alice, &other, &code).await.refused(404, "not_found");
    shows(&bob, &path, &code).await.refused(403, "forbidden");
    let unknown = code::of(&here.app.keyring, id_in(&path), uuid::Uuid::now_v7());
    let mut changed = code.clone();
    changed.replace_range(30..31, if &code[30..31] == "A" { "B" } else { "A" });
    for wrong in [
        &*unknown,
        &changed,
        "",
        " ",
        "x",
        ticket["id"].as_str().unwrap(),
        &code[1..],
        &format!("{code}A"),
        "💥",
        &"A".repeat(43),
        &"A".repeat(100_000),
    ] {
        shows(&alice, &path, wrong).await.refused(404, "not_found");
    }
    for body in [json!({}), json!({"code": 7}), json!({"code": null}), json!({"code": "nul\u{0}"})] {
        let refused = alice.post(&format!("{path}/check-ins"), &body).await.refused(400, "validation_failed");
        assert_eq!(refused["errors"][0]["field"], "code");
    }
    gives_back(&bob, &path, &ticket).await;
    shows(&alice, &path, &code).await.refused(404, "not_found");
    let gone = format!("{path}/tickets/{}/code", ticket["id"].as_str().unwrap());
    bob.get(&gone).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_outlives_a_new_key_as_long_as_the_old_one_is_kept() {
    const OLD: &str = "t1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    const NEW: &str = "t2:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let path = makes(&alice, "Concert", 5).await;
    let (one, other) = (buys(&bob, &path, 1).await, buys(&bob, &path, 1).await);
    let (first, second) = (code_of(&bob, &path, &one).await, code_of(&bob, &path, &other).await);
    let mut config = world.config();
    config.secrets.key = Some(trunkline::config::Secret::new(NEW));
    config.secrets.old_keys = vec![trunkline::config::Secret::new(OLD)];
    let rotated = world.instance_of(config).await;
    shows(&alice.at(&rotated), &path, &first).await.expect(201);
    assert_ne!(code_of(&bob.at(&rotated), &path, &one).await, first);
    let mut config = world.config();
    config.secrets.key = Some(trunkline::config::Secret::new(NEW));
    let without = world.instance_of(config).await;
    shows(&alice.at(&without), &path, &second).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_is_an_svg_that_says_the_code() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let path = makes(&alice, "Concert", 5).await;
    let ticket = buys(&bob, &path, 1).await;
    let at_code = format!("{path}/tickets/{}/code?format=svg", ticket["id"].as_str().unwrap());
    let picture = bob.request(Method::GET, &at_code).send().await.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/svg+xml");
    assert_eq!(picture.headers()["cache-control"], "private, no-store");
    let picture = picture.text().await.unwrap();
    assert!(picture.starts_with("<svg ") && picture.contains("<path d=\"M4,4h1v1h-1z"), "{picture}");
    // Black modules and white ones, as many of each as such a picture has.
    let modules = picture.matches("h1v1h-1z").count();
    assert!((300..600).contains(&modules), "{modules}");
    bob.get(&at_code.replace("svg", "png")).await.refused(400, "validation_failed");
}
