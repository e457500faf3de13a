//! Many who want little: connections that dawdle, that take nothing, that are more than their share. The server outlives
//! them, honest people are served meanwhile, and those who do nothing are let go.

use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    commands::{Folder, shared},
    support::{Person, Socket, Visitor, Wire, World},
};

/// How many dawdle.
const CROWD: usize = 1_200;
/// What the memory of the server may grow by for each of them, in bytes: buffers and a task, in a program that was not
/// made to be small.
const EACH: u64 = 64 * 1024;

async fn connect(base: &str) -> TcpStream {
    TcpStream::connect(base.trim_start_matches("http://")).await.unwrap()
}

/// Says nothing, or says a byte of a request now and then; answers how long the server waited for more.
async fn dawdles(base: String, number: usize) -> Duration {
    let mut stream = connect(&base).await;
    let begun = Instant::now();
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let whole = format!("{head}content-length: 1000\r\n\r\n");
    match number % 3 {
        0 => {}
        1 => stream.write_all(head.as_bytes()).await.unwrap(),
        _ => stream.write_all(whole.as_bytes()).await.unwrap(),
    }
    let mut bytes = [0; 1024];
    let ends = async {
        loop {
            match timeout(Duration::from_millis(700), stream.read(&mut bytes)).await {
                Ok(Ok(0) | Err(_)) => return,
                Ok(Ok(_)) => {}
                Err(_) if number.is_multiple_of(3) => {}
                // One more byte of a header, or of a body.
                Err(_) => _ = stream.write_all(b"x").await,
            }
        }
    };
    timeout(Duration::from_secs(60), ends).await.expect("it is let go");
    begun.elapsed()
}

