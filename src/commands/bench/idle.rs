//! Sockets that do nothing: what one costs in memory.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::sleep;

use super::{Bench, client::Failure, meter::resident_kib, report::Section, watch};

/// Opens them all, a hundred to a chat, and looks at the server's memory before and after.
pub async fn run(bench: &Bench) -> Result<Section, Failure> {
    let count = bench.options.idle;
    let mut chats = Vec::new();
    for _ in 0..count.div_ceil(100) {
        chats.push(bench.api.create_chat(bench.user(0), "idle").await?);
    }
    // What the first sockets bring into memory once is no matter of each.
    drop(open(bench, &chats, 100).await?);
    sleep(Duration::from_secs(2)).await;
    let before = bench.options.pid.and_then(resident_kib);
    let sockets = open(bench, &chats, count).await?;
    sleep(Duration::from_secs(2)).await;
    let after = bench.options.pid.and_then(resident_kib);
    let mut section = Section::new("idle");
    section.figure("sockets", sockets.len());
    if let (Some(before), Some(after)) = (before, after) {
        section.number("server_kib_per_socket", (after as f64 - before as f64) / count as f64, 2);
    }
    drop(sockets);
    for chat in chats {
        bench.api.delete_chat(bench.user(0), chat).await?;
    }
    Ok(section)
}

async fn open(
    bench: &Bench,
    chats: &[uuid::Uuid],
    count: usize,
) -> Result<Vec<tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>>, Failure> {
    stream::iter(0..count)
        .map(|number| async move {
            let chat = chats[number % chats.len()];
            Ok(watch::open(&bench.api, bench.user(number), chat, None).await?.0)
        })
        .buffered(32)
        .try_collect()
        .await
}
