//! The page that shows the AsyncAPI document: one file, without a script.

use std::fmt::Write;

use serde_json::Value;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2330;background:#fff}\
    code,pre{font:14px/1.4 ui-monospace,monospace}pre{background:#f4f6f8;padding:.8rem;overflow:auto}\
    table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #dde2e8}\
    h3{margin-top:2rem}nav a{margin-right:.8rem;display:inline-block}\
    @media(prefers-color-scheme:dark){body{color:#e6e9ee;background:#14181f}pre{background:#1e242d}td,th{border-color:#333c48}a{color:#8ab4ff}}";

/// The whole page.
pub fn write(document: &Value) -> String {
    let mut page = String::new();
    // Writing to a String does not fail.
    let _ = put(&mut page, document);
    page
}

fn put(page: &mut String, document: &Value) -> std::fmt::Result {
    let title = escape(text(&document["info"]["title"]));
    write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} · the sockets</title><style>{STYLE}</style></head><body><h1>{title}: the sockets</h1>\
         <p>Version {}. The document for programs is <a href=\"asyncapi.json\"><code>asyncapi.json</code></a> (AsyncAPI {}); the manual \
         stands at <a href=\"docs\">docs</a> under <em>Realtime</em>.</p>",
        escape(text(&document["info"]["version"])),
        escape(text(&document["asyncapi"])),
    )?;
    page.push_str("<h2>Endpoints</h2><table><tr><th>address</th><th></th></tr>");
    for (_, channel) in fields(&document["channels"]) {
        write!(
            page,
            "<tr><td><code>{}</code></td><td>{}</td></tr>",
            escape(text(&channel["address"])),
            words(&channel["description"])
        )?;
    }
    page.push_str("</table>");
    for (heading, operation) in
        [("Frames from the server", "gateway_frames"), ("Commands from the client", "")]
    {
        let kinds: Vec<&str> = match operation {
            "" => fields(&document["operations"])
                .filter(|(_, operation)| operation.get("reply").is_some())
                .map(|(key, _)| key.as_str())
                .collect(),
            name => {
                let listed = document["operations"][name]["messages"].as_array().into_iter().flatten();
                listed.filter_map(|message| text(&message["$ref"]).rsplit('/').next()).collect()
            }
        };
        write!(page, "<h2>{heading}</h2><nav>")?;
        for kind in &kinds {
            let name = escape(text(&document["components"]["messages"][*kind]["name"]));
            write!(page, "<a href=\"#{kind}\"><code>{name}</code></a>")?;
        }
        page.push_str("</nav>");
        for kind in kinds {
            message(page, document, kind)?;
        }
    }
    page.push_str("<h2>Close codes</h2><table><tr><th>code</th><th></th></tr>");
    for close in document["x-close-codes"].as_array().into_iter().flatten() {
        write!(
            page,
            "<tr><td><code>{}</code></td><td>{}</td></tr>",
            close["code"],
            words(&close["description"])
        )?;
    }
    page.push_str("</table></body></html>");
    Ok(())
}

fn message(page: &mut String, document: &Value, kind: &str) -> std::fmt::Result {
    let message = &document["components"]["messages"][kind];
    let schema = resolve(document, &message["payload"]);
    let about = words(&message["description"]);
    write!(page, "<h3 id=\"{kind}\"><code>{}</code></h3><p>{about}</p>", escape(text(&message["name"])))?;
    page.push_str("<table><tr><th>field</th><th>type</th><th></th></tr>");
    let required: Vec<_> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, field) in fields(&schema["properties"]) {
        let mark = if required.contains(&name.as_str()) { "" } else { "?" };
        let kind = escape(&kind_of(field));
        write!(
            page,
            "<tr><td><code>{}{mark}</code></td><td><code>{kind}</code></td><td>{}</td></tr>",
            escape(name),
            words(&field["description"])
        )?;
    }
    page.push_str("</table>");
    let answer = &document["operations"][kind]["x-ack-data"];
    if let Some(schema) = answer["$ref"].as_str() {
        write!(
            page,
            "<p>The <code>data</code> of its <code>ack</code>: <code>{}</code></p>",
            escape(last(schema))
        )?;
    }
    if let Some(example) = message["examples"][0].get("payload") {
        write!(page, "<pre>{}</pre>", escape(&serde_json::to_string_pretty(example).unwrap_or_default()))?;
    }
    Ok(())
}

fn kind_of(field: &Value) -> String {
    if let Some(target) = field["$ref"].as_str() {
        return last(target).to_owned();
    }
    if let Some(constant) = field.get("const") {
        return constant.to_string();
    }
    if field["type"] == "array" {
        return format!("[{}]", kind_of(&field["items"]));
    }
    let kinds = field["type"].as_array().cloned().unwrap_or_else(|| vec![field["type"].clone()]);
    let kinds: Vec<_> = kinds.iter().filter_map(Value::as_str).collect();
    match field["format"].as_str() {
        Some(format) if !format.starts_with("int") => kinds.join(" | ").replace("string", format),
        _ if kinds.is_empty() => "any".to_owned(),
        _ => kinds.join(" | "),
    }
}

fn resolve<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    let target = part["$ref"].as_str().and_then(|target| document.pointer(target.trim_start_matches('#')));
    target.unwrap_or(part)
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A sentence of the document, with what stands in backticks as code.
fn words(value: &Value) -> String {
    let mut said = String::new();
    for (number, part) in text(value).split('`').enumerate() {
        let part = escape(part);
        said += &if number % 2 == 1 { format!("<code>{part}</code>") } else { part };
    }
    said
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
