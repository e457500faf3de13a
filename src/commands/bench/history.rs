//! Reading back: the last 50 messages of a chat of 10,000.

use std::{sync::Arc, time::Instant};

use hyper::Method;

use super::{
    Bench,
    client::Failure,
    load::{self, Sent},
    report::{Progress, Section},
    watch::Clock,
};

/// The length of the chat.
const MESSAGES: usize = 10_000;

/// Fills a chat and reads its end, with as many readers as there are senders.
pub async fn run(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let chat = bench.api.create_chat(bench.user(0), "history").await?;
    progress.say("history: filling a chat");
    let clock = Clock::start();
    let fills = bench.users.iter().map(|user| async move {
        let mut connection = bench.api.connect(&user.token).await?;
        let mut sent = Sent::default();
        for _ in 0..MESSAGES.div_ceil(bench.users.len()) {
            load::send(&mut connection, chat, clock, &mut sent).await?;
        }
        Ok::<_, Failure>(sent)
    });
    for fill in futures_util::future::join_all(fills).await {
        fill?;
    }
    progress.say("history: reading");
    let meter = bench.meter();
    let started = Instant::now();
    let end = started + bench.duration();
    let readers: Vec<_> = bench
        .users
        .iter()
        .map(|user| {
            let (api, user) = (bench.api.clone(), Arc::clone(user));
            tokio::spawn(async move {
                let mut connection = api.connect(&user.token).await?;
                let path = format!("/api/v1/chats/{chat}/messages?limit=50");
                let mut latencies = Vec::new();
                while Instant::now() < end {
                    let at = Instant::now();
                    let (status, _) = connection.call(Method::GET, &path, None).await?;
                    if status != 200 {
                        return Err(format!("reading the history answered {status}").into());
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
    let seconds = started.elapsed().as_secs_f64();
    let usage = meter.read();
    let mut section = Section::new("history");
    section.number("requests_per_second", latencies.len() as f64 / seconds, 0);
    section.cpu(usage, latencies.len() as u64, "requests").latencies("request", &mut latencies);
    bench.api.delete_chat(bench.user(0), chat).await?;
    Ok(section)
}
