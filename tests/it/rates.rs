//! Who asks too often waits, and is told how long; others do not notice.

use crate::support::{Person, Socket, Visitor, World};

const ME: &str = "/api/v1/users/me";

/// A world where one second lets this many requests of a person, and of an address, through.
async fn world(of_person: &str, of_address: &str) -> World {
    World::with(&[
        ("TRUNKLINE_LIMITS__REQUESTS_PER_SECOND", of_person),
        ("TRUNKLINE_LIMITS__ADDRESS_REQUESTS_PER_SECOND", of_address),
    ])
    .await
}

/// Asks until it is refused; after how many that went through, and the refusal.
async fn floods(who: &Person) -> (usize, crate::support::Answer) {
    for number in 0..200 {
        let answer = who.get(ME).await;
        if answer.status != 200 {
            return (number, answer);
        }
    }
    panic!("nothing was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_is_told_how_long_to_wait() {
    let world = world("2", "1000").await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let first = alice.get(ME).await;
    assert_eq!(first.headers["ratelimit-policy"], "\"person\";q=20;w=10");
    assert_eq!(first.headers["ratelimit"], "\"person\";r=19;t=1");
    let (_, refused) = floods(&alice).await;
    assert_eq!(refused.headers["ratelimit-policy"], "\"person\";q=20;w=10");
    assert!(refused.headers["ratelimit"].to_str().unwrap().starts_with("\"person\";r=0;t="));
    let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    refused.refused(429, "too_many_requests");
    // Sockets are requests, too; others are others.
    let path = "/api/v1/ws";
    assert_eq!(Socket::open(&here.base, path, &alice.token).await.err(), Some(429));
    bob.get(ME).await.expect(200);
    tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    alice.get(ME).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_known_by_their_address() {
    let world = world("100", "2").await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    let from = |address| [("x-forwarded-for", address)];
    let mut refused = None;
    for _ in 0..50 {
        let answer = visitor.get_with("/nowhere", &from("192.0.2.1")).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.headers["ratelimit-policy"], "\"address\";q=20;w=10");
        answer.refused(404, "not_found");
    }
    refused.unwrap().refused(429, "too_many_requests");
    visitor.get_with("/nowhere", &from("192.0.2.2")).await.refused(404, "not_found");
    // How the server is may always be asked, and is not counted.
    for path in ["/healthcheck", "/health/live", "/health/ready"] {
        let answer = visitor.get_with(path, &from("192.0.2.1")).await;
        assert!(!answer.headers.contains_key("ratelimit"));
        answer.expect(200);
    }
    // What goes on here is for this machine alone, and is not counted either.
    visitor.get_with("/metrics", &from("192.0.2.1")).await.refused(403, "forbidden");
    assert_eq!(visitor.get("/metrics").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_limited_where_limits_are_off() {
    let world = World::with(&[
        ("TRUNKLINE_LIMITS__REQUESTS_PER_SECOND", "1"),
        ("TRUNKLINE_LIMITS__ADDRESS_REQUESTS_PER_SECOND", "1"),
        ("TRUNKLINE_LIMITS__ENABLED", "false"),
    ])
    .await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    for _ in 0..30 {
        let answer = alice.get(ME).await;
        assert!(!answer.headers.contains_key("ratelimit"));
        answer.expect(200);
    }
}
