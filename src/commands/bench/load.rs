//! Senders: as fast as they are answered, or at a pace.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{
    client::{Api, Connection, Failure, User, number_after},
    clock::Clock,
};

/// The characters of every message.
const LENGTH: usize = 100;

/// What a sender did.
#[derive(Debug, Default)]
pub struct Sent {
    /// The latest entry acknowledged, by chat.
    pub heads: HashMap<Uuid, i64>,
    /// How many were acknowledged.
    pub acknowledged: u64,
    /// How many were refused.
    pub refused: u64,
    /// Microseconds from send to acknowledgement.
    pub latencies: Vec<u32>,
}

impl Sent {
    /// Adds what another sender did.
    pub fn merge(&mut self, other: Sent) {
        for (chat, seq) in other.heads {
            let head = self.heads.entry(chat).or_default();
            *head = seq.max(*head);
        }
        self.acknowledged += other.acknowledged;
        self.refused += other.refused;
        self.latencies.extend(other.latencies);
    }
}

/// Sends to one chat and waits for the answer.
pub async fn send(
    connection: &mut Connection,
    chat: Uuid,
    clock: Clock,
    sent: &mut Sent,
) -> Result<(), Failure> {
    let at = clock.micros();
    let body = format!("{{\"content\":\"{:<LENGTH$}\"}}", format!("bench {at} "));
    let path = format!("/api/v1/chats/{chat}/messages");
    let (status, answer) = connection.call("POST", &path, Some(body.as_bytes())).await?;
    if status == 201 {
        let seq = number_after(answer, b"\"seq\":").ok_or("a message was answered without its seq")?;
        let head = sent.heads.entry(chat).or_default();
        *head = seq.max(*head);
        sent.acknowledged += 1;
        sent.latencies.push(u32::try_from(clock.micros() - at).unwrap_or(u32::MAX));
    } else {
        sent.refused += 1;
    }
    Ok(())
}

/// Sends for `duration`, each sender as fast as it is answered, over the chats in turn.
pub async fn closed_loop(
    api: &Api,
    users: &[Arc<User>],
    chats: &[Uuid],
    clock: Clock,
    duration: Duration,
) -> Result<Sent, Failure> {
    let end = Instant::now() + duration;
    let senders: Vec<_> = users
        .iter()
        .enumerate()
        .map(|(number, user)| {
            let (api, user, chats) = (api.clone(), Arc::clone(user), chats.to_vec());
            tokio::spawn(async move {
                let mut connection = api.connect(&user.token).await?;
                let mut sent = Sent::default();
                // Strides that differ, so that senders do not walk in step.
                let mut place = number * 7;
                while Instant::now() < end {
                    place += 2 * number + 1;
                    send(&mut connection, chats[place % chats.len()], clock, &mut sent).await?;
                }
                Ok::<_, Failure>(sent)
            })
        })
        .collect();
    gather(senders).await
}

/// Sends `rate` messages a second for `duration`, in the order of the clock and not of the answers.
pub async fn open_loop(
    api: &Api,
    users: &[Arc<User>],
    chats: &[Uuid],
    clock: Clock,
    rate: u32,
    duration: Duration,
) -> Result<Sent, Failure> {
    let people = u32::try_from(users.len())?;
    let pause = Duration::from_secs(1) * people / rate;
    let end = Instant::now() + duration;
    let senders: Vec<_> = users
        .iter()
        .enumerate()
        .map(|(number, user)| {
            let (api, user, chats) = (api.clone(), Arc::clone(user), chats.to_vec());
            tokio::spawn(async move {
                let mut connection = api.connect(&user.token).await?;
                let mut sent = Sent::default();
                let mut place = number;
                // Senders are spread over the pause, as people are.
                tokio::time::sleep(pause * u32::try_from(number)? / people).await;
                let mut tick = tokio::time::interval(pause);
                while Instant::now() < end {
                    tick.tick().await;
                    place += 1;
                    send(&mut connection, chats[place % chats.len()], clock, &mut sent).await?;
                }
                Ok::<_, Failure>(sent)
            })
        })
        .collect();
    gather(senders).await
}

/// Waits for every sender.
async fn gather(senders: Vec<JoinHandle<Result<Sent, Failure>>>) -> Result<Sent, Failure> {
    let mut all = Sent::default();
    for sender in senders {
        all.merge(sender.await??);
    }
    Ok(all)
}
