//! Where what is told to a client is written: to a connection of its own, or into the answers to its polls.

use std::sync::Arc;

use bytes::Bytes;
use tokio::{net::TcpStream, sync::oneshot};

/// About the most bytes one poll takes.
pub const POLL_BYTES: usize = 64 * 1024;
/// The most packets one poll takes: the stock client of Python gives up where an answer holds more.
pub const POLL_PACKETS: usize = 16;

/// Where what is told to a client is written.
#[derive(Debug, Default)]
pub enum Transport {
    /// To a connection, as far as it takes bytes.
    Socket(Arc<TcpStream>),
    /// Into the answer to this poll, which waits for it; then the client is away until it polls again.
    Poll(oneshot::Sender<Vec<Bytes>>),
    /// Nowhere: the client polls, and has no poll open right now.
    #[default]
    Away,
}

impl Transport {
    /// Whether the client polls, and has no poll open right now.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Away)
    }
}
