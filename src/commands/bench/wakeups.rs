//! The same news on an instance that follows more and more chats: what a message costs must not grow with what is quiet.

use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::time::{Instant, interval, sleep};
use uuid::Uuid;

use super::{
    Bench,
    client::Failure,
    clock::Clock,
    load::{self, Sent},
    report::{Progress, Section},
    watch::{self, Watcher},
};

/// The chats with news.
const BUSY: usize = 100;
/// Messages a second.
const RATE: u32 = 1000;

/// Everyone owns a share of the chats and follows it with a gateway; a fixed rate of messages goes into the same hundred
/// chats while more and more others are followed beside them. CPU is that of the server and PostgreSQL; the growth is
/// that of the CPU of a message from each size to the next.
pub async fn run(bench: &Bench, progress: &Progress) -> Result<Section, Failure> {
    let people = bench.users.len();
    let mut sizes = bench.options.followed.clone();
    sizes.sort_unstable();
    let mut owned: Vec<Vec<Uuid>> = vec![Vec::new(); people];
    let mut section = Section::new("wakeups");
    let (mut before, mut worst, mut lost) = (None, None, 0);
    for size in sizes {
        progress.say(&format!("wakeups: making {size} chats"));
        add_chats(bench, &mut owned, size).await?;
        let sockets = bench.users.iter().map(|user| watch::open_gateway(&bench.api, user));
        let gateways: Vec<_> = try_join_all(sockets)
            .await?
            .into_iter()
            .map(|socket| Watcher::start(socket, Uuid::nil(), 0, None))
            .collect();
        // What making and following them left to do is not what is to be measured.
        sleep(Duration::from_secs(if bench.options.seconds < 5 { 1 } else { 5 })).await;
        progress.say(&format!("wakeups: {size} chats are followed"));
        let meter = bench.meter();
        let sent = news(bench, &owned).await?;
        let arrived = arrivals(&gateways, sent.acknowledged).await;
        lost += sent.acknowledged.saturating_sub(arrived);
        if let Some(usage) = meter.read() {
            let each = sent.acknowledged.max(1) as f64 / 1000.0;
            let (server, postgres) = (usage.server / each, usage.postgres / each);
            section.number(&format!("cpu_seconds_per_1000_messages_of_{size}"), server + postgres, 4);
            section.number(&format!("server_cpu_seconds_per_1000_messages_of_{size}"), server, 4);
            section.number(&format!("postgres_cpu_seconds_per_1000_messages_of_{size}"), postgres, 4);
            if let Some(before) = before {
                let growth = (server + postgres) / before - 1.0;
                section.number(&format!("growth_to_{size}"), growth, 3);
                worst = Some(worst.map_or(growth, |worst: f64| worst.max(growth)));
            }
            before = Some(server + postgres);
        }
        section.figure(&format!("acknowledged_of_{size}"), sent.acknowledged);
        for gateway in gateways {
            gateway.account().await;
        }
    }
    if let Some(worst) = worst {
        section.number("growth", worst, 3);
    }
    section.flaws(lost, 0, 0);
    remove_chats(bench, &owned).await?;
    Ok(section)
}

/// Makes chats until there are `size`, the same number for everyone but for one.
async fn add_chats(bench: &Bench, owned: &mut [Vec<Uuid>], size: usize) -> Result<(), Failure> {
    let people = owned.len();
    try_join_all(owned.iter_mut().enumerate().map(|(number, chats)| async move {
        let mut connection = bench.api.connect(&bench.user(number).token).await?;
        for _ in chats.len()..(number..size).step_by(people).len() {
            chats.push(connection.create_chat("wakeups").await?);
        }
        Ok::<_, Failure>(())
    }))
    .await?;
    Ok(())
}

/// Everyone sends to their own among the first hundred chats, at a rate, so that each message has one delivery.
async fn news(bench: &Bench, owned: &[Vec<Uuid>]) -> Result<Sent, Failure> {
    let clock = Clock::start();
    let end = Instant::now() + bench.duration();
    let people = u32::try_from(owned.len())?;
    let pause = Duration::from_secs(1) * people / RATE;
    let senders = owned.iter().enumerate().map(|(number, chats)| async move {
        let mut connection = bench.api.connect(&bench.user(number).token).await?;
        let mut sent = Sent::default();
        let busy = &chats[..(number..BUSY).step_by(owned.len()).len().min(chats.len())];
        // Senders are spread over the pause, as people are.
        sleep(pause * u32::try_from(number)? / people).await;
        let mut tick = interval(pause);
        let mut place = 0;
        while Instant::now() < end && !busy.is_empty() {
            tick.tick().await;
            place += 1;
            load::send(&mut connection, busy[place % busy.len()], clock, &mut sent).await?;
        }
        Ok::<_, Failure>(sent)
    });
    let mut all = Sent::default();
    for sent in try_join_all(senders).await? {
        all.merge(sent);
    }
    Ok(all)
}

/// Waits until so many messages have arrived; gives how many did.
async fn arrivals(gateways: &[Watcher], wanted: u64) -> u64 {
    let patience = Instant::now() + watch::TIMEOUT;
    while watch::entries(gateways) < wanted && Instant::now() < patience {
        sleep(Duration::from_millis(5)).await;
    }
    watch::entries(gateways)
}

async fn remove_chats(bench: &Bench, owned: &[Vec<Uuid>]) -> Result<(), Failure> {
    try_join_all(owned.iter().enumerate().map(|(number, chats)| async move {
        let mut connection = bench.api.connect(&bench.user(number).token).await?;
        for chat in chats {
            connection.delete_chat(*chat).await?;
        }
        Ok::<_, Failure>(())
    }))
    .await?;
    Ok(())
}
