//! The examples of code in the guides, run as they stand: each guide's after those of the first, which it continues.

use std::{collections::BTreeSet, env::temp_dir, fs, process::Stdio, time::Duration};

use tokio::{process::Command, time::timeout};
use uuid::Uuid;

use super::{blocks, guides, has};
use crate::support::{World, operations};

/// What every other guide continues.
const FIRST: &str = "getting_started";
/// How long an example may take.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A language by its word in the text: the program that runs it, with what arguments, and what its files end with.
struct Language {
    word: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    check: &'static [&'static str],
    ending: &'static str,
}

const SHELL: Language = Language {
    word: "sh",
    program: "bash",
    arguments: &["-euo", "pipefail"],
    check: &["-c", "curl --version"],
    ending: "sh",
};
const JAVASCRIPT: Language = Language {
    word: "js",
    program: "node",
    arguments: &["--experimental-websocket"],
    check: &["--experimental-websocket", "-e", "new WebSocket('ws://127.0.0.1:1').onerror = () => {}"],
    ending: "mjs",
};
const PYTHON: Language =
    Language { word: "python", program: "python3", arguments: &[], check: &["--version"], ending: "py" };

/// What the examples of a guide print, by language.
const SAID: [(&str, &str, &[&str]); 43] = [
    (FIRST, "sh", &["\"content\":\"Hello, Bob!\"", "\"role\":\"member\"", "\"total\":1}"]),
    (FIRST, "js", &["welcome", "new_message Hello, Bob!", "caught_up"]),
    (FIRST, "python", &["1 Hello, Bob!"]),
    (
        "signing_in",
        "sh",
        &["\"roles\":[\"user\"]", "signed out: 204", "refreshed: 200", "signed in by cookie: 200"],
    ),
    ("signing_in", "js", &["still Alice", "session_over"]),
    ("signing_in", "python", &["still Alice"]),
    ("conventions", "sh", &["\u{feff}id,chat_id,seq,"]),
    ("sending", "sh", &["\n201\n200\n"]),
    ("sending", "js", &["sent as 2 Is anybody here?", "not sent: validation_failed"]),
    ("sending", "python", &["one message: True"]),
    ("reconnecting", "sh", &["\"type\":\"member_joined\""]),
    ("reconnecting", "js", &["seen 1, 2, 3 older 0\n", "then The client was closed\n"]),
    ("reconnecting", "python", &["first ['new_message']", "then ['Said meanwhile']"]),
    ("unread", "sh", &["marked: 204"]),
    (
        "unread",
        "js",
        &["unread 1 mentions 0\nunread 2 mentions 1\nunread 1 mentions 0\nunread 0 mentions 0\n"],
    ),
    ("unread", "python", &["unread: 0 mentions: 0"]),
    ("files", "sh", &["\"content_type\":\"image/png\"", "without a token: 200"]),
    ("files", "js", &["image/png 1×1 200"]),
    ("files", "python", &["image/png 200"]),
    ("webhooks", "js", &["genuine new_message"]),
    ("webhooks", "python", &["genuine new_message For the other program"]),
    ("origins", "sh", &["access-control-allow-origin: http://localhost:5173"]),
    ("bots", "sh", &["It is sunny.", "\"code\":\"forbidden\""]),
    ("bots", "js", &["answered !echo hello"]),
    ("bots", "python", &["answered hello"]),
    ("hooks", "sh", &["\"ok\":true", "\"content\":\"The disk is full\"", "removed: 204", "after that: 404"]),
    ("hooks", "js", &["one message: true", "Build server: Build 7 has failed"]),
    ("hooks", "python", &["one message: True", "Backup: Backup 7 has finished"]),
    ("scheduled", "sh", &["\"status\":\"waiting\"", "removed: 204"]),
    ("scheduled", "js", &["waiting: 1", "sent: Five seconds later"]),
    ("scheduled", "python", &["one message: True", "waiting Good morning", "left: 0"]),
    (
        "events",
        "sh",
        &["\"position\":1", "given back: 204", "\"held_until\":\"2", "first scan: 201\nsecond scan: 200\n"],
    ),
    (
        "events",
        "js",
        &["it begins at 2030-03-31T03:00:00.000+02:00", "2 places\nnumber 1 in line\nReading\n"],
    ),
    ("events", "python", &["found: True", "3 places\nleft: 7\n"]),
    (
        "posts",
        "sh",
        &["\"content\":\"We will be there!\"", "\"comment_count\":1", "not his: 403", "deleted: 204"],
    ),
    ("posts", "js", &["The garden opens in May, by Alice: 1 comment", "left: 0"]),
    ("posts", "python", &["The garden opens on May 1 ['How nice', 'When exactly?']"]),
    (
        "calendars",
        "sh",
        &["DTSTART;TZID=Europe/Berlin:", "nothing new: 304", "ended: 204", "after that: 404"],
    ),
    ("calendars", "js", &["true true true"]),
    ("calendars", "python", &["confirmed: True", "cancelled: True"]),
    ("presence", "sh", &["\"last_online_at\":null"]),
    ("presence", "js", &["Bob is offline\nBob is online\nBob is offline\n"]),
    ("socket_io", "sh", &["0{\"", "\"upgrades\":[\"websocket\"]", "\"pingInterval\":15000"]),
];

