//! Those who read: whatever ends their socket, they go on where they were, at either instance.

use std::{collections::HashMap, ops::ControlFlow, sync::Arc, time::Duration};

use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::json;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use uuid::Uuid;

use super::{
    socket::{Frame, Socket, Told},
    stage::Stage,
};

/// How many deliveries are counted at once.
const COUNTED: usize = 50;

/// What a reader connects to.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    /// The socket of one chat.
    Chat(usize),
    /// The gateway, and every chat on it.
    Gateway,
}

/// What was seen of one chat: everything up to an entry, and a fingerprint of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Which chat.
    pub chat: usize,
    /// The latest entry.
    pub seen: i64,
    /// The fingerprint of all entries in order.
    pub print: u64,
}

/// One reader.
pub struct Reader {
    stage: Arc<Stage>,
    way: Way,
    dice: StdRng,
    views: HashMap<Uuid, View>,
    /// Which entry was the latest, by chat: proves that it is still the same log.
    latest: HashMap<Uuid, Uuid>,
    uncounted: usize,
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy)]
enum Life {
    /// The client cuts it.
    Cut,
    /// The client does not read for a while, and goes on.
    Stall,
    /// It lasts as long as the server lets it.
    Long,
}

impl Reader {
    /// Somebody who has seen nothing yet.
    pub fn new(stage: &Arc<Stage>, way: Way, seed: u64) -> Self {
        let chats = match way {
            Way::Chat(chat) => chat..chat + 1,
            Way::Gateway => 0..stage.chats.len(),
        };
        let views = chats.map(|chat| (stage.chats[chat], View { chat, seen: 0, print: 0 })).collect();
        let dice = StdRng::seed_from_u64(seed);
        Self { stage: Arc::clone(stage), way, dice, views, latest: HashMap::new(), uncounted: 0 }
    }

    /// Reads until there is nothing more to come.
    pub async fn run(mut self) -> Vec<View> {
        while !self.has_all() {
            let base = self.stage.instances[self.dice.random_range(0..2)].base.clone();
            let person = &self.stage.people[self.dice.random_range(0..self.stage.people.len())];
            let (token, stage) = (person.token.clone(), Arc::clone(&self.stage));
            if let Some(socket) = Socket::open(&base, &self.path(), &token, &stage.tally).await {
                self.stage.tally.count("readers' connections");
                self.read(socket).await;
            }
            let pause = self.dice.random_range(10..200);
            sleep(Duration::from_millis(pause)).await;
        }
        self.stage.tally.add("deliveries", self.uncounted);
        self.views.into_values().collect()
    }

    fn path(&self) -> String {
        match self.way {
            Way::Chat(chat) => {
                let chat_id = self.stage.chats[chat];
                let proof = self.latest.get(&chat_id).map(|id| format!("&after_id={id}")).unwrap_or_default();
                format!("/api/v1/chats/{chat_id}?after_seq={}{proof}", self.views[&chat_id].seen)
            }
            Way::Gateway => "/api/v1/ws".to_owned(),
        }
    }

    fn has_all(&self) -> bool {
        let Some(ends) = self.stage.ends() else { return false };
        self.views.values().all(|view| view.seen >= ends[view.chat])
    }

    /// Reads on one connection, to its end.
    async fn read(&mut self, mut socket: Socket) {
        if matches!(self.way, Way::Gateway) {
            for (chat_id, view) in &self.views {
                let mut command = json!({
                    "type": "chat.subscribe", "ref": view.chat, "chat_id": chat_id, "after_seq": view.seen,
                });
                if let Some(id) = self.latest.get(chat_id) {
                    command["after_id"] = json!(id);
                }
                if socket.send(&command).await.is_none() {
                    return;
                }
            }
        }
        let stage = Arc::clone(&self.stage);
        let mut life = [Life::Cut, Life::Cut, Life::Stall, Life::Long][self.dice.random_range(0..4)];
        let turn = Instant::now() + Duration::from_millis(self.dice.random_range(100..4000));
        let written = stage.written();
        tokio::pin!(written);
        let mut over = false;
        while !(over && self.has_all()) {
            tokio::select! {
                frame = socket.next(&stage.tally) => {
                    let Some(frame) = frame else { return };
                    if self.hear(&frame).is_break() {
                        return;
                    }
                }
                // From then on everything must arrive on this very connection.
                () = &mut written, if !over => over = true,
                () = sleep_until(turn), if !over && !matches!(life, Life::Long) => match life {
                    Life::Cut => {
                        stage.tally.fault("a reader's socket cut");
                        return;
                    }
                    Life::Stall => {
                        stage.tally.fault("a reader stalled");
                        sleep(Duration::from_millis(self.dice.random_range(500..5000))).await;
                        life = Life::Long;
                    }
                    Life::Long => {}
                },
            }
        }
        // Nothing comes after the end.
        while let Ok(Some(frame)) = timeout(Duration::from_millis(300), socket.next(&stage.tally)).await {
            let _ = self.hear(&frame);
        }
    }

    fn hear(&mut self, frame: &Frame) -> ControlFlow<()> {
        let tally = &self.stage.tally;
        match frame.kind.as_str() {
            // Another log: read from its beginning.
            "reset" if self.stage.may_lose => {
                tally.count("readers told a reset");
                if let Some(chat_id) = frame.chat_id
                    && let Some(view) = self.views.get_mut(&chat_id)
                {
                    (view.seen, view.print) = (0, 0);
                    self.latest.remove(&chat_id);
                }
                return ControlFlow::Break(());
            }
            "reset" => {
                let seen = frame.chat_id.and_then(|id| self.views.get(&id)).map(|view| view.seen);
                tally.wrong(format!(
                    "{:?}: a reset after {seen:?}, the log ends at {:?}",
                    self.way, frame.last_seq
                ));
            }
            // Whether they may could not be asked right now; what was subscribed before lives on, so begin anew.
            "error" if frame.may_be_tried_again() => return ControlFlow::Break(()),
            "error" => tally.wrong(format!("a subscription came to {frame:?}")),
            "welcome" | "ack" | "caught_up" => {}
            _ => {
                let Some((chat_id, seq)) = frame.chat_id.zip(frame.seq) else {
                    return ControlFlow::Continue(());
                };
                let Some(view) = self.views.get_mut(&chat_id) else {
                    tally.wrong(format!("not subscribed: {frame:?}"));
                    return ControlFlow::Break(());
                };
                if seq != view.seen + 1 {
                    tally.wrong(format!("{:?}: {seq} came after {}", self.way, view.seen));
                }
                view.seen = seq;
                if let Some(id) = frame.id {
                    self.latest.insert(chat_id, id);
                }
                let message = match &frame.message {
                    Some(Told::Message { id }) => Some(*id),
                    _ => None,
                };
                view.print = fingerprint(view.print, seq, message);
                self.uncounted += 1;
                if self.uncounted == COUNTED {
                    tally.add("deliveries", std::mem::take(&mut self.uncounted));
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// The fingerprint of a log up to an entry, from that of the log before it.
pub fn fingerprint(before: u64, seq: i64, message: Option<Uuid>) -> u64 {
    let (high, low) = message.unwrap_or_default().as_u64_pair();
    [seq as u64, high, low]
        .into_iter()
        .fold(before, |print, word| (print.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95))
}
