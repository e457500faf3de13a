//! The README's first conversation and what comes after it, pasted as they stand.

use std::process::Stdio;

use tokio::process::Command;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_conversation_ends_with_the_message_on_bobs_socket() {
    let world = World::new().await;
    let here = world.instance().await;
    let readme = include_str!("../../README.md");
    let blocks: Vec<_> =
        readme.split("```sh\n").skip(1).map(|rest| rest.split_once("```").unwrap().0).collect();
    let block = blocks.concat();
    let script = block.replace("http://127.0.0.1:8000", &here.base);
    assert_ne!(script, block, "the block names the default address");
    let run = Command::new("bash").arg("-c").arg(script).stdin(Stdio::null()).output().await.unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("\"type\":\"welcome\"") && said.contains("Hello, Bob!"), "{said}");
    assert!(said.contains("\"kind\":\"media\"") && said.contains("dot.png"), "{said}");
    assert!(said.contains("\n\u{feff}id,chat_id,seq,"), "{said}");
}
