//! The Prometheus recorder: names, descriptions, buckets and the text of `/metrics`.
//!
//! Whoever counts something uses the constants of [`names`], so that no metric goes without a description.

use std::sync::{LazyLock, OnceLock};
use std::time::Duration;

use metrics::{Counter, Label, Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

pub mod names;
mod process;

/// From half a millisecond, a statement on a warm cache, to the ten seconds after which anybody has given up.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Sends that share a commit: 1 to 512, doubling.
const SIZES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
/// Samples between two scrapes are kept until they are drained; this often, if nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder of this process and describes every metric. Later calls do nothing, as tests start several
/// servers; they share their numbers. When another recorder is there already, [`render`] stays empty.
pub fn install() {
    HANDLE.get_or_init(|| {
        let recorder = builder().ok()?.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another metrics recorder is installed already; /metrics stays empty");
            return None;
        }
        describe();
        Some(handle)
    });
}

/// All metrics in the Prometheus text format; empty before [`install`].
pub fn render() -> String {
    let Some(handle) = HANDLE.get().and_then(Option::as_ref) else { return String::new() };
    let mut text = handle.render();
    process::render(&mut text);
    text
}

/// The names of all metrics.
pub fn catalogue() -> impl Iterator<Item = &'static str> {
    let counted = names::COUNTERS.iter().chain(names::GAUGES).chain(names::HISTOGRAMS);
    counted.map(|(name, _)| *name).chain(process::NAMES)
}

/// A counter that is there before it has counted anything: to whoever watches, one that comes with its first event has not
/// grown by it.
pub fn count_from_zero(name: &'static str, labels: Vec<Label>) {
    metrics::counter!(name, labels).increment(0);
}

/// The same for what is spread over buckets.
pub fn spread_from_zero(name: &'static str, labels: Vec<Label>) {
    // To be there is enough.
    drop(metrics::histogram!(name, labels));
}

/// The counter of frames, which is found once: looking it up by its name costs a tenth of what a frame costs.
pub fn frames_sent() -> &'static Counter {
    static FOUND: LazyLock<Counter> = LazyLock::new(|| {
        install();
        metrics::counter!(names::FRAMES_SENT)
    });
    &FOUND
}

/// Keeps the memory of histograms bounded when nobody scrapes. One per server; end it with the handle.
pub fn spawn_upkeep() -> JoinHandle<()> {
    tokio::spawn(async {
        let mut tick = interval(UPKEEP);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if let Some(handle) = HANDLE.get().and_then(Option::as_ref) {
                handle.run_upkeep();
            }
        }
    })
}

/// Without buckets of their own histograms come out as summaries, which can't be added up over instances.
fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets(&SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .set_buckets_for_metric(Matcher::Suffix("_size".to_owned()), &SIZES)
}

fn describe() {
    let has_labels = |name: &str| names::LABELLED.contains(&name);
    for (name, text) in names::COUNTERS {
        describe_counter!(*name, *text);
        if !has_labels(name) {
            count_from_zero(name, Vec::new());
        }
    }
    for (name, label, words) in names::WORDS {
        words.iter().for_each(|word| count_from_zero(name, vec![Label::new(*label, *word)]));
    }
    for (name, text) in names::GAUGES {
        describe_gauge!(*name, *text);
        if !has_labels(name) {
            metrics::gauge!(*name).increment(0.0);
        }
    }
    metrics::gauge!(names::BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    for (name, text) in names::HISTOGRAMS {
        let unit = if name.ends_with("_seconds") { Unit::Seconds } else { Unit::Count };
        describe_histogram!(*name, unit, *text);
        if !has_labels(name) {
            spread_from_zero(name, Vec::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_twice_it_counts_once_and_in_buckets() {
        install();
        install();
        metrics::counter!(names::MESSAGES_POSTED).increment(3);
        metrics::gauge!(names::POOL_CONNECTIONS, "state" => "idle").set(2.0);
        metrics::histogram!(names::HTTP_REQUEST_SECONDS).record(0.003);
        metrics::histogram!(names::BATCH_SIZE).record(100.0);
        let text = render();
        for line in [
            "# TYPE trunkline_messages_posted_total counter",
            "trunkline_messages_posted_total 3",
            "trunkline_pool_connections{state=\"idle\"} 2",
            "# TYPE trunkline_http_request_seconds histogram",
            "trunkline_http_request_seconds_bucket{le=\"0.005\"} 1",
            "trunkline_batch_size_bucket{le=\"64\"} 0",
            "trunkline_batch_size_bucket{le=\"128\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.contains("# HELP trunkline_batch_size "), "{text}");
        assert!(text.contains("\ntrunkline_process_open_fds "), "{text}");
    }

    #[test]
    fn every_name_keeps_the_rules_of_prometheus() {
        let all = || names::COUNTERS.iter().chain(names::GAUGES).chain(names::HISTOGRAMS);
        assert!(all().all(|(name, text)| name.starts_with("trunkline_") && text.ends_with('.')));
        assert!(names::COUNTERS.iter().all(|(name, _)| name.ends_with("_total")));
        assert!(
            names::HISTOGRAMS.iter().all(|(name, _)| name.ends_with("_seconds") || name.ends_with("_size"))
        );
    }
}
