//! What frames and commands are made of, as JSON Schema: the AsyncAPI document is written from the types themselves.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{chats::Chat, notifications::Notification, time::Timestamp};

/// A field, as the document shows it.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub schema: Value,
    /// Whether it must be there.
    pub is_required: bool,
}

/// A frame or a command, as the document shows it.
#[derive(Debug)]
pub struct Described {
    /// Its `type`.
    pub kind: String,
    /// What it is.
    pub about: &'static str,
    /// Its fields beside `type`.
    pub fields: Vec<Field>,
}

/// What a field may be.
pub trait Schema {
    /// As JSON Schema.
    fn schema() -> Value;

    /// Whether it may be left out of what a client sends.
    fn may_lack() -> bool {
        false
    }
}

macro_rules! schemas {
    ($($kind:ty => $schema:tt;)*) => {
        $(impl Schema for $kind {
            fn schema() -> Value {
                json!($schema)
            }
        })*
    };
}

schemas! {
    Uuid => {"type": "string", "format": "uuid"};
    Timestamp => {"type": "string", "format": "date-time"};
    i64 => {"type": "integer", "format": "int64"};
    u64 => {"type": "integer", "format": "int64", "minimum": 0};
    bool => {"type": "boolean"};
    &str => {"type": "string"};
    String => {"type": "string"};
    Value => {};
    &Value => {};
    &Chat => {"$ref": "#/components/schemas/Chat"};
    &Notification => {"$ref": "#/components/schemas/UserNotification"};
}

impl<T: Schema> Schema for Option<T> {
    fn schema() -> Value {
        let mut schema = T::schema();
        let kind = schema["type"].take();
        schema["type"] = json!([kind, "null"]);
        schema
    }

    fn may_lack() -> bool {
        true
    }
}

impl<T: Schema> Schema for Vec<T> {
    fn schema() -> Value {
        json!({"type": "array", "items": T::schema()})
    }
}

impl<T: Schema> Schema for &[T] {
    fn schema() -> Value {
        json!({"type": "array", "items": T::schema()})
    }
}

/// What an answer repeats of its command.
pub fn reference() -> Value {
    json!({"type": ["string", "number", "null"], "description": "The `ref` of the command; null where it had none."})
}

/// An object of these fields.
pub fn object(fields: &[Field]) -> Value {
    let properties: serde_json::Map<_, _> =
        fields.iter().map(|field| (field.name.to_owned(), field.schema.clone())).collect();
    let required: Vec<_> = fields.iter().filter(|field| field.is_required).map(|field| field.name).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

/// Declares frames, of which each is described by its comment and the types of its fields.
macro_rules! frames {
    ($(#[$meta:meta])* pub enum $name:ident<$generation:lifetime> {
        $(#[doc = $about:literal] $variant:ident { $($field:ident: $kind:ty),* },)*
    }) => {
        $(#[$meta])*
        pub enum $name<$generation> {
            $(#[doc = $about] $variant { $($field: $kind),* },)*
        }

        impl<$generation> $name<$generation> {
            /// Every frame there is.
            pub fn described() -> Vec<$crate::realtime::described::Described> {
                use $crate::realtime::described::{Described, Field, Schema, reference, word};

                vec![$(Described {
                    kind: word(stringify!($variant)),
                    about: $about.trim_ascii(),
                    fields: vec![$({
                        let name = stringify!($field).trim_start_matches("r#");
                        let schema = if name == "ref" { reference() } else { <$kind as Schema>::schema() };
                        Field { name, schema, is_required: true }
                    }),*],
                },)*]
            }
        }
    };
}

/// Declares what a command carries; a field that is an `Option` may be left out.
macro_rules! parts {
    ($($(#[$meta:meta])* pub struct $name:ident { $(pub $field:ident: $kind:ty,)* })*) => {
        $($(#[$meta])*
        pub struct $name {
            $(pub $field: $kind,)*
        }

        impl $name {
            /// What it carries.
            pub fn fields() -> Vec<$crate::realtime::described::Field> {
                use $crate::realtime::described::{Field, Schema};

                vec![$(Field {
                    name: stringify!($field),
                    schema: <$kind as Schema>::schema(),
                    is_required: !<$kind as Schema>::may_lack(),
                }),*]
            }
        })*
    };
}

pub(super) use {frames, parts};

/// `CaughtUp` as `caught_up`, which serde writes.
pub fn word(name: &str) -> String {
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}
