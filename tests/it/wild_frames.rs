//! Whatever anyone sends over a socket: it lives, or it ends with a code the manual tells of, and nothing is our fault.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, time::timeout};
use tokio_tungstenite::{MaybeTlsStream, tungstenite::Message};
use trunkline::error::Code;
use uuid::Uuid;

use crate::{
    support::{Person, Socket, World},
    wild::{next, one_in, wild_text, wild_value},
};

/// Frames that are changed and sent; the same ones in every run.
const FRAMES: u64 = 900;
/// Connections that send what is hardly WebSocket.
const CONNECTIONS: u64 = 150;
/// What the server may say when it closes.
const CODES: [u16; 9] = [1002, 1007, 1009, 4401, 4403, 4404, 4408, 4413, 4429];

/// One good command of each kind.
fn commands(chat: Uuid, message: &str, other: Uuid) -> Vec<Value> {
    vec![
        json!({"type": "ping"}),
        json!({"type": "chat.subscribe", "chat_id": chat, "after_seq": 0}),
        json!({"type": "chat.unsubscribe", "chat_id": chat}),
        json!({"type": "chat.send", "chat_id": chat, "content": "hello", "client_id": "1", "reply_to": message, "attachments": []}),
        json!({"type": "chat.edit", "chat_id": chat, "message_id": message, "content": "hello again"}),
        json!({"type": "chat.recall", "chat_id": chat, "message_id": message}),
        json!({"type": "chat.read", "chat_id": chat, "seq": 1}),
        json!({"type": "chat.typing", "chat_id": chat}),
        json!({"type": "chat.create", "title": "Room", "visibility": "private"}),
        json!({"type": "chat.join", "chat_id": chat}),
        json!({"type": "chat.leave", "chat_id": chat}),
        json!({"type": "presence.subscribe", "user_ids": [other]}),
        json!({"type": "presence.unsubscribe", "user_ids": [other]}),
        json!({"type": "call.signal", "chat_id": chat, "user_id": other, "data": {"sdp": "x"}}),
        json!({"type": "nonsense"}),
    ]
}

/// A command with something in it changed.
fn wild_command(good: &Value, seed: &mut u64) -> String {
    let mut command = good.clone();
    let names: Vec<String> = command.as_object().unwrap().keys().cloned().collect();
    for name in &names {
        match next(seed) % 6 {
            0 => command[name] = wild_value(seed, 2),
            1 if name != "type" => drop(command.as_object_mut().unwrap().remove(name)),
            _ => {}
        }
    }
    if one_in(3, seed) {
        command["ref"] = wild_value(seed, 1);
    }
    if one_in(6, seed) {
        command[wild_text(seed)] = wild_value(seed, 2);
    }
    let mut text = command.to_string();
    if one_in(8, seed) {
        let at = text.floor_char_boundary(next(seed) as usize % text.len());
        text.truncate(at);
    }
    if one_in(30, seed) { wild_text(seed) } else { text }
}

/// The gateway of somebody, past its welcome.
async fn gateway(person: &Person) -> Socket {
    let mut socket = Socket::open(&person.base, "/api/v1/ws", &person.token).await.unwrap();
    socket.expect("welcome").await;
    socket
}

