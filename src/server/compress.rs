//! Answers with gzip, for whoever accepts it: what is text, is not small, and is no part of something.

use std::{
    io::{self, Write},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http_body_util::{BodyExt, combinators::BoxBody};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use poem::{
    Body, Response,
    http::{HeaderMap, HeaderValue, StatusCode, header},
};

use crate::http::fields;

/// Smaller bodies fit into one packet as they are.
const SMALLEST: u64 = 1024;
/// What is packed at once, with its length told; what is larger goes out piece by piece.
const AT_ONCE: u64 = 128 * 1024;
/// A third of the time of the usual level 6, and nearly as small with JSON.
const LEVEL: Compression = Compression::new(4);

/// Whether a client takes answers with gzip (RFC 9110 §12.5.3).
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let mut any = false;
    for member in fields::members(headers, &header::ACCEPT_ENCODING) {
        let (coding, weight) = member.split_once(';').unwrap_or((member, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        let is_wanted = weight.is_ok_and(|weight| weight > 0.0);
        match coding.trim() {
            coding if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") => {
                return is_wanted;
            }
            "*" => any = is_wanted,
            _ => {}
        }
    }
    any
}

/// The same answer, packed if that pays and the client accepts it.
pub async fn compress(response: Response, accepts_gzip: bool) -> Response {
    if !is_worth_it(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body: BoxBody<Bytes, io::Error> = body.into();
    let size = body.size_hint().exact();
    if size.is_some_and(|size| size <= SMALLEST) {
        return Response::from_parts(parts, Body::from(body));
    }
    // What is kept of it on the way is for those who accept the same.
    if !fields::names(&parts.headers, &header::VARY, "accept-encoding") {
        parts.headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if !accepts_gzip {
        return Response::from_parts(parts, Body::from(body));
    }
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Some(tag) = parts.headers.get(header::ETAG).and_then(weak) {
        parts.headers.insert(header::ETAG, tag);
    }
    let packed = Packed { body, encoder: Some(GzEncoder::new(Vec::new(), LEVEL)) };
    if size.is_none_or(|size| size > AT_ONCE) {
        return Response::from_parts(parts, Body::from(packed.boxed()));
    }
    match packed.collect().await {
        Ok(whole) => Response::from_parts(parts, Body::from(whole.to_bytes())),
        Err(error) => Response::from_parts(
            parts,
            Body::from_bytes_stream(futures_util::stream::iter([Err::<Bytes, _>(error)])),
        ),
    }
}

/// Whether it is a whole text that nobody has packed yet. What can be fetched in parts stays as it is: its parts are those of
/// the bytes themselves.
fn is_worth_it(response: &Response) -> bool {
    let headers = response.headers();
    let is_whole = !matches!(
        response.status(),
        StatusCode::SWITCHING_PROTOCOLS
            | StatusCode::NO_CONTENT
            | StatusCode::PARTIAL_CONTENT
            | StatusCode::NOT_MODIFIED
    );
    let is_plain = [header::CONTENT_ENCODING, header::ACCEPT_RANGES, header::CONTENT_RANGE]
        .iter()
        .all(|name| !headers.contains_key(name));
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_text = kind.starts_with("text/")
        || ["json", "xml", "javascript", "yaml"].iter().any(|end| kind.ends_with(end));
    is_whole && is_plain && is_text
}

/// The same tag for the same meaning in other bytes (RFC 9110 §8.8.1).
fn weak(tag: &HeaderValue) -> Option<HeaderValue> {
    let tag = tag.to_str().ok().filter(|tag| !tag.starts_with("W/"))?;
    HeaderValue::from_str(&format!("W/{tag}")).ok()
}

/// All of a text in one, as gzip.
pub fn pack(text: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text)?;
    encoder.finish().map(Bytes::from)
}

/// A body as gzip, packed as it comes. The encoder is gone when the end has been written.
struct Packed {
    body: BoxBody<Bytes, io::Error>,
    encoder: Option<GzEncoder<Vec<u8>>>,
}

impl HttpBody for Packed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        loop {
            let Some(encoder) = &mut self.encoder else { return Poll::Ready(None) };
            if !encoder.get_ref().is_empty() {
                let piece = std::mem::take(encoder.get_mut());
                return Poll::Ready(Some(Ok(Frame::data(piece.into()))));
            }
            match std::task::ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let (Ok(piece), Some(encoder)) = (frame.into_data(), &mut self.encoder)
                        && let Err(error) = encoder.write_all(&piece)
                    {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                Some(Err(error)) => {
                    // Cut off as the body was: an end of its own would make half of it look whole.
                    self.encoder = None;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    let end = self.encoder.take().map(GzEncoder::finish);
                    return Poll::Ready(end.map(|end| end.map(|end| Frame::data(end.into()))));
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use bytes::Bytes;
    use flate2::read::GzDecoder;
    use futures_util::stream;
    use poem::{
        Body, Response,
        http::{HeaderMap, HeaderValue, header},
    };

    use super::{accepts_gzip, compress};

    #[test]
    fn gzip_is_accepted_or_not() {
        for (lines, accepted) in [
            (&["gzip"][..], true),
            (&["br, gzip;q=0.5"], true),
            (&["deflate", "br, GZip ; q=1"], true),
            (&["*"], true),
            (&["*;q=0"], false),
            (&["gzip;q=0, *"], false),
            (&["gzip;q=0.000"], false),
            (&["gzip;q=x"], false),
            (&["br"], false),
            (&["identity"], false),
            (&[""], false),
            (&[], false),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
            }
            assert_eq!(accepts_gzip(&headers), accepted, "{lines:?}");
        }
    }

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut text).unwrap();
        text
    }

    #[tokio::test]
    async fn what_is_packed_is_read_back_whole() {
        for length in [1025, 100_000, 3_000_000] {
            let text: Vec<u8> = (0..length).map(|n: u32| b'a' + (n.wrapping_mul(n) % 23) as u8).collect();
            let pieces: Vec<_> = text
                .chunks(7_000)
                .map(|piece| Ok::<_, std::io::Error>(Bytes::copy_from_slice(piece)))
                .collect();
            for body in [Body::from(text.clone()), Body::from_bytes_stream(stream::iter(pieces))] {
                let response = Response::builder().content_type("text/csv").header(header::ETAG, "\"a\"");
                let packed = compress(response.body(body), true).await;
                assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
                assert_eq!(packed.headers()[header::VARY], "Accept-Encoding");
                assert_eq!(packed.headers()[header::ETAG], "W/\"a\"");
                let bytes = packed.into_body().into_vec().await.unwrap();
                assert!(bytes.len() < text.len() / 2 && unpacked(&bytes) == text, "{length}");
            }
        }
    }

    #[tokio::test]
    async fn what_broke_off_does_not_look_whole() {
        let pieces = [Ok(Bytes::from(vec![b'a'; 5_000])), Err(std::io::Error::other("cut"))];
        let body = Body::from_bytes_stream(stream::iter(pieces));
        let packed = compress(Response::builder().content_type("text/csv").body(body), true).await;
        assert!(packed.into_body().into_vec().await.is_err());
    }

    #[tokio::test]
    async fn what_is_small_or_packed_or_a_part_stays() {
        let text = || vec![b'a'; 5_000];
        let json = "application/json";
        for response in [
            Response::builder().content_type(json).body(vec![b'a'; 1024]),
            Response::builder().content_type("image/png").body(text()),
            Response::builder().content_type(json).header("content-encoding", "br").body(text()),
            Response::builder().content_type("text/plain").header("accept-ranges", "bytes").body(text()),
            Response::builder()
                .status(poem::http::StatusCode::PARTIAL_CONTENT)
                .content_type(json)
                .body(text()),
        ] {
            let coding = response.headers().get(header::CONTENT_ENCODING).cloned();
            let same = compress(response, true).await;
            assert_eq!(same.headers().get(header::CONTENT_ENCODING).cloned(), coding);
            assert!(same.into_body().into_vec().await.unwrap().iter().all(|byte| *byte == b'a'));
        }
    }
}
