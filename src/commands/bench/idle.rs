//! Sockets that do nothing: what one costs in memory.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, future::try_join_all, stream};
use tokio::time::sleep;
use uuid::Uuid;

use super::{
    Bench,
    client::{Connection, Failure},
    clock::Clock,
    load,
    meter::resident_kib,
    report::{Progress, Section},
    watch::{self, Watcher},
};

/// How many requests the server has answered before its memory is looked at.
const REQUESTS: usize = 2000;
/// A socket is idle when it has been through a heartbeat, of 15 seconds; short runs do without.
const HEARTBEAT: Duration = Duration::from_secs(17);
/// How often the memory is looked at, every tenth of a second.
const POLLS: usize = 20;

/// Opens them all, a hundred to a chat and spread over everyone, closes them, and opens them again.
///
/// The memory of a socket is the server's resident memory while the second crowd is open and has answered a heartbeat,
/// less what it was before any crowd, in a process that has answered requests on all its database connections; divided
/// by the sockets. So what the allocator keeps from the first crowd counts as theirs and hides nothing, and what the
/// first sockets bring into memory once counts too. It is only meaningful on a server that has seen no crowd before: this
/// workload is the first.
pub async fn run(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let count = bench.options.idle;
    let mut chats = Vec::new();
    for _ in 0..count.div_ceil(100) {
        chats.push(bench.api.create_chat(bench.user(0), "idle").await?);
    }
    progress.say("idle: answering requests first");
    warm_up(bench, &chats).await?;
    let before = resident(bench).await?;
    progress.say("idle: the first crowd");
    let first = open(bench, &chats).await?;
    let with_first = resident(bench).await?;
    close(first).await;
    let between = resident(bench).await?;
    progress.say("idle: the second crowd");
    let second = open(bench, &chats).await?;
    if bench.options.seconds >= 5 {
        sleep(HEARTBEAT).await;
    }
    let with_second = resident(bench).await?;
    let mut section = Section::new("idle");
    section.figure("sockets", second.len());
    let of_each = [
        ("server_kib_per_socket", with_second),
        ("server_kib_per_socket_of_first_crowd", with_first),
        ("server_kib_kept_per_closed_socket", between),
    ];
    for (name, kib) in of_each {
        if let (Some(before), Some(kib)) = (before, kib) {
            section.number(name, (kib as f64 - before as f64) / count as f64, 2);
        }
    }
    if let Some(before) = before {
        section.number("server_mib_before", before as f64 / 1024.0, 1);
    }
    close(second).await;
    for chat in chats {
        bench.api.delete_chat(bench.user(0), chat).await?;
    }
    Ok(section)
}

/// Everyone reads and writes at once, as on a server that is in use: its code and its database connections are there.
async fn warm_up(bench: &Bench, chats: &[Uuid]) -> Result<(), Failure> {
    let rounds = REQUESTS.div_ceil(2 * bench.users.len());
    try_join_all(bench.users.iter().enumerate().map(|(number, user)| async move {
        let mut connection: Connection = bench.api.connect(&user.token).await?;
        for round in 0..rounds {
            let chat = chats[(number + round) % chats.len()];
            load::send(&mut connection, chat, Clock::start(), &mut load::Sent::default()).await?;
            connection.call("GET", &format!("/api/v1/chats/{chat}/messages"), None).await?;
        }
        Ok::<_, Failure>(())
    }))
    .await?;
    Ok(())
}

/// The least the server has in memory over two seconds, in KiB, while everyone asks for little: an allocator gives back
/// what it needs no more when it is used again, and before that a reading tells of the past.
async fn resident(bench: &Bench) -> Result<Option<u64>, Failure> {
    let mut least = None;
    let callers = bench.users.iter().map(|user| bench.api.connect(&user.token));
    let mut callers = try_join_all(callers).await?;
    for _ in 0..POLLS {
        try_join_all(
            callers
                .iter_mut()
                .map(|caller| async { caller.call("GET", "/api/v1/users/me", None).await.map(|_| ()) }),
        )
        .await?;
        sleep(Duration::from_millis(100)).await;
        let now = bench.options.pid.and_then(resident_kib);
        least = least.min(now).or(now);
    }
    Ok(least)
}

async fn open(bench: &Bench, chats: &[Uuid]) -> Result<Vec<Watcher>, Failure> {
    stream::iter(0..bench.options.idle)
        .map(|number| async move {
            let chat = chats[number % chats.len()];
            watch::watch(&bench.api, bench.user(number), chat, Clock::start()).await
        })
        .buffered(32)
        .try_collect()
        .await
}

async fn close(watchers: Vec<Watcher>) {
    for watcher in watchers {
        watcher.account().await;
    }
}
