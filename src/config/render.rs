//! The configuration as YAML, each value with the layer it came from.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::keys::{KEYS, Key, Shown};
use super::layers::{Entry, Raw, Source};
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
        let (value, origin) = match entry {
            None if key.many => (" []".to_owned(), "default".to_owned()),
            // YAML reads no value as none.
            None => (String::new(), "not set".to_owned()),
            Some(entry) => (format!(" {}", value(key, &entry.value)), origin(key, entry)),
        };
        _ = writeln!(out, "{}{name}:{value}  # {origin}", "  ".repeat(sections.len()));
        open = sections;
    }
    out
}

fn origin(key: &Key, entry: &Entry) -> String {
    match entry.source {
        Source::Default => "default".to_owned(),
        _ if entry.written == key.name => entry.source.to_string(),
        _ => format!("{} in {}", entry.written, entry.source),
    }
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
