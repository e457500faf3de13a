//! Calendars as other people's programs read them: `scripts/calendars`. Where their packages cannot be had, a line says so.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use tokio::{io::AsyncWriteExt, process::Command};

use super::{address, event, ticket};
use crate::support::World;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/calendars");

/// Moments around the changes of the clocks of each zone, in both directions: before, in what does not exist or comes twice, and after.
const MOMENTS: [(&str, &[&str]); 5] = [
    (
        "Europe/Berlin",
        &[
            "2027-03-28T00:59:59Z",
            "2027-03-28T01:00:00Z",
            "2027-03-28T01:30:00Z",
            "2027-10-30T23:30:00Z",
            "2027-10-31T00:30:00Z",
            "2027-10-31T01:00:00Z",
            "2027-10-31T01:30:00Z",
            "2027-10-31T02:00:00Z",
        ],
    ),
    (
        "America/New_York",
        &[
            "2027-03-14T06:59:00Z",
            "2027-03-14T07:00:00Z",
            "2027-11-07T04:30:00Z",
            "2027-11-07T05:30:00Z",
            "2027-11-07T06:00:00Z",
            "2027-11-07T06:30:00Z",
            "2027-11-07T07:00:00Z",
        ],
    ),
    (
        "Australia/Lord_Howe",
        &[
            "2027-04-03T14:30:00Z",
            "2027-04-03T14:45:00Z",
            "2027-04-03T15:15:00Z",
            "2027-04-03T15:30:00Z",
            "2027-10-02T15:29:00Z",
            "2027-10-02T15:30:00Z",
            "2027-10-02T16:00:00Z",
        ],
    ),
    ("Asia/Kathmandu", &["2027-01-01T00:00:00Z", "2027-07-01T18:15:00Z"]),
    ("UTC", &["2027-10-31T01:30:00Z"]),
];

/// The Python that has the packages, where it can be had.
async fn python() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("calendars-python");
    std::fs::create_dir_all(&folder).unwrap();
    let python = folder.join("venv/bin/python");
    let runs = async |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().await.is_ok_and(|status| status.success())
    };
    let has = ["-c", "import icalendar, vobject"];
    if runs(&python, &has).await {
        return Some(python);
    }
    let list = format!("{SCRIPTS}/requirements.txt");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &list];
    let is_there = runs(Path::new("python3"), &["-m", "venv", "venv"]).await && runs(&python, &pip).await;
    is_there.then_some(python)
}

#[tokio::test(flavor = "multi_thread")]
async fn other_peoples_programs_read_the_same_moments() {
    let Some(python) = python().await else {
        println!("skipped: the packages of Python cannot be had");
        return;
    };
    let world = World::new().await;
    let here = world.instance().await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let psql = world.psql().await;
    let mut expected = Map::new();
    for (zone, moments) in MOMENTS {
        for (at, minutes) in moments.iter().flat_map(|at| [(at, 0), (at, 45), (at, 600)]) {
            let id = event(&psql, &alice, &format!("{zone}, a \"name\": x"), at, zone, minutes).await;
            ticket(&psql, id, &bob).await;
            let begins = at.parse::<DateTime<Utc>>().unwrap().timestamp();
            let ends = (minutes > 0).then(|| begins + i64::from(minutes) * 60);
            expected.insert(id.to_string(), json!([begins, ends]));
        }
    }
    assert!(expected.len() > 70);
    for who in [&alice, &bob] {
        let text = reqwest::get(address(who).await).await.unwrap().text().await.unwrap();
        reads(&python, &text, &expected).await;
    }
}

async fn reads(python: &Path, text: &str, expected: &Map<String, Value>) {
    let mut command = Command::new(python);
    command.arg(format!("{SCRIPTS}/read.py")).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let given = json!({"text": text, "events": expected}).to_string();
    child.stdin.take().unwrap().write_all(given.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        output.status.success() && said.contains(&format!("read alike: {}", expected.len())),
        "{said}{failed}\n{text}"
    );
}
