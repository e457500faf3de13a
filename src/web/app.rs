//! The web client as browsers load it: one file of script and one of style for what everybody needs at once, and one of each
//! for each feature that is opened later. All lie under one path that holds the hash of all of them, so that a page never mixes
//! two versions, and a browser keeps them for ever.
//!
//! `app/main.js` and all that it imports are the first. A folder of `app/` whose `index.js` is imported by a call,
//! `import("./events/index.js")`, is a feature of its own: `events.js` and `events.css`. Nothing but `index.js` is imported from
//! outside of a feature; what several features need and `main.js` does not lies outside of all of them, and comes in `shared.js`.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt::Write as _,
};

use aws_lc_rs::digest;

use super::{
    modules::{Import, Module, in_order},
    sources,
};

/// Where everything begins.
const MAIN: &str = "app/main.js";
/// The folder whose style comes with every feature.
const SHARED: &str = "shared";
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
        let numbers: Numbers = sources::paths().into_iter().zip(1..).collect();
        let Chunks { main, shared, features } = Chunks::find();
        let (in_main, in_shared) = (names(&main), names(&shared));
        files.insert("main.js".to_owned(), script(&main, &[], &exports(&main, &numbers), &numbers));
        let main = ("./main.js", &in_main);
        files.insert("shared.js".to_owned(), script(&shared, &[main], &exports(&shared, &numbers), &numbers));
        for (feature, modules) in &features {
            let index = modules.last().filter(|index| !index.exports.is_empty());
            let exports = index.map_or(String::new(), |index| {
                format!(
                    "export const {{ {} }} = {};\n",
                    index.exports.join(", "),
                    variable(&index.path, &numbers)
                )
            });
            let text = script(modules, &[main, ("./shared.js", &in_shared)], &exports, &numbers);
            files.insert(format!("{feature}.js"), text);
        }
        for path in sources::paths() {
            let Some(path_in_app) = path.strip_prefix("app/") else { continue };
            let (folder, name) = path_in_app.rsplit_once('/').unwrap_or(("", path_in_app));
            if name.ends_with(".css") {
                let feature = if features.contains_key(folder) || folder == SHARED { folder } else { "main" };
                let style = files.entry(format!("{feature}.css")).or_default();
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
pub fn features() -> BTreeSet<String> {
    let feature = |path: String| Some(path.strip_prefix("app/")?.strip_suffix("/index.js")?.to_owned());
    sources::paths().into_iter().filter_map(feature).collect()
}

/// The number of each file.
type Numbers = HashMap<String, usize>;

/// Which modules lie in which file, each behind what it needs.
struct Chunks {
    /// What everybody needs at once.
    main: Vec<Module>,
    /// What several features need, and no page before them.
    shared: Vec<Module>,
    /// What is loaded with each feature.
    features: BTreeMap<String, Vec<Module>>,
}

impl Chunks {
    fn find() -> Self {
        let mut known = HashSet::new();
        let main = in_order(MAIN, &mut known);
        let all: Vec<(String, Vec<Module>)> = features()
            .into_iter()
            .map(|feature| {
                let modules = in_order(&format!("app/{feature}/index.js"), &mut known.clone());
                (feature, modules)
            })
            .collect();
        let mut uses: HashMap<String, usize> = HashMap::new();
        for module in all.iter().flat_map(|(_, modules)| modules) {
            *uses.entry(module.path.clone()).or_default() += 1;
        }
        let (mut shared, mut features) = (Vec::new(), BTreeMap::new());
        for (feature, modules) in all {
            let (several, own): (Vec<Module>, Vec<Module>) =
                modules.into_iter().partition(|module| uses.get(&module.path).is_some_and(|uses| *uses > 1));
            shared.extend(several.into_iter().filter(|module| known.insert(module.path.clone())));
            features.insert(feature, own);
        }
        Self { main, shared, features }
    }
}

fn names(modules: &[Module]) -> HashSet<String> {
    modules.iter().map(|module| module.path.clone()).collect()
}

/// One file: what it imports of others, its modules, and what it exports.
fn script(
    modules: &[Module],
    others: &[(&str, &HashSet<String>)],
    exports: &str,
    numbers: &Numbers,
) -> Vec<u8> {
    let needs: BTreeSet<&str> = modules.iter().flat_map(Module::needs).collect();
    let mut script = String::new();
    for (file, there) in others {
        let needed: Vec<String> =
            needs.iter().filter(|path| there.contains(**path)).map(|path| variable(path, numbers)).collect();
        if !needed.is_empty() {
            let _ = writeln!(script, "import {{ {} }} from \"{file}\";", needed.join(", "));
        }
    }
    script.push_str(&bodies(modules, numbers));
    script.push_str(exports);
    script.into_bytes()
}

fn exports(modules: &[Module], numbers: &Numbers) -> String {
    let variables: Vec<String> = modules.iter().map(|module| variable(&module.path, numbers)).collect();
    format!("export {{ {} }};\n", variables.join(", "))
}

/// Modules one behind the other, each in a function of its own, so that their names do not meet.
fn bodies(modules: &[Module], numbers: &Numbers) -> String {
    let mut script = String::new();
    for module in modules {
        let _ = writeln!(script, "const {} = (() => {{", variable(&module.path, numbers));
        for import in module.imports.iter().filter(|import| !import.names.is_empty()) {
            let _ =
                writeln!(script, "const {{ {} }} = {};", renamed(import), variable(&import.from, numbers));
        }
        script.push_str(&calls(&module.body));
        let passed_on =
            module.passed_on.iter().map(|import| format!("...{}", variable(&import.from, numbers)));
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

/// The name under which others find what a module exports: short, since it stands wherever the module is imported.
fn variable(path: &str, numbers: &Numbers) -> String {
    format!("${}", numbers.get(path).copied().unwrap_or_default())
}

/// Calls that import a feature, by the name that it has for browsers.
fn calls(body: &str) -> String {
    let mut script = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("import(\"") {
        let (path, behind) = after.split_once('"').unwrap_or((after, ""));
        let name =
            path.strip_suffix("/index.js").and_then(|folder| folder.rsplit('/').next()).unwrap_or(path);
        let _ = write!(script, "{before}import(\"./{name}.js\"");
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
    use super::{Chunks, features};
    use crate::web::{modules::Module, sources};
    use std::collections::HashSet;

    #[test]
    fn every_module_is_reached_and_a_feature_is_entered_by_its_index_alone() {
        let features = features();
        let feature_of = |path: &str| {
            let folder = path.strip_prefix("app/")?.rsplit_once('/')?.0.to_owned();
            features.contains(&folder).then_some(folder)
        };
        let chunks = Chunks::find();
        for module in chunks.main.iter().chain(&chunks.shared) {
            assert_eq!(
                feature_of(&module.path),
                None,
                "{} belongs to a feature, and others import it",
                module.path
            );
        }
        let inside = chunks.features.values().flatten();
        let reached: HashSet<&str> = chunks
            .main
            .iter()
            .chain(&chunks.shared)
            .chain(inside)
            .map(|module| module.path.as_str())
            .collect();
        for path in sources::paths().iter().filter(|path| path.ends_with(".js")) {
            let is_alone = path == "app/service-worker.js" || path == "client/trunkline.js";
            assert!(is_alone || reached.contains(path.as_str()), "nothing imports {path}");
            check(&Module::read(path));
        }
    }

    /// What it imports is exported there.
    fn check(module: &Module) {
        let path = &module.path;
        assert!(!module.body.contains("export "), "{path}: an export in a form that is not understood");
        for import in module.imports.iter().chain(&module.passed_on) {
            let other = Module::read(&import.from);
            let passed_on = other.passed_on.iter().flat_map(|more| &more.names);
            let there: HashSet<&String> = other.exports.iter().chain(passed_on).collect();
            for name in &import.names {
                let name = name.split(" as ").next().unwrap_or_default().to_owned();
                assert!(
                    there.contains(&name),
                    "{path} imports {name}, which {} does not export",
                    import.from
                );
            }
        }
    }
}
