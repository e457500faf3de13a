//! The layers of variables: the process environment and the env files.

use super::keys::{self, KEYS, PREFIX};
use super::layers::{Entry, Layer, Raw, Source};

const DATABASE_URL: &str = "DATABASE_URL";

/// Reads the variables of one layer that are ours.
pub(super) fn layer(variables: impl IntoIterator<Item = (String, String)>, source: &Source) -> Layer {
    let mut layer = Layer::default();
    let mut plain_url = None;
    for (name, value) in variables {
        let text = value.as_str();
        let key = KEYS.iter().find(|key| name.starts_with(PREFIX) && key.variable() == name);
        if let Some(key) = key {
            // Compose files and shells can hardly leave a variable out: empty means unset.
            if let Some(value) = if key.many { Raw::split(text) } else { Raw::one(text) } {
                layer.put(Entry { key, written: name, source: source.clone(), value });
            }
        } else if name == DATABASE_URL {
            plain_url = Raw::one(text);
        } else if name.starts_with(PREFIX) && !is_service_link(&name, text) {
            let hint = keys::closest(&name)
                .map_or_else(String::new, |key| format!("; did you mean {}?", key.variable()));
            layer
                .problems
                .push(format!("{} in {source} is not a configuration key{hint}", name.escape_debug()));
        }
    }
    let key = keys::find("database.url").filter(|key| !layer.entries.contains_key(key.name));
    if let (Some(key), Some(value)) = (key, plain_url) {
        layer.put(Entry { key, written: DATABASE_URL.to_owned(), source: source.clone(), value });
    }
    layer
}

/// Reads an env file. Lines of other programs are let be, even when they can't be understood.
pub(super) fn file(text: &str, source: &Source) -> Layer {
    let mut variables = Vec::new();
    let mut problems = Vec::new();
    for line in dotenvy::from_read_iter(text.trim_start_matches('\u{feff}').as_bytes()) {
        match line {
            Ok(variable) => variables.push(variable),
            Err(dotenvy::Error::LineParse(rest, _)) => {
                problems.extend(broken_line(text, rest.trim(), source));
            }
            Err(_) => {
                problems.push(format!("{source} can't be read"));
                break;
            }
        }
    }
    let mut layer = layer(variables, source);
    layer.problems.splice(0..0, problems);
    layer
}

/// What to say about a line that can't be understood; nothing when it is none of ours. `rest` is the line, or what
/// follows its `=`. It may hold a secret, so only the name is told.
fn broken_line(text: &str, rest: &str, source: &Source) -> Option<String> {
    let line = text.lines().find(|line| line.trim().ends_with(rest)).unwrap_or_default().trim();
    let name =
        line.strip_prefix("export ").unwrap_or(line).split_once('=').map_or("", |(name, _)| name.trim());
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        Some(format!("{source} has a line that is not NAME=value"))
    } else if name.starts_with(PREFIX) || name == DATABASE_URL {
        Some(format!("{name} in {source} can't be read: put its value in single quotes"))
    } else {
        None
    }
}

/// Kubernetes sets these for every pod beside a service called `trunkline`; nobody wrote them.
fn is_service_link(name: &str, value: &str) -> bool {
    ["TRUNKLINE_SERVICE_HOST", "TRUNKLINE_SERVICE_PORT", "TRUNKLINE_PORT_"]
        .iter()
        .any(|start| name.starts_with(start))
        || (name == "TRUNKLINE_PORT" && value.contains("://"))
}