/// Reads on until the answer to a last ping; what is wrong with what came before it. `None`: the socket was closed.
async fn reads_to_pong(socket: &mut Socket, number: u64) -> Option<Vec<String>> {
    let mut wrong = Vec::new();
    loop {
        let came = timeout(Duration::from_secs(10), socket.ws.next()).await.expect("no answer came");
        let text = match came {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(close))) => {
                let code = close.map_or(0, |close| close.code.into());
                assert!(CODES.contains(&code), "closed with {code}");
                return None;
            }
            Some(Ok(_)) => continue,
            other => panic!("instead of a frame: {other:?}"),
        };
        let frame: Value = serde_json::from_str(&text).unwrap();
        if frame["type"] == "pong" && frame["ref"] == json!(format!("last {number}")) {
            return Some(wrong);
        }
        if frame["type"] == "error" {
            let code = Code::from_word(frame["code"].as_str().unwrap());
            let names_types = ["struct ", "expected struct", "::"].iter().any(|word| text.contains(word));
            if code.is_none_or(|code| code.status() >= 500) || names_types {
                wrong.push(text.to_string());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_lives_through_whatever_it_is_told() {
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let (mut seed, mut wrong) = (11, Vec::new());
    let mut stage = None;
    for number in 0..FRAMES {
        if number % 60 == 0 {
            // What is tried may recall the message or leave the chat.
            let chat = alice.creates_chat(&format!("Lobby {number}")).await;
            world.adds(chat, bob.id).await;
            let message = alice.says(chat, "hello").await["id"].as_str().unwrap().to_owned();
            stage = Some((commands(chat, &message, bob.id), gateway(&alice).await));
        }
        let (good, socket) = stage.as_mut().unwrap();
        let command = wild_command(&good[next(&mut seed) as usize % good.len()], &mut seed);
        socket.ws.send(Message::text(command.clone())).await.unwrap();
        socket.sends(&json!({"type": "ping", "ref": format!("last {number}")})).await;
        match reads_to_pong(socket, number).await {
            Some(found) => wrong.extend(found.into_iter().map(|answer| format!("{answer} for {command}"))),
            None => wrong.push(format!("the socket was closed for {command}")),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong, among them:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(8)].join("\n\n")
    );
}

/// Bytes that begin like a frame, and may be one: any opcode, flags, length and mask.
fn wild_frame(seed: &mut u64) -> Vec<u8> {
    let length = (next(seed) % 300) as usize;
    let payload: Vec<u8> = match next(seed) % 3 {
        0 => b"{\"type\":\"ping\"}".to_vec(),
        1 => wild_text(seed).into_bytes(),
        _ => (0..length).map(|_| next(seed) as u8).collect(),
    };
    let opcode = [0x81, 0x82, 0x01, 0x80, 0x00, 0x88, 0x89, 0x8a, 0xf1, 0x83, next(seed) as u8];
    let mask = if one_in(6, seed) { 0 } else { 0x80 };
    let mut frame = vec![opcode[next(seed) as usize % opcode.len()]];
    match (one_in(12, seed), payload.len()) {
        // A length that is not the payload's.
        (true, _) => {
            frame.push(mask | 127);
            frame.extend((next(seed) >> (next(seed) % 64)).to_be_bytes());
        }
        (false, length @ 0..126) => frame.push(mask | length as u8),
        (false, length) => {
            frame.push(mask | 126);
            frame.extend((length as u16).to_be_bytes());
        }
    }
    let key = [next(seed) as u8; 4];
    if mask != 0 {
        frame.extend(key);
    }
    frame.extend(
        payload.iter().zip(key.iter().cycle()).map(|(byte, key)| if mask != 0 { byte ^ key } else { *byte }),
    );
    frame
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hardly_a_frame_ends_with_a_code_or_does_no_harm() {
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat("Lobby").await;
    let mut bobs = bob.opens(chat).await;
    let (mut seed, mut closed) = (5, 0);
    for _ in 0..CONNECTIONS {
        let mut socket = gateway(&alice).await;
        let MaybeTlsStream::Plain(stream) = socket.ws.get_mut() else { panic!("no plain stream") };
        for _ in 0..=next(&mut seed) % 6 {
            // One who was sent away does not hear the rest.
            let _ = stream.write_all(&wild_frame(&mut seed)).await;
        }
        let ends = async {
            while let Some(Ok(message)) = socket.ws.next().await {
                if let Message::Close(Some(close)) = message {
                    return Some(u16::from(close.code));
                }
            }
            None
        };
        // It waits for the rest of a frame, or it has ended.
        if let Ok(Some(code)) = timeout(Duration::from_millis(40), ends).await {
            // A good-bye of the client's own is answered with its code.
            assert!(CODES.contains(&code) || code == 1000 || code >= 3000, "{code}");
            closed += 1;
        }
    }
    assert!(closed > 30, "{closed}");
    // The others have noticed nothing.
    alice.says(chat, "and now for something else").await;
    assert_eq!(bobs.hears(1).await, ["and now for something else"]);
}
