//! What Slack's incoming webhooks take, and what others have taken over from them.

use serde_json::Value;

use super::{items, shown, word};

/// A text with Slack's escapes read: `<https://example.com|name>` is a link, `&lt;` is `<`.
pub fn read(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        said.push_str(before);
        // A link has no other one inside: so each character is looked at once, whatever stands there.
        let end = from[1..].find(['<', '>']).map(|end| end + 1).filter(|end| from.as_bytes()[*end] == b'>');
        match end.and_then(|end| Some((link(&from[1..end])?, end))) {
            Some((link, end)) => {
                said.push_str(&link);
                rest = &from[end + 1..];
            }
            None => {
                said.push('<');
                rest = &from[1..];
            }
        }
    }
    said.push_str(rest);
    said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// What stands between `<` and `>`, if it is an address or a call to everybody.
fn link(inside: &str) -> Option<String> {
    if let Some(call) = inside.strip_prefix('!') {
        let call = call.split(['|', '^']).next().unwrap_or_default();
        return ["here", "channel", "everyone"].contains(&call).then(|| format!("@{call}"));
    }
    let (address, name) = inside.split_once('|').unwrap_or((inside, ""));
    let is_address = ["http://", "https://", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
    if !is_address || address.contains(char::is_whitespace) {
        return None;
    }
    Some(if name.is_empty() || name == address { address.to_owned() } else { format!("{name} ({address})") })
}

/// What each of Slack's attachments, or of Discord's embeds, says: its parts, or else its `fallback`.
pub fn attachments(list: &Value) -> Vec<String> {
    items(list).filter_map(attachment).collect()
}

fn attachment(about: &Value) -> Option<String> {
    let of = |name: &str| shown(&about[name]).map(read);
    let title = match (of("title"), shown(&about["title_link"]).or(shown(&about["url"]))) {
        (Some(title), Some(link)) => Some(format!("{title} ({link})")),
        (title, _) => title,
    };
    let fields = items(&about["fields"]).filter_map(|field| {
        let name = shown(&field["title"]).or(shown(&field["name"]));
        match (name, word(&field["value"])) {
            (Some(name), Some(value)) => Some(format!("{name}: {}", read(&value))),
            (None, Some(value)) => Some(read(&value)),
            (Some(name), None) => Some(name.to_owned()),
            (None, None) => None,
        }
    });
    let mut parts: Vec<_> =
        [of("pretext"), title, of("text").or_else(|| of("description"))].into_iter().flatten().collect();
    parts.extend(fields);
    parts.extend(blocks(&about["blocks"]));
    if parts.is_empty() {
        // Some have a picture and nothing else.
        let last = [
            &about["fallback"],
            &about["author"]["name"],
            &about["author_name"],
            &about["image"]["url"],
            &about["image_url"],
            &about["thumbnail"]["url"],
            &about["thumb_url"],
            &about["footer"]["text"],
            &about["footer"],
        ];
        parts.extend(last.into_iter().find_map(shown).map(read));
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// What Slack's blocks say, a line for each.
pub fn blocks(list: &Value) -> Option<String> {
    let lines: Vec<_> = items(list).filter_map(block).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn block(about: &Value) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(object(&about["text"]));
    parts.extend(items(&about["fields"]).filter_map(object));
    if about["type"] == "context" {
        parts.extend(items(&about["elements"]).filter_map(object));
    } else if about["type"] == "rich_text" {
        let mut said = String::new();
        rich(about, &mut said, 0);
        parts.extend(Some(said.trim().to_owned()).filter(|said| !said.is_empty()));
    } else if about["type"] == "image" {
        parts.extend(shown(&about["alt_text"]).or(shown(&about["image_url"])).map(str::to_owned));
    }
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// A text object, `{"type": "mrkdwn", "text": "…"}`; a bare text, too.
fn object(about: &Value) -> Option<String> {
    shown(&about["text"]).or(shown(about)).map(read)
}

/// The texts of a rich text, one after the other. Nobody nests them deeper.
fn rich(about: &Value, said: &mut String, depth: usize) {
    if depth > 8 {
        return;
    }
    for element in items(&about["elements"]) {
        match element["type"].as_str().unwrap_or_default() {
            "text" => said.push_str(element["text"].as_str().unwrap_or_default()),
            "link" => {
                let url = element["url"].as_str().unwrap_or_default();
                said.push_str(
                    &link(&format!("{url}|{}", element["text"].as_str().unwrap_or_default()))
                        .unwrap_or_default(),
                );
            }
            "emoji" => said.push_str(&format!(":{}:", element["name"].as_str().unwrap_or_default())),
            "broadcast" => said.push_str(&format!("@{}", element["range"].as_str().unwrap_or_default())),
            _ => {
                rich(element, said, depth + 1);
                if !said.ends_with('\n') {
                    said.push('\n');
                }
            }
        }
    }
}
