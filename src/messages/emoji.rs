//! What one may react with: a single emoji, however many code points it is made of, or `:word:`.

use std::{iter::Peekable, str::Chars};

use unicode_properties::UnicodeEmoji;

/// The most characters of a reaction.
const LONGEST: usize = 64;

const JOINER: char = '\u{200d}';
const AS_EMOJI: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// Whether this is one emoji (Unicode Technical Standard 51, "possible emoji") or `:word:`, of up to 64 characters.
pub fn is_reaction(text: &str) -> bool {
    text.chars().count() <= LONGEST && (is_word(text) || is_emoji(text))
}

fn is_word(text: &str) -> bool {
    let word = text.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')).unwrap_or_default();
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '+'))
}

/// Elements joined by U+200D, nothing before and nothing after.
fn is_emoji(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    loop {
        if !skip_element(&mut chars) {
            return false;
        }
        match chars.next() {
            None => return true,
            Some(JOINER) => {}
            Some(_) => return false,
        }
    }
}

/// A flag, a keycap, or an emoji with what changes its looks: a skin tone, the emoji style, or tags (England's flag).
fn skip_element(chars: &mut Peekable<Chars<'_>>) -> bool {
    let Some(first) = chars.next() else { return false };
    if is_regional(first) {
        return chars.next().is_some_and(is_regional);
    }
    if matches!(first, '0'..='9' | '#' | '*') {
        chars.next_if_eq(&AS_EMOJI);
        return chars.next() == Some(KEYCAP);
    }
    if !first.is_emoji_char() {
        return false;
    }
    if chars.next_if(|c| is_skin_tone(*c)).is_some() {
        // Some keyboards write the style behind it all the same.
        chars.next_if_eq(&AS_EMOJI);
        return true;
    }
    chars.next_if_eq(&AS_EMOJI);
    if chars.next_if(|c| is_tag(*c)).is_some() {
        while chars.next_if(|c| is_tag(*c)).is_some() {}
        return chars.next() == Some('\u{e007f}');
    }
    true
}

fn is_regional(c: char) -> bool {
    ('\u{1f1e6}'..='\u{1f1ff}').contains(&c)
}

fn is_skin_tone(c: char) -> bool {
    ('\u{1f3fb}'..='\u{1f3ff}').contains(&c)
}

fn is_tag(c: char) -> bool {
    ('\u{e0020}'..='\u{e007e}').contains(&c)
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};

    use super::is_reaction;

    #[test]
    fn one_emoji_however_it_is_made() {
        for emoji in [
            "👍",
            "👍🏽",
            "❤️",
            "❤",
            "😀",
            "☺️",
            "🇩🇪",
            "🇨🇳",
            "1️⃣",
            "#️⃣",
            "*⃣",
            "👨‍👩‍👧‍👦",
            "👩🏽‍💻",
            "🏳️‍🌈",
            "🏴‍☠️",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "🤝",
            "🫱🏻‍🫲🏿",
            "🧑🏻‍❤️‍💋‍🧑🏾",
            "☝🏽",
            "©️",
            "🏻",
            "👁️‍🗨️",
            "🙂‍↔️",
            "🪿",
            "🫨",
        ] {
            assert!(is_reaction(emoji), "{emoji} {}", emoji.escape_unicode());
        }
        for word in [":+1:", ":party_parrot:", ":größe:", ":好:", ":a:", &format!(":{}:", "x".repeat(62))]
        {
            assert!(is_reaction(word), "{word}");
        }
    }

    #[test]
    fn nothing_else() {
        for text in [
            "",
            " ",
            "a",
            "1",
            "#",
            "*",
            "👍👍",
            "👍 ",
            " 👍",
            "👍a",
            "🇩",
            "🇩🇪🇫",
            "🇩🇪🇫🇷",
            "👍🏽🏽",
            "👍\u{200d}",
            "\u{200d}👍",
            "\u{fe0f}",
            "👍\u{301}",
            "👍\u{fe0e}",
            "漢",
            "é",
            "::",
            ":",
            ": :",
            ":a b:",
            ":a:b:",
            ":a",
            "1️",
            "\0",
            "<b>",
            "🏴\u{e0067}",
            &format!(":{}:", "x".repeat(63)),
            &["👨"; 40].join("\u{200d}"),
            "\u{20e3}",
            "👍\n",
        ] {
            assert!(!is_reaction(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_short_and_holds_nothing_unseen(
            text in "\\PC{0,12}|:[\\PC]{0,70}:",
            parts in collection::vec(
                prop::sample::select(vec!["👍", "🏽", "\u{200d}", "\u{fe0f}", "\u{20e3}", "1", "🇩", "🏴", "\u{e0067}", "\u{e007f}", "a", " ", ":"]),
                0..12,
            ),
        ) {
            for text in [text, parts.concat()] {
                if is_reaction(&text) {
                    prop_assert!((1..=64).contains(&text.chars().count()));
                    prop_assert!(!text.contains(|c: char| c.is_whitespace() || c.is_control()));
                    // One, and not two: neither a second one nor a word fits behind it.
                    let longer = ["👍", "a"].map(|end| text.clone() + end);
                    prop_assert!(!longer.iter().any(|text| is_reaction(text)), "{longer:?}");
                }
            }
        }
    }
}
