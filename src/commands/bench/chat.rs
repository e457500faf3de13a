//! Conversations: senders over many chats, or into one; at full speed, or at a pace.

use std::{sync::atomic::Ordering, time::Duration};

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};
use uuid::Uuid;

use super::{
    Bench,
    client::Failure,
    load::{self, Sent},
    report::{Progress, Section},
    watch::{Clock, Watcher},
};

/// How long deliveries may go on after the last acknowledgement before they count as lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Closed-loop senders over all chats, or into one.
pub async fn chat(bench: &Bench, progress: &Progress, hot: bool) -> Result<Section, Failure> {
    let stage = Stage::set(bench, if hot { 1 } else { bench.options.chats }, bench.options.sockets).await?;
    progress.say(if hot { "hot: sending" } else { "chat: sending" });
    let meter = bench.meter();
    let started = Instant::now();
    let sent =
        load::closed_loop(&bench.api, &bench.users, &stage.chats, stage.clock, bench.duration()).await?;
    let sending = started.elapsed();
    let behind = stage.wait(&sent).await;
    let usage = meter.read();
    let mut section = Section::new(if hot { "hot" } else { "chat" });
    section.number("acknowledged_per_second", sent.acknowledged as f64 / sending.as_secs_f64(), 0);
    section.cpu(usage, sent.acknowledged, "messages");
    stage.strike(bench, sent, behind, &mut section).await?;
    Ok(section)
}

/// 500 sends a second.
pub async fn paced(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let stage = Stage::set(bench, bench.options.chats, bench.options.sockets).await?;
    progress.say("paced: sending");
    let sent =
        load::open_loop(&bench.api, &bench.users, &stage.chats, stage.clock, 500, bench.duration()).await?;
    let behind = stage.wait(&sent).await;
    let mut section = Section::new("paced");
    section.number("acknowledged_per_second", sent.acknowledged as f64 / bench.duration().as_secs_f64(), 0);
    stage.strike(bench, sent, behind, &mut section).await?;
    Ok(section)
}

/// Chats, and the sockets that watch them.
struct Stage {
    chats: Vec<Uuid>,
    watchers: Vec<Watcher>,
    clock: Clock,
    stop: watch::Sender<bool>,
}

impl Stage {
    async fn set(bench: &Bench, chats: usize, sockets: usize) -> Result<Self, Failure> {
        let owner = bench.user(0);
        let chats: Vec<Uuid> = stream::iter(0..chats)
            .map(|_| bench.api.create_chat(owner, "chat"))
            .buffered(8)
            .try_collect()
            .await?;
        let (stop, stopping) = watch::channel(false);
        let clock = Clock::start();
        let places: Vec<_> =
            chats.iter().flat_map(|chat| (0..sockets).map(|number| (*chat, number))).collect();
        let watchers = stream::iter(places)
            .map(|(chat, number)| {
                super::watch::watch(&bench.api, bench.user(number), chat, clock, stopping.clone())
            })
            .buffered(16)
            .try_collect()
            .await?;
        // The first send of each sender to each chat joins it; that is not what is to be measured.
        for user in &bench.users {
            let mut connection = bench.api.connect(&user.token).await?;
            for chat in &chats {
                connection.call(hyper::Method::POST, &format!("/api/v1/chats/{chat}/join"), None).await?;
            }
        }
        Ok(Self { chats, watchers, clock, stop })
    }

    /// Waits until every socket has everything that was acknowledged; how long that took.
    async fn wait(&self, sent: &Sent) -> Duration {
        let started = Instant::now();
        let complete = |watcher: &Watcher| {
            watcher.seen.seq.load(Ordering::Relaxed) >= sent.heads.get(&watcher.chat).copied().unwrap_or(0)
        };
        while started.elapsed() < PATIENCE && !self.watchers.iter().all(complete) {
            sleep(Duration::from_millis(5)).await;
        }
        started.elapsed()
    }

    /// Takes everything down and tells what was seen.
    async fn strike(
        self,
        bench: &Bench,
        mut sent: Sent,
        behind: Duration,
        section: &mut Section,
    ) -> Result<(), Failure> {
        self.stop.send_replace(true);
        let (mut lost, mut doubled, mut disordered, mut latencies) = (0, 0, 0, Vec::new());
        for watcher in self.watchers {
            let head = sent.heads.get(&watcher.chat).copied().unwrap_or(0);
            lost += u64::try_from(head - watcher.seen.seq.load(Ordering::Relaxed)).unwrap_or(0);
            let account = watcher.account().await;
            doubled += account.doubles;
            disordered += account.disorder;
            latencies.extend(account.latencies);
        }
        section.figure("acknowledged", sent.acknowledged).figure("refused", sent.refused);
        section.figure("delivered", latencies.len());
        section.number("deliveries_behind_ms", behind.as_secs_f64() * 1e3, 1);
        section.latencies("ack", &mut sent.latencies).latencies("send_to_frame", &mut latencies);
        section.flaws(lost, doubled, disordered);
        for chat in self.chats {
            bench.api.delete_chat(bench.user(0), chat).await?;
        }
        Ok(())
    }
}
