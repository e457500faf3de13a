//! A crowd that is dropped and comes back at once, each resuming where it was.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::sleep;

use super::{
    Bench,
    client::Failure,
    clock::Clock,
    load::{self, Sent},
    report::{Progress, Section},
    watch,
};

/// What is said while they are away.
const MISSED: i64 = 10;

/// Opens the crowd over twenty chats, drops it, says something, and lets all of it come back.
pub async fn run(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let mut chats = Vec::new();
    for _ in 0..20 {
        chats.push(bench.api.create_chat(bench.user(0), "reconnect").await?);
    }
    let chats = &chats;
    let count = bench.options.crowd;
    let places: Vec<_> = (0..count).map(|number| (number, chats[number % chats.len()])).collect();
    let crowd: Vec<_> = stream::iter(&places)
        .map(|(number, chat)| watch::open(&bench.api, bench.user(*number), *chat, None))
        .buffered(32)
        .try_collect()
        .await?;
    drop(crowd);
    let mut sender = bench.api.connect(&bench.user(0).token).await?;
    let mut sent = Sent::default();
    for chat in chats {
        for _ in 0..MISSED {
            load::send(&mut sender, *chat, Clock::start(), &mut sent).await?;
        }
    }
    sleep(Duration::from_secs(1)).await;
    progress.say("reconnect: all at once");
    let meter = bench.meter();
    let started = Instant::now();
    let back: Vec<_> = stream::iter(&places)
        .map(|(number, chat)| async move {
            let (socket, seq) = watch::open(&bench.api, bench.user(*number), *chat, Some(0)).await?;
            let micros = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
            Ok::<_, Failure>((socket, seq, micros))
        })
        .buffer_unordered(count)
        .try_collect()
        .await?;
    let all_back = started.elapsed();
    let usage = meter.read();
    let lost: i64 = back.iter().map(|(_, seq, _)| MISSED - seq).sum();
    let mut times: Vec<_> = back.iter().map(|(_, _, micros)| *micros).collect();
    let mut section = Section::new("reconnect");
    section.figure("sockets", count).number("all_back_seconds", all_back.as_secs_f64(), 3);
    section.latencies("back", &mut times).cpu(usage, count as u64, "sockets");
    section.flaws(u64::try_from(lost).unwrap_or(0), 0, 0);
    drop(back);
    for chat in chats {
        bench.api.delete_chat(bench.user(0), *chat).await?;
    }
    Ok(section)
}
