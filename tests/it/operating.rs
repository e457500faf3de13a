//! What lies in `scripts/deploy/` for those who run it: it tells of metrics that are there, and of commands that are.

use std::collections::BTreeSet;

use serde_json::Value;
use trunkline::telemetry::metrics;

const RULES: &str = include_str!("../../scripts/deploy/prometheus/trunkline.rules.yml");
const DASHBOARD: &str = include_str!("../../scripts/deploy/grafana/trunkline.json");

/// What is called so and is no metric.
const METRICS_NOT: [&str; 3] = ["trunkline_app", "trunkline_reader", "trunkline_analyst"];

/// The names of metrics in a text.
fn named(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices("trunkline_")
        .filter(|(at, _)| !text[..*at].ends_with(is_name))
        .map(|(at, _)| text[at..].chars().take_while(|c| is_name(*c)).collect())
        .collect()
}

/// Whether a server has it: as it is, or as a histogram or a fact of the process.
fn is_known(name: &str) -> bool {
    let bare = ["_bucket", "_count", "_sum"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let process = ["cpu_seconds_total", "resident_memory_bytes", "open_fds", "max_fds", "start_time_seconds"];
    metrics::catalogue().any(|known| known == bare || known == name)
        || name.strip_prefix("trunkline_process_").is_some_and(|rest| process.contains(&rest))
}

#[test]
fn every_metric_of_alerts_and_dashboard_is_there() {
    for text in [RULES, DASHBOARD] {
        let names = named(text);
        assert!(names.len() > 10, "{names:?}");
        let unknown: Vec<_> = names.iter().filter(|name| !is_known(name)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}

#[test]
fn the_catalogue_of_metrics_has_them_all() {
    let told = named(include_str!("../../scripts/deploy/README.md"));
    let missing: Vec<_> = metrics::catalogue().filter(|name| !told.contains(*name)).collect();
    assert!(missing.is_empty(), "scripts/deploy/README.md says nothing of {missing:?}");
    let gone: Vec<_> =
        told.iter().filter(|name| !is_known(name) && !METRICS_NOT.contains(&name.as_str())).collect();
    assert!(gone.is_empty(), "scripts/deploy/README.md tells of {gone:?}");
}

#[test]
fn the_panels_of_the_dashboard_lie_beside_each_other() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    let (mut ids, mut places) = (BTreeSet::new(), BTreeSet::new());
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(ids.insert(panel["id"].as_i64().unwrap()), "{panel}");
        let place = |key: &str| panel["gridPos"][key].as_i64().unwrap();
        for x in place("x")..place("x") + place("w") {
            for y in place("y")..place("y") + place("h") {
                assert!(x < 24 && places.insert((x, y)), "{}: {x} {y}", panel["title"]);
            }
        }
    }
    assert!(ids.len() > 30, "{ids:?}");
}

#[test]
fn every_alert_says_what_to_do_with_what_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let alerts = RULES.split("- alert: ").skip(1);
    let mut count = 0;
    for alert in alerts {
        count += 1;
        let name = alert.lines().next().unwrap();
        for word in ["expr:", "severity:", "summary:", "action:"] {
            assert!(alert.contains(word), "{name}: {word}");
        }
        for (at, folder) in alert.match_indices("sql/ops/") {
            let file: String =
                alert[at..].chars().take_while(|c| c.is_alphanumeric() || "/_.".contains(*c)).collect();
            assert!(root.join(file.trim_end_matches('.')).exists(), "{name}: {folder}{file}");
        }
    }
    assert!(count > 10, "{count}");
}
