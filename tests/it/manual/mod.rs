//! The manual: every example in it is tried on a real server, and its pages open without a failed request.

mod examples;
mod frames;
mod opening;
mod page;

use std::fs;

use tokio::process::Command;

pub use self::frames::form;
use super::house::files;

/// The guides, by the name of their file.
pub fn guides() -> Vec<(String, String)> {
    let found = files("src/server/document/guides", ".md").into_iter();
    found
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(file).unwrap())
        })
        .collect()
}

/// The blocks of a text in this language, in order.
pub fn blocks(text: &str, language: &str) -> Vec<String> {
    let opening = format!("\n```{language}\n");
    text.split(&opening).skip(1).map(|rest| rest.split_once("\n```").unwrap().0.to_owned() + "\n").collect()
}

/// Whether a program is installed and does this; says so where it isn't.
async fn has(program: &str, arguments: &[&str]) -> bool {
    let outcome = Command::new(program).args(arguments).output().await;
    let works = outcome.is_ok_and(|outcome| outcome.status.success());
    if !works {
        println!("left out: there is no {program} here that takes {arguments:?}");
    }
    works
}
