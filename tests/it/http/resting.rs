//! Connections that rest between two requests.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::support::{Wire, World};

const ASK: &str = "GET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_rests_longer_than_a_head_may_take() {
    let world = World::with(&[
        ("TRUNKLINE_HTTP__HEADER_TIMEOUT_SECONDS", "1"),
        ("TRUNKLINE_HTTP__KEEP_ALIVE_SECONDS", "4"),
    ])
    .await;
    let here = world.instance().await;
    let mut wire = Wire::open(&here.base).await;
    for _ in 0..2 {
        wire.sends(ASK).await;
        let reply = wire.reads().await.unwrap();
        assert_eq!((reply.status, reply.header("keep-alive")), (200, Some("timeout=4")));
        sleep(Duration::from_millis(2_000)).await;
    }
    // Once a request has begun, its head has the time of a head.
    let begun = Instant::now();
    wire.sends("GET /healthcheck HTTP/1.1\r\n").await;
    wire.ends().await;
    assert!(
        (Duration::from_millis(900)..Duration::from_millis(3_500)).contains(&begun.elapsed()),
        "{begun:?}"
    );

    // Nothing comes: it ends after its time.
    let mut silent = Wire::open(&here.base).await;
    silent.sends(ASK).await;
    silent.reads().await.unwrap();
    let begun = Instant::now();
    silent.ends().await;
    assert!((Duration::from_millis(3_500)..Duration::from_secs(9)).contains(&begun.elapsed()), "{begun:?}");

    // Who drips its head does not buy time with each byte.
    let mut drip = Wire::open(&here.base).await;
    drip.sends(ASK).await;
    drip.reads().await.unwrap();
    let begun = Instant::now();
    let dripping = async {
        for byte in ASK.as_bytes().iter().cycle().take(40) {
            if *byte != b'\r' {
                drip.sends([*byte]).await;
            }
            sleep(Duration::from_millis(200)).await;
        }
    };
    dripping.await;
    drip.ends().await;
    assert!(begun.elapsed() < Duration::from_secs(12), "{begun:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keep_alive_is_told_where_it_holds() {
    let world = World::new().await;
    let here = world.instance().await;
    let kept = async |request: &str| {
        let reply = Wire::exchange(&here.base, request).await.unwrap();
        reply.header("keep-alive").map(str::to_owned)
    };
    assert_eq!(kept(ASK).await.as_deref(), Some("timeout=75"));
    assert_eq!(kept("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n").await.as_deref(), Some("timeout=75"));
    assert_eq!(kept("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await, None);
    assert_eq!(kept("GET / HTTP/1.0\r\n\r\n").await, None);
    let old = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    assert_eq!(kept(old).await.as_deref(), Some("timeout=75"));
    // The proxy in front must let go first.
    let nginx = include_str!("../../../scripts/deploy/nginx.conf");
    assert_eq!(nginx.matches("keepalive_timeout 60s;").count(), nginx.matches("\n    upstream ").count());
}
