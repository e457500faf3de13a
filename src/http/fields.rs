//! Reading header fields: lists over several lines, cookies beside bytes that are no text, `Host` and origins.

use poem::{
    Request,
    http::{HeaderMap, HeaderName, Version, header},
};

use crate::error::{Code, Error, Result};

/// The members of a list field, in whatever lines they stand (RFC 9110 §5.3). A member that is no text is passed over, and
/// hides none beside it.
pub fn members<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).into_iter();
    lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .filter_map(|member| str::from_utf8(member).ok())
        .map(str::trim)
        .filter(|member| !member.is_empty())
}

/// Whether a list field names this word, in whatever case.
pub fn names(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    members(headers, name).any(|member| member.eq_ignore_ascii_case(word))
}

/// The most cookies of one name that are tried.
const COOKIES: usize = 4;

/// The values of the first cookies of this name, in their order. Other sites of the domain set cookies with any bytes: those
/// hide nothing.
pub fn cookies<'a>(request: &'a Request, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = request.headers().get_all(header::COOKIE).into_iter();
    lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| str::from_utf8(pair).ok())
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(move |(key, _)| key.trim_end() == name)
        .map(|(_, value)| value.trim().trim_matches('"'))
        .take(COOKIES)
}

/// Refuses a request of HTTP/1.1 without exactly one `Host`, and any whose `Host` is no name or address (RFC 9112 §3.2):
/// two readers of such a request may take it for one to different servers.
pub fn check_host(request: &Request) -> Result<()> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let wrong = |detail| Err(Error::new(Code::Malformed, detail));
    match (hosts.next(), hosts.next()) {
        (None, _) if request.version() < Version::HTTP_11 => Ok(()),
        (None, _) => wrong("the header Host is missing"),
        (Some(_), Some(_)) => wrong("the header Host must be given once"),
        (Some(host), None) => match host.to_str().ok().and_then(Authority::parse) {
            Some(_) => Ok(()),
            None => wrong("the header Host is not valid"),
        },
    }
}

/// A host with its port, if one is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority<'a> {
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Reads `example.com`, `192.0.2.7:8000` or `[2001:db8::1]:8000`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let end =
            if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
        let (host, rest) = text.split_at(end);
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            None => return None,
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            Some(_) => return None,
        };
        let inside = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=%".contains(c);
        let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(address) => !address.is_empty() && address.chars().all(|c| inside(c) || c == ':'),
            None => !host.is_empty() && host.chars().all(inside),
        };
        is_host.then_some(Self { host, port })
    }
}

/// The place a page comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    scheme: &'a str,
    authority: Authority<'a>,
}

impl<'a> Origin<'a> {
    /// Reads the beginning of a url: scheme, host and port.
    pub fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        Some(Self { scheme, authority: Authority::parse(authority)? })
    }

    /// Whether both are one place; a default port may be written or not.
    pub fn is(&self, other: &Origin<'_>) -> bool {
        self.scheme.eq_ignore_ascii_case(other.scheme) && self.is_at(&other.authority)
    }

    /// Whether this is the place that answers to this `Host`, if its scheme is the one of the page.
    pub fn is_at(&self, host: &Authority<'_>) -> bool {
        let port = |port: Option<u16>| port.or_else(|| self.default_port());
        self.authority.host.eq_ignore_ascii_case(host.host) && port(self.authority.port) == port(host.port)
    }

    fn default_port(&self) -> Option<u16> {
        match self.scheme {
            scheme if scheme.eq_ignore_ascii_case("https") => Some(443),
            scheme if scheme.eq_ignore_ascii_case("http") => Some(80),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

    use super::{Authority, Origin, members, names};

    fn headers(name: &HeaderName, lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name.clone(), HeaderValue::from_bytes(line).unwrap());
        }
        headers
    }

    #[test]
    fn a_list_is_one_however_many_lines_it_has() {
        let lines: &[&[u8]] = &[b"keep-alive", b"", b" , close,,\xff\xfe,Upgrade "];
        let headers = headers(&header::CONNECTION, lines);
        assert_eq!(
            members(&headers, &header::CONNECTION).collect::<Vec<_>>(),
            ["keep-alive", "close", "Upgrade"]
        );
        assert!(names(&headers, &header::CONNECTION, "upgrade"));
        assert!(!names(&headers, &header::CONNECTION, "up") && !names(&headers, &header::UPGRADE, "upgrade"));
    }

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for host in [
            "x",
            "example.com",
            "example.com:443",
            "x:",
            "192.0.2.7:8000",
            "[::1]",
            "[2001:db8::1]:80",
            "a_b",
        ] {
            assert!(Authority::parse(host).is_some(), "{host}");
        }
        for host in [
            "", ":80", "a b", "a:b", "a:1:2", "a/b", "user@a", "[::1", "::1", "[]", "[::1]x", "a:65536", "é",
            "a:+1",
        ] {
            assert_eq!(Authority::parse(host), None, "{host}");
        }
    }

    #[test]
    fn a_default_port_may_be_written() {
        let at = |origin: &str, host: &str| {
            Origin::parse(origin).is_some_and(|origin| origin.is_at(&Authority::parse(host).unwrap()))
        };
        for (origin, host, own) in [
            ("https://a.example", "a.example", true),
            ("https://a.example", "A.example:443", true),
            ("http://a.example", "a.example:80", true),
            ("http://a.example:80", "a.example", true),
            ("https://a.example:8443", "a.example:8443", true),
            ("http://[::1]", "[::1]:80", true),
            ("https://a.example", "a.example:80", false),
            ("http://a.example", "a.example:443", false),
            ("https://a.example:8443", "a.example", false),
            ("https://a.example.evil", "a.example", false),
            ("null", "null", false),
            ("https://a.example@evil.example", "a.example", false),
        ] {
            assert_eq!(at(origin, host), own, "{origin} {host}");
        }
        let is = |one: &str, other: &str| Origin::parse(one).unwrap().is(&Origin::parse(other).unwrap());
        assert!(is("https://a.example/path", "HTTPS://a.example:443"));
        assert!(!is("https://a.example", "http://a.example"));
    }
}
