//! What a body says, as the text of a message: which programs send what is read here, and nowhere else.

mod alerts;
mod builds;
mod slack;

use serde_json::Value;

use crate::{
    error::{Error, Result},
    validate::is_blank,
};

/// The most characters of a message.
const MOST: usize = 4096;
/// The most items of a list that are read, and about how many bytes of parts: much more than a message holds.
const ITEMS: usize = 100;
const ENOUGH: usize = 64 * 1024;
/// Where programs put what they say, and what they put above it.
const TEXTS: [&str; 6] = ["text", "content", "message", "msg", "body", "description"];
const TITLES: [&str; 3] = ["title", "subject", "summary"];

/// The text of a message: what the body says, cut where it is too long. Where it says nothing, that there was such an `event`,
/// if the program names one in a header; else 400, and the field that is wanted.
pub fn of(body: &Value, event: Option<&str>) -> Result<String> {
    let text = &body["text"];
    if !text.is_null() && !text.is_string() {
        return Err(Error::invalid_field("text", "must be text"));
    }
    let mut said = builds::of(body).unwrap_or_else(|| plain(body));
    if is_blank(&said)
        && let Some(event) = event
    {
        said = builds::happened(event, body);
    }
    if is_blank(&said) {
        let wanted = "is required: nothing to say was found in this body. Send {\"text\": \"…\"}, or what Slack, Discord, \
                      Alertmanager, Grafana, GitHub or GitLab send";
        return Err(Error::invalid_field("text", wanted));
    }
    Ok(cut(said.trim()))
}

fn plain(body: &Value) -> String {
    let first = |names: &[&str]| names.iter().find_map(|name| shown(&body[*name]));
    let main = first(&TEXTS).map(slack::read).or_else(|| slack::blocks(&body["blocks"]));
    let head = first(&TITLES).filter(|head| main.as_ref().is_none_or(|main| !main.contains(head)));
    let mut parts: Vec<_> = head.map(str::to_owned).into_iter().chain(main).collect();
    for part in
        slack::attachments(&body["attachments"]).into_iter().chain(slack::attachments(&body["embeds"]))
    {
        if parts.iter().map(String::len).sum::<usize>() > ENOUGH {
            break;
        }
        if !parts.iter().any(|said| said.contains(&part)) {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        parts.extend(alerts::of(body));
    }
    parts.join("\n")
}

/// A text in which something can be seen.
fn shown(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !is_blank(text))
}

/// Some values have names, some are numbers: both as they are written.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        value => shown(value).map(str::to_owned),
    }
}

/// The items of a list; none of what is no list.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten().take(ITEMS)
}

/// At most as much as a message holds; the end of what was cut says so.
fn cut(text: &str) -> String {
    let count = text.chars().count();
    if count <= MOST {
        return text.to_owned();
    }
    let end = format!("\n… (cut: {count} characters were sent)");
    let kept: String = text.chars().take(MOST - end.chars().count()).collect();
    kept.trim_end().to_owned() + &end
}

#[cfg(test)]
mod tests;
