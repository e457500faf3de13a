//! The web client as browsers load it: one file of script and one of style for what everybody needs at once, and one of each
//! for each room that is opened later. All lie under one path that holds the hash of all of them, so that a page never mixes
//! two versions, and a browser keeps them for ever.
//!
//! `app/main.js` and all that it imports are the first. A folder of `app/` whose `index.js` is imported by a call,
//! `import("./events/index.js")`, is a room of its own: `events.js` and `events.css`. Nothing but `index.js` is imported from
//! outside of a room, and what two rooms need is imported by `main.js` too.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt::Write as _,
};

use aws_lc_rs::digest;

use super::{
    modules::{Import, Module, in_order},
    sources,
};

/// Where everything begins.
const MAIN: &str = "app/main.js";
/// How many hexadecimal digits of the hash the path holds.
const DIGITS: usize = 16;
/// Stands for the hash in the page, in the service worker and in the manifest.
const VERSION: &str = "{version}";

/// The web client.
pub struct App {
    /// The hash of all files.
    pub version: String,
    /// The page itself.
    pub page: String,
    /// What runs beside the pages: it shows what is pushed, and keeps the page for when there is no network.
    pub service_worker: String,
    /// Files by name: scripts, styles, pictures.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl App {
    /// Puts it together. The same files make the same outcome.
    pub fn assemble() -> Self {
        let mut files = BTreeMap::new();
        let mut known = HashSet::new();
        let main = in_order(MAIN, &mut known);
        let shared: Vec<String> = main.iter().map(|module| variable(&module.path)).collect();
        let mut script = bodies(&main);
        let _ = writeln!(script, "export {{ {} }};", shared.join(", "));
        files.insert("main.js".to_owned(), script.into_bytes());
        let rooms = rooms();
        for room in &rooms {
            let entry = format!("app/{room}/index.js");
            let modules = in_order(&entry, &mut known.clone());
            let mut script = format!("import {{ {} }} from \"./main.js\";\n", shared.join(", "));
            script.push_str(&bodies(&modules));
            if let Some(index) = modules.last().filter(|index| !index.exports.is_empty()) {
                let _ = writeln!(
                    script,
                    "export const {{ {} }} = {};",
                    index.exports.join(", "),
                    variable(&entry)
                );
            }
            files.insert(format!("{room}.js"), script.into_bytes());
        }
        for path in sources::paths() {
            let Some(path_in_app) = path.strip_prefix("app/") else { continue };
            let (folder, name) = path_in_app.rsplit_once('/').unwrap_or(("", path_in_app));
            if name.ends_with(".css") {
                let room = rooms.get(folder).map_or("main", String::as_str);
                let style = files.entry(format!("{room}.css")).or_default();
                style.extend_from_slice(plain_style(&sources::text(&path)).as_bytes());
            } else if folder == "pictures" {
                files.insert(name.to_owned(), sources::bytes(&path).unwrap_or_default());
            }
        }
        let (page, service_worker) =
            (sources::text("app/index.html"), sources::text("app/service-worker.js"));
        let mut hash = digest::Context::new(&digest::SHA256);
        for bytes in files.values().map(Vec::as_slice).chain([page.as_bytes(), service_worker.as_bytes()]) {
            hash.update(bytes);
        }
        let version: String = hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let version = version[..DIGITS].to_owned();
        if let Some(manifest) = files.get_mut("manifest.webmanifest") {
            *manifest = String::from_utf8_lossy(manifest).replace(VERSION, &version).into_bytes();
        }
        Self {
            page: page.replace(VERSION, &version),
            service_worker: service_worker.replace(VERSION, &version),
            version,
            files,
        }
    }
}

/// The folders that are loaded when they are opened.
pub fn rooms() -> BTreeSet<String> {
    let room = |path: String| Some(path.strip_prefix("app/")?.strip_suffix("/index.js")?.to_owned());
    sources::paths().into_iter().filter_map(room).collect()
}

/// Modules one behind the other, each in a function of its own, so that their names do not meet.
fn bodies(modules: &[Module]) -> String {
    let mut script = String::new();
    for module in modules {
        let _ = writeln!(script, "const {} = (() => {{", variable(&module.path));
        for import in module.imports.iter().filter(|import| !import.names.is_empty()) {
            let _ = writeln!(script, "const {{ {} }} = {};", renamed(import), variable(&import.from));
        }
        script.push_str(&calls(&module.body));
        let passed_on = module.passed_on.iter().map(|import| format!("...{}", variable(&import.from)));
        let exports: Vec<String> = module.exports.iter().cloned().chain(passed_on).collect();
        let _ = writeln!(script, "return {{ {} }};\n}})();", exports.join(", "));
    }
    script
}

/// `Chat as Room` in the form that takes a property out of an object.
fn renamed(import: &Import) -> String {
    let names: Vec<String> = import.names.iter().map(|name| name.replace(" as ", ": ")).collect();
    names.join(", ")
}

/// The name under which others find what a module exports.
fn variable(path: &str) -> String {
    let stem = path.strip_suffix(".js").unwrap_or(path);
    let word: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("${word}")
}

/// Calls that import a room, by the name that it has for browsers.
fn calls(body: &str) -> String {
    let mut script = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("import(\"") {
        let (path, behind) = after.split_once('"').unwrap_or((after, ""));
        let room = path.strip_suffix("/index.js").and_then(|room| room.rsplit('/').next()).unwrap_or(path);
        let _ = write!(script, "{before}import(\"./{room}.js\"");
        rest = behind;
    }
    script.push_str(rest);
    script
}

/// Style without comments and indentation.
fn plain_style(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        short.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, behind)| behind);
    }
    short.push_str(rest);
    short
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .fold(String::new(), |all, line| all + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::{MAIN, rooms};
    use crate::web::{
        modules::{Module, in_order},
        sources,
    };
    use std::collections::HashSet;

    #[test]
    fn every_module_is_reached_and_rooms_are_entered_by_their_door() {
        let mut known = HashSet::new();
        let main: Vec<String> = in_order(MAIN, &mut known).into_iter().map(|module| module.path).collect();
        let rooms = rooms();
        let room_of = |path: &str| {
            let folder = path.strip_prefix("app/")?.rsplit_once('/')?.0.to_owned();
            rooms.contains(&folder).then_some(folder)
        };
        for path in &main {
            assert_eq!(room_of(path), None, "{path} belongs to a room and is imported by main.js");
        }
        let mut reached: HashSet<String> = main.into_iter().collect();
        for room in &rooms {
            for module in in_order(&format!("app/{room}/index.js"), &mut known.clone()) {
                assert_eq!(
                    room_of(&module.path).as_ref(),
                    Some(room),
                    "{} is shared: main.js has to import it",
                    module.path
                );
                reached.insert(module.path);
            }
        }
        for path in sources::paths().iter().filter(|path| path.ends_with(".js")) {
            let is_alone = path == "app/service-worker.js" || path == "client/trunkline.js";
            assert!(is_alone || reached.contains(path), "nothing imports {path}");
            let module = Module::read(path);
            assert!(!module.body.contains("export "), "{path}: an export in a form that is not understood");
            let exports = |import: &str, name: &str| {
                let other = Module::read(import);
                other.exports.iter().any(|export| export == name)
                    || other.passed_on.iter().any(|more| more.names.iter().any(|export| export == name))
            };
            for import in module.imports.iter().chain(&module.passed_on) {
                for name in &import.names {
                    let name = name.split(" as ").next().unwrap_or_default();
                    assert!(
                        exports(&import.from, name),
                        "{path} imports {name}, which {} does not export",
                        import.from
                    );
                }
            }
        }
    }
}
