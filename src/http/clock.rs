//! How long a connection may be silent: a short time within the head of a request, a longer one between two requests.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// A connection that tells its clock when something has come.
pub struct ClockedStream {
    stream: TcpStream,
    reads: Arc<AtomicU64>,
}

/// The clock of one connection. The server asks it for a timer whenever it begins to wait for the head of a request, and
/// knows one time for that; this clock makes two of it.
#[derive(Debug, Clone)]
pub struct Clock {
    reads: Arc<AtomicU64>,
    has_waited: Arc<AtomicBool>,
    head: Duration,
    idle: Duration,
}

/// A connection and its clock: `head` from the first byte of a request to the end of its head, `idle` from an answer to
/// the next request. A connection that has sent nothing yet has the time of a head.
pub fn clocked(stream: TcpStream, head: Duration, idle: Duration) -> (ClockedStream, Clock) {
    let reads = Arc::new(AtomicU64::new(0));
    let stream = ClockedStream { stream, reads: Arc::clone(&reads) };
    (stream, Clock { reads, has_waited: Arc::default(), head, idle })
}

impl ClockedStream {
    /// The plain connection.
    pub fn into_inner(self) -> TcpStream {
        self.stream
    }
}

impl rt::Timer for Clock {
    fn sleep(&self, _duration: Duration) -> Pin<Box<dyn rt::Sleep>> {
        let is_first = !self.has_waited.swap(true, Relaxed);
        Box::pin(Wait {
            reads: Arc::clone(&self.reads),
            seen: self.reads.load(Relaxed),
            // Of a first request every byte counts from the beginning of the connection.
            has_begun: is_first,
            head: self.head,
            timer: Box::pin(tokio::time::sleep(if is_first { self.head } else { self.idle })),
        })
    }

    fn sleep_until(&self, _deadline: Instant) -> Pin<Box<dyn rt::Sleep>> {
        self.sleep(Duration::ZERO)
    }
}

/// The wait for one head. It is polled after each attempt to read, so it sees the first byte when it comes.
struct Wait {
    reads: Arc<AtomicU64>,
    seen: u64,
    has_begun: bool,
    head: Duration,
    timer: Pin<Box<tokio::time::Sleep>>,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if !self.has_begun && self.reads.load(Relaxed) != self.seen {
            self.has_begun = true;
            let end = tokio::time::Instant::now() + self.head;
            self.timer.as_mut().reset(end);
        }
        self.timer.as_mut().poll(context)
    }
}

impl rt::Sleep for Wait {}

impl AsyncRead for ClockedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.reads.fetch_add(1, Relaxed);
        }
        polled
    }
}

impl AsyncWrite for ClockedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
