//! The client library as pages import it: `trunkline.js`, and the parts that it imports, each under a name that holds its
//! hash. So a page always has parts of one version, and a browser keeps them for ever.

use std::sync::LazyLock;

use aws_lc_rs::digest;

/// The part that pages import by its own name.
const ENTRY: &str = "trunkline.js";
/// How many hexadecimal digits of a part's hash its name holds.
const DIGITS: usize = 16;

macro_rules! sources {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("client/", $name)))),+]
    };
}

/// Each file, behind those that it imports.
const SOURCES: &[(&str, &str)] = sources![
    "errors.js",
    "waiting.js",
    "platform.js",
    "http.js",
    "session.js",
    "rest.js",
    "socket.js",
    "link.js",
    "drafts.js",
    "outbox.js",
    "entries.js",
    "chat.js",
    "fetching.js",
    "store.js",
    "client.js",
    "trunkline.js",
];

/// One file of the library.
pub struct Part {
    /// The last segment of its path.
    pub name: String,
    /// What it holds.
    pub text: String,
    /// Names the text.
    pub hash: String,
    /// Whether its name stays while its text changes.
    pub is_entry: bool,
}

/// Every part.
pub fn parts() -> &'static [Part] {
    static PARTS: LazyLock<Vec<Part>> = LazyLock::new(assemble);
    &PARTS
}

fn assemble() -> Vec<Part> {
    let mut names: Vec<(String, String)> = Vec::new();
    let mut parts = Vec::new();
    for (source, text) in SOURCES {
        let mut text = without_comments(text);
        for (plain, hashed) in &names {
            text = text.replace(plain, hashed);
        }
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        let hash: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let hash = hash[..DIGITS].to_owned();
        let is_entry = *source == ENTRY;
        let name = match source.strip_suffix(".js") {
            Some(stem) if !is_entry => format!("{stem}-{hash}.js"),
            _ => (*source).to_owned(),
        };
        names.push((format!("\"./{source}\""), format!("\"./{name}\"")));
        parts.push(Part { name, text, hash, is_entry });
    }
    parts
}

/// The same program in half of the bytes. Comments that fill a line are left out, and those with types inside a line;
/// the files hold nothing else that looks like one.
fn without_comments(text: &str) -> String {
    let mut is_inside = false;
    let mut short = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        let begins = line.starts_with("/**");
        let is_comment = is_inside || begins && line.find("*/").is_none_or(|end| end + 2 == line.len());
        if is_comment {
            is_inside = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            let mut rest = line;
            while let Some((before, (_, after))) =
                rest.split_once("/**").and_then(|(before, inside)| Some((before, inside.split_once("*/")?)))
            {
                short.push_str(before);
                rest = after.trim_start();
            }
            short.push_str(rest);
            short.push('\n');
        }
    }
    short
}
