//! The configuration in force as YAML, each value with the layer it came from.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::keys::{KEYS, Key, Shown};
use super::layers::{Entry, Raw};
use super::secret::redact_url;

/// Renders all keys. What comes out is YAML that would be read again, but for the masked secrets.
pub(super) fn yaml(entries: &BTreeMap<&'static str, Entry>) -> String {
    let mut out = String::new();
    let mut open: Vec<&str> = Vec::new();
    for key in KEYS {
        let mut sections: Vec<&str> = key.name.split('.').collect();
        let name = sections.pop().unwrap_or_default();
        let same = open.iter().zip(&sections).take_while(|(a, b)| a == b).count();
        for (depth, section) in sections.iter().enumerate().skip(same) {
            _ = writeln!(out, "{}{section}:", "  ".repeat(depth));
        }
        let entry = entries.get(key.name);
        let value = entry.map_or_else(
            || if key.many { "[]".to_owned() } else { "~".to_owned() },
            |entry| value(key, &entry.value),
        );
        let origin = entry.map_or_else(
            || "the defaults".to_owned(),
            |entry| {
                if entry.written == key.name {
                    entry.source.to_string()
                } else {
                    format!("{} in {}", entry.written, entry.source)
                }
            },
        );
        _ = writeln!(out, "{}{name}: {value}  # {origin}", "  ".repeat(sections.len()));
        open = sections;
    }
    out
}

fn value(key: &Key, raw: &Raw) -> String {
    let shown = |text: &String| match key.shown {
        Shown::Never => "\"***\"".to_owned(),
        Shown::Url => scalar(&redact_url(text)),
        Shown::Plain if text.contains("://") => scalar(&redact_url(text)),
        Shown::Plain => scalar(text),
    };
    match raw {
        Raw::One(text) => shown(text),
        Raw::Many(texts) => format!("[{}]", texts.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}

/// A text as YAML: plain where nothing in it could mean something else, else in JSON's quotes, which YAML reads.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/' || c == '.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-:@+=".contains(c))
        && !text.ends_with(':');
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}
