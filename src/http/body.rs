//! How much of a body is read, and how long it may take: limits that hold with and without Content-Length.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use poem::{Body, RequestBody};
use tokio::time::{Sleep, sleep};

use crate::error::{Code, Error, Result};

/// What a request may send.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// The most bytes.
    pub bytes: usize,
    /// The longest pause between two pieces.
    pub pause: Duration,
}

/// Lets at most `limit` of a body through: reading on past it fails, and so does waiting for a piece too long.
pub fn guard_body(body: Body, limit: BodyLimit) -> Body {
    let body: http_body_util::combinators::BoxBody<Bytes, std::io::Error> = body.into();
    let timed = Timed { body, pause: limit.pause, timer: Box::pin(sleep(limit.pause)) };
    let limited = Limited::new(timed, limit.bytes);
    Body::from(limited.map_err(std::io::Error::other).boxed())
}

/// The whole body, or why it could not be read.
pub async fn read(body: &mut RequestBody) -> Result<Bytes> {
    let body = body.take().map_err(Error::internal)?;
    body.into_bytes().await.map_err(|error| explain(&error))
}

/// Why reading a guarded body failed.
pub fn explain(error: &(dyn std::error::Error + 'static)) -> Error {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Error::new(Code::TooLarge, "the body is too large");
        }
        if error.is::<TooSlow>() {
            return Error::new(Code::RequestTimeout, "the body took too long to arrive");
        }
        // `io::Error::source` skips the error it wraps.
        cause = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    Error::new(Code::Malformed, "the body could not be read to its end")
}

#[derive(Debug, thiserror::Error)]
#[error("the body took too long to arrive")]
struct TooSlow;

/// A body of which every piece must arrive within `pause` of the one before it.
struct Timed {
    body: http_body_util::combinators::BoxBody<Bytes, std::io::Error>,
    pause: Duration,
    timer: Pin<Box<Sleep>>,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, std::io::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                let next = tokio::time::Instant::now() + self.pause;
                self.timer.as_mut().reset(next);
                Poll::Ready(frame)
            }
            Poll::Pending => match self.timer.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Some(Err(std::io::Error::other(TooSlow)))),
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
