//! Paging: `limit` and `offset`, and the lists they cut.

use std::borrow::Cow;

use poem_openapi::{
    Object,
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A list: the page that was asked for, and how many there are in all.
#[derive(Debug, Clone, Object, Serialize)]
pub struct Listed<T: ParseFromJSON + ToJSON + Send + Sync> {
    /// The page.
    pub items: Vec<T>,
    /// How many there are without `limit` and `offset`. With `search` it is exact up to 1,000, and 1,000 beyond.
    pub total: i64,
    /// False where there are more than `total` says; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_is_exact: Option<bool>,
}

/// Declares a whole number with bounds, taken from the query string.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $label:literal, $default:expr, $min:literal ..= $max:expr, $message:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name(pub i64);

        impl Default for $name {
            fn default() -> Self {
                Self($default.unwrap_or(0))
            }
        }

        impl Type for $name {
            const IS_REQUIRED: bool = false;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $label.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                let mut schema = MetaSchema::new_with_format("integer", "int64");
                schema.minimum = Some($min as f64);
                schema.maximum = Some($max as f64);
                schema.default = $default.map(Value::from);
                MetaSchemaRef::Inline(Box::new(schema))
            }

            fn as_raw_value(&self) -> Option<&Self::RawValueType> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }

        impl ParseFromParameter for $name {
            fn parse_from_parameter(value: &str) -> ParseResult<Self> {
                match value.parse() {
                    Ok(number) if ($min..=$max).contains(&number) => Ok(Self(number)),
                    _ => Err(ParseError::custom($message)),
                }
            }
        }

        impl ToJSON for $name {
            fn to_json(&self) -> Option<Value> {
                Some(self.0.into())
            }
        }
    };
}

bounded! {
    /// The most items of an answer: 1 to 100, 10 when left out.
    Limit, "limit", Some(10_i64), 1 ..= 100, "must be a whole number from 1 to 100"
}

bounded! {
    /// How many items to skip: 0 when left out. Further on by a filter, or by seq: skipping items costs as much as
    /// reading them.
    Offset, "offset", Some(0_i64), 0 ..= 10_000, "must be a whole number from 0 to 10000"
}

bounded! {
    /// The most records of an answer: 1 to 10,000, 100 when left out. Programs read them, and more at once is cheaper.
    Batch, "limit", Some(100_i64), 1 ..= 10_000, "must be a whole number from 1 to 10000"
}

bounded! {
    /// How many seconds an answer without anything in it waits for something: 0 when left out.
    WaitSeconds, "wait_seconds", Some(0_i64), 0 ..= 30, "must be a whole number from 0 to 30"
}

bounded! {
    /// For how many seconds something is the reader's: 30 when left out.
    LeaseSeconds, "lease_seconds", Some(30_i64), 1 ..= 43_200, "must be a whole number from 1 to 43200"
}

// Ends at the last whole number that every client counts exactly: JavaScript knows floats alone.
bounded! {
    /// A place in a log, from 0; nothing is meant when it is left out.
    Seq, "seq", None::<i64>, 0 ..= 9_007_199_254_740_991_i64, "must be a whole number from 0 to 9007199254740991"
}
