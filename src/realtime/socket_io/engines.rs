//! The connections that poll: each has a name, which its client says with every request.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use poem::Request;
use tokio::{
    sync::{oneshot, watch},
    time::timeout,
};

use super::{Handshake, new_sid};
use crate::{
    error::{Code, Error, Result},
    limits::Slot,
    realtime::{frames::CloseCode, services::Services, session::Session, socket::Socket},
};

/// How long a client has to say who it is.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// The most packets that wait for a client that has not said who it is.
const MOST_UNAUTHENTICATED: usize = 8;

/// The connections that poll on this instance.
#[derive(Clone, Default)]
pub struct Engines(Arc<Mutex<HashMap<String, Arc<Engine>>>>);

/// A connection that polls.
pub struct Engine {
    /// Its name.
    pub sid: String,
    /// What its first request said of who sent it.
    pub first: Handshake,
    state: watch::Sender<State>,
    /// What it is told before it is let in, and why it is not.
    unauthenticated: Mutex<VecDeque<Bytes>>,
    /// Held by the one poll there may be.
    pub polling: tokio::sync::Mutex<()>,
    /// Held by the one body that may be coming in.
    pub posting: tokio::sync::Mutex<()>,
    /// A WebSocket is being tried.
    is_probing: AtomicBool,
    /// Where the WebSocket goes by which it goes on.
    upgrade: Mutex<Option<oneshot::Sender<Socket>>>,
}

/// How far a connection that polls has got.
#[derive(Clone)]
pub enum State {
    /// Nobody has said who it is.
    Opening,
    /// It is in; whether with a token of its own, which no header repeats.
    Open { session: Arc<Session>, by_token: bool },
    /// Nothing comes of it any more.
    Over,
}

impl Engines {
    fn locked(&self) -> MutexGuard<'_, HashMap<String, Arc<Engine>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new connection, which holds its slot until somebody has signed in.
    pub fn begin(&self, first: Handshake, slot: Option<Option<Slot<IpAddr>>>) -> Result<Arc<Engine>> {
        let engine = Arc::new(Engine::new(new_sid()?, first));
        self.locked().insert(engine.sid.clone(), Arc::clone(&engine));
        let (engines, opening) = (self.clone(), Arc::clone(&engine));
        tokio::spawn(async move {
            let mut state = opening.state.subscribe();
            let opened = async {
                let changed = state.wait_for(|state| !matches!(state, State::Opening)).await;
                changed.is_ok_and(|state| matches!(*state, State::Open { .. }))
            };
            if !timeout(TIMEOUT, opened).await.unwrap_or(false) {
                engines.end(&opening);
            }
            drop(slot);
        });
        Ok(engine)
    }

    /// The connection with this name, for a request that may use it: one that says who sends it must come from the same
    /// person.
    pub async fn find(&self, services: &Services, request: &Request, sid: &str) -> Result<Arc<Engine>> {
        let found = self.locked().get(sid).cloned();
        let engine = found.ok_or_else(unknown)?;
        if let State::Open { session, by_token } = engine.state() {
            if services.hub.app().revocations.contains(&session.caller.session_id) {
                // Known here before the notification of it has come back.
                session.close(CloseCode::SessionOver, "this session has ended");
            }
            Handshake::check(services.hub.app(), request, session.caller, by_token).await?;
        }
        Ok(engine)
    }

    /// Ends a connection, and forgets it.
    pub fn end(&self, engine: &Engine) {
        engine.end();
        self.locked().remove(&engine.sid);
    }
}

/// The answer to who names a connection that is not there, or is somebody else's.
pub fn unknown() -> Error {
    Error::new(Code::NotFound, "there is no such connection for you; begin a new one")
}

impl Engine {
    fn new(sid: String, first: Handshake) -> Self {
        Self {
            sid,
            first,
            state: watch::Sender::new(State::Opening),
            unauthenticated: Mutex::default(),
            polling: tokio::sync::Mutex::default(),
            posting: tokio::sync::Mutex::default(),
            is_probing: AtomicBool::new(false),
            upgrade: Mutex::default(),
        }
    }

    /// How far it has got.
    pub fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Tells of everything that changes in it.
    pub fn changes(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// It is in. Says whether it was still waiting for that; the receiver is where its WebSocket comes from.
    pub fn open(&self, session: &Arc<Session>, by_token: bool) -> Option<oneshot::Receiver<Socket>> {
        let (sender, receiver) = oneshot::channel();
        *self.upgrade.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        let is_open = self.state.send_if_modified(|state| {
            let was_opening = matches!(state, State::Opening);
            if was_opening {
                *state = State::Open { session: Arc::clone(session), by_token };
            }
            was_opening
        });
        is_open.then_some(receiver)
    }

    /// Ends it, and the session of its client.
    pub fn end(&self) {
        if let State::Open { session, .. } = self.state.send_replace(State::Over) {
            session.end();
        }
    }

    /// It goes on by this WebSocket; gives it back where nobody has said yet who it is: then it is a connection like one that
    /// began so.
    pub fn upgrade(&self, socket: Socket) -> Option<Socket> {
        let was_opening = self.state.send_if_modified(|state| {
            let was_opening = matches!(state, State::Opening);
            if was_opening {
                *state = State::Over;
            }
            was_opening
        });
        if was_opening {
            return Some(socket);
        }
        let sender = self.upgrade.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            let _ = sender.send(socket);
        }
        None
    }

    /// A WebSocket is being tried, or no longer: no poll waits meanwhile, so that the client can be done with them.
    pub fn probe(&self, is_probing: bool) {
        self.is_probing.store(is_probing, Ordering::Relaxed);
        self.state.send_modify(|state| {
            if let State::Open { session, .. } = state {
                session.end_poll();
            }
        });
    }

    /// Whether a WebSocket is being tried.
    pub fn is_probing(&self) -> bool {
        self.is_probing.load(Ordering::Relaxed)
    }

    /// Tells a client that is not in; one that does not listen is told no more. Says whether it listens.
    pub fn queue_unauthenticated(&self, frame: Bytes) -> bool {
        let mut unauthenticated = self.unauthenticated.lock().unwrap_or_else(PoisonError::into_inner);
        if unauthenticated.len() >= MOST_UNAUTHENTICATED {
            return false;
        }
        unauthenticated.push_back(frame);
        drop(unauthenticated);
        self.state.send_modify(|_| {});
        true
    }

    /// What a client that is not in has not heard yet.
    pub fn take_unauthenticated(&self) -> Vec<Bytes> {
        self.unauthenticated.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }
}
