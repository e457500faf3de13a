//! The client library as pages import it: `trunkline.js`, and the parts that it imports, each under a name that holds its
//! hash. So a page always has parts of one version, and a browser keeps them for ever.

use std::{collections::HashSet, fmt::Write as _, sync::LazyLock};

use aws_lc_rs::digest;

use super::modules::{Import, in_order};

/// The part that pages import by its own name.
const ENTRY: &str = "client/trunkline.js";
/// How many hexadecimal digits of a part's hash its name holds.
const DIGITS: usize = 8;

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
    let mut parts: Vec<(String, Part)> = Vec::new();
    for module in in_order(ENTRY, &mut HashSet::new()) {
        let name_of =
            |path: &str| parts.iter().find(|(known, _)| known == path).map_or("", |(_, part)| &part.name);
        let mut text = String::new();
        let mut line = |word: &str, import: &Import| {
            let _ = writeln!(
                text,
                "{word} {{ {} }} from \"./{}\";",
                import.names.join(", "),
                name_of(&import.from)
            );
        };
        module.imports.iter().for_each(|import| line("import", import));
        module.passed_on.iter().for_each(|import| line("export", import));
        text.push_str(&module.body);
        if !module.exports.is_empty() {
            let _ = writeln!(text, "export {{ {} }};", module.exports.join(", "));
        }
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        let hash: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let hash = hash[..DIGITS].to_owned();
        let is_entry = module.path == ENTRY;
        let file = module.path.rsplit('/').next().unwrap_or_default();
        let name = match file.strip_suffix(".js") {
            Some(stem) if !is_entry => format!("{stem}-{hash}.js"),
            _ => file.to_owned(),
        };
        parts.push((module.path, Part { name, text, hash, is_entry }));
    }
    parts.into_iter().map(|(_, part)| part).collect()
}
