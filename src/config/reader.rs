//! Turns raw texts into typed values, gathering every problem on the way.

use std::collections::BTreeMap;

use super::keys::{self, Shown};
use super::layers::{Entry, Layer, Source};
use super::secret::redact_url;
use super::sources;

/// Reads typed values out of the layers. A bad one becomes a problem and its default stands in for it, so that
/// reading goes on.
pub(super) struct Reader {
    entries: BTreeMap<&'static str, Entry>,
    defaults: BTreeMap<&'static str, Entry>,
    problems: Vec<String>,
}

/// Parses one text, or says what it must be: "must be a whole number".
pub(super) type Parsed<T> = Result<T, String>;

impl Reader {
    pub fn new(layers: Layer) -> Self {
        Self { entries: layers.entries, defaults: sources::defaults().entries, problems: layers.problems }
    }

    /// A value that may be left out.
    pub fn optional<T>(&mut self, name: &str, parse: impl Fn(&str) -> Parsed<T>) -> Option<T> {
        self.list(name, parse).pop()
    }

    /// A value with a default.
    pub fn required<T>(&mut self, name: &str, parse: impl Fn(&str) -> Parsed<T>) -> T {
        let value = self.optional(name, &parse);
        value.unwrap_or_else(|| {
            match self.defaults.get(name).and_then(|entry| parse(entry.value.texts().first()?).ok()) {
                Some(value) => value,
                None => unreachable!("default.yaml has a good value for {name}: a test reads it"),
            }
        })
    }

    /// A list, empty when left out.
    pub fn list<T>(&mut self, name: &str, parse: impl Fn(&str) -> Parsed<T>) -> Vec<T> {
        debug_assert!(keys::find(name).is_some(), "{name} is missing in keys.rs");
        let Some(entry) = self.entries.get(name) else { return Vec::new() };
        let mut values = Vec::new();
        for text in entry.value.texts() {
            match parse(text) {
                Ok(value) => values.push(value),
                Err(must) => {
                    let found = match entry.key.shown {
                        Shown::Plain => format!(", not {:?}", shortened(text)),
                        // A password that breaks its URL can't be told from the rest of it.
                        Shown::Url | Shown::Never => String::new(),
                    };
                    self.problems.push(format!("{} {must}{found}", place(entry)));
                }
            }
        }
        values
    }

    /// The key as it was written and where, for a sentence about it; `None` when nobody set it.
    pub fn place(&self, name: &str) -> Option<String> {
        self.entries.get(name).filter(|entry| entry.source != Source::Default).map(place)
    }

    /// Whether the key has a value.
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    pub fn problem(&mut self, sentence: String) {
        self.problems.push(sentence);
    }

    /// The values in force, and what is wrong.
    pub fn finish(self) -> (BTreeMap<&'static str, Entry>, Vec<String>) {
        (self.entries, self.problems)
    }
}

fn place(entry: &Entry) -> String {
    format!("{} in {}", entry.written, entry.source)
}

/// Fit for one line; a password in a URL is no less one for standing under a key that should hold none.
fn shortened(text: &str) -> String {
    let text = if text.contains("://") { redact_url(text) } else { text.to_owned() };
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
