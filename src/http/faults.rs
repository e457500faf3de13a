//! Everything that is wrong with a JSON body: serde stops at the first fault, so the rest is found by the schema, and by what
//! texts of a name must be wherever they are new.

use std::collections::HashMap;

use poem_openapi::{
    OpenApi,
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    error::{Code, Error, FieldError},
    time::Timestamp,
    validate::Checks,
};

/// Deeper than any body nests.
const DEPTH: usize = 8;
/// The most faults that are told.
const MOST: usize = 50;

/// The refusal of a body for a `T` with every field that is missing or not what it must be, where the first of them is
/// known.
pub fn complete<T: Type>(first: Error, body: &[u8]) -> Error {
    if first.code() != Code::ValidationFailed {
        return first;
    }
    let mut registry = Registry::new();
    T::register(&mut registry);
    let Some(mut faults) = search(&registry, &T::schema_ref(), body) else { return first };
    for known in first.fields() {
        match faults.iter_mut().find(|fault| fault.field == known.field) {
            Some(fault) => fault.message.clone_from(&known.message),
            None => faults.insert(0, known.clone()),
        }
    }
    faults.truncate(MOST);
    Error::invalid(faults)
}

/// The JSON bodies of all operations, for whoever refuses a request before its body is read.
pub struct Bodies {
    registry: Registry,
    /// By the id of the operation.
    schemas: HashMap<&'static str, MetaSchemaRef>,
}

impl Bodies {
    /// Those of an API.
    pub fn of<A: OpenApi>() -> Self {
        let mut registry = Registry::new();
        A::register(&mut registry);
        let operations = A::meta().into_iter().flat_map(|api| api.paths).flat_map(|path| path.operations);
        let schemas = operations.filter_map(|operation| {
            let content = operation.request?.content;
            let json = content.into_iter().find(|content| content.content_type == "application/json")?;
            Some((operation.operation_id?, json.schema))
        });
        Self { schemas: schemas.collect(), registry }
    }

    /// Whether an operation takes one.
    pub fn takes(&self, operation: &str) -> bool {
        self.schemas.contains_key(operation)
    }

    /// A refusal of a request to this operation, with what is wrong with its body, too.
    pub fn complete(&self, first: Error, operation: &str, body: &[u8]) -> Error {
        let Some(wanted) = self.schemas.get(operation) else { return first };
        let mut faults = first.fields().to_vec();
        faults.extend(search(&self.registry, wanted, body).unwrap_or_default());
        faults.truncate(MOST);
        Error::invalid(faults)
    }
}

/// What is wrong with a body; `None` when it is no JSON object at all.
fn search(registry: &Registry, wanted: &MetaSchemaRef, body: &[u8]) -> Option<Vec<FieldError>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    value.as_object()?;
    let mut search = Search { registry, found: Vec::new() };
    search.look(wanted, &value, "", DEPTH);
    Some(search.found)
}

struct Search<'a> {
    registry: &'a Registry,
    found: Vec<FieldError>,
}

impl Search<'_> {
    fn look(&mut self, wanted: &MetaSchemaRef, value: &Value, path: &str, depth: usize) {
        if depth == 0 || self.found.len() >= MOST {
            return;
        }
        match wanted {
            MetaSchemaRef::Inline(schema) => self.look_by(schema, value, path, depth),
            MetaSchemaRef::Reference(name) => {
                if let Some(schema) = self.registry.schemas.get(name) {
                    self.look_by(schema, value, path, depth);
                }
            }
        }
    }

    fn look_by(&mut self, schema: &MetaSchema, value: &Value, path: &str, depth: usize) {
        for part in &schema.all_of {
            self.look(part, value, path, depth - 1);
        }
        let faults = faults(schema, value, path);
        if !faults.is_empty() {
            if !self.found.iter().any(|found| found.field == path) {
                self.found.extend(faults);
            }
            return;
        }
        if let (Some(item), Some(values)) = (&schema.items, value.as_array()) {
            for (at, value) in values.iter().enumerate() {
                self.look(item, value, &format!("{path}[{at}]"), depth - 1);
            }
        }
        let Some(fields) = value.as_object() else { return };
        for (name, wanted) in &schema.properties {
            let is_required = schema.required.contains(name);
            let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
            match fields.get(*name) {
                None if is_required => {
                    self.found.push(FieldError { field: path, message: "is required".to_owned() });
                }
                None => {}
                Some(Value::Null) if !is_required => {}
                Some(value) => self.look(wanted, value, &path, depth - 1),
            }
        }
    }
}

/// What is wrong with a value by itself.
fn faults(schema: &MetaSchema, value: &Value, path: &str) -> Vec<FieldError> {
    if let Some(message) = mismatch(schema, value) {
        return vec![FieldError { field: path.to_owned(), message }];
    }
    match value {
        Value::String(text) if schema.format.is_none() && schema.enum_items.is_empty() => {
            text_faults(schema, text, path)
        }
        Value::Array(items) => {
            let most = schema.max_items.unwrap_or(usize::MAX);
            let mut checks = Checks::new();
            checks.that(items.len() <= most, path, &format!("must be at most {most}"));
            checks.found()
        }
        _ => Vec::new(),
    }
}

