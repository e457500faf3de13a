//! Resolving names, and refusing those that lead where nobody may go.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{net::lookup_host, sync::Semaphore, time::timeout};

use super::{NOWHERE, Refusal};

/// How long a name is looked up, waiting for a place included.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How many are looked up at once. The system's resolver cannot be called back: each holds one of the threads that
/// passwords, files and exports need too, for as long as a name server lets it wait.
const PERMITS: usize = 16;

type Find = fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;

/// What the client resolves names with: it connects to what is answered here. A clone shares its places.
#[derive(Clone)]
pub struct Names {
    allows: fn(IpAddr) -> bool,
    find: Find,
    permits: Arc<Semaphore>,
}

impl Names {
    /// Asks the system, and lets through what leads to addresses that may be called.
    pub fn new(allows: fn(IpAddr) -> bool) -> Self {
        Self { allows, find: ask_the_system, permits: Arc::new(Semaphore::new(PERMITS)) }
    }

    /// The addresses of a name; all of them may be called. One that has not been found in time leads nowhere.
    pub async fn lookup(&self, name: &str) -> Result<Vec<SocketAddr>, Refusal> {
        // This machine, whatever the resolver says of it (RFC 6761); some know the name without a dot alone.
        let bare = name.trim_end_matches('.').to_ascii_lowercase();
        let is_local = bare == "localhost" || bare.ends_with(".localhost");
        if is_local && !(self.allows)(Ipv4Addr::LOCALHOST.into()) {
            return Err(Refusal::Nowhere);
        }
        let found = timeout(TIMEOUT, self.find(name)).await.map_err(|_| Refusal::Nowhere)?;
        let addresses = found.map_err(|_| Refusal::Nowhere)?;
        if addresses.is_empty() {
            return Err(Refusal::Nowhere);
        }
        let all_may = addresses.iter().all(|address| (self.allows)(address.ip()));
        if all_may { Ok(addresses) } else { Err(Refusal::Nowhere) }
    }

    /// Asks with a place that is held until the system has answered, whoever still waits for it.
    async fn find(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        let place = Arc::clone(&self.permits).acquire_owned().await.map_err(io::Error::other)?;
        let asking = (self.find)(name.to_owned());
        let answer = tokio::spawn(async move {
            let _place = place;
            asking.await
        });
        answer.await.map_err(io::Error::other)?
    }
}

fn ask_the_system(name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
    Box::pin(async move { Ok(lookup_host((name.as_str(), 0)).await?.collect()) })
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        Box::pin(async move {
            match names.lookup(name.as_str()).await {
                Ok(addresses) => Ok(Box::new(addresses.into_iter()) as Addrs),
                Err(_) => Err(NOWHERE.into()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name server answers when a place here is free.
    static ANSWERS: Semaphore = Semaphore::const_new(0);

    fn wait(_: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        Box::pin(async {
            ANSWERS.acquire().await.map_err(io::Error::other)?.forget();
            Ok(vec![SocketAddr::from(([8, 8, 8, 8], 0))])
        })
    }

    #[tokio::test]
    async fn a_name_server_that_never_answers_holds_so_many_places_and_no_more() {
        let names = Names { find: wait, ..Names::new(|_| true) };
        let ask = || {
            let names = names.clone();
            tokio::spawn(async move { names.lookup("example.com").await })
        };
        let asked: Vec<_> = (0..PERMITS).map(|_| ask()).collect();
        while names.permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        // Who asked goes away; the system is still at it.
        for asked in asked {
            asked.abort();
        }
        assert_eq!(ask().await.unwrap(), Err(Refusal::Nowhere));
        assert_eq!(names.permits.available_permits(), 0);
        ANSWERS.add_permits(PERMITS + 1);
        assert_eq!(ask().await.unwrap().map(|found| found.len()), Ok(1));
    }
}
