//! Receives the notifications: one raw connection that LISTENs, made again whenever it ends.
//!
//! Nothing is lost while it is away: after every new LISTEN each followed chat is looked at once. A notification to ourselves
//! now and then shows that they come through at all; where they don't (a pooler in between), the logs are polled instead.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::{hub::Hub, notification::Notification};
use crate::{
    db::{
        connect::Target,
        listen::{ListenState, Listening, notify},
    },
    ephemeral::{self, Decoder, Taken},
    error::Result,
    events, jobs, messages,
    telemetry::metrics::names,
    topics,
    webhooks::{self, Waker},
};

/// How often we notify ourselves.
const SELF_NOTIFY: Duration = Duration::from_secs(4);
/// How long it may take to come back.
const TIMEOUT: Duration = Duration::from_secs(3);
/// How often the logs are polled while notifications do not come through.
const POLL: Duration = Duration::from_millis(500);
/// Who is in which chat, and who is online, is asked for at every tenth poll.
const POLL_PEOPLE: u32 = 10;

/// Listens for as long as the program runs, and wakes the webhooks that have something to send.
pub async fn run(hub: Hub, url: String) {
    let waker = Waker::default();
    let waking = waker.clone().work(hub.app().clone());
    let target = match Listening::target(&url, hub.app().config.http.addr) {
        Ok(target) => target,
        Err(error) => return tracing::error!("cannot LISTEN: no usable address: {error}{}", error.causes()),
    };
    tokio::join!(waking, poll(hub.clone(), waker.clone()), keep_listening(hub, waker, target));
}

/// While notifications do not arrive, asks the tables for what they would have told: where the logs stand, who may still be
/// here, what is permitted, which jobs are due.
async fn poll(hub: Hub, waker: Waker) {
    let mut ticks = 0_u32;
    let mut tick = interval(POLL);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let receives = hub.app().listen_status.state() == ListenState::Receiving;
        metrics::gauge!(names::LISTEN_POLLING).set(f64::from(u8::from(!receives)));
        if receives {
            continue;
        }
        metrics::counter!(names::POLLS).increment(1);
        ticks += 1;
        if ticks.is_multiple_of(POLL_PEOPLE) {
            hub.recheck_all();
        } else {
            hub.recheck_logs();
        }
        waker.recheck_all();
        hub.app().recheck_due();
    }
}

async fn keep_listening(hub: Hub, waker: Waker, target: Target) {
    let listen_status = &hub.app().listen_status;
    // Whom it has heard, it knows on the next connection, too.
    let mut decoder = hub.app().events.decoder();
    let mut pause = Duration::from_millis(50);
    loop {
        match Listening::start(&target, &hub.app().pool.newest).await {
            Ok(listening) => {
                pause = Duration::from_millis(50);
                listen_status.set(ListenState::Receiving);
                // Whatever was committed before this LISTEN is read now; what comes after is announced.
                hub.recheck_all();
                waker.recheck_all();
                hub.app().recheck_due();
                let ended = listen(&hub, &waker, &mut decoder, listening).await;
                tracing::warn!(reason = ?ended.err(), "the connection that listens has ended; making a new one");
                // The others may lead to the same server that is gone; those in use have their deadline.
                hub.app().pool.discard_idle();
            }
            // It may have an address of its own, and all the rest may be well.
            Err(error) => tracing::warn!(
                "no connection to listen on; polling the logs and trying again: {error}{}",
                error.causes()
            ),
        }
        listen_status.set(ListenState::Disconnected(Instant::now()));
        metrics::counter!(names::LISTEN_RECONNECTS).increment(1);
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(2));
    }
}

/// Hears until the connection ends.
async fn listen(hub: &Hub, waker: &Waker, decoder: &mut Decoder, mut listening: Listening) -> Result<()> {
    let token = format!("p {}", uuid::Uuid::new_v4());
    let mut due = Instant::now();
    let mut notified_at: Option<Instant> = None;
    let listen_status = &hub.app().listen_status;
    let mut tick = interval(POLL);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            payload = listening.next() => {
                let Some(first) = payload else { return Ok(()) };
                let mut payload = Some(first);
                // All that have arrived are one round of the hub's.
                while let Some(text) = payload {
                    if text == token {
                        notified_at = None;
                        if listen_status.state() != ListenState::Receiving {
                            tracing::info!("notifications come through again");
                        }
                        listen_status.set(ListenState::Receiving);
                    } else if jobs::receive(hub.app(), &text) {
                        // Told.
                    } else if messages::scheduled::is_notification(&text) {
                        hub.app().scheduled_due.notify_one();
                    } else if events::due::is_notification(&text) {
                        hub.app().places_due.notify_one();
                    } else if let Some(topic) = topics::topic_of(&text) {
                        // Nobody may wait for any.
                        let _ = hub.app().topic_news.send(topic.to_owned());
                    } else if let Some(chat_id) = webhooks::made_in(&text) {
                        waker.learn(chat_id);
                    } else if let Some(notification) = Notification::parse(&text) {
                        metrics::counter!(names::NOTIFICATIONS).increment(1);
                        if let Notification::Entries(chats) = &notification {
                            waker.on_notification(chats);
                        }
                        hub.on_notification(notification);
                    } else {
                        match decoder.take(&text, ephemeral::now_ms()) {
                            Taken::Events(events) => hub.receive(events),
                            Taken::Refused => metrics::counter!(names::NOTIFICATIONS_REFUSED).increment(1),
                            // The self-addressed notifications of other instances, among others.
                            Taken::Part | Taken::Other => {}
                        }
                    }
                    payload = listening.try_next();
                }
            }
            _ = tick.tick() => {
                if notified_at.is_some_and(|at| at.elapsed() > TIMEOUT) && listen_status.state() == ListenState::Receiving {
                    listen_status.set(ListenState::Silent);
                    metrics::counter!(names::NOTIFICATIONS_MISSED).increment(1);
                    tracing::warn!(
                        "notifications do not come through (a pooler in between?): polling the logs instead"
                    );
                }
                if Instant::now() >= due {
                    due = Instant::now() + SELF_NOTIFY;
                    // A connection that hangs is as good as one that ended.
                    match timeout(TIMEOUT, listening.check()).await {
                        Ok(alive) => alive?,
                        Err(_) => return Ok(()),
                    }
                    notified_at.get_or_insert_with(Instant::now);
                    // Notifications must not wait here until the pool has a connection to spare.
                    let (app, token) = (hub.app().clone(), token.clone());
                    tokio::spawn(async move {
                        if let Err(error) = notify(&app.pool, &token).await {
                            tracing::debug!(%error, "the test notification could not be sent");
                        }
                    });
                }
            }
        }
    }
}
