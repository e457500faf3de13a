//! Conversations: senders over many chats, or into one; at full speed, or at a pace.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    Bench,
    client::Failure,
    clock::Clock,
    load::{self, Sent},
    report::{Progress, Section},
    watch::{self, Watcher},
};

/// Closed-loop senders over all chats, or into one. CPU is that of everything: the requests, the commits, and the delivery
/// to the sockets that watch each chat.
pub async fn chat(bench: &Bench, progress: &Progress, hot: bool) -> Result<Section, Failure> {
    let stage = Stage::set(bench, if hot { 1 } else { bench.options.chats }).await?;
    progress.say(if hot { "hot: sending" } else { "chat: sending" });
    let meter = bench.meter();
    let started = Instant::now();
    let sent =
        load::closed_loop(&bench.api, &bench.users, &stage.chats, stage.clock, bench.duration()).await?;
    let sending = started.elapsed();
    let behind = watch::wait(&stage.watchers, &sent).await;
    let usage = meter.read();
    let mut section = Section::new(if hot { "hot" } else { "chat" });
    section.number("acknowledged_per_second", sent.acknowledged as f64 / sending.as_secs_f64(), 0);
    section.cpu(usage, sent.acknowledged, "messages");
    stage.take_down(bench, sent, behind, &mut section).await?;
    Ok(section)
}

/// 500 sends a second.
pub async fn paced(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let stage = Stage::set(bench, bench.options.chats).await?;
    progress.say("paced: sending");
    let meter = bench.meter();
    let sent =
        load::open_loop(&bench.api, &bench.users, &stage.chats, stage.clock, 500, bench.duration()).await?;
    let behind = watch::wait(&stage.watchers, &sent).await;
    let usage = meter.read();
    let mut section = Section::new("paced");
    section.number("acknowledged_per_second", sent.acknowledged as f64 / bench.duration().as_secs_f64(), 0);
    section.cpu(usage, sent.acknowledged, "messages");
    stage.take_down(bench, sent, behind, &mut section).await?;
    Ok(section)
}

/// Chats, and the sockets that watch them.
struct Stage {
    chats: Vec<Uuid>,
    watchers: Vec<Watcher>,
    clock: Clock,
}

impl Stage {
    async fn set(bench: &Bench, chats: usize) -> Result<Self, Failure> {
        let owner = bench.user(0);
        let chats: Vec<Uuid> = stream::iter(0..chats)
            .map(|_| bench.api.create_chat(owner, "chat"))
            .buffered(8)
            .try_collect()
            .await?;
        let clock = Clock::start();
        let sockets = bench.options.sockets;
        let places: Vec<_> =
            chats.iter().flat_map(|chat| (0..sockets).map(|number| (*chat, number))).collect();
        let watchers = stream::iter(places)
            .map(|(chat, number)| watch::watch(&bench.api, bench.user(number), chat, clock))
            .buffered(16)
            .try_collect()
            .await?;
        // The first send of each sender to each chat joins it; that is not what is to be measured.
        for user in &bench.users {
            let mut connection = bench.api.connect(&user.token).await?;
            for chat in &chats {
                connection.call("POST", &format!("/api/v1/chats/{chat}/join"), None).await?;
            }
        }
        Ok(Self { chats, watchers, clock })
    }

    /// Takes everything down and tells what was seen.
    async fn take_down(
        self,
        bench: &Bench,
        mut sent: Sent,
        behind: Duration,
        section: &mut Section,
    ) -> Result<(), Failure> {
        section.figure("acknowledged", sent.acknowledged).figure("refused", sent.refused);
        section.number("deliveries_behind_ms", behind.as_secs_f64() * 1e3, 1);
        section.latencies("ack", &mut sent.latencies);
        watch::settle(self.watchers, &sent, section).await;
        for chat in self.chats {
            bench.api.delete_chat(bench.user(0), chat).await?;
        }
        Ok(())
    }
}
