//! How much of a body is read, and how long it may take: limits that hold with and without Content-Length.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, combinators::BoxBody};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use poem::{Body, RequestBody};
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::error::{Code, Error, Result};

/// How much of a body that was not wanted is read on, and for how long: a client that is still sending may never see
/// an answer on a connection that is closed under it.
const DRAIN_BYTES: usize = 64 * 1024 * 1024;
const DRAIN: Duration = Duration::from_secs(5);
const DRAIN_PAUSE: Duration = Duration::from_secs(1);

/// What a request may send.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// The most bytes.
    pub bytes: usize,
    /// How long it may take, beside what a slow line needs for what it carries.
    pub pause: Duration,
}

/// What became of a guarded body.
#[derive(Clone, Default)]
pub struct BodyWatch(Arc<Mutex<Progress>>);

#[derive(Default)]
struct Progress {
    begun: bool,
    refusal: Option<Code>,
    rest: Option<BoxBody<Bytes, std::io::Error>>,
}

/// Lets at most `limit` of a body through: reading on past it fails, and so does waiting for it too long.
pub fn guard_body(body: Body, limit: BodyLimit) -> (Body, BodyWatch) {
    let watch = BodyWatch::default();
    let timer = Box::pin(sleep(limit.pause));
    let guarded = Guarded { body: body.into(), left: limit.bytes, timer, ended: false, watch: watch.clone() };
    (Body::from(guarded.boxed()), watch)
}

/// The whole body, or why it could not be read.
pub async fn read(body: &mut RequestBody) -> Result<Bytes> {
    let body = body.take().map_err(Error::internal)?;
    body.into_bytes().await.map_err(|error| explain(&error))
}

/// Why reading a guarded body failed.
pub(super) fn explain(error: &(dyn std::error::Error + 'static)) -> Error {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(Refused(code)) = error.downcast_ref() {
            return refusal(*code);
        }
        // `io::Error::source` skips the error it wraps.
        cause = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    Error::new(Code::Malformed, "the body could not be read to its end")
}

fn refusal(code: Code) -> Error {
    match code {
        Code::TooLarge => Error::new(code, "the body is too large"),
        _ => Error::new(code, "the body took too long to arrive"),
    }
}

impl BodyWatch {
    /// Why the guard stopped the body, if it did; whoever was reading may tell it as something else.
    pub fn refusal(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).refusal.map(refusal)
    }

    /// Reads on for a while what nobody wanted, so that the client is done sending when the answer comes. One who
    /// `waits` for `100 Continue` has not begun to send if nobody has begun to read.
    pub async fn drain(&self, waits: bool) {
        let rest = {
            let mut fate = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if waits && !fate.begun { None } else { fate.rest.take() }
        };
        let Some(mut rest) = rest.filter(|rest| !rest.is_end_stream()) else { return };
        let deadline = Instant::now() + DRAIN;
        let mut bytes = 0;
        while bytes < DRAIN_BYTES && Instant::now() < deadline {
            match timeout(DRAIN_PAUSE, rest.frame()).await {
                Ok(Some(Ok(frame))) => bytes += frame.data_ref().map_or(0, Bytes::len),
                _ => break,
            }
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the body was refused: {}", .0.word())]
struct Refused(Code);

/// The bytes a second of the slowest line that is waited for.
const SLOWEST: f64 = 16.0 * 1024.0;

/// A body of at most so many bytes, which must arrive within a pause, and as much longer as a slow line takes for it.
struct Guarded {
    body: BoxBody<Bytes, std::io::Error>,
    left: usize,
    timer: Pin<Box<Sleep>>,
    ended: bool,
    watch: BodyWatch,
}

impl Guarded {
    fn refuse(&self, code: Code) -> Poll<Option<std::result::Result<Frame<Bytes>, std::io::Error>>> {
        self.watch.0.lock().unwrap_or_else(PoisonError::into_inner).refusal = Some(code);
        Poll::Ready(Some(Err(std::io::Error::other(Refused(code)))))
    }
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, std::io::Error>>> {
        self.watch.0.lock().unwrap_or_else(PoisonError::into_inner).begun = true;
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                // Each piece earns the time a slow line needs for it, and no more: a drip ends.
                let next = self.timer.deadline() + Duration::from_secs_f64(length as f64 / SLOWEST);
                self.timer.as_mut().reset(next);
                match self.left.checked_sub(length) {
                    Some(left) => {
                        self.left = left;
                        Poll::Ready(Some(Ok(frame)))
                    }
                    None => self.refuse(Code::TooLarge),
                }
            }
            Poll::Ready(end) => {
                self.ended = true;
                Poll::Ready(end)
            }
            Poll::Pending => match self.timer.as_mut().poll(context) {
                Poll::Ready(()) => {
                    self.ended = true;
                    self.refuse(Code::RequestTimeout)
                }
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if !self.ended {
            let body = std::mem::take(&mut self.body);
            self.watch.0.lock().unwrap_or_else(PoisonError::into_inner).rest = Some(body);
        }
    }
}
