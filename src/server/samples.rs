//! Examples for the schemas that have none of their own, put together from those that have.

use serde_json::{Map, Value, json};

/// Deeper than any answer nests; a schema that holds itself ends here.
const DEPTH: usize = 8;

/// Gives every schema of the document an example.
pub fn complete(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object().cloned() else { return };
    for (name, schema) in &schemas {
        if schema.get("example").is_none() {
            document["components"]["schemas"][name]["example"] = sample(schema, &schemas, DEPTH);
        }
    }
}

/// A value as the schema has it.
fn sample(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(given) = schema.get("example").or_else(|| schema.get("default")) {
        return given.clone();
    }
    if let Some(path) = schema["$ref"].as_str() {
        let target = path.rsplit('/').next().and_then(|name| schemas.get(name));
        return target.map_or(Value::Null, |target| sample(target, schemas, depth - 1));
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut samples: Vec<_> = parts
            .iter()
            .map(|part| sample(part, schemas, depth - 1))
            .filter(|sample| *sample != json!({}))
            .collect();
        if let [one] = samples.as_mut_slice() {
            return one.take();
        }
        return samples
            .iter()
            .filter_map(Value::as_object)
            .flatten()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("object"), _) => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            fields.map(|(name, field)| (name.clone(), sample(field, schemas, depth - 1))).collect()
        }
        (Some("array"), _) => json!([sample(&schema["items"], schemas, depth - 1)]),
        (Some("string"), Some("uuid")) => json!("01991f00-0000-7000-8000-000000000001"),
        (Some("string"), Some("date-time")) => json!("2026-05-28T20:26:40.000Z"),
        (Some("string"), _) => json!("text"),
        (Some("integer" | "number"), _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        (Some("boolean"), _) => json!(true),
        _ => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::complete;

    #[test]
    fn what_has_no_example_gets_one_of_its_parts() {
        let mut document = json!({"components": {"schemas": {
            "User": {"type": "object", "example": {"name": "Alice"}},
            "List": {"type": "object", "properties": {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/User"}},
                "total": {"type": "integer"},
            }},
        }}});
        complete(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["List"]["example"], json!({"items": [{"name": "Alice"}], "total": 1}));
        assert_eq!(schemas["User"]["example"], json!({"name": "Alice"}));
    }
}