/// The memory a process holds of its own, in bytes; what is read of its program while it runs does not count.
pub fn memory_of(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_dawdles_holds_up_nobody_and_is_let_go() {
    // Our ends of them; the server's are in a process of its own, which does the same.
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).unwrap();
    let world = World::new().await;
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.extend([
        ("TRUNKLINE_HTTP__HEADER_TIMEOUT_SECONDS", "5"),
        ("TRUNKLINE_HTTP__BODY_TIMEOUT_SECONDS", "5"),
    ]);
    let serving = folder.serve(&env).await;
    let alice = Person::register(&serving.base, "Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    for _ in 0..20 {
        alice.says(chat, "hello").await;
    }
    let asked = async || {
        let begun = Instant::now();
        alice.get(&format!("/api/v1/chats/{chat}/messages")).await.expect(200);
        // On a connection of its own, as somebody new would.
        Visitor::at(&serving.base).get("/healthcheck").await.expect(200);
        begun.elapsed()
    };
    // On a machine that is busy with other stories a request takes what it takes.
    let mut alone = Vec::new();
    for _ in 0..20 {
        alone.push(asked().await);
    }
    alone.sort_unstable();
    let before = memory_of(serving.pid());

    let mut crowd = JoinSet::new();
    for number in 0..CROWD {
        crowd.spawn(dawdles(serving.base.clone(), number));
    }
    let (begun, mut waits, mut most) = (Instant::now(), Vec::new(), 0);
    while begun.elapsed() < Duration::from_secs(4) {
        waits.push(asked().await);
        most = most.max(memory_of(serving.pid()));
        sleep(Duration::from_millis(50)).await;
    }
    alice.says(chat, "still here").await;
    waits.sort_unstable();
    let (usual, usual_alone) = (waits[waits.len() / 2], alone[alone.len() / 2]);
    assert!(usual < Duration::from_secs(1) + 3 * usual_alone, "{usual:?}, alone {usual_alone:?}");
    let grown = most.saturating_sub(before);
    assert!(grown < CROWD as u64 * EACH, "{grown} bytes");

    let lasted = crowd.join_all().await;
    let longest = lasted.iter().max().unwrap();
    assert!(*longest < Duration::from_secs(30), "{longest:?}");
    Visitor::at(&serving.base).get("/healthcheck").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_answer_is_let_go_and_who_is_slow_gets_all_of_it() {
    let world = World::with(&[("TRUNKLINE_HTTP__BODY_TIMEOUT_SECONDS", "2")]).await;
    let here = world.instance().await;
    const ASKED: usize = 60;
    let length = Visitor::at(&here.base).request(Method::GET, "/openapi.json").send().await.unwrap();
    let length = length.bytes().await.unwrap().len();
    let request = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(ASKED);

    let (mut stuck, mut slow) = (connect(&here.base).await, connect(&here.base).await);
    stuck.write_all(request.as_bytes()).await.unwrap();
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = vec![0; 1024 * 1024];
    let (begun, mut taken) = (Instant::now(), 0);
    while taken < ASKED * length {
        let read = timeout(Duration::from_secs(10), slow.read(&mut bytes)).await.unwrap().unwrap();
        assert!(read > 0, "cut off after {taken} of {}", ASKED * length);
        taken += read;
        // A good deal longer than the other is waited for, in all.
        let pace = Duration::from_secs(5).mul_f64(taken as f64 / (ASKED * length) as f64);
        sleep(pace.saturating_sub(begun.elapsed())).await;
    }
    assert!(begun.elapsed() > Duration::from_secs(4));

    sleep(Duration::from_secs(3)).await;
    let mut left = 0;
    while let Ok(read @ 1..) = timeout(Duration::from_secs(10), stuck.read(&mut bytes)).await.unwrap() {
        left += read;
    }
    assert!(left < ASKED * length, "what the system had buffered, and no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_takes_its_share_of_the_connections_and_no_more() {
    let settings =
        [("TRUNKLINE_HTTP__TRUSTED_PROXIES", "none"), ("TRUNKLINE_LIMITS__CONNECTIONS_PER_ADDRESS", "20")];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let mut held = Vec::new();
    for _ in 0..20 {
        let mut wire = Wire::open(&here.base).await;
        wire.sends("GET /healthcheck HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert_eq!(wire.reads().await.unwrap().status, 200);
        held.push(wire);
    }
    for _ in 0..3 {
        Wire::open(&here.base).await.ends().await;
    }
    held.truncate(10);
    for _ in 0..100 {
        let mut wire = Wire::open(&here.base).await;
        wire.sends("GET /healthcheck HTTP/1.1\r\nhost: x\r\n\r\n").await;
        if wire.reads().await.is_some_and(|reply| reply.status == 200) {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("places that were given back are not taken again");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_every_place_is_taken_new_ones_wait_for_those_who_do_nothing() {
    let settings =
        [("TRUNKLINE_HTTP__MAX_CONNECTIONS", "30"), ("TRUNKLINE_HTTP__HEADER_TIMEOUT_SECONDS", "2")];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let mut idle = Vec::new();
    for _ in 0..60 {
        idle.push(connect(&here.base).await);
    }
    let begun = Instant::now();
    Visitor::at(&here.base).get("/healthcheck").await.expect(200);
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_holds_so_many_sockets_and_no_more() {
    let world = World::with(&[("TRUNKLINE_LIMITS__SOCKETS_PER_PERSON", "3")]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let bot = alice.post("/api/v1/auth/tokens", &json!({"name": "bot"})).await.expect(201);
    let bot = alice.bearing(bot["token"].as_str().unwrap());
    let mut first = alice.opens(chat).await;
    let (_second, _third) = (bot.opens(chat).await, alice.opens(chat).await);
    for (who, path) in [(&alice, "/api/v1/ws".to_owned()), (&bot, format!("/api/v1/chats/{chat}"))] {
        assert_eq!(Socket::open(&here.base, &path, &who.token).await.err(), Some(429));
    }
    // Others are not concerned, and neither are those that are open.
    bob.opens(chat).await;
    alice.says(chat, "hello").await;
    assert_eq!(first.hears(1).await, ["hello"]);
    drop(first);
    for _ in 0..100 {
        if Socket::open(&here.base, "/api/v1/ws", &alice.token).await.is_ok() {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("the place of a socket that is closed is not taken again");
}
