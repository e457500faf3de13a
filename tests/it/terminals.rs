//! Commands in front of a terminal: what they ask there, and how far they are.

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    commands::{Folder, shared},
    dba,
    support::{Terminal, Visitor, World},
};

const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_asked_for_and_not_shown() {
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    let folder = Folder::new();
    let mut env = shared(&world.url).to_vec();
    env.push(("TRUNKLINE_AUTH__BCRYPT_COST", "4"));
    let command = ["user", "set-password", &alice.email, "--json"];
    let is_set = async |first: &str, second: &str| {
        let (mut terminal, child) = Terminal::start(&mut folder.command(&command, &env));
        terminal.shows(&format!("new password of {}: ", alice.email)).await;
        terminal.types(&format!("{first}\n"));
        terminal.shows("once more: ").await;
        terminal.types(&format!("{second}\n"));
        let ended = timeout(TIMEOUT, child.wait_with_output()).await.unwrap().unwrap();
        let shown = terminal.shown();
        assert!(!shown.contains(first) && !shown.contains(second), "{shown}");
        (ended.status.code(), String::from_utf8(ended.stdout).unwrap())
    };
    assert_eq!(is_set("sesame 1 open", "sesame 2 open").await.0, Some(1));
    let (code, out) = is_set("sesame 1 open", "sesame 1 open").await;
    assert_eq!(code, Some(0), "{out}");
    let answered: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answered, json!({"id": alice.id, "email": alice.email}));
    let form = json!({"email": alice.email, "password": "sesame 1 open"});
    Visitor::at(&here.base).post("/api/v1/auth/login", &form).await.expect(200);
    // Who thinks better of it changes nothing.
    let (terminal, child) = Terminal::start(&mut folder.command(&command, &env));
    terminal.shows("new password").await;
    // As Ctrl-C does where the terminal is that of the process.
    kill(Pid::from_raw(i32::try_from(child.id().unwrap()).unwrap()), Signal::SIGINT).unwrap();
    let ended = timeout(TIMEOUT, child.wait_with_output()).await.unwrap().unwrap();
    assert_ne!(ended.status.code(), Some(0), "{}", terminal.shown());
    Visitor::at(&here.base).post("/api/v1/auth/login", &form).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_work_says_how_far_it_is() {
    let world = World::new().await;
    let url = dba::empty(&world, "").await;
    let folder = Folder::new();
    let env = shared(&url);
    for (command, words) in [
        (&["migrate"][..], "migration V"),
        (&["seed"], "making people"),
        (&["jobs", "run"], "done, 0 failed"),
    ] {
        let (terminal, child) = Terminal::start(&mut folder.command(command, &env));
        terminal.shows(words).await;
        let ended = timeout(TIMEOUT, child.wait_with_output()).await.unwrap().unwrap();
        assert!(ended.status.success(), "{command:?}: {}", terminal.shown());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_about_people_answer_in_json_where_that_is_wanted() {
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, root) = (here.person("Alice").await, here.person("Root").await);
    world.promotes(root.id).await;
    let folder = Folder::new();
    let env = shared(&world.url);
    let email = alice.email.as_str();
    let answers = async |command: &[&str]| {
        let (code, out, err) = folder.run(&[&["user"], command, &["--json"]].concat(), &env).await;
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<Value>(&out).unwrap()
    };
    let with = |more: Value| {
        let mut answer = json!({"id": alice.id, "email": email});
        answer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        answer
    };
    let roles = answers(&["set-roles", email, "user", "admin"]).await;
    assert_eq!(roles, with(json!({"roles": ["user", "admin"]})));
    assert_eq!(answers(&["suspend", email]).await, with(json!({"status": "suspended"})));
    assert_eq!(answers(&["unsuspend", email]).await, with(json!({"status": "active"})));
    assert_eq!(answers(&["delete", email]).await, with(json!({"clear_messages": false})));
}
