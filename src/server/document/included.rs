//! `include=users`, which every list takes: the parameter, and what it adds to the answer. So a new list need not say it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{each_operation, framework};
use crate::users::named::{NamedUser, PARAMETER};

/// The words that the parameter takes.
const WORDS: &str = "Include";

/// Gives every list the parameter, and its answer the field.
pub fn complete(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let lists: BTreeSet<_> = schemas
        .filter(|(_, schema)| schema["properties"]["items"]["type"] == "array")
        .map(|(name, _)| name.clone())
        .collect();
    let mut answered = BTreeSet::new();
    each_operation(document, &mut |_, method, operation| {
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let name = schema["$ref"].as_str().and_then(|target| target.rsplit('/').next());
        let Some(name) = name.filter(|name| method == "get" && lists.contains(*name)) else { return };
        answered.insert(name.to_owned());
        let parameter = json!({
            "name": PARAMETER,
            "in": "query",
            "required": false,
            "description": "`users` adds who they are whose ids stand in the items. A download is the same without.",
            "schema": {"$ref": format!("#/components/schemas/{WORDS}")},
        });
        match operation.get_mut("parameters").and_then(Value::as_array_mut) {
            Some(parameters) => parameters.push(parameter),
            None => operation["parameters"] = json!([parameter]),
        }
    });
    if answered.is_empty() {
        return;
    }
    let schemas = &mut document["components"]["schemas"];
    for name in answered {
        schemas[name]["properties"]["users"] = json!({
            "type": "array",
            "description": "Everybody whose id stands in the items, once; absent without `include=users`.",
            "items": {"$ref": "#/components/schemas/NamedUser"},
        });
    }
    let about = "What a list may bring along.";
    schemas[WORDS] = json!({"type": "string", "description": about, "enum": ["users"]});
    for (name, schema) in framework::schemas::<NamedUser>() {
        schemas[name] = schema;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::complete;

    #[test]
    fn a_list_takes_it_and_nothing_else_does() {
        let answers = |name: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}})
        };
        let mut document = json!({
            "paths": {"/a": {"get": answers("Log"), "post": answers("Log")}, "/b": {"get": answers("One")}},
            "components": {"schemas": {
                "Log": {"properties": {"items": {"type": "array"}}},
                "One": {"properties": {"id": {"type": "string"}}},
            }},
        });
        complete(&mut document);
        assert_eq!(document["paths"]["/a"]["get"]["parameters"][0]["name"], "include");
        let others = [&document["paths"]["/a"]["post"], &document["paths"]["/b"]["get"]];
        assert!(others.iter().all(|operation| operation.get("parameters").is_none()));
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Log"]["properties"]["users"]["items"]["$ref"], "#/components/schemas/NamedUser");
        assert!(schemas["One"]["properties"].get("users").is_none());
        assert_eq!(schemas["NamedUser"]["properties"]["name"]["type"], "string");
    }
}
