//! What is looked up to find words: every one, two and three characters in a row, as hashes of 20 bits.
//!
//! Three characters tell word parts of any language that writes in letters; one and two tell the words of those that
//! write in syllables or ideas, where a word of two characters is a long one, and abbreviations of the others.

use std::collections::HashSet;

/// The most grams that are looked up for one search: more tell nothing new, and each costs.
const MOST: usize = 16;

/// Bits of a gram.
const BITS: u32 = 20;

/// The grams that stand in any of the texts, which are in lower case, and these others; in order. White space is in none.
pub fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>, others: &[i32]) -> Vec<i32> {
    // A bit for each gram there can be: cheaper than a set by far.
    let mut bits = vec![0_u64; 1 << (BITS - 6)];
    let mut add = |gram: i32| bits[(gram >> 6) as usize & ((1 << (BITS - 6)) - 1)] |= 1 << (gram & 63);
    for text in texts {
        for part in text.split_whitespace() {
            let mut before = [None; 2];
            for c in part.chars() {
                add(end(step(START, c)));
                if let Some(b) = before[1] {
                    add(end(step(step(START, b), c)));
                }
                if let (Some(a), Some(b)) = (before[0], before[1]) {
                    add(end(step(step(step(START, a), b), c)));
                }
                before = [before[1], Some(c)];
            }
        }
    }
    others.iter().copied().for_each(add);
    let mut grams = vec![];
    for (place, word) in bits.iter().enumerate() {
        let mut rest = *word;
        while rest != 0 {
            grams.push((place << 6) as i32 | rest.trailing_zeros().cast_signed());
            rest &= rest - 1;
        }
    }
    grams
}

/// Grams that stand wherever all of the words do.
pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<i32> {
    let mut grams = HashSet::new();
    for word in words {
        let word: Vec<_> = word.chars().collect();
        grams.extend(word.windows(word.len().clamp(1, 3)).map(hash));
    }
    let mut grams: Vec<_> = grams.into_iter().collect();
    grams.sort_unstable();
    grams.truncate(MOST);
    grams
}

fn hash(gram: &[char]) -> i32 {
    end(gram.iter().fold(START, |hash, c| step(hash, *c)))
}

// Multiplied and mixed: the same on every machine and for ever, as the hashes lie in the table.
const START: u32 = 0x811c_9dc5;

fn step(hash: u32, c: char) -> u32 {
    let mixed = (hash ^ u32::from(c)).wrapping_mul(0x9e37_79b1);
    mixed ^ (mixed >> 15)
}

fn end(hash: u32) -> i32 {
    (hash.wrapping_mul(0x85eb_ca6b) >> (32 - BITS)).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::{collection, prelude::*};

    use super::{MOST, of_texts, of_words};

    fn is_found(words: &[&str], texts: &[&str]) -> bool {
        let held = of_texts(texts.iter().copied(), &[]);
        of_words(words.iter().copied()).iter().all(|gram| held.binary_search(gram).is_ok())
    }

    #[test]
    fn words_and_their_parts_are_found_in_any_script() {
        let texts = ["the weather is good", "明天天气很好", "доброе утро", "ok"];
        for word in ["weather", "eath", "the", "天气", "天", "很好", "明天天气", "утро", "ро", "ok", "k"]
        {
            assert!(is_found(&[word], &texts), "{word}");
        }
        assert!(is_found(&["good", "天气"], &texts));
        for word in ["weathers", "ethe", "气天", "雨", "ночь", "qz"] {
            assert!(!is_found(&[word], &texts), "{word}");
        }
    }

    #[test]
    fn what_is_added_is_held_in_order() {
        let grams = of_texts(["ab"], &[7, (1 << 20) - 1, 0]);
        assert!(grams.is_sorted() && grams.len() == 6, "{grams:?}");
    }

    #[test]
    fn a_long_text_is_looked_up_by_some_of_its_grams() {
        let long = ('a'..='z').chain('0'..='9').collect::<String>();
        assert_eq!(of_words([long.as_str()]).len(), MOST);
        assert!(is_found(&[&long], &[&long]));
        assert!(of_words(["é"]).iter().all(|gram| (0..1 << 20).contains(gram)));
    }

    proptest! {
        #[test]
        fn whatever_part_of_a_word_is_looked_for_is_found(
            texts in collection::vec("[a-z漢字あ\u{1f600} é\n]{0,30}|\\PC{0,30}", 1..4),
            which in any::<prop::sample::Index>(),
            (start, length) in (any::<prop::sample::Index>(), 1_usize..6),
        ) {
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            let words: Vec<_> = texts.iter().flat_map(|text| text.split_whitespace()).collect();
            prop_assume!(!words.is_empty());
            let word: Vec<_> = words[which.index(words.len())].chars().collect();
            let start = start.index(word.len());
            let part: String = word[start..word.len().min(start + length)].iter().collect();
            prop_assert!(is_found(&[&part], &texts), "{part} in {texts:?}");
        }
    }
}
