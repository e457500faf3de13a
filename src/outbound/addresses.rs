//! Which network addresses belong to everybody, and which to somebody's inner network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public internet: not private, loopback, link-local, shared by a provider, multicast,
/// reserved, or meant for documentation (the special-purpose registries of RFC 6890). A mapped IPv4 address is judged as that;
/// what is translated or tunnelled to IPv4 (NAT64, 6to4, Teredo) is not public: who translates decides where it leads.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // Looks like everybody's, and is what a cloud (Azure) speaks to its machines by, from inside alone.
    const CONTROL: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        _ if address == CONTROL => true,
        // This network, private, loopback, private, multicast and reserved, broadcast among them.
        (0 | 10 | 127 | 224..=255, ..) => true,
        // Shared by the customers of a provider.
        (100, 64..=127, _) => true,
        // Link-local, where clouds keep the credentials of their machines.
        (169, 254, _) => true,
        (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, documentation, and relays of 6to4.
        (192, 0, 0 | 2) | (192, 88, 99) => true,
        // Benchmarks, documentation.
        (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [first, second, ..] = address.segments();
    // Only this eighth is given out at all: loopback, unique local, link-local, multicast, NAT64 (`64:ff9b::/96`, and
    // whatever a network has made of `64:ff9b:1::/48`) and the old IPv4-compatible addresses lie outside.
    let is_given_out = first & 0xe000 == 0x2000;
    // Teredo, ORCHID and other protocols; documentation, twice; and 6to4, which leads to whatever IPv4 address stands inside.
    let is_special =
        matches!((first, second), (0x2001, 0..0x0200 | 0x0db8) | (0x2002, _) | (0x3fff, 0..0x1000));
    is_given_out && !is_special
}

/// Whether an address is one of this machine's own: what it is reached by from outside, it reaches itself by from inside, past
/// every firewall. Asked anew each time, since addresses come and go.
pub fn is_own(address: IpAddr) -> bool {
    let address = address.to_canonical();
    let Ok(interfaces) = nix::ifaddrs::getifaddrs() else { return true };
    interfaces.filter_map(|interface| interface.address).any(|own| {
        let own_v4 = own.as_sockaddr_in().map(|own| IpAddr::V4(own.ip()));
        let own_v6 = own.as_sockaddr_in6().map(|own| IpAddr::V6(own.ip()).to_canonical());
        own_v4.or(own_v6) == Some(address)
    })
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{is_own, is_public};

    #[test]
    fn what_is_this_machine_s_is_its_own() {
        assert!(is_own(Ipv4Addr::LOCALHOST.into()) && is_own("::ffff:127.0.0.1".parse().unwrap()));
        assert!(!is_own("192.0.2.77".parse().unwrap()));
        // Whatever it talks to the world by, if it does.
        let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
        if socket.connect("192.0.2.77:9").is_ok() {
            let own: IpAddr = socket.local_addr().unwrap().ip();
            assert!(is_own(own), "{own}");
        }
    }

    #[test]
    fn what_is_not_everybodys_is_not_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.254",
            "127.0.0.1",
            "127.8.8.8",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:168.63.129.16",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2002:a9fe:a9fe::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_is_everybodys_is_public() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "126.0.0.1",
            "128.0.0.1",
            "168.63.129.15",
            "169.253.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "203.0.112.1",
            "223.255.255.254",
            "::ffff:8.8.8.8",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700:4700::1111",
            "2a00:1450:4001:81b::200e",
            "3fff:1000::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
