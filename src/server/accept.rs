//! Our own accept loop under poem: no delayed small writes, time limits on headers, on silence between requests and on taking
//! answers, a cap on connections and on those of one address, no spinning
//! when the system has no descriptors left, and an upgrade that gives us the plain TCP stream.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use http_body_util::combinators::BoxBody;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use poem::{
    Addr,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::sleep,
};
use tokio_util::task::TaskTracker;

use super::front::Front;
use crate::{
    http::clocked,
    limits::give_up_after,
    realtime::handshake::{ConnectionPermit, Upgrade},
    telemetry::metrics::names,
};

/// How long to wait when the system can't give us a connection; a busy loop would take the core that could free one.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// hyper's own limits lie above ours, so that almost every refusal is a problem answer; what is beyond is no request.
const MAX_HEADERS: usize = 256;
const MAX_HEAD_BYTES: usize = 256 * 1024;

/// Serves until `stopping` turns true, then until every request in flight is answered.
pub async fn run(listener: TcpListener, front: Front, mut stopping: watch::Receiver<bool>) {
    let permits = Arc::new(Semaphore::new(front.app().config.http.max_connections));
    let connections = TaskTracker::new();
    loop {
        // A permit first: beyond the cap new clients wait in the system's queue instead of taking memory here.
        let permit = tokio::select! {
            permit = Arc::clone(&permits).acquire_owned() => permit,
            () = stopped(&mut stopping) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stopping) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let config = &front.app().config.http;
        // A proxy speaks for many.
        let is_proxy = config.trusted_proxies.iter().any(|network| network.contains(peer.ip()));
        let held = if is_proxy { Ok(None) } else { front.app().limits.take_connection(peer.ip()) };
        let Ok(held) = held else {
            metrics::counter!(names::RATE_LIMITED, "kind" => "connection").increment(1);
            continue;
        };
        let _ = stream.set_nodelay(true);
        give_up_after(&stream, Duration::from_secs(u64::from(config.body_timeout_seconds)));
        let permit: ConnectionPermit = Arc::new((permit, held));
        let (front, stopping) = (front.clone(), stopping.clone());
        connections.spawn(async move {
            metrics::gauge!(names::CONNECTIONS).increment(1.0);
            serve(stream, RemoteAddr(Addr::SocketAddr(peer)), front, stopping, permit).await;
            metrics::gauge!(names::CONNECTIONS).decrement(1.0);
        });
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// Waits until the server is told to stop.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

async fn serve(
    stream: TcpStream,
    peer: RemoteAddr,
    front: Front,
    mut stopping: watch::Receiver<bool>,
    permit: ConnectionPermit,
) {
    let Ok(local) = stream.local_addr() else { return };
    let local = LocalAddr(Addr::SocketAddr(local));
    let config = &front.app().config.http;
    let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
    let (stream, clock) =
        clocked(stream, seconds(config.header_timeout_seconds), seconds(config.keep_alive_seconds));
    // A socket keeps its permit for as long as it lives: the permit travels with the request.
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let (front, local, peer, permit) = (front.clone(), local.clone(), peer.clone(), Arc::clone(&permit));
        async move {
            let upgrade = hyper::upgrade::on(&mut request);
            request.extensions_mut().insert(Upgrade::new(upgrade, permit));
            let request = poem::Request::from((request, local, peer, Scheme::HTTP));
            let response: hyper::Response<BoxBody<bytes::Bytes, std::io::Error>> =
                front.answer(request).await.into();
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(clock)
        // How long it is says the clock.
        .header_read_timeout(Duration::from_secs(1))
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        // What goes wrong on a connection is the client's affair: it went away, or sent what is no HTTP.
        _ = &mut connection => {}
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

impl Upgrade {
    fn new(upgrade: hyper::upgrade::OnUpgrade, permit: ConnectionPermit) -> Self {
        Self(Arc::new(Mutex::new(Some((upgrade, permit)))))
    }
}