async fn run_all(language: Language) {
    if !has(language.program, language.check).await {
        return;
    }
    let settings = [
        ("TRUNKLINE_WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("TRUNKLINE_HTTP__ALLOWED_ORIGINS", "http://localhost:5173"),
    ];
    let world = World::with(&settings).await;
    let here = world.instance().await;
    here.listens(&world).await;
    let all = guides();
    let code = |name: &str| {
        let (_, text) = all.iter().find(|(known, _)| known == name).unwrap();
        blocks(text, language.word).concat()
    };
    for (guide, _, expected) in SAID.iter().filter(|(_, word, _)| *word == language.word) {
        let mut text = code(FIRST);
        if *guide != FIRST {
            text += &code(guide);
        }
        assert!(text.contains("http://127.0.0.1:8000"), "{guide} names the default address");
        let said = run(guide, &language, &text.replace("http://127.0.0.1:8000", &here.base)).await;
        for words in *expected {
            assert!(said.contains(words), "{guide} in {} does not say {words}: {said}", language.word);
        }
    }
}

/// What a program prints, which must end well.
async fn run(guide: &str, language: &Language, code: &str) -> String {
    let file = temp_dir().join(format!("trunkline-{}.{}", Uuid::new_v4(), language.ending));
    fs::write(&file, code).unwrap();
    let mut command = Command::new(language.program);
    command.args(language.arguments).arg(&file).stdin(Stdio::null()).kill_on_drop(true);
    let Ok(outcome) = timeout(TIMEOUT, command.output()).await else {
        panic!("{guide} does not end in {}", language.word);
    };
    let outcome = outcome.unwrap();
    let _ = fs::remove_file(&file);
    let (said, wrong) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    assert!(outcome.status.success(), "{said}\n{wrong}\n{code}");
    said.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_with_curl_do_what_the_guides_say() {
    run_all(SHELL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_in_javascript_do_what_the_guides_say() {
    run_all(JAVASCRIPT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_in_python_do_what_the_guides_say() {
    run_all(PYTHON).await;
}

/// The example of the operation with this id, and that there is no other one among the operations.
fn example_of(id: &str) -> String {
    let mut found = vec![];
    for operation in operations() {
        let text = operation.about["description"].as_str().unwrap();
        if text.contains("```") {
            assert_eq!(operation.about["operationId"], id, "an example that nobody runs");
            found = blocks(text, "js");
        }
    }
    found.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_an_encrypted_sign_in_signs_in() {
    let example = example_of("get_public_key");
    if !has(JAVASCRIPT.program, JAVASCRIPT.check).await {
        return;
    }
    let world = World::new().await;
    let here = world.instance().await;
    let alice = here.person("Alice").await;
    // It is written for a page of the server's own origin.
    let page = format!(
        "const send = fetch;
        globalThis.fetch = async (path, request) => {{
            const answer = await send('{}' + path, request);
            console.log(path, answer.status);
            return answer;
        }};
        const [email, password] = ['{}', 'trunkline1'];
        {example}",
        here.base, alice.email
    );
    let said = run("get_public_key", &JAVASCRIPT, &page).await;
    assert!(said.contains("/api/v1/auth/login 200"), "{said}");
}

#[test]
fn no_example_is_left_out() {
    let run: BTreeSet<_> = SAID.iter().map(|(guide, word, _)| (*guide, *word)).collect();
    let all = guides();
    let mut written = BTreeSet::new();
    for (guide, text) in &all {
        let fences = text.lines().filter_map(|line| line.strip_prefix("```")).step_by(2);
        // A page is opened in a browser, JSON is read, and what needs packages is run with them: see the files beside, and
        // tests/it/socket_io/stock.rs.
        written.extend(
            fences
                .filter(|word| !["html", "javascript", "json", "py"].contains(word))
                .map(|word| (guide.as_str(), word)),
        );
    }
    assert_eq!(run, written);
}
