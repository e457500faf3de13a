//! ES modules as this folder writes them: named imports and exports alone, each statement at the beginning of a line.

use std::collections::HashSet;

use super::sources;

/// One module, without its comments.
pub struct Module {
    /// Its path below this folder.
    pub path: String,
    /// What it imports.
    pub imports: Vec<Import>,
    /// The names that it exports.
    pub exports: Vec<String>,
    /// What it passes on from others.
    pub passed_on: Vec<Import>,
    /// The lines that are neither.
    pub body: String,
}

/// Names that come from another module.
pub struct Import {
    /// `Chat`, or `Chat as Room`; none where the module is only to be run.
    pub names: Vec<String>,
    /// The other module's path below this folder.
    pub from: String,
}

impl Module {
    /// Reads a module.
    pub fn read(path: &str) -> Self {
        let mut module = Self {
            path: path.to_owned(),
            imports: Vec::new(),
            exports: Vec::new(),
            passed_on: Vec::new(),
            body: String::new(),
        };
        let text = without_comments(&sources::text(path));
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line.starts_with("import ") || line.starts_with("export {") {
                let mut statement = line.to_owned();
                while !statement.ends_with(';') {
                    let Some(more) = lines.next() else { break };
                    statement.push_str(more);
                }
                let import = Import { names: names(&statement), from: resolve(path, &statement) };
                let into =
                    if line.starts_with("import ") { &mut module.imports } else { &mut module.passed_on };
                into.push(import);
            } else {
                let kept = module.exports_of(line);
                module.body.push_str(kept);
                module.body.push('\n');
            }
        }
        module
    }

    /// Notes what a line exports; answers the line without the word.
    fn exports_of<'a>(&mut self, line: &'a str) -> &'a str {
        let Some(rest) = line.strip_prefix("export ") else { return line };
        let declared = rest.trim_start_matches("async ").split_once(' ').map_or("", |(_, name)| name);
        let end = declared.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
        self.exports.push(declared[..end.unwrap_or(declared.len())].to_owned());
        rest
    }

    /// The paths of what has to be there before it.
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        self.imports.iter().chain(&self.passed_on).map(|import| import.from.as_str())
    }
}

/// A module and all that it needs, each behind what it needs itself; leaves out what is `known`.
pub fn in_order(entry: &str, known: &mut HashSet<String>) -> Vec<Module> {
    let mut modules = Vec::new();
    visit(entry, known, &mut modules);
    modules
}

fn visit(path: &str, known: &mut HashSet<String>, modules: &mut Vec<Module>) {
    if known.insert(path.to_owned()) {
        let module = Module::read(path);
        let needs: Vec<String> = module.needs().map(str::to_owned).collect();
        needs.iter().for_each(|need| visit(need, known, modules));
        modules.push(module);
    }
}

fn names(statement: &str) -> Vec<String> {
    let inside =
        statement.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(names, _)| names);
    inside.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The path that a statement names, from where it stands.
fn resolve(from: &str, statement: &str) -> String {
    let relative = statement.rsplit('"').nth(1).unwrap_or_default();
    let mut segments: Vec<&str> = from.split('/').collect();
    segments.pop();
    for segment in relative.split('/') {
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    segments.join("/")
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
