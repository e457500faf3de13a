//! One chat, a crowd of sockets: what a delivery costs, at a pace and when messages come close together.

use std::{sync::atomic::Ordering, time::Duration};

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::{
    sync::watch,
    time::{Instant, interval, sleep},
};

use super::{
    Bench,
    client::Failure,
    load::{self, Sent},
    report::{Progress, Section},
    watch::{self as watching, Clock, Watcher},
};

/// Ten a second; then bursts of sixteen.
pub async fn run(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let chat = bench.api.create_chat(bench.user(0), "fanout").await?;
    let (stop, stopping) = watch::channel(false);
    let clock = Clock::start();
    let watchers: Vec<Watcher> = stream::iter(0..bench.options.crowd)
        .map(|number| watching::watch(&bench.api, bench.user(number), chat, clock, stopping.clone()))
        .buffered(32)
        .try_collect()
        .await?;
    let mut section = Section::new("fanout");
    let mut sent = Sent::default();
    for burst in [1_usize, 16] {
        progress.say(if burst == 1 { "fanout: ten a second" } else { "fanout: in bursts" });
        let before = entries(&watchers);
        let meter = bench.meter();
        let end = Instant::now() + bench.duration();
        let mut connections = Vec::new();
        for number in 0..burst {
            connections.push(bench.api.connect(&bench.user(number).token).await?);
        }
        let mut tick = interval(Duration::from_millis(100));
        while Instant::now() < end {
            tick.tick().await;
            let sends = connections.iter_mut().map(|connection| async move {
                let mut sent = Sent::default();
                load::send(connection, chat, clock, &mut sent).await.map(|()| sent)
            });
            for outcome in futures_util::future::join_all(sends).await {
                sent.merge(outcome?);
            }
        }
        let head = sent.heads.get(&chat).copied().unwrap_or(0);
        let complete = |watcher: &Watcher| watcher.seen.seq.load(Ordering::Relaxed) >= head;
        let patience = Instant::now() + Duration::from_secs(30);
        while Instant::now() < patience && !watchers.iter().all(complete) {
            sleep(Duration::from_millis(5)).await;
        }
        let deliveries = entries(&watchers) - before;
        if let Some(usage) = meter.read() {
            let label = if burst == 1 {
                "server_micros_per_delivery"
            } else {
                "server_micros_per_delivery_in_bursts"
            };
            section.number(label, usage.server * 1e6 / deliveries.max(1) as f64, 2);
        }
    }
    stop.send_replace(true);
    let head = sent.heads.get(&chat).copied().unwrap_or(0);
    let (mut lost, mut doubled, mut disordered, mut latencies) = (0, 0, 0, Vec::new());
    for watcher in watchers {
        lost += u64::try_from(head - watcher.seen.seq.load(Ordering::Relaxed)).unwrap_or(0);
        let account = watcher.account().await;
        doubled += account.doubles;
        disordered += account.disorder;
        latencies.extend(account.latencies);
    }
    section.figure("sockets", bench.options.crowd).figure("delivered", latencies.len());
    section.latencies("send_to_frame", &mut latencies).flaws(lost, doubled, disordered);
    bench.api.delete_chat(bench.user(0), chat).await?;
    Ok(section)
}

fn entries(watchers: &[Watcher]) -> u64 {
    watchers.iter().map(|watcher| watcher.seen.entries.load(Ordering::Relaxed)).sum()
}
