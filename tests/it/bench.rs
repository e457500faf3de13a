//! The benchmark as operators and `scripts/bench` run it, in a small form.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Output, Stdio},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use tokio::{
    process::Command,
    time::{sleep, timeout},
};

use crate::support::{World, log};

/// How long a small benchmark may take on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Small enough for a test run; the sizes stand in the names of some figures.
const SMALL: &str = "--json --seconds 1 --senders 4 --chats 6 --sockets 2 --crowd 30 --idle 40 --lengths 30,60 --followed 8,16";

/// The same for the one beside the peer; a heartbeat of 0 does nothing twice.
const BESIDE: &str =
    "RATES=20 SECONDS_EACH=1 ROUNDS=1 HEARTBEAT=0 CHATS=4 SOCKETS=2 SENDERS=4 CROWD=20 IDLE=40 HISTORY=60";

/// A place for temporary folders, gone after the test.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("trunkline-benched-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    fn bench(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        command.arg("bench").args(arguments.split_whitespace()).current_dir(&self.0).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("TMPDIR", &self.0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// What was left here.
    fn left(&self) -> Vec<PathBuf> {
        fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a benchmark to its end: whether all was well, and what it answered.
async fn answer(mut command: Command) -> (bool, Value) {
    let place = log::listen();
    let ended = timeout(TIMEOUT, command.output()).await;
    let Output { status, stdout, stderr } = ended.expect("the benchmark ended").unwrap();
    let said = String::from_utf8_lossy(&stderr);
    log::add(&said);
    log::search(place);
    let answer = serde_json::from_slice(&stdout);
    (status.success(), answer.unwrap_or_else(|error| panic!("{error}: {said}")))
}

/// Every figure named here is a number, and nothing was lost.
fn has(workloads: &Value, name: &str, figures: &str) {
    for figure in figures.split_whitespace() {
        assert!(workloads[name][figure].is_number(), "{name} has no {figure}: {}", workloads[name]);
    }
    for flaw in ["lost", "doubled", "out_of_order", "refused"] {
        assert_eq!(workloads[name].get(flaw).and_then(Value::as_u64).unwrap_or(0), 0, "{name}: {flaw}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_benchmark_with_a_server_of_its_own_has_every_figure_and_leaves_nothing() {
    let place = Place::new();
    let (is_well, answer) = answer(place.bench(&format!("--private {SMALL}"))).await;
    let workloads = &answer["workloads"];
    assert!(is_well && answer["flawless"] == true, "{answer}");
    assert!(answer["machine"]["cores"].is_number() && answer["machine"]["postgres"].is_string(), "{answer}");
    let cpu = "cpu_seconds_per_1000_messages server_cpu_seconds_per_1000_messages postgres_cpu_seconds_per_1000_messages";
    let rate =
        "acknowledged acknowledged_per_second delivered ack_p99_ms send_to_frame_p50_ms send_to_frame_p99_ms";
    for name in ["chat", "hot", "paced", "one_by_one"] {
        has(workloads, name, cpu);
        has(workloads, name, rate);
    }
    // Where there is no pgbench there is no rate.
    assert!(workloads["plain"].is_object());
    has(workloads, "idle", "sockets server_kib_per_socket server_kib_kept_per_closed_socket");
    has(workloads, "fanout", "server_micros_per_delivery server_micros_per_delivery_in_bursts");
    has(workloads, "fanout", "postgres_micros_per_delivery sockets deliveries deliveries_in_bursts");
    has(workloads, "history", "requests_per_second requests_per_second_of_30 requests_per_second_of_60");
    has(workloads, "reconnect", "sockets all_back_seconds back_p99_ms");
    has(workloads, "wakeups", "cpu_seconds_per_1000_messages_of_8 growth_to_16 growth");
    has(workloads, "permissions", "nanos_per_check server_micros_per_request percent_of_request");
    assert_eq!(place.left(), Vec::<PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_benchmark_takes_its_server_with_it() {
    let place = Place::new();
    let child = place.bench("--private --workload paced --seconds 100 --senders 2").spawn().unwrap();
    let pid = Pid::from_raw(i32::try_from(child.id().unwrap()).unwrap());
    let running =
        |file: &str| place.left().first().map(|folder| folder.join(file)).filter(|file| file.exists());
    for _ in 0..600 {
        if running("data/postgres/cluster/postmaster.pid").is_some() {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let text = fs::read_to_string(running("data/postgres/cluster/postmaster.pid").unwrap()).unwrap();
    kill(pid, Signal::SIGTERM).unwrap();
    let ended = timeout(TIMEOUT, child.wait_with_output()).await.expect("the benchmark ended").unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.code() == Some(1) && said.contains("interrupted"), "{said}");
    assert_eq!(place.left(), Vec::<PathBuf>::new());
    let postmaster = PathBuf::from(format!("/proc/{}", text.lines().next().unwrap().trim()));
    for _ in 0..100 {
        if !postmaster.exists() {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("PostgreSQL still runs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_runs_already_is_measured_too() {
    let world = World::with(&[("TRUNKLINE_LIMITS__ENABLED", "false")]).await;
    let here = world.instance().await;
    let place = Place::new();
    let arguments = format!("{} {SMALL} --workload chat,history", here.base);
    let (is_well, answer) = answer(place.bench(&arguments)).await;
    assert!(is_well && answer["flawless"] == true, "{answer}");
    has(&answer["workloads"], "chat", "acknowledged_per_second send_to_frame_p99_ms");
    has(&answer["workloads"], "history", "requests_per_second");
    assert_eq!(answer["workloads"].as_object().unwrap().len(), 2, "no more than was asked for");
    let chats: i64 = world.psql().await.query_one("select count(*) from chats", &[]).await.unwrap().get(0);
    assert_eq!(chats, 0, "its chats are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_the_peer_every_workload_has_its_row_and_nothing_of_ours_is_lost() {
    let place = Place::new();
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/bench.d/beside"));
    command.env("TRUNKLINE", env!("CARGO_BIN_EXE_trunkline")).env("TMPDIR", &place.0);
    command.envs(BESIDE.split(' ').filter_map(|setting| setting.split_once('=')));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let ended = timeout(TIMEOUT, command.output()).await.expect("the benchmark ended").unwrap();
    let (table, said) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{table}{said}");
    assert_eq!(place.left(), Vec::<PathBuf>::new());
    if table.contains("skipped") {
        return println!("{table}");
    }
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .map(|row| row.split(" | ").map(|cell| cell.trim_matches(['|', ' ', '*'])).collect())
        .collect();
    for what in [
        "memory of each",
        "p99, ms",
        "CPU of a message",
        "acknowledged/s",
        "a delivery",
        "requests/s",
        "back at once",
    ] {
        let [_, _, _, ours, peer, _] = *rows.iter().find(|row| row[0].contains(what)).expect(what).as_slice()
        else {
            panic!("{table}")
        };
        assert!(ours.starts_with(|first: char| first.is_ascii_digit()), "{what}: {table}");
        // Where its packages cannot be had, that is said.
        assert!(peer != "–" || said.contains("without the peer"), "{what}: {table}{said}");
    }
    assert!(rows.last().unwrap()[0].starts_with("lost") && rows.last().unwrap()[3] == "0", "{table}");
}
