//! What Alertmanager sends to its webhook receivers (`version` 4), and others that took its body over.

use serde_json::Value;

use super::{items, shown};

/// The most alerts of which each has a line.
const LINES: usize = 20;

/// The state and the name of the alerts, and a line for each; `None` where there are none.
pub fn of(body: &Value) -> Option<String> {
    let alerts: Vec<_> = items(&body["alerts"]).filter(|alert| alert.is_object()).collect();
    if alerts.is_empty() {
        return None;
    }
    let firing = alerts.iter().filter(|alert| alert["status"] == "firing").count();
    let state = match shown(&body["status"]).unwrap_or("firing") {
        "firing" if firing > 0 => format!("[FIRING:{firing}]"),
        state => format!("[{}]", state.to_uppercase()),
    };
    let name = [&body["groupLabels"], &body["commonLabels"], &alerts[0]["labels"]]
        .into_iter()
        .find_map(|labels| shown(&labels["alertname"]));
    let head: Vec<_> = [Some(state.as_str()), name].into_iter().flatten().collect();
    let mut lines = vec![head.join(" ")];
    lines.extend(alerts.iter().take(LINES).map(|alert| line(alert, firing < alerts.len() && firing > 0)));
    let told = body["truncatedAlerts"].as_u64().unwrap_or(0) as usize;
    let more = alerts.len().saturating_sub(LINES) + told;
    if more > 0 {
        lines.push(format!("- and {more} more"));
    }
    lines.extend(shown(&body["externalURL"]).map(str::to_owned));
    Some(lines.join("\n"))
}

fn line(alert: &Value, is_mixed: bool) -> String {
    let annotations = &alert["annotations"];
    let said = ["summary", "description", "message"].iter().find_map(|name| shown(&annotations[*name]));
    let labels = || {
        let labels = alert["labels"].as_object().into_iter().flatten();
        let pairs = labels.filter_map(|(name, value)| Some(format!("{name}={}", shown(value)?)));
        pairs.collect::<Vec<_>>().join(" ")
    };
    let said = said.map_or_else(labels, str::to_owned);
    let state = if is_mixed { shown(&alert["status"]).map(|state| format!("{state}: ")) } else { None };
    format!("- {}{said}", state.unwrap_or_default())
}
