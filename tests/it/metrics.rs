//! What Prometheus is told by a server that has just begun.

use std::collections::BTreeSet;

use trunkline::telemetry::metrics;

use crate::support::{Person, Process, World};

async fn scrape(server: &Process) -> String {
    reqwest::get(format!("{}/metrics", server.base)).await.unwrap().text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_is_there_before_anything_has_happened() {
    let world = World::new().await;
    let server = Process::serve(&world, &[]).await;
    let text = scrape(&server).await;
    let told: BTreeSet<_> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let missing: Vec<_> = metrics::catalogue().filter(|name| !told.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let described = |name: &&str| text.contains(&format!("# HELP {name} "));
    assert!(told.iter().all(described), "{told:?}");
    for line in [
        concat!("trunkline_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        "trunkline_sockets_closed_total{code=\"4413\"} 0",
        "trunkline_replica_reads_total{outcome=\"lagging\"} 0",
        "trunkline_jobs_total{task=\"echo\",outcome=\"failed\"} 0",
        "trunkline_webhook_requests_total{outcome=\"failed\"} 0",
        "trunkline_rate_limited_total{kind=\"socket\"} 0",
        "trunkline_http_requests_total{method=\"POST\",path=\"/api/v1/auth/login\",status=\"200\"} 0",
        "trunkline_http_requests_total{method=\"GET\",path=\"/api/v1/chats\",status=\"500\"} 0",
    ] {
        assert!(text.lines().any(|told| told == line), "{line}\n{text}");
    }
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs_f64();
    let started = server.metric("trunkline_process_start_time_seconds").await;
    assert!((now - 300.0..=now + 2.0).contains(&started), "{started} {now}");
    assert!(server.metric("trunkline_process_cpu_seconds_total").await > 0.0);
    assert!(server.metric("trunkline_process_resident_memory_bytes").await > 1e6);
    let open = server.metric("trunkline_process_open_fds").await;
    assert!(open > 3.0 && open <= server.metric("trunkline_process_max_fds").await, "{open}");
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted() {
    let world = World::new().await;
    let server = Process::serve(&world, &[]).await;
    let alice = Person::register(&server.base, "Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    let mut socket = alice.opens(chat).await;
    alice.says(chat, "hello").await;
    alice.act("/api/v1/auth/logout").await.expect(204);
    assert_eq!(socket.closed().await.0, 4401);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let text = scrape(&server).await;
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no metric {name}: {text}")).parse().unwrap()
    };
    assert_eq!(value("trunkline_messages_posted_total"), 1.0);
    assert!(value("trunkline_commit_seconds_count") >= 1.0);
    assert!(value("trunkline_pool_wait_seconds_count") >= 1.0);
    assert_eq!(value("trunkline_sockets_closed_total{code=\"4401\"}"), 1.0);
    server.end().await;
}
