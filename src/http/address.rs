//! Where a request comes from: the peer of its connection, or whom a proxy that is trusted speaks for.

use std::net::{IpAddr, SocketAddr};

use poem::{Request, http::HeaderMap};

use crate::config::Network;

/// The address a request comes from, found once when it arrives.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

/// Where a request came from; `None` where no connection is behind it.
pub fn client_address(request: &Request) -> Option<IpAddr> {
    request.data::<ClientAddress>().map(|address| address.0)
}

impl ClientAddress {
    /// Finds it: `X-Forwarded-For` is read from its end, where the nearest proxy wrote, and each entry is believed only
    /// as long as the one who wrote it is trusted. What stands before the first stranger is what that stranger says of
    /// itself, and proves nothing.
    pub fn find(request: &Request, trusted: &[Network]) -> Option<Self> {
        let peer = request.remote_addr().as_socket_addr()?.ip();
        Some(Self(behind(peer, request.headers(), trusted)))
    }
}

fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut nearest = peer.to_canonical();
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    // Entry by entry: what a stranger put into the line first may be no text, and must not hide what a proxy added.
    let told = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    for entry in told {
        if !is_trusted(nearest) {
            break;
        }
        // A proxy that will not say whom it speaks for speaks for itself.
        let Some(address) = str::from_utf8(entry).ok().and_then(|entry| entry_address(entry.trim())) else {
            break;
        };
        nearest = address.to_canonical();
    }
    nearest
}

/// An address, as some proxies write it with the port.
fn entry_address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    bare.parse().ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use poem::http::{HeaderMap, HeaderName, HeaderValue};
    use proptest::{collection, prelude::*};

    use super::behind;
    use crate::config::{Config, Network, Sources};

    fn trusted(by: &str) -> Vec<Network> {
        let env = vec![("TRUNKLINE_HTTP__TRUSTED_PROXIES".to_owned(), by.to_owned())];
        let sources = Sources { dir: "/nowhere".into(), config_file: None, env };
        Config::load(&sources).unwrap().http.trusted_proxies
    }

    fn found(peer: &str, lines: &[&str], by: &str) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            let value = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            headers.append(HeaderName::from_static("x-forwarded-for"), value);
        }
        behind(peer.parse().unwrap(), &headers, &trusted(by)).to_string()
    }

    #[test]
    fn rubbish_before_what_a_proxy_wrote_hides_nothing() {
        for rubbish in ["é", "\u{80}\u{ff}", "", ",,", "unknown"] {
            let line = format!("{rubbish}, 198.51.100.7");
            assert_eq!(found("127.0.0.1", &[&line], "127.0.0.1"), "198.51.100.7", "{rubbish}");
            assert_eq!(
                found("127.0.0.1", &[rubbish, "198.51.100.7"], "127.0.0.1"),
                "198.51.100.7",
                "{rubbish}"
            );
        }
    }

    #[test]
    fn a_stranger_speaks_for_nobody() {
        for peer in ["203.0.113.9", "10.0.0.9", "192.168.1.9", "fd00::9"] {
            assert_eq!(found(peer, &["198.51.100.1"], ""), peer);
        }
        assert_eq!(found("127.0.0.1", &["198.51.100.1"], "none"), "127.0.0.1");
        assert_eq!(found("127.0.0.1", &["198.51.100.1"], "10.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn the_last_whom_a_trusted_one_vouches_for_it_is() {
        let chain = "10.0.0.0/24,192.0.2.1";
        assert_eq!(found("10.0.0.1", &["198.51.100.1"], chain), "198.51.100.1");
        assert_eq!(found("10.0.0.1", &["6.6.6.6, 198.51.100.1"], chain), "198.51.100.1");
        assert_eq!(found("10.0.0.1", &["6.6.6.6, 198.51.100.1, 192.0.2.1, 10.0.0.2"], chain), "198.51.100.1");
        assert_eq!(found("10.0.0.1", &["6.6.6.6", "198.51.100.1", "192.0.2.1"], chain), "198.51.100.1");
        // Inside, nobody but proxies.
        assert_eq!(found("10.0.0.1", &["10.0.0.3, 10.0.0.2"], chain), "10.0.0.3");
        assert_eq!(found("10.0.0.1", &[], chain), "10.0.0.1");
    }

    #[test]
    fn what_is_no_address_ends_the_search() {
        for line in ["unknown", "_hidden", "", ",", "6.6.6.6,", "6.6.6.6, x", "6.6.6.6, \u{e9}", "1.2.3.4.5"]
        {
            assert_eq!(found("127.0.0.1", &[line], ""), "127.0.0.1", "{line:?}");
        }
        assert_eq!(found("127.0.0.1", &["198.51.100.1:4711"], ""), "198.51.100.1");
        assert_eq!(found("::1", &["[2001:db8::1]:4711"], ""), "2001:db8::1");
        assert_eq!(found("::1", &["[2001:db8::1]"], ""), "2001:db8::1");
        assert_eq!(found("::ffff:127.0.0.1", &["::ffff:198.51.100.1"], ""), "198.51.100.1");
    }

    proptest! {
        #[test]
        fn what_a_client_writes_changes_nothing(
            written in collection::vec("\\PC{0,20}|[0-9a-f.:, \\[\\]]{0,40}", 0..4),
            peer in any::<u32>(),
        ) {
            let peer = IpAddr::V4(peer.into());
            let trusted = trusted("10.0.0.0/8");
            let mut headers = HeaderMap::new();
            for line in &written {
                if let Ok(value) = HeaderValue::from_bytes(line.as_bytes()) {
                    headers.append(HeaderName::from_static("x-forwarded-for"), value);
                }
            }
            if !trusted[0].contains(peer) {
                prop_assert_eq!(behind(peer, &headers, &trusted), peer);
            }
            // A trusted proxy appends whom it sees: that one it is, whatever stood there before.
            headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static("198.51.100.7"));
            let proxy = "10.0.0.1".parse().unwrap();
            prop_assert_eq!(behind(proxy, &headers, &trusted).to_string(), "198.51.100.7");
        }
    }
}
