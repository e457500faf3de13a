//! One chat, a crowd of sockets: what a delivery costs, at a pace and when messages come close together.

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::{Duration, Instant, interval};

use super::{
    Bench, bare,
    client::Failure,
    clock::Clock,
    load::{self, Sent},
    report::{Progress, Section},
    watch::{self, Watcher},
};

/// Ten messages a second; then four bursts of sixteen a second, so that one has been read by all when the next comes: a
/// backlog would be written at less a frame, and flatter. A delivery costs what the server used of the CPU, all that
/// it did meanwhile included, by the frames that arrived; PostgreSQL, which works by the message, is shown apart.
pub async fn run(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let chat = bench.api.create_chat(bench.user(0), "fanout").await?;
    let clock = Clock::start();
    let watchers: Vec<Watcher> = stream::iter(0..bench.options.crowd)
        .map(|number| watch::watch(&bench.api, bench.user(number), chat, clock))
        .buffered(32)
        .try_collect()
        .await?;
    let mut section = Section::new("fanout");
    section.figure("sockets", bench.options.crowd);
    let mut sent = Sent::default();
    for (burst, pause, suffix) in [(1_usize, 100, ""), (16, 250, "_in_bursts")] {
        progress.say(if burst == 1 { "fanout: ten a second" } else { "fanout: in bursts" });
        let mut connections = Vec::new();
        for number in 0..burst {
            let mut connection = bench.api.connect(&bench.user(number).token).await?;
            // Who sends is a member by then.
            connection.call("POST", &format!("/api/v1/chats/{chat}/join"), None).await?;
            connections.push(connection);
        }
        // What their arrival tells everyone is not what is to be measured.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let before = watch::entries(&watchers);
        let meter = bench.meter();
        let end = Instant::now() + bench.duration();
        let mut tick = interval(Duration::from_millis(pause));
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
        watch::wait(&watchers, &sent).await;
        let deliveries = watch::entries(&watchers) - before;
        section.figure(&format!("deliveries{suffix}"), deliveries);
        if let Some(usage) = meter.read() {
            let per_delivery = |seconds: f64| seconds * 1e6 / deliveries.max(1) as f64;
            section.number(&format!("server_micros_per_delivery{suffix}"), per_delivery(usage.server), 2);
            section.number(&format!("postgres_micros_per_delivery{suffix}"), per_delivery(usage.postgres), 2);
            section.number(
                &format!("generator_micros_per_delivery{suffix}"),
                per_delivery(usage.generator),
                2,
            );
        }
    }
    if bench.options.pid.is_some() {
        progress.say("fanout: what the system itself takes");
        if let Some(micros) = bare::micros_per_write(bench.options.crowd).await? {
            section.number("bare_write_micros", micros, 2);
        }
    }
    section.figure("refused", sent.refused);
    watch::settle(watchers, &sent, &mut section).await;
    bench.api.delete_chat(bench.user(0), chat).await?;
    Ok(section)
}
