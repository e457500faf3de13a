//! What a good value looks like, one function for each kind.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use tracing_subscriber::EnvFilter;

use super::database_url::read_database_url;
use super::network::Network;
use super::reader::Parsed;
use super::secret::Secret;

pub(super) fn text(text: &str) -> Parsed<String> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_control) {
        Err("must be one line of text".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

pub(super) fn path(text: &str) -> Parsed<PathBuf> {
    if text.trim().is_empty() || text.contains('\0') {
        Err("must be a path".to_owned())
    } else {
        Ok(PathBuf::from(text))
    }
}

pub(super) fn secret(text: &str) -> Parsed<Secret> {
    Ok(Secret::new(text))
}

pub(super) fn flag(text: &str) -> Parsed<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}

pub(super) fn number(range: RangeInclusive<u32>) -> impl Fn(&str) -> Parsed<u32> {
    move |text| match u32::from_str(text.trim()) {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("must be a whole number from {} to {}", range.start(), range.end())),
    }
}

pub(super) fn addr(text: &str) -> Parsed<SocketAddr> {
    text.trim()
        .parse()
        .map_err(|_| "must be an address and a port such as 127.0.0.1:8000 or [::]:8000".to_owned())
}

/// The word `none` stands where an empty list would mean the default.
pub(super) fn proxies(text: &str) -> Parsed<Option<Network>> {
    match text.trim() {
        "none" => Ok(None),
        text => Network::parse(text).map(Some).ok_or_else(|| {
            "must be an address such as 192.0.2.7, a network such as 10.0.0.0/8, or none".to_owned()
        }),
    }
}

pub(super) fn postgres_url(text: &str) -> Parsed<Secret> {
    read_database_url(text).map(|_| Secret::new(text.trim()))
}

pub(super) fn http_url(text: &str) -> Parsed<String> {
    let must = || "must be an http:// or https:// address without user, query or fragment".to_owned();
    let url = web_address(text).ok_or_else(must)?;
    if url.query().is_some() || url.fragment().is_some() {
        Err(must())
    } else {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    }
}

/// An origin as browsers send it: lower case, no default port, no path.
pub(super) fn origin(text: &str) -> Parsed<String> {
    match web_address(text) {
        Some(url) if url.path() == "/" && url.query().is_none() && url.fragment().is_none() => {
            Ok(url.origin().ascii_serialization())
        }
        _ => Err("must be an origin such as https://chat.example.com: no path, no *".to_owned()),
    }
}

fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.host_str().is_some_and(|host| !host.contains('*'));
    (plain && matches!(url.scheme(), "http" | "https")).then_some(url)
}

pub(super) fn smtp_url(text: &str) -> Parsed<Secret> {
    match Url::parse(text.trim()) {
        Ok(url) if matches!(url.scheme(), "smtp" | "smtps") && url.has_host() => Ok(Secret::new(text.trim())),
        _ => Err("must be an smtp:// or smtps:// address".to_owned()),
    }
}

pub(super) fn email(text: &str) -> Parsed<String> {
    let text = text.trim();
    match text.split_once('@') {
        Some((name, host))
            if !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !text.contains(char::is_whitespace) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("must be an e-mail address".to_owned()),
    }
}

/// An e-mail address, also with a name: `Trunkline <chat@example.com>`.
pub(super) fn sender(text: &str) -> Parsed<String> {
    let sender = self::text(text)?;
    match sender.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        Some((_, address)) => email(address).map(|_| sender.clone()),
        None => email(&sender),
    }
}

/// The rule of the CONTRACT for every password.
pub(super) fn password(text: &str) -> Parsed<Secret> {
    let good = (8..=128).contains(&text.chars().count())
        && text.chars().any(char::is_alphabetic)
        && text.chars().any(char::is_numeric);
    if good {
        Ok(Secret::new(text))
    } else {
        Err("must have 8 to 128 characters, at least one letter and one digit".to_owned())
    }
}

/// HS256 is as strong as its key is long, up to 32 bytes (RFC 7518, section 3.2).
pub(super) fn jwt_secret(text: &str) -> Parsed<Secret> {
    if text.len() >= 32 { Ok(Secret::new(text)) } else { Err("must be at least 32 bytes long".to_owned()) }
}

pub(super) fn encryption_key(text: &str) -> Parsed<Secret> {
    match split_key(text.trim()) {
        Some(_) => Ok(Secret::new(text.trim())),
        None => {
            Err("must be <id>:<base64 of 32 bytes>, as `trunkline secret generate-key` prints".to_owned())
        }
    }
}

/// The id and the 32 bytes of a key written `<id>:<base64 of 32 bytes>`; the id is 1 to 64 of `A-Z a-z 0-9 _ . -`.
/// `None` when it isn't one. Keys of a loaded configuration always are.
pub fn split_key(text: &str) -> Option<(&str, [u8; 32])> {
    let (id, bytes) = text.split_once(':')?;
    let good =
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    let bytes = STANDARD.decode(bytes).ok()?.try_into().ok()?;
    good.then_some((id, bytes))
}

pub(super) fn log_level(text: &str) -> Parsed<String> {
    let must = "must be off, error, warn, info, debug or trace, or directives such as info,trunkline::realtime=debug";
    // A filter takes any word without `=` for a module and then logs nothing else: refuse what is no level.
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let bare = text.split(',').map(str::trim).filter(|part| !part.contains(['=', '[', ']']));
    let good = bare.into_iter().all(|word| levels.contains(&word.to_ascii_lowercase().as_str()));
    if good && !text.trim().is_empty() && EnvFilter::try_new(text).is_ok() {
        Ok(text.trim().to_owned())
    } else {
        Err(must.to_owned())
    }
}
