//! What the sources of configuration say, layer by layer.

use std::collections::BTreeMap;
use std::fmt;

use super::keys::Key;

/// The layer a value came from.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Source {
    Environment,
    /// Named as it was asked for: `.env`, `config.yaml`, `/etc/trunkline.yaml`.
    File(String),
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment"),
            Self::File(name) => write!(f, "{}", name.escape_debug()),
            Self::Default => f.write_str("the defaults"),
        }
    }
}

/// A value as it was written, before its key says what it means.
#[derive(Clone)]
pub(super) enum Raw {
    One(String),
    Many(Vec<String>),
}

impl Raw {
    /// A single value; empty is unset.
    pub fn one(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::One(text.to_owned()))
    }

    /// A list written with commas; empty is unset.
    pub fn split(text: &str) -> Option<Self> {
        let items: Vec<String> =
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect();
        (!items.is_empty()).then_some(Self::Many(items))
    }

    /// Its texts: one, or those of the list.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct Entry {
    pub key: &'static Key,
    /// The key as its author wrote it.
    pub written: String,
    pub source: Source,
    pub value: Raw,
}

/// What one source says, or several together.
#[derive(Default)]
pub(super) struct Layer {
    pub entries: BTreeMap<&'static str, Entry>,
    pub problems: Vec<String>,
}

impl Layer {
    pub fn put(&mut self, entry: Entry) {
        self.entries.insert(entry.key.name, entry);
    }

    /// Lays a stronger layer over this one.
    pub fn cover(&mut self, stronger: Self) {
        self.entries.extend(stronger.entries);
        self.problems.extend(stronger.problems);
    }
}
