//! JSON read strictly: an object is an object, never a list of its fields; and refusals in words for people.

use serde::{
    de::{
        Deserializer, Error as _, IntoDeserializer, Visitor, value::MapDeserializer, value::SeqDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Number, Value};

/// A value whose objects must be objects: serde itself takes a list of the fields in order for one.
pub struct Strict(pub Value);

impl IntoDeserializer<'_, Error> for Strict {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) if is_storable(&number) => number.deserialize_any(visitor),
            Value::Number(_) => Err(Error::custom(
                "must be a number within ±1e308 with at most 1000 digits, not nearer to 0 than 1e-308",
            )),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Strict))),
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, value)| (name, Strict(value)));
                visitor.visit_map(MapDeserializer::new(fields))
            }
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            // However it is written: 1.50, 1e3.
            Value::Number(number) => number.deserialize_f64(visitor),
            other => Self(other).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.0.is_object() {
            self.deserialize_any(visitor)
        } else {
            Err(Error::custom("must be an object"))
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.0.is_string() {
            self.0.deserialize_enum(name, variants, visitor)
        } else {
            let quoted: Vec<_> = variants.iter().map(|variant| format!("`{variant}`")).collect();
            Err(Error::custom(format!("must be {}", quoted.join(" or "))))
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// Numbers are kept as they are written, all digits of them. The database writes them out: 1e99999 would be as many zeros.
fn is_storable(number: &Number) -> bool {
    let text = number.as_str();
    let exponent = text.split_once(['e', 'E']).map_or(Ok(0), |(_, exponent)| exponent.parse::<i32>());
    text.len() <= 1000
        && number.as_f64().is_some()
        && exponent.is_ok_and(|exponent| (-308..=308).contains(&exponent))
}

/// What serde says of a field, as a sentence about the field that names no type of ours.
pub fn in_words(message: &str) -> String {
    let expected = message.split_once("expected ").map_or("", |(_, expected)| expected);
    let whole = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize", "isize"];
    if message.starts_with("must ") || message.starts_with("is ") {
        message.to_owned()
    } else if message.starts_with("unknown field") {
        "is not known here".to_owned()
    } else if message.starts_with("unknown variant") {
        format!("must be {}", expected.trim_start_matches("one of ").replace("`, `", "` or `"))
    } else if whole.contains(&expected) {
        "must be a whole number in range".to_owned()
    } else if expected.starts_with("f32") || expected.starts_with("f64") {
        "must be a number".to_owned()
    } else if expected.starts_with("a string") || expected.starts_with("a borrowed string") {
        "must be text".to_owned()
    } else if expected.starts_with("a boolean") {
        "must be true or false".to_owned()
    } else if expected.starts_with("a sequence") || message.starts_with("invalid length") {
        "must be a list".to_owned()
    } else if expected.starts_with("a map") || expected.starts_with("struct") {
        "must be an object".to_owned()
    } else if message.contains("UUID") || message.contains("uuid") {
        "must be a UUID".to_owned()
    } else {
        "is not as expected".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;
    use uuid::Uuid;

    use crate::{error::Code, http::json::from_value, time::Timestamp};

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Open,
        Closed,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        id: Option<Uuid>,
        at: Option<Timestamp>,
    }

    #[derive(Debug, Deserialize)]
    struct Outer {
        text: String,
        number: Option<u8>,
        kind: Option<Kind>,
        list: Option<Vec<bool>>,
        inner: Option<Inner>,
    }

    #[test]
    fn refusals_name_the_field_and_what_it_must_be() {
        let id = "must be a UUID";
        for (value, field, message) in [
            (json!({}), "text", "is required"),
            (json!({"text": null}), "text", "must be text"),
            (json!({"text": ["a"]}), "text", "must be text"),
            (json!({"text": "a", "number": "1"}), "number", "must be a whole number in range"),
            (json!({"text": "a", "number": 256}), "number", "must be a whole number in range"),
            (json!({"text": "a", "number": 1.5}), "number", "must be a whole number in range"),
            (json!({"text": "a", "kind": "ajar"}), "kind", "must be `open` or `closed`"),
            (json!({"text": "a", "kind": 7}), "kind", "must be `open` or `closed`"),
            (json!({"text": "a", "list": {}}), "list", "must be a list"),
            (json!({"text": "a", "list": [true, 0]}), "list[1]", "must be true or false"),
            (json!({"text": "a", "inner": []}), "inner", "must be an object"),
            (json!({"text": "a", "inner": {"id": "7"}}), "inner.id", id),
            (json!({"text": "a", "inner": {"id": 7}}), "inner.id", id),
            (json!({"text": "a", "inner": {"it": 7}}), "inner.it", "is not known here"),
            (
                json!({"text": "a", "inner": {"at": "noon"}}),
                "inner.at",
                "must be a time such as 2026-01-31T12:00:00Z",
            ),
        ] {
            let error = from_value::<Outer>(value.clone()).unwrap_err();
            let found = &error.fields()[0];
            assert_eq!((found.field.as_str(), found.message.as_str()), (field, message), "{value}");
        }
        for value in [json!(["a"]), json!(null), json!("a"), json!(7)] {
            assert_eq!(from_value::<Outer>(value).unwrap_err().code(), Code::Malformed);
        }
    }

    #[test]
    fn what_is_right_is_read() {
        let id = Uuid::nil();
        let value = json!({"text": "a", "number": 7, "kind": "open", "list": [true], "inner": {"id": id, "at": "2026-01-31T12:00:00Z"}, "more": {}});
        let read = from_value::<Outer>(value).unwrap();
        assert_eq!((read.text.as_str(), read.number, read.list.unwrap().len()), ("a", Some(7), 1));
        assert!(matches!(read.kind, Some(Kind::Open)));
        let inner = read.inner.unwrap();
        assert!(inner.id == Some(id) && inner.at.is_some());
    }
}
