//! The promises about the order of the house that a machine keeps: the order of the modules, the size and the opening of every file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Every file under a folder of the project that ends with this.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.to_str().unwrap().ends_with(ending) => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let map = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap();
    let modules: Vec<_> =
        map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.split(';').next()).collect();
    let place = |name: &str| modules.iter().position(|module| *module == name);
    let mut wrong = BTreeSet::new();
    for file in files("src", ".rs") {
        let inside = file.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
        let name = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let Some(own) = place(name) else { continue };
        for used in crate_modules(&fs::read_to_string(&file).unwrap()) {
            if place(&used).is_none_or(|used| used > own) {
                wrong.insert(format!("{} uses {used}, which is not above {name}", inside.display()));
            }
        }
    }
    assert!(modules.len() > 15, "{modules:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The modules named by `crate::x` and by `crate::{x, y::…}`.
fn crate_modules(text: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, path) in text.match_indices("crate::") {
        let rest = &text[at + path.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            found.insert(word(rest));
            continue;
        };
        let (mut depth, mut item) = (1, String::new());
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => {
                    found.insert(word(item.trim()));
                    item.clear();
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
            item.push(c);
        }
        found.insert(word(item.trim()));
    }
    found.remove("");
    found
}

#[test]
fn no_files_of_a_module_use_each_other_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let paths: BTreeMap<Vec<String>, String> = files("src", ".rs")
        .into_iter()
        .map(|file| (module_of(&root, &file), fs::read_to_string(&file).unwrap()))
        .collect();
    let uses: BTreeMap<_, BTreeSet<_>> = paths
        .iter()
        .map(|(own, text)| {
            let used = used_paths(own, text).into_iter().filter_map(|mut path| {
                // The longest part of it that is a file: the rest are names in there.
                while !path.is_empty() && !paths.contains_key(&path) {
                    path.pop();
                }
                // What lies around it is no other file, but what it is a part of.
                (!path.is_empty() && !own.starts_with(&path)).then_some(path)
            });
            (own.clone(), used.collect())
        })
        .collect();
    assert!(uses.values().map(BTreeSet::len).sum::<usize>() > 500, "hardly anything is used");
    let mut wrong = BTreeSet::new();
    for own in uses.keys() {
        let (mut seen, mut next) = (BTreeSet::new(), vec![own]);
        while let Some(file) = next.pop() {
            for used in uses.get(file).into_iter().flatten() {
                if used == own {
                    wrong.insert(own.join("::"));
                } else if seen.insert(used) {
                    next.push(used);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "these are in circles: {wrong:#?}");
}

/// The path of the module in a file.
fn module_of(root: &Path, file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(root).unwrap().with_extension("");
    let mut path: Vec<_> = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if path.last().is_some_and(|name| name == "mod") {
        path.pop();
    }
    path
}

/// The paths that `use` names, and those that stand in the code, from the root of the crate; what comes from other crates begins
/// with a name that no file has.
fn used_paths(own: &[String], text: &str) -> Vec<Vec<String>> {
    // Tests of a module may look anywhere, and so may a comment.
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let text: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
    let mut found = Vec::new();
    for (at, start) in text.match_indices("use ") {
        let Some(tree) = text[at + start.len()..].split(';').next().filter(|_| begins_use(&text[..at]))
        else {
            continue;
        };
        spread(&tree.split_whitespace().collect::<String>(), &[], &mut found);
    }
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for root in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(root).filter(|(at, _)| !text[..*at].ends_with(is_name)) {
            let path: String = text[at..].chars().take_while(|c| is_name(*c)).collect();
            found.push(path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect());
        }
    }
    found.into_iter().filter_map(|path| absolute(own, &path)).collect()
}

/// Whether what stands before the word `use` is nothing, or who may see what is used: `pub`, `pub(super)`, `pub(crate)` …
fn begins_use(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    line.is_empty() || line == "pub" || line.starts_with("pub(") && line.ends_with(')')
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn spread(tree: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let Some((head, list)) = tree.split_once('{') else {
        let rest = tree.split("::").filter(|part| *part != "self" || before.is_empty()).map(str::to_owned);
        found.push(before.iter().cloned().chain(rest).collect());
        return;
    };
    let head: Vec<_> = before
        .iter()
        .cloned()
        .chain(head.split("::").filter(|part| !part.is_empty()).map(str::to_owned))
        .collect();
    let list = list.strip_suffix('}').unwrap_or(list);
    let (mut depth, mut begin) = (0, 0);
    for (at, c) in list.char_indices().chain([(list.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if begin < at {
                    spread(&list[begin..at], &head, found);
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
}

fn absolute(own: &[String], path: &[String]) -> Option<Vec<String>> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([own, &path[1..]].concat()),
        "super" => Some([&own[..own.len().checked_sub(ups)?], &path[ups..]].concat()),
        _ => None,
    }
}

#[test]
fn every_module_of_src_is_on_the_map() {
    let map = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        let line = format!("pub mod {module}; // ");
        let found = map.lines().find_map(|found| found.strip_prefix(&line));
        let is_described = found.is_some_and(|text| !text.trim().is_empty());
        assert!(is_described || ["lib", "main"].contains(&module), "{module} has no line in src/lib.rs");
    }
}

#[test]
fn every_room_is_small_enough_to_see_from_the_door() {
    let mut wrong = Vec::new();
    for file in [files("src", ".rs"), files("tests", ".rs")].concat() {
        let text = fs::read_to_string(&file).unwrap();
        let (lines, name) = (text.lines().count(), file.display());
        if lines > 400 {
            wrong.push(format!("{name} has {lines} lines"));
        }
        let opening = text.lines().next().and_then(|line| line.strip_prefix("//! ")).unwrap_or_default();
        if opening.is_empty() {
            wrong.push(format!("{name} does not open with a line that says what lives there"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_is_left_for_later() {
    let later = ["TODO", "FIXME", "todo!", "unimplemented!", "#[allow", "#![allow"];
    let mut wrong = Vec::new();
    for file in files("src", ".rs") {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            if later.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_promise_of_security_names_tests_that_exist() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/SECURITY.md")).unwrap();
    let named: BTreeSet<_> = text.split('`').skip(1).step_by(2).filter(|word| word.contains("::")).collect();
    let mut missing = Vec::new();
    for name in &named {
        let (place, test) = name.rsplit_once("::").unwrap();
        let place = place.trim_end_matches("::tests").replace("::", "/");
        // A module's own tests lie beside it, or in a file of theirs.
        let files =
            [format!("tests/it/{place}.rs"), format!("src/{place}.rs"), format!("src/{place}/tests.rs")];
        let holds = |file: &String| {
            let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
            text.is_ok_and(|text| text.contains(&format!("fn {test}(")))
        };
        if !files.iter().any(holds) {
            missing.push(name);
        }
    }
    assert!(named.len() > 50, "{named:?}");
    assert!(missing.is_empty(), "{missing:#?}");
}
