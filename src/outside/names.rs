//! Resolving names, and refusing those that lead where nobody may go.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{net::lookup_host, time::timeout};

use super::{NOT_PUBLIC, Refusal};

/// How long a name is looked up.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the client resolves names with: it connects to what is answered here.
pub struct Names {
    /// Which addresses may be called.
    pub allows: fn(IpAddr) -> bool,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let allows = self.allows;
        Box::pin(async move {
            match lookup(name.as_str(), allows).await {
                Ok(addresses) => Ok(Box::new(addresses.into_iter()) as Addrs),
                Err(Refusal::NotPublic) => Err(NOT_PUBLIC.into()),
                Err(Refusal::Unknown) => Err("its name is not known".into()),
            }
        })
    }
}

/// The addresses of a name; all of them may be called.
pub async fn lookup(name: &str, allows: fn(IpAddr) -> bool) -> Result<Vec<SocketAddr>, Refusal> {
    // This machine, whatever the resolver says of it (RFC 6761); some know the name without a dot alone.
    let bare = name.trim_end_matches('.').to_ascii_lowercase();
    if (bare == "localhost" || bare.ends_with(".localhost")) && !allows(Ipv4Addr::LOCALHOST.into()) {
        return Err(Refusal::NotPublic);
    }
    let found = timeout(PATIENCE, lookup_host((name, 0))).await.map_err(|_| Refusal::Unknown)?;
    let addresses: Vec<_> = found.map_err(|_| Refusal::Unknown)?.collect();
    if addresses.is_empty() {
        return Err(Refusal::Unknown);
    }
    if addresses.iter().all(|address| allows(address.ip())) { Ok(addresses) } else { Err(Refusal::NotPublic) }
}
