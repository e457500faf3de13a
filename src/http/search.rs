//! Free text search: every word must occur, wherever and in whatever case.

use crate::{
    error::{Error, Result},
    validate::is_blank,
};

/// Words of fewer characters stand in no index.
const SHORTEST: usize = 3;

/// What somebody typed into a search.
#[derive(Debug, Clone)]
pub struct Search {
    text: String,
    patterns: Vec<String>,
}

impl Search {
    /// Reads the parameter `search`. A word of which nothing can be seen (white space, fillers, what Unicode wants ignored) is none, and no
    /// words look for nothing.
    pub fn parse(text: Option<&str>) -> Result<Self> {
        let text = text.unwrap_or_default().trim();
        if text.contains('\0') || text.chars().count() > 255 {
            return Err(Error::invalid_field(
                "search",
                "must have at most 255 characters, none of them U+0000",
            ));
        }
        let words: Vec<_> = text.split_whitespace().filter(|word| !is_blank(word)).collect();
        // Lower case is the database's affair: it has folded what is searched, and folds some letters unlike us.
        let escape = |word: &str| word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        let patterns = words.iter().map(|word| format!("%{}%", escape(word))).collect();
        Ok(Self { text: words.join(" "), patterns })
    }

    /// The words, with a space between one and the next.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Each word as a pattern for `like`: the word, anywhere.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// The longest pattern, which a trigram index finds best; `None` when there is no word to look for.
    pub fn longest(&self) -> Option<&str> {
        self.patterns.iter().max_by_key(|pattern| pattern.chars().count()).map(String::as_str)
    }

    /// Whether there are words, none of which stands in a trigram index.
    pub fn is_short(&self) -> bool {
        !self.patterns.is_empty() && self.text.split(' ').all(|word| word.chars().count() < SHORTEST)
    }
}
