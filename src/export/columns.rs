//! The columns of a row: its fields as the API's documentation has them.

use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::Type,
};

/// Deeper than any row nests.
const DEPTH: usize = 6;

/// The names of the fields of `T` in their order, those of nested objects dotted: `last_message.content`.
pub fn columns<T: Type>() -> Vec<String> {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let mut names = vec![];
    of_reference(&registry, &T::schema_ref(), "", DEPTH, &mut names);
    names
}

fn of_reference(
    registry: &Registry,
    found: &MetaSchemaRef,
    path: &str,
    depth: usize,
    names: &mut Vec<String>,
) {
    match found {
        MetaSchemaRef::Inline(schema) => of_schema(registry, schema, path, depth, names),
        MetaSchemaRef::Reference(name) => match registry.schemas.get(name) {
            Some(schema) if depth > 0 => of_schema(registry, schema, path, depth - 1, names),
            _ => names.push(path.to_owned()),
        },
    }
}

fn of_schema(registry: &Registry, schema: &MetaSchema, path: &str, depth: usize, names: &mut Vec<String>) {
    let known = names.len();
    for part in &schema.all_of {
        // Beside what it refers to, a field may hold a part of words alone.
        let is_words = matches!(part, MetaSchemaRef::Inline(part) if part.properties.is_empty() && part.all_of.is_empty());
        if !is_words {
            of_reference(registry, part, path, depth, names);
        }
    }
    for (name, field) in &schema.properties {
        let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
        of_reference(registry, field, &path, depth, names);
    }
    if names.len() == known && !path.is_empty() {
        names.push(path.to_owned());
    }
}
