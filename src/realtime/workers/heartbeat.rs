//! Pings every client every 15 seconds, a fifteenth of them each second, and lets idle tails go.

use std::{sync::Arc, time::Duration};

use tokio::{task::yield_now, time::sleep};

use super::super::{
    frames::{self, HEARTBEAT_SECONDS},
    hub::Hub,
};

/// How many are served in one go.
const AT_ONCE: usize = 256;

pub(super) async fn work(hub: Hub) {
    let ping = frames::ping();
    for second in 0_u64.. {
        sleep(Duration::from_secs(1)).await;
        let turn = second % HEARTBEAT_SECONDS;
        let mut sessions = hub.sessions();
        sessions.retain(|session| session.number % HEARTBEAT_SECONDS == turn);
        for some in sessions.chunks(AT_ONCE) {
            some.iter().for_each(|session| session.ping(&ping));
            yield_now().await;
        }
        let channels = if turn == 0 { hub.channels() } else { vec![] };
        for some in channels.chunks(AT_ONCE) {
            some.iter().map(Arc::as_ref).for_each(|channel| channel.trim());
            yield_now().await;
        }
    }
}
