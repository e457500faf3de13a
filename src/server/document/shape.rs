//! From the framework's OpenAPI 3.0 to 3.1: what JSON Schema 2020-12 says in another way.

use serde_json::{Map, Value, json};

/// Rewrites the whole document.
pub fn modernize(document: &mut Value) {
    document["openapi"] = "3.1.0".into();
    each_object(document, &mut |fields| {
        unwrap_reference(fields);
        write_whole_numbers(fields);
        write_null(fields);
    });
}

/// Passes every object of a document to `change`, those inside before those around them. Examples are data, and left alone.
pub fn each_object(part: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match part {
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        Value::Object(fields) => {
            let parts =
                fields.iter_mut().filter(|(name, _)| !["example", "examples"].contains(&name.as_str()));
            parts.for_each(|(_, field)| each_object(field, change));
            change(fields);
        }
        _ => {}
    }
}

/// A reference with something beside it is an `allOf` of both in 3.0; now it just stands there.
fn unwrap_reference(fields: &mut Map<String, Value>) {
    let Some([reference, beside @ ..]) = fields.get("allOf").and_then(Value::as_array).map(Vec::as_slice)
    else {
        return;
    };
    let Some(target) = reference.get("$ref").cloned() else { return };
    if beside.iter().any(|part| part.get("$ref").is_some()) {
        return;
    }
    let beside: Vec<_> = beside.iter().filter_map(Value::as_object).cloned().collect();
    fields.remove("allOf");
    beside.into_iter().for_each(|more| fields.extend(more));
    fields.insert("$ref".into(), target);
}

/// The bounds of whole numbers as whole numbers, where the framework knows floats alone; and no format that nobody knows.
fn write_whole_numbers(fields: &mut Map<String, Value>) {
    if fields.get("type").is_none_or(|kind| kind != "integer") {
        return;
    }
    for name in ["minimum", "maximum"] {
        if let Some(bound) = fields.get_mut(name)
            && let Some(float) = bound.as_f64()
        {
            *bound = (float as i64).into();
        }
    }
    if fields.get("format").is_some_and(|format| format != "int32" && format != "int64") {
        fields.remove("format");
    }
}

/// `nullable` as a type.
fn write_null(fields: &mut Map<String, Value>) {
    if fields.get("nullable").is_none_or(|nullable| *nullable != true) {
        return;
    }
    fields.remove("nullable");
    if let Some(target) = fields.remove("$ref") {
        fields.insert("anyOf".into(), json!([{"$ref": target}, {"type": "null"}]));
    } else if let Some(kind) = fields.get("type").cloned() {
        fields.insert("type".into(), json!([kind, "null"]));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::modernize;

    fn modern(schema: &Value) -> Value {
        let mut document = json!({"schema": schema});
        modernize(&mut document);
        document["schema"].take()
    }

    #[test]
    fn a_reference_stands_beside_its_description() {
        let old = json!({"allOf": [{"$ref": "#/a"}, {"description": "who"}], "description": "who"});
        assert_eq!(modern(&old), json!({"$ref": "#/a", "description": "who"}));
        let old = json!({"allOf": [{"$ref": "#/a"}, {"default": "x"}], "description": "who"});
        assert_eq!(modern(&old), json!({"$ref": "#/a", "default": "x", "description": "who"}));
    }

    #[test]
    fn null_is_a_type() {
        let old = json!({"allOf": [{"$ref": "#/a"}, {"description": "who"}], "nullable": true});
        let new = json!({"anyOf": [{"$ref": "#/a"}, {"type": "null"}], "description": "who"});
        assert_eq!(modern(&old), new);
        let old = json!({"type": "array", "items": {"type": "string", "nullable": true}, "nullable": true});
        let new = json!({"type": ["array", "null"], "items": {"type": ["string", "null"]}});
        assert_eq!(modern(&old), new);
    }

    #[test]
    fn an_example_is_left_as_it_is() {
        let old = json!({"type": "object", "example": {"nullable": true, "type": "integer", "minimum": 1.5}});
        assert_eq!(modern(&old), old);
    }

    #[test]
    fn whole_numbers_have_whole_bounds_and_a_known_format() {
        let old = json!({"type": "integer", "minimum": 1.0, "format": "uint16"});
        assert_eq!(modern(&old), json!({"type": "integer", "minimum": 1}));
        let old = json!({"type": "integer", "format": "int64", "nullable": true, "maximum": 3.0});
        assert_eq!(modern(&old), json!({"type": ["integer", "null"], "format": "int64", "maximum": 3}));
    }
}
