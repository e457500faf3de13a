//! The files of the web client: small, each with a line that says what lives there, and with nothing that makes text markup.

use std::path::PathBuf;

use crate::house::files;

/// The most lines of a file.
const LINES: usize = 250;

/// What turns text into markup, a script or a style.
const FORBIDDEN: [&str; 9] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "srcdoc",
    "eval(",
    "new Function",
    "javascript:",
    "setAttribute(\"style\"",
];

fn sources(ending: &str) -> Vec<(PathBuf, String)> {
    let found = files("src/web/app", ending);
    assert!(!found.is_empty());
    found.into_iter().map(|file| (file.clone(), std::fs::read_to_string(&file).unwrap())).collect()
}

#[test]
fn every_file_is_small_and_says_what_lives_there() {
    let mut wrong = Vec::new();
    for (file, text) in sources("js").into_iter().chain(sources("css")) {
        let opens = if file.extension().is_some_and(|ending| ending == "js") { "// " } else { "/* " };
        if !text.starts_with(opens) {
            wrong.push(format!("{} does not open with what lives there", file.display()));
        }
        if text.lines().count() > LINES {
            wrong.push(format!("{} has {} lines", file.display(), text.lines().count()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn text_stays_text() {
    let mut wrong = Vec::new();
    for (file, text) in sources("js") {
        wrong.extend(
            FORBIDDEN
                .iter()
                .filter(|word| text.contains(**word))
                .map(|word| format!("{}: {word}", file.display())),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_link_to_elsewhere_tells_nobody_where_it_stood() {
    for (file, text) in sources("js") {
        let opens = text.matches("_blank").count();
        let told = text.matches("noreferrer").count();
        assert!(told >= opens, "{}: {opens} links open a window, {told} say noreferrer", file.display());
    }
}
