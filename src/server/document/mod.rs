//! The OpenAPI document: what the framework knows of the program, corrected and completed in one place.
//!
//! An operation names its own errors in its description, in a line `Errors: word, word`. What follows from its shape (a
//! token, a body, parameters) is added to every operation alike. A field of an answer that may be left out says so with the
//! word *absent*.

mod about;
mod answers;
mod framework;
mod guides;
mod headers;
mod included;
mod log;
mod operations;
mod samples;
mod schemas;
mod shape;

use serde_json::{Value, json};

pub use self::{framework::describe, log::camel};
use crate::{permissions, roles::Route};

/// What the document is called.
pub const TITLE: &str = "Trunkline";

/// Where a server listens that was told nothing else.
const USUAL: &str = "http://127.0.0.1:8000";

/// Corrects and completes what the framework describes.
pub fn complete(described: &Value) -> Value {
    let mut document = described.clone();
    about::introduce(&mut document);
    included::complete(&mut document);
    schemas::complete(&mut document);
    operations::complete(&mut document);
    shape::modernize(&mut document);
    samples::complete(&mut document);
    answers::share(&mut document);
    headers::share(&mut document);
    served_at(&document, USUAL)
}

/// The document of a server that clients reach at this address.
pub fn served_at(document: &Value, public_url: &str) -> Value {
    let mut document = document.clone();
    document["servers"] = json!([{"url": public_url, "description": "This server."}]);
    document
}

/// The document for a page without a menu: its introduction is short, and links to the guides.
pub fn with_contents(mut document: Value) -> Value {
    document["info"]["description"] = guides::contents().into();
    document
}

/// Every operation of a completed document, with the permission it needs.
pub fn routes(document: &Value) -> Vec<Route> {
    let mut routes = vec![];
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let mut tags = operation["tags"].as_array().into_iter().flatten();
            let method = method.to_uppercase();
            routes.push(Route {
                permission: permissions::code(&method, path),
                method,
                path: path.clone(),
                summary: operation["summary"].as_str().unwrap_or_default().to_owned(),
                public: operation.get("x-permission").is_none(),
                is_administration: tags.any(|tag| tag == "Administration"),
            });
        }
    }
    routes
}

/// Passes every operation to `change`, with its path and method.
fn each_operation(document: &mut Value, change: &mut impl FnMut(&str, &str, &mut Value)) {
    for (path, methods) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            change(path, method, operation);
        }
    }
}
