//! Another `auth.jwt_secret`: nobody is signed out by it, and the old one ends when it is taken away.

use serde_json::{Value, json};
use trunkline::config::Secret;

use crate::support::{Instance, Person, Socket, Visitor, World};

const ME: &str = "/api/v1/users/me";
const REFRESH: &str = "/api/v1/auth/token/refresh";
const FIRST: &str = "0123456789abcdef0123456789abcdef";
const SECOND: &str = "the second secret, of at least 32 bytes";

/// An instance that signs with `secret` and still knows the others.
async fn signing_with(world: &World, secret: &str, others: &[&str]) -> Instance {
    let mut config = world.config();
    config.auth.jwt_secret = Some(Secret::new(secret));
    config.auth.old_jwt_secrets = others.iter().map(|other| Secret::new(*other)).collect();
    world.instance_of(config).await
}

/// Fetches with the token as a bearer and as a cookie, and opens a socket with it.
async fn is_welcome(person: &Person) {
    person.get(ME).await.expect(200);
    let cookie = format!("access_token={}", person.token);
    Visitor::at(&person.base).get_with(ME, &[("cookie", &cookie)]).await.expect(200);
    Socket::open(&person.base, "/api/v1/ws", &person.token).await.unwrap().expect("welcome").await;
}

async fn refreshes(person: &mut Person) {
    let body = json!({"refresh_token": person.refresh_token});
    let pair = Visitor::at(&person.base).post(REFRESH, &body).await.expect(200);
    let of = |name: &str| pair[name].as_str().unwrap().to_owned();
    (person.token, person.refresh_token) = (of("access_token"), of("refresh_token"));
}

fn kid(token: &str) -> Option<String> {
    jsonwebtoken::decode_header(token).unwrap().kid
}

#[tokio::test(flavor = "multi_thread")]
async fn another_secret_signs_nobody_out() {
    let world = World::new().await;
    let (here, there) = (world.instance().await, world.instance().await);
    let mut alice = here.person("Alice").await;
    let wish = json!({"name": "bot"});
    let made: Value = alice.post("/api/v1/auth/tokens", &wish).await.expect(201);
    let mut bot = alice.bearing(made["token"].as_str().unwrap());
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;

    // First every instance learns the new one, one after the other, so that none meets a token it cannot read …
    here.stop().await;
    assert_eq!(socket.closed().await.0, 1001);
    let here = signing_with(&world, FIRST, &[SECOND]).await;
    alice = alice.at(&here);
    is_welcome(&alice).await;
    there.stop().await;
    let there = signing_with(&world, FIRST, &[SECOND]).await;

    // … then they sign with it, again one after the other.
    here.stop().await;
    let here = signing_with(&world, SECOND, &[FIRST]).await;
    (alice, bot) = (alice.at(&here), bot.at(&here));
    let before = alice.clone();
    is_welcome(&alice).await;
    alice.says(chat, "still here").await;
    is_welcome(&bot).await;
    refreshes(&mut alice).await;
    assert_ne!(kid(&alice.token), kid(&before.token));
    for instance in [&here, &there] {
        is_welcome(&alice.at(instance)).await;
        is_welcome(&before.at(instance)).await;
    }
    // Who is signed out is, whichever secret signed.
    let mut bob = there.person("Bob").await;
    assert_eq!(kid(&bob.token), kid(&before.token));
    bob = bob.at(&here);
    bob.act("/api/v1/auth/logout").await.expect(204);
    bob.get(ME).await.refused(401, "not_signed_in");
    there.stop().await;

    // Without the old one its tokens end, and a refresh makes another: no password is asked for.
    here.stop().await;
    let here = signing_with(&world, SECOND, &[]).await;
    before.at(&here).get(ME).await.refused(401, "not_signed_in");
    let refused = Socket::open(&here.base, "/api/v1/ws", &before.token).await.err();
    assert_eq!(refused, Some(401));
    alice = alice.at(&here);
    is_welcome(&alice).await;
    refreshes(&mut alice).await;
    is_welcome(&alice).await;
}
