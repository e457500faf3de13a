//! Who gives no sign of life is let go.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

use crate::support::{Person, World};

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_no_ping_is_let_go() {
    let world = World::new().await;
    let instance = world.instance().await;
    let alice = instance.person("Alice").await;
    let chat = alice.creates_chat("Lobby").await;
    world.fills(chat, alice.id, 10_000, 1000).await;
    let mut answers = alice.opens(chat).await;
    let mut mute = mute(&alice, chat, "").await;
    // This one does not even read: its good-bye never gets through, and still its place is free afterwards.
    let deaf = self::mute(&alice, chat, "?after_seq=0").await;
    assert_eq!(instance.clients(), 3);
    let begun = Instant::now();
    let listening = tokio::spawn(async move {
        let mut heard = Vec::new();
        mute.read_to_end(&mut heard).await.unwrap();
        (heard, begun.elapsed())
    });
    let living = tokio::spawn(async move {
        let until = tokio::time::sleep(Duration::from_secs(47));
        tokio::pin!(until);
        let mut pings = 0;
        loop {
            tokio::select! {
                frame = answers.ws.next() => {
                    assert!(frame.unwrap().unwrap().is_ping());
                    pings += 1;
                }
                () = &mut until => return (answers, pings),
            }
        }
    });
    let (heard, after) = listening.await.unwrap();
    let good_bye = &heard[heard.len() - 2 - 2 - "no answer to two pings".len()..];
    assert_eq!(good_bye[..4], [0x88, 24, 0x11, 0x38], "a close frame with 4408");
    assert!(after > Duration::from_secs(28) && after < Duration::from_secs(49), "{after:?}");
    let (mut answers, pings) = living.await.unwrap();
    assert!(pings >= 3, "{pings}");
    assert_eq!(instance.clients(), 1);
    alice.says(chat, "hello").await;
    assert_eq!(answers.hears(1).await, ["hello"]);
    drop(deaf);
}

/// A connection that became a socket and never says anything again.
async fn mute(person: &Person, chat: Uuid, query: &str) -> TcpStream {
    let address = person.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /api/v1/chats/{chat}{query} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        person.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 101");
    tokio::time::sleep(Duration::from_millis(300)).await;
    stream
}
