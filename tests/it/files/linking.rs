//! Links: an address that opens a file for a while, for whoever has it.

use chrono::{DateTime, TimeDelta, Utc};
use image::ImageFormat;
use reqwest::Method;
use serde_json::Value;
use trunkline::config::Secret;

use crate::support::{Person, Visitor, World, picture};

async fn links(person: &Person, file: &Value) -> String {
    let path = format!("/api/v1/files/{}/link", file["id"].as_str().unwrap());
    let link = person.get(&path).await.expect(200);
    let ends: DateTime<Utc> = link["expires_at"].as_str().unwrap().parse().unwrap();
    let left = ends - Utc::now();
    assert!(left <= TimeDelta::minutes(10) && left > TimeDelta::minutes(9), "{link}");
    link["url"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_without_a_token_and_can_not_be_made_up() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let (alice, bob, eve) = (here.person("Alice").await, here.person("Bob").await, here.person("Eve").await);
    let chat = alice.creates_private_chat("Hidden").await;
    world.adds(chat, bob.id).await;
    let bytes = picture(ImageFormat::Png, 30, 20);
    let file = alice.uploads("shot.png", bytes.clone()).await;
    let message = alice.shows(chat, &[&file]).await;
    let path = format!("/api/v1/files/{}/link", file["id"].as_str().unwrap());
    eve.get(&path).await.refused(404, "not_found");
    Visitor::at(&here.base).get(&path).await.refused(401, "not_signed_in");

    let url = links(&bob, &file).await;
    assert!(url.starts_with(&format!("{}/api/v1/links/", here.base)), "{url}");
    let client = reqwest::Client::new();
    // At any instance, as `<img>` and `<video>` ask.
    let elsewhere = url.replace(&here.base, &there.base);
    for address in [&url, &elsewhere] {
        let fetched = client.get(address).send().await.unwrap();
        let header = |name: &str| fetched.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((fetched.status().as_u16(), header("content-type").as_str()), (200, "image/png"));
        assert_eq!(header("content-disposition"), "inline; filename=\"shot.png\"");
        assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(fetched.bytes().await.unwrap(), bytes);
    }
    let part = client.get(&url).header("range", "bytes=1-3").send().await.unwrap();
    assert_eq!((part.status().as_u16(), &part.bytes().await.unwrap()[..]), (206, &b"PNG"[..]));
    let head = client.head(&url).send().await.unwrap();
    assert_eq!(head.headers()["content-length"].to_str().unwrap(), bytes.len().to_string());

    let visitor = Visitor::at(&here.base);
    let own = url.rsplit('/').next().unwrap();
    for at in 0..own.len() {
        let mut forged = own.as_bytes().to_vec();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let path = format!("/api/v1/links/{}", String::from_utf8(forged).unwrap());
        // The last letter has bits that mean nothing: another one of them is no link either.
        visitor.get(&path).await.refused(404, "not_found");
    }
    for rubbish in
        ["x", &own[1..], &own[..own.len() - 2], &format!("{own}AA"), "%00", "%ff", &"A".repeat(3000)]
    {
        let status = visitor.get(&format!("/api/v1/links/{rubbish}")).await.status;
        assert!([400, 404].contains(&status), "{rubbish} {status}");
    }

    let recall = format!("/api/v1/chats/{chat}/messages/{}", message["id"].as_str().unwrap());
    alice.delete(&recall).await.expect(204);
    visitor.get(&format!("/api/v1/links/{own}")).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_outlives_a_change_of_the_secret_and_no_other_server_makes_one() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let file = alice.uploads("note.txt", "hello").await;
    let url = links(&alice, &file).await;
    let path = url[url.find("/api/").unwrap()..].to_owned();
    let secret = "another secret of at least 32 bytes";
    for (old, status) in [(vec![world.config().auth.jwt_secret.unwrap()], 200), (vec![], 404)] {
        let mut config = world.config();
        config.auth.jwt_secret = Some(Secret::new(secret));
        config.auth.old_jwt_secrets = old;
        let there = world.instance_of(config).await;
        let request = Visitor::at(&there.base).request(Method::GET, &path);
        assert_eq!(request.send().await.unwrap().status(), status);
    }
}
