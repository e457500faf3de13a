//! Reading back: the last 50 messages of a chat, which should not care how long the chat is.

use std::{sync::Arc, time::Instant};

use futures_util::future::try_join_all;
use uuid::Uuid;

use super::{
    Bench,
    client::Failure,
    clock::Clock,
    load::{self, Sent},
    meter::Usage,
    report::{Progress, Section},
};

/// The length that the figures without a length in their name are of.
const USUAL: usize = 10_000;

/// Fills a chat and reads its end, with as many readers as there are senders, at each of the lengths.
pub async fn run(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let chat = bench.api.create_chat(bench.user(0), "history").await?;
    let mut section = Section::new("history");
    let mut lengths = bench.options.lengths.clone();
    lengths.sort_unstable();
    let usual = if lengths.contains(&USUAL) { Some(USUAL) } else { lengths.last().copied() };
    let mut filled = 0;
    for length in lengths {
        progress.say(&format!("history: filling a chat to {length} messages"));
        fill(bench, chat, length - filled).await?;
        filled = length;
        progress.say(&format!("history: reading the end of {length} messages"));
        let path = format!("/api/v1/chats/{chat}/messages?limit=50");
        let (mut latencies, usage) = ask(bench, &path).await?;
        let per_second = latencies.len() as f64 / usage.wall;
        section.number(&format!("requests_per_second_of_{length}"), per_second, 0);
        if usual == Some(length) {
            section.number("requests_per_second", per_second, 0);
            let usage = bench.options.pid.map(|_| usage);
            section.cpu(usage, latencies.len() as u64, "requests").latencies("request", &mut latencies);
        }
    }
    bench.api.delete_chat(bench.user(0), chat).await?;
    Ok(section)
}

/// Everyone writes a share of so many messages.
async fn fill(bench: &Bench, chat: Uuid, count: usize) -> Result<(), Failure> {
    let writers = bench.users.len();
    let clock = Clock::start();
    try_join_all(bench.users.iter().enumerate().map(|(number, user)| async move {
        let mut connection = bench.api.connect(&user.token).await?;
        let mut sent = Sent::default();
        for _ in (number..count).step_by(writers) {
            load::send(&mut connection, chat, clock, &mut sent).await?;
        }
        Ok::<_, Failure>(())
    }))
    .await?;
    Ok(())
}

/// Everyone asks for this again and again: microseconds of each request, and what it took.
pub async fn ask(bench: &Bench, path: &str) -> Result<(Vec<u32>, Usage), Failure> {
    let meter = bench.meter();
    let end = Instant::now() + bench.duration();
    let readers: Vec<_> = bench
        .users
        .iter()
        .map(|user| {
            let (api, user, path) = (bench.api.clone(), Arc::clone(user), path.to_owned());
            tokio::spawn(async move {
                let mut connection = api.connect(&user.token).await?;
                let mut latencies = Vec::new();
                while Instant::now() < end {
                    let at = Instant::now();
                    let (status, _) = connection.call("GET", &path, None).await?;
                    if status != 200 {
                        return Err(format!("GET {path} answered {status}").into());
                    }
                    latencies.push(u32::try_from(at.elapsed().as_micros()).unwrap_or(u32::MAX));
                }
                Ok::<_, Failure>(latencies)
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for reader in readers {
        latencies.extend(reader.await??);
    }
    Ok((latencies, meter.usage()))
}
