//! Hostile people beside an ordinary one: what they do costs them, and hardly anybody else.

mod malice;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use image::ImageFormat;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use trunkline::messages::search;
use uuid::Uuid;

use self::malice::{ALL, Elsewhere, Ground};
use crate::support::{Person, Socket, Visitor, World, client, picture};

/// How long each of them is at it.
const SPELL: Duration = Duration::from_millis(1500);

/// How long an ordinary conversation takes: a request, and a message from one to the other.
async fn converses(speaker: &Person, room: Uuid, hearing: &mut Socket, spell: Duration) -> Vec<Duration> {
    let until = Instant::now() + spell;
    let mut took = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        speaker.get("/api/v1/users/me").await.expect(200);
        let words = speaker.says(room, "an ordinary word").await;
        loop {
            let frame = hearing.next().await;
            if frame["type"] == "new_message" && frame["message"]["id"] == words["id"] {
                break;
            }
        }
        took.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    took.sort();
    took
}

/// The middle one of these, and one of which a hundredth are slower.
fn spread(took: &[Duration]) -> (Duration, Duration) {
    (took[took.len() / 2], took[took.len() * 99 / 100])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_conversation_goes_on_beside_whatever_others_do() {
    let settings = [("TRUNKLINE_HTTP__TRUSTED_PROXIES", "127.0.0.1"), ("TRUNKLINE_AUTH__BCRYPT_COST", "8")];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let (mallory, bob, carol) =
        (here.person("Mallory").await, here.person("Bob").await, here.person("Carol").await);
    let library = bob.creates_chat("Library").await;
    let (own, room) = (mallory.creates_chat("Own").await, bob.creates_chat("Room").await);
    carol.joins(room).await;
    let fill = "
        set trunkline.numbered = 'on';
        insert into messages (chat_id, sender_id, seq, content)
        select id, owner_id, n, 'A book about ' || md5(n::text) from chats, generate_series(1, 30000) as n
        where title = 'Library';
        update chats set last_seq = 30000, message_count = 30000 where title = 'Library';
        reset trunkline.numbered;
        insert into users (email, username, name, password_hash)
        select 'p' || n || '@example.com', 'p' || n || 'x', 'Person ' || n, 'x' from generate_series(1, 500) as n;
        insert into members (chat_id, user_id)
        select chats.id, users.id from chats, users where title = 'Own' and username like 'p%x';
        analyze";
    let psql = world.psql().await;
    psql.batch_execute(fill).await.unwrap();
    // What was written long ago is in the index.
    search::refresh(&here.app).await.unwrap();
    let people = psql.query("select id from users where username like 'p%x'", &[]).await.unwrap();
    let people = people.iter().map(|row| row.get(0)).collect();
    let message = mallory.says(own, "the first").await["id"].as_str().unwrap().parse().unwrap();
    let hook =
        mallory.post(&format!("/api/v1/chats/{own}/hooks"), &json!({"name": "Build"})).await.expect(201);
    let event = crate::events::makes(&mallory, "Party", 3).await;
    let post = mallory.post("/api/v1/posts", &json!({"title": "Mine", "content": "words"})).await.expect(201);
    let calendar = mallory.act("/api/v1/users/me/calendar").await.expect(201);
    let much = "insert into events (owner_id, name, event_time, max_tickets)
        select $1, 'Event ' || n, now() + make_interval(hours => n), 10 from generate_series(1, 1000) as n";
    psql.execute(much, &[&mallory.id]).await.unwrap();
    let told =
        "insert into notifications (recipient_id, message) select $1, 'news' from generate_series(1, 5000)";
    psql.execute(told, &[&mallory.id]).await.unwrap();
    let ground = Arc::new(Ground {
        event,
        post: format!("/api/v1/posts/{}", post["id"].as_str().unwrap()),
        calendar: calendar["url"].as_str().unwrap().to_owned(),
        mallory,
        library,
        own,
        message,
        hook: hook["url"].as_str().unwrap().to_owned(),
        dear: picture(ImageFormat::Png, 3000, 3000),
        client: client(),
        people,
    });
    let (mut hearing, elsewhere) = (carol.opens(room).await, Elsewhere::new());
    // Whoever talks does so faster than anybody may for long: each spell has somebody new. Hostile people live elsewhere.
    let speaks = async || {
        let speaker = Person::register_from("198.51.100.10", &here.base, "Bob").await;
        speaker.joins(room).await;
        speaker
    };
    let talks = async |speaker: Person, hearing: &mut Socket| {
        converses(&speaker, room, hearing, Duration::from_millis(300)).await;
        converses(&speaker, room, hearing, SPELL).await
    };
    let (median, slow) = spread(&talks(speaks().await, &mut hearing).await);

    let mut report = vec![format!("alone: {median:?}, {slow:?}")];
    let mut worst = Duration::ZERO;
    println!("{}", report[0]);
    for malices in ALL.map(|one| vec![one]).into_iter().chain([ALL[..14].to_vec(), ALL[14..].to_vec()]) {
        let (speaker, stop) = (speaks().await, Arc::new(AtomicBool::new(false)));
        let rows = malices.iter().map(|one| one.goes_on(Arc::clone(&ground), Arc::clone(&stop), &elsewhere));
        let rows = join_all(rows);
        let talk = async {
            let took = talks(speaker, &mut hearing).await;
            stop.store(true, Ordering::Relaxed);
            took
        };
        let (_, took) = tokio::join!(rows, talk);
        let (beside, slow) = spread(&took);
        report.push(format!("{malices:?}: {beside:?}, {slow:?}, {} exchanges", took.len()));
        println!("{}", report.last().unwrap());
        if malices.len() == 1 {
            worst = worst.max(beside);
        }
    }
    println!("{report:#?}");
    // Whatever is done, nobody waits for what others have begun: seconds, before. (A socket waits ten for a frame.) How much
    // dearer a request becomes can be told from a build with optimizations alone, on a machine that does nothing else.
    if !cfg!(debug_assertions) {
        assert!(worst < median * 2 + Duration::from_millis(5), "{report:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_a_download_slowly_holds_nothing_but_their_own_turn() {
    let world = World::with(&[("TRUNKLINE_DATABASE__POOL_SIZE", "4")]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Room").await;
    let fill = "
        set trunkline.numbered = 'on';
        insert into messages (chat_id, sender_id, seq, content)
        select id, owner_id, n, repeat('word ', 200) from chats, generate_series(1, 20000) as n;
        update chats set last_seq = 20000, message_count = 20000";
    world.psql().await.batch_execute(fill).await.unwrap();
    let csv = format!("/api/v1/chats/{chat}/messages?format=csv");
    // Six connections that ask for all of it, and read nothing.
    let addr = here.base.trim_start_matches("http://");
    let mut lazy = Vec::new();
    for _ in 0..6 {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        let head =
            format!("GET {csv} HTTP/1.1\r\nhost: {addr}\r\nauthorization: Bearer {}\r\n\r\n", alice.token);
        stream.write_all(head.as_bytes()).await.unwrap();
        lazy.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    for _ in 0..3 {
        let answer = bob.request(Method::GET, "/api/v1/friends?format=csv").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(bob.get("/api/v1/users/me").await.expect(200)["id"], json!(bob.id));
    }
    // When Alice lets go of hers, she may have another.
    drop(lazy);
    let answer = alice.request(Method::GET, &csv).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.unwrap().len() > 20_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_uploads_so_much_and_is_in_so_many_chats_and_no_more() {
    let settings = [
        ("TRUNKLINE_LIMITS__UPLOAD_MEGABYTES_PER_DAY", "1"),
        ("TRUNKLINE_LIMITS__UPLOAD_MEGABYTES_IN_ALL", "2"),
        ("TRUNKLINE_LIMITS__CHATS_PER_PERSON", "3"),
    ];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let sends = async |who: &Person, kib: usize| {
        let form = Form::new().part("file", Part::bytes(vec![b'x'; kib * 1024]).file_name("notes.txt"));
        Person::send(who.request(Method::POST, "/api/v1/uploads").multipart(form)).await
    };
    for _ in 0..2 {
        sends(&alice, 500).await.expect(201);
    }
    let refused = sends(&alice, 500).await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.refused(429, "too_many_requests");
    sends(&alice, 20).await.expect(201);
    sends(&bob, 500).await.expect(201);
    // A day later there is room for another, until all of hers is too much.
    let psql = world.psql().await;
    psql.batch_execute("update files set created_at = now() - interval '25 hours'").await.unwrap();
    sends(&alice, 1000).await.expect(201);
    psql.batch_execute("update files set created_at = now() - interval '25 hours'").await.unwrap();
    sends(&alice, 100).await.refused(413, "too_large");

    let chats =
        [alice.creates_chat("One").await, alice.creates_chat("Two").await, alice.creates_chat("Three").await];
    let four = alice.post("/api/v1/chats", &json!({"title": "Four"})).await;
    four.refused(409, "conflict");
    let bobs = bob.creates_chat("Bob's").await;
    alice.act(&format!("/api/v1/chats/{bobs}/join")).await.refused(409, "conflict");
    // Posting would join it: plain, with a reply, and over a socket.
    let answered = bob.says(bobs, "hello").await;
    for body in [json!({"content": "hi"}), json!({"content": "hi", "reply_to": answered["id"]})] {
        alice.tries(bobs, &body).await.refused(409, "conflict");
    }
    let mut socket = alice.opens(bobs).await;
    socket.sends(&json!({"type": "chat.send", "chat_id": bobs, "content": "hi"})).await;
    assert_eq!(socket.expect("error").await["code"], "conflict");
    bob.post(&format!("/api/v1/chats/{bobs}/members"), &json!({"user_id": alice.id}))
        .await
        .refused(409, "conflict");
    bob.post("/api/v1/chats/direct", &json!({"user_id": alice.id})).await.refused(409, "conflict");
    // Who is in it already is answered as ever.
    alice.act(&format!("/api/v1/chats/{}/join", chats[0])).await.expect(200);
    alice.delete(&format!("/api/v1/chats/{}", chats[2])).await.expect(204);
    let chat = alice.get(&format!("/api/v1/chats/{bobs}")).await.expect(200);
    assert_eq!((&chat["last_seq"], &chat["member_count"]), (&json!(1), &json!(1)));
    alice.says(bobs, "hi").await;
    alice.act(&format!("/api/v1/chats/{bobs}/join")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_are_for_the_operator() {
    let settings = [
        ("TRUNKLINE_HTTP__TRUSTED_PROXIES", "127.0.0.1"),
        ("TRUNKLINE_HTTP__METRICS_TOKEN", "only the operator knows this"),
    ];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    let visitor = Visitor::at(&here.base);
    assert_eq!(visitor.get("/metrics").await.status, 200);
    let from = ("x-forwarded-for", "198.51.100.7");
    visitor.get_with("/metrics", &[from]).await.refused(403, "forbidden");
    visitor
        .get_with("/metrics", &[from, ("authorization", "Bearer something else")])
        .await
        .refused(403, "forbidden");
    let known = ("authorization", "Bearer only the operator knows this");
    assert_eq!(visitor.get_with("/metrics", &[from, known]).await.status, 200);
    // What has not happened yet is there all the same, as nothing.
    let text = reqwest::get(format!("{}/metrics", here.base)).await.unwrap().text().await.unwrap();
    for name in
        ["trunkline_slow_readers_total", "trunkline_listen_reconnects_total", "trunkline_frames_sent_total"]
    {
        assert!(text.lines().any(|line| line.starts_with(name)), "{name}: {text}");
    }
    // A picture of the same second, whoever asks.
    let again = reqwest::get(format!("{}/metrics", here.base)).await.unwrap().text().await.unwrap();
    assert_eq!(text.lines().count(), again.lines().count());
}
