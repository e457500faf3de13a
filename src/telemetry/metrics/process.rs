//! What this process takes of its machine. Read from the system when it is asked for; what a system does not tell is left out.

use std::{
    fmt::{Display, Write},
    fs,
};

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage};

const CPU: &str = "trunkline_process_cpu_seconds_total";
const MEMORY: &str = "trunkline_process_resident_memory_bytes";
const OPEN_FDS: &str = "trunkline_process_open_fds";
const MAX_FDS: &str = "trunkline_process_max_fds";
const STARTED: &str = "trunkline_process_start_time_seconds";

/// The names of what is told here.
pub(super) const NAMES: [&str; 5] = [CPU, MEMORY, OPEN_FDS, MAX_FDS, STARTED];

/// The ticks a second in which Linux tells when a process began.
const TICKS: f64 = 100.0;

/// Adds what is known now to a text in the format of Prometheus.
pub(super) fn render(text: &mut String) {
    add(text, CPU, "counter", "CPU time this process has used, in seconds.", cpu_seconds());
    add(text, MEMORY, "gauge", "Memory of this process that is in RAM, in bytes.", resident_bytes());
    add(text, OPEN_FDS, "gauge", "File descriptors this process holds.", open_descriptors());
    let most = getrlimit(Resource::RLIMIT_NOFILE).ok().map(|(soft, _)| soft);
    add(text, MAX_FDS, "gauge", "File descriptors this process may hold.", most);
    add(text, STARTED, "gauge", "When this process began, in seconds since 1970.", started_at());
}

fn add(text: &mut String, name: &str, kind: &str, about: &str, value: Option<impl Display>) {
    if let Some(value) = value {
        // Writing to a string does not fail.
        let _ = write!(text, "# HELP {name} {about}\n# TYPE {name} {kind}\n{name} {value}\n\n");
    }
}

fn cpu_seconds() -> Option<f64> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    let times = [usage.user_time(), usage.system_time()];
    Some(times.iter().map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6).sum())
}

fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

fn open_descriptors() -> Option<usize> {
    // The one that reads the folder is in it.
    Some(fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1))
}

fn started_at() -> Option<f64> {
    let machine = fs::read_to_string("/proc/stat").ok()?;
    let booted: f64 = machine.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    let own = fs::read_to_string("/proc/self/stat").ok()?;
    // The name in parentheses may hold anything; the 22nd field is the 20th behind it.
    let ticks: f64 = own.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    Some(booted + ticks / TICKS)
}
