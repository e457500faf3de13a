//! The READMEs: the first conversation pasted as it stands, and links that lead somewhere.

use std::{fs, path::Path, process::Stdio};

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
    let frames =
        ["welcome", "caught_up", "new_message"].map(|kind| said.find(&format!("\"type\":\"{kind}\"")));
    assert!(frames.iter().all(Option::is_some) && frames.is_sorted(), "{said}");
    assert!(said.contains("Hello, Bob!"), "{said}");
}

#[test]
fn every_link_leads_to_a_file_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut links = 0;
    for file in [
        "README.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "scripts/deploy/README.md",
        "scripts/README.md",
        "sql/README.md",
    ] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let targets = text.split("](").skip(1).map(|rest| rest.split_once(')').unwrap().0);
        for target in targets.filter(|target| !target.starts_with("http") && !target.starts_with('#')) {
            links += 1;
            let path = root.join(file).parent().unwrap().join(target);
            assert!(path.exists(), "{file} links to {target}");
        }
    }
    assert!(links > 10, "{links}");
}
