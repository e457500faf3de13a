//! Traces of a message, from the request over the commit and its notification to the frame, for who builds with the feature
//! `otel`; without it nothing of this is done.
//!
//! The request and its commit are one trace. What happens to a message afterwards, on any instance, is another: it has the id of the
//! message, so nothing needs to be sent along with it. The commit has a link to it.

use poem::http::HeaderMap;
use tracing::Span;
use uuid::Uuid;

#[cfg(feature = "otel")]
mod exported;

#[cfg(feature = "otel")]
pub use exported::{Traces, start};

/// A request; the path is that of the documentation. Continues the trace of its header `traceparent`.
pub fn request(method: &str, path: &str, id: &str, headers: &HeaderMap) -> Span {
    #[cfg(feature = "otel")]
    return exported::request(method, path, id, headers);
    #[cfg(not(feature = "otel"))]
    {
        let _ = (method, path, id, headers);
        Span::none()
    }
}

/// What became of the request.
pub fn answered(span: &Span, status: u16) {
    if !span.is_none() {
        span.record("http.response.status_code", status);
        if status >= 500 {
            span.record("otel.status_code", "ERROR");
        }
    }
}

/// The wait of a message for its commit, and the commit.
pub fn commit(chat_id: Uuid, message_id: Uuid) -> Span {
    #[cfg(feature = "otel")]
    return exported::commit(chat_id, message_id);
    #[cfg(not(feature = "otel"))]
    {
        let _ = (chat_id, message_id);
        Span::none()
    }
}

/// A message that this instance was notified of, and what it makes of it: a frame for so many sockets.
pub fn told(chat_id: Uuid, message_id: Uuid, seq: i64, milliseconds: i64, sockets: usize) {
    #[cfg(feature = "otel")]
    exported::told(chat_id, message_id, seq, milliseconds, sockets);
    #[cfg(not(feature = "otel"))]
    let _ = (chat_id, message_id, seq, milliseconds, sockets);
}
