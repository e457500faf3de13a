//! Which part of a file is wanted (RFC 9110): `Range`, `If-Range`, `If-None-Match`.

use std::ops::Range;

/// What a request says about the part it wants and the copy it has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conditions<'a> {
    /// The header `Range`.
    pub range: Option<&'a str>,
    /// The header `If-Range`.
    pub if_range: Option<&'a str>,
    /// The header `If-None-Match`.
    pub if_none_match: Option<&'a str>,
}

/// What is to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Nothing: they have it.
    Known,
    /// All of it.
    Whole,
    /// These bytes of it.
    Some(Range<u64>),
    /// They want what is not there.
    Beyond,
}

impl Conditions<'_> {
    /// What is to be answered of a file with so many bytes and this strong tag, quotes included. What cannot be read,
    /// several ranges at once and units other than bytes are taken as if nothing had been asked: the answer is the whole.
    pub fn part(&self, size: u64, tag: &str) -> Part {
        if self.if_none_match.is_some_and(|known| names(known, tag)) {
            return Part::Known;
        }
        match self.range {
            Some(range) if self.if_range.is_none_or(|known| known.trim() == tag) => parse(range, size),
            _ => Part::Whole,
        }
    }
}

/// Whether a list of tags, or `*`, names this one; a weak tag will do.
fn names(list: &str, tag: &str) -> bool {
    list.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn parse(range: &str, size: u64) -> Part {
    let Some((unit, set)) = range.split_once('=') else { return Part::Whole };
    let Some((first, last)) = set.trim().split_once('-') else { return Part::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Part::Whole;
    }
    match (number(first), number(last)) {
        (Some(first), _) if last.is_empty() => within(first, size, size),
        (Some(first), Some(last)) if first <= last => within(first, last.saturating_add(1), size),
        (_, Some(0)) if first.is_empty() => Part::Beyond,
        (_, Some(length)) if first.is_empty() => within(size.saturating_sub(length), size, size),
        _ => Part::Whole,
    }
}

/// A number of digits alone; one that is larger than any file is the largest there is.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

fn within(start: u64, end: u64, size: u64) -> Part {
    if start < size { Part::Some(start..end.min(size)) } else { Part::Beyond }
}

#[cfg(test)]
mod tests {
    use super::{Conditions, Part};

    #[test]
    fn a_range_is_read_as_the_standard_has_it() {
        for (range, part) in [
            ("bytes=0-0", Part::Some(0..1)),
            ("bytes=2-4", Part::Some(2..5)),
            ("BYTES=2-4", Part::Some(2..5)),
            ("bytes=9-", Part::Some(9..10)),
            ("bytes=5-99", Part::Some(5..10)),
            ("bytes=5-99999999999999999999999", Part::Some(5..10)),
            ("bytes=-3", Part::Some(7..10)),
            ("bytes=-99", Part::Some(0..10)),
            ("bytes=10-", Part::Beyond),
            ("bytes=99999999999999999999999-", Part::Beyond),
            ("bytes=10-20", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=4-2", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes 0-1", Part::Whole),
            ("lines=0-1", Part::Whole),
            ("", Part::Whole),
        ] {
            let asked = Conditions { range: Some(range), ..Default::default() };
            assert_eq!(asked.part(10, "\"a\""), part, "{range}");
        }
    }

    #[test]
    fn a_condition_goes_before_the_range() {
        let range = Some("bytes=0-0");
        for (if_range, part) in [
            (Some("\"a\""), Part::Some(0..1)),
            (Some("\"b\""), Part::Whole),
            (Some("W/\"a\""), Part::Whole),
            (Some("Sat, 21 Nov 2026 12:00:00 GMT"), Part::Whole),
        ] {
            assert_eq!(Conditions { range, if_range, if_none_match: None }.part(10, "\"a\""), part);
        }
        for (if_none_match, part) in [
            ("\"a\"", Part::Known),
            ("*", Part::Known),
            ("\"b\", W/\"a\"", Part::Known),
            ("\"b\"", Part::Some(0..1)),
            ("a", Part::Some(0..1)),
        ] {
            let asked = Conditions { range, if_none_match: Some(if_none_match), if_range: None };
            assert_eq!(asked.part(10, "\"a\""), part, "{if_none_match}");
        }
    }
}