/// What is wrong with a text of the right kind: what is new must be what its name says, as the services check it, who never
/// see a body with another fault.
fn text_faults(schema: &MetaSchema, text: &str, path: &str) -> Vec<FieldError> {
    let (min, max) = (schema.min_length.unwrap_or(0), schema.max_length.unwrap_or(usize::MAX));
    let mut checks = Checks::new();
    // One that is only compared has no bounds.
    if (min, max) == (0, usize::MAX) {
        return checks.found();
    }
    match (path.rsplit('.').next().unwrap_or_default(), &schema.pattern) {
        ("email", _) => checks.email(text.trim(), path),
        ("password" | "new_password", _) => checks.password(text, path),
        ("username", _) => checks.username(text),
        ("name", Some(_)) => checks.role(text),
        ("name" | "title", None) => checks.line(text.trim(), path, min, max),
        ("client_id", _) => {
            checks.that(fits(text, min, max), path, &format!("must have {min} to {max} characters"))
        }
        _ => checks.length(text, path, min, max),
    };
    checks.found()
}

fn fits(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.chars().count())
}

/// What kind of value is wanted instead of one of another kind.
fn mismatch(schema: &MetaSchema, value: &Value) -> Option<String> {
    if !schema.enum_items.is_empty() && !schema.enum_items.contains(value) {
        let words = schema.enum_items.iter().filter_map(Value::as_str).map(|word| format!("`{word}`"));
        return Some(format!("must be {}", words.collect::<Vec<_>>().join(" or ")));
    }
    let text = value.as_str();
    let (holds, message) = match (schema.ty, schema.format.unwrap_or_default()) {
        ("string", "uuid") => (text.is_some_and(|text| text.parse::<Uuid>().is_ok()), "must be a UUID"),
        ("string", "date-time") => (
            serde_json::from_value::<Timestamp>(value.clone()).is_ok(),
            "must be a time such as 2026-01-31T12:00:00Z",
        ),
        ("string", _) => (text.is_some(), "must be text"),
        ("integer", format) => {
            (is_whole(value, format) && is_within(schema, value), "must be a whole number in range")
        }
        ("number", _) => (value.is_number(), "must be a number"),
        ("boolean", _) => (value.is_boolean(), "must be true or false"),
        ("array", _) => (value.is_array(), "must be a list"),
        ("object", _) => (value.is_object(), "must be an object"),
        _ => (true, ""),
    };
    (!holds).then(|| message.to_owned())
}

fn is_whole(value: &Value, format: &str) -> bool {
    match format {
        "int8" => value.as_i64().is_some_and(|number| i8::try_from(number).is_ok()),
        "int16" => value.as_i64().is_some_and(|number| i16::try_from(number).is_ok()),
        "int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "uint8" => value.as_u64().is_some_and(|number| u8::try_from(number).is_ok()),
        "uint16" => value.as_u64().is_some_and(|number| u16::try_from(number).is_ok()),
        "uint32" => value.as_u64().is_some_and(|number| u32::try_from(number).is_ok()),
        "uint64" => value.is_u64(),
        _ => value.is_i64() || value.is_u64(),
    }
}

fn is_within(schema: &MetaSchema, value: &Value) -> bool {
    let Some(number) = value.as_f64() else { return false };
    schema.minimum.is_none_or(|min| number >= min) && schema.maximum.is_none_or(|max| number <= max)
}

#[cfg(test)]
mod tests {
    use poem_openapi::{Enum, Object};
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::complete;
    use crate::http::json::from_value;

    #[derive(Debug, Enum, Deserialize, Serialize)]
    #[oai(rename_all = "snake_case")]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Green,
    }

    #[derive(Debug, Object, Deserialize, Serialize)]
    struct Place {
        street: String,
        number: Option<u8>,
    }

    #[derive(Debug, Object, Deserialize, Serialize)]
    struct Wish {
        #[oai(validator(min_length = 1, max_length = 5))]
        name: String,
        id: Uuid,
        colour: Option<Colour>,
        /// With words beside it.
        place: Option<Place>,
        ids: Option<Vec<Uuid>>,
        on: bool,
    }

    fn told(body: &Value) -> Vec<(String, String)> {
        let first = from_value::<Wish>(body.clone()).unwrap_err();
        let error = complete::<Wish>(first, body.to_string().as_bytes());
        error.fields().iter().map(|fault| (fault.field.clone(), fault.message.clone())).collect()
    }

    #[test]
    fn every_fault_is_told_and_nothing_else() {
        let id = Uuid::nil();
        for (body, faults) in [
            (json!({}), &[("name", "is required"), ("id", "is required"), ("on", "is required")][..]),
            (json!({"name": "a", "id": id}), &[("on", "is required")]),
            (
                json!({"name": 7, "id": "7", "on": null, "colour": "blue"}),
                &[
                    ("name", "must be text"),
                    ("id", "must be a UUID"),
                    ("colour", "must be `red` or `green`"),
                    ("on", "must be true or false"),
                ],
            ),
            (
                json!({"name": "longer", "id": id, "on": 1, "colour": null, "place": {"number": 256}}),
                &[
                    ("name", "must have 1 to 5 characters and not be blank"),
                    ("place.street", "is required"),
                    ("place.number", "must be a whole number in range"),
                    ("on", "must be true or false"),
                ],
            ),
            (
                json!({"name": "a\0", "ids": [id, 7, "x"], "place": []}),
                &[
                    ("name", "must not hold the character U+0000"),
                    ("id", "is required"),
                    ("place", "must be an object"),
                    ("ids[1]", "must be a UUID"),
                    ("ids[2]", "must be a UUID"),
                    ("on", "is required"),
                ],
            ),
        ] {
            let faults: Vec<_> =
                faults.iter().map(|(field, message)| ((*field).to_owned(), (*message).to_owned())).collect();
            assert_eq!(told(&body), faults, "{body}");
        }
    }
}
