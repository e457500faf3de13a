//! The clients that others have written, as they come: `scripts/socket-io`. Where their packages cannot be had, a line says so.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::json;
use tokio::{io::AsyncWriteExt, process::Command, time::timeout};

use crate::{
    manual::{blocks, guides},
    support::{Balancer, Instance, World},
};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/socket-io");
/// How long the examples of a guide may take.
const TIMEOUT: Duration = Duration::from_secs(120);

fn skip(why: &str) {
    println!("skipped: {why}");
}

/// Runs a program that fetches something; whether it could.
async fn fetches(program: &str, arguments: &[&str], dir: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().await.is_ok_and(|status| status.success())
}

/// A folder for packages outside of the project's files.
fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).unwrap();
    for file in std::fs::read_dir(SCRIPTS).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), dir.join(file.file_name())).unwrap();
    }
    dir
}

/// Lets two people talk: each connection goes to the next of these addresses.
async fn talk(
    here: &Instance,
    program: &[&str],
    dir: &Path,
    way: &str,
    bases: &[&str],
) -> Result<(), String> {
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_chat(&format!("{way} {}", alice.id)).await;
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).arg(way).args(bases).current_dir(dir).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let people = json!({"token": alice.token, "other": bob.token, "chat_id": chat});
    child.stdin.take().unwrap().write_all(people.to_string().as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() && said.contains("they talked") {
        return Ok(());
    }
    Err(format!("{program:?} {way} {bases:?}: {said}{failed}"))
}

async fn talk_everywhere(world: &World, program: &[&str], dir: &Path) {
    let (here, there) = world.two_instances().await;
    let bases = [here.base.as_str(), there.base.as_str()];
    for way in ["websocket", "polling", "upgrade"] {
        talk(&here, program, dir, way, &bases).await.unwrap();
        for balancer in Balancer::both(bases).await {
            let Err(why) = talk(&here, program, dir, way, &[balancer.base.as_str()]).await else { continue };
            // On a machine that is short of time it may take an instance that is slow for one that is gone.
            println!("once more through {}: {why}", balancer.name);
            let anew = balancer.anew(bases).await;
            talk(&here, program, dir, way, &[anew.base.as_str()]).await.unwrap();
        }
    }
}

/// The examples of the guides in one of their languages, the first with what needs no packages, in a file of this name.
async fn says(world: &World, program: &str, dir: &Path, file: &str, words: [&str; 2]) -> String {
    let here = world.instance().await;
    here.listens(world).await;
    let code: String = ["getting_started", "socket_io"]
        .iter()
        .zip(words)
        .map(|(guide, word)| {
            let all = guides();
            let (_, text) = all.iter().find(|(name, _)| name == guide).unwrap();
            blocks(text, word).concat()
        })
        .collect();
    std::fs::write(dir.join(file), code.replace("http://127.0.0.1:8000", &here.base)).unwrap();
    let mut command = Command::new(program);
    if program == "node" {
        command.arg("--experimental-websocket");
    }
    command.arg(file).current_dir(dir).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(TIMEOUT, command.output()).await.expect("the examples end").unwrap();
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program}: {said}{failed}");
    said.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stock_client_of_javascript_talks_by_every_way() {
    let dir = folder("socket-io-node");
    let install = ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"];
    if !dir.join("node_modules/socket.io-client").exists() && !fetches("npm", &install, &dir).await {
        return skip("the packages of npm cannot be had");
    }
    let world = World::new().await;
    talk_everywhere(&world, &["node", "talk.mjs"], &dir).await;
    let said = says(&world, "node", &dir, "guide.mjs", ["js", "javascript"]).await;
    for line in [
        "sent as 2",
        "received Hello by Socket.IO",
        "refused chat.send validation_failed",
        "not sent: validation_failed",
    ] {
        assert!(said.contains(line), "{line} is missing: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stock_client_of_python_talks_by_every_way() {
    let dir = folder("socket-io-python");
    let python = dir.join("venv/bin/python");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"];
    if !dir.join("fetched").exists() {
        let is_there = fetches("python3", &["-m", "venv", "venv"], &dir).await
            && fetches(python.to_str().unwrap(), &pip, &dir).await;
        if !is_there {
            return skip("the packages of pip cannot be had");
        }
        std::fs::write(dir.join("fetched"), "").unwrap();
    }
    let (world, python) = (World::new().await, python.to_str().unwrap());
    talk_everywhere(&world, &[python, "talk.py"], &dir).await;
    let said = says(&world, python, &dir, "guide.py", ["python", "py"]).await;
    for line in ["received Hello by Socket.IO", "not sent: validation_failed"] {
        assert!(said.contains(line), "{line} is missing: {said}");
    }
}

#[test]
fn every_example_of_the_guide_is_in_a_language_that_is_run_here() {
    let all = guides();
    let (_, text) = all.iter().find(|(name, _)| name == "socket_io").unwrap();
    let words: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("```")).step_by(2).collect();
    // What is in `sh` is run with the examples of the other guides.
    assert_eq!(words, ["sh", "javascript", "py"]);
}
