//! Reads a YAML file into keys and texts, without letting YAML decide what a text is.

use std::fmt;

use figment::providers::{Format, Yaml};
use serde::Deserializer;
use serde::de::{Deserialize, DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::keys::{self, Key};
use super::layers::Raw;

/// What a file says. `values` are raw texts: to YAML `0123`, `true` and `1.50` are numbers and booleans, but as a
/// password they are these very characters, and only the key knows.
#[derive(Default)]
pub(super) struct Document {
    pub values: Vec<(&'static Key, Raw)>,
    /// Names that are no keys.
    pub unknown: Vec<String>,
    /// Keys that stand there more than once.
    pub twice: Vec<&'static str>,
}

/// Reads a document; an empty one holds nothing. The error never quotes a value.
pub(super) fn read(text: &str) -> Result<Document, String> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Document::default());
    }
    Yaml::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| error.to_string().replace('\n', " "))
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut document = Self::default();
        deserializer.deserialize_any(Section { path: "", document: &mut document })?;
        Ok(document)
    }
}

struct Section<'a> {
    path: &'a str,
    document: &'a mut Document,
}

impl<'de> DeserializeSeed<'de> for Section<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// serde's own refusal quotes the value it found, which may be a secret in the wrong place.
macro_rules! refuse {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E: Error>(self, _: $type) -> Result<Self::Value, E> {
            Err(E::custom("keys and values are expected here, not a single value"))
        })*
    };
}

impl<'de> Visitor<'de> for Section<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("keys and values")
    }

    refuse!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64, visit_str: &str);

    /// A section whose keys are all commented out.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let path = if self.path.is_empty() { name } else { format!("{}.{name}", self.path) };
            if let Some(key) = keys::find(&path) {
                let value = map.next_value_seed(Value { many: key.many }).map_err(|_| {
                    A::Error::custom(if key.many {
                        format!("{path} takes a list of values")
                    } else {
                        format!("{path} takes one value, neither a list nor keys")
                    })
                })?;
                if self.document.values.iter().any(|(other, _)| other.name == key.name) {
                    self.document.twice.push(key.name);
                }
                self.document.values.extend(value.map(|value| (key, value)));
            } else if keys::is_section(&path) {
                map.next_value_seed(Section { path: &path, document: self.document })?;
            } else {
                map.next_value::<IgnoredAny>()?;
                self.document.unknown.push(path);
            }
        }
        Ok(())
    }
}

/// The value of a key: `None` when it is null.
struct Value {
    many: bool,
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Option<Raw>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Raw>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Option<Raw>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_none<E: Error>(self) -> Result<Option<Raw>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<Raw>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Raw>, D::Error> {
        // Asked for a string, the YAML reader passes on a plain scalar as it stands.
        if self.many { deserializer.deserialize_any(self) } else { deserializer.deserialize_str(self) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<Raw>, E> {
        Ok(if self.many { Raw::split(text) } else { Raw::one(text) })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<Raw>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<String>()? {
            items.push(item);
        }
        items.retain(|item| !item.trim().is_empty());
        Ok(Some(Raw::Many(items)))
    }
}
