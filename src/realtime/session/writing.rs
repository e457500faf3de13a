//! When a client's frames are written, and how it shows that it is there.

use std::{io::ErrorKind, sync::atomic::Ordering};

use bytes::Bytes;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Session;
use crate::realtime::{frames::CloseCode, out::Out, packets, transport::Transport};

impl Session {
    /// Writes what the socket takes.
    pub fn flush(&self) {
        self.write(&mut self.out());
    }

    /// Writes what the socket takes of what is new in a chat.
    pub fn flush_chat(&self, chat_id: Uuid) {
        let mut out = self.out();
        if out.touch(chat_id) {
            self.write(&mut out);
        }
    }

    /// The socket takes bytes again.
    pub fn unblock(&self) {
        let mut out = self.out();
        out.blocked = false;
        self.write(&mut out);
    }

    /// Whether everything is written, or can't be.
    pub fn is_written(&self) -> bool {
        let out = self.out();
        out.broken || out.queue.is_empty()
    }

    /// Whether it has a connection, and does not poll.
    pub fn has_socket(&self) -> bool {
        matches!(self.out().transport, Transport::Socket(_))
    }

    /// A client without a connection polls: what it is told next comes out of this. `None` where nothing will come any more,
    /// and where it has a connection.
    pub fn poll(&self) -> Option<oneshot::Receiver<Vec<Bytes>>> {
        let mut out = self.out();
        let is_done = out.broken || out.over && out.queue.is_empty();
        if is_done || matches!(out.transport, Transport::Socket(_)) {
            return None;
        }
        let (poll, taken) = oneshot::channel();
        out.transport = Transport::Poll(poll);
        out.blocked = false;
        self.write(&mut out);
        Some(taken)
    }

    /// Answers a poll that is open with nothing.
    pub fn end_poll(&self) {
        let mut out = self.out();
        if matches!(out.transport, Transport::Poll(_)) {
            out.transport = Transport::Away;
            out.blocked = true;
        }
    }

    /// A client that polled has a connection from now on.
    pub fn upgrade(&self, transport: Transport) {
        let mut out = self.out();
        out.transport = transport;
        out.blocked = false;
        self.write(&mut out);
    }

    /// The client answered, or sent something.
    pub fn alive(&self) {
        self.unanswered_pings.store(0, Ordering::Relaxed);
    }

    /// Pings, or closes after two pings without an answer.
    pub fn ping(&self, ping: &Bytes) {
        if self.unanswered_pings.fetch_add(1, Ordering::Relaxed) >= 2 {
            return self.close(CloseCode::Heartbeat, "no answer to two pings");
        }
        let ping = if self.is_socket_io { packets::ping() } else { ping.clone() };
        let mut out = self.out();
        self.push_to(&mut out, ping);
        out.rest();
    }

    /// Writes as long as the socket takes bytes and there is something to write.
    pub(super) fn write(&self, out: &mut Out) {
        if out.blocked || out.broken {
            return;
        }
        loop {
            if out.transport.is_away() {
                // What the next poll will take stays where it is, and so does the client's place.
                out.blocked = true;
                break;
            }
            if out.queue.is_empty() && !out.fill() {
                break;
            }
            if out.queue.is_empty() {
                break;
            }
            match out.write_some() {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    out.blocked = true;
                    self.wake.notify_one();
                    return;
                }
                Err(_) => {
                    out.broken = true;
                    self.wake.notify_one();
                    return;
                }
            }
        }
        if out.over || !out.dropped.is_empty() || out.next_to_read().is_some() {
            self.wake.notify_one();
        }
    }
}
