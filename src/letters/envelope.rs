//! Letters as payloads of notifications. A payload holds 8,000 bytes; what does not fit is cut, and put together again on
//! the other side: the notifications of one transaction arrive in order, with nothing in between.

use super::Letter;

/// The most bytes of letters in one payload.
const ROOM: usize = 7_900;
/// The most bytes that are put together: more than any letter has.
const WHOLE: usize = 256 * 1024;

/// Packs letters into payloads: `l [letter,letter…]`, or `l+n part` (the n-th of several) and `l part` at the end.
pub fn seal(letters: &[Letter]) -> Vec<String> {
    let mut payloads = Vec::new();
    let mut page = String::new();
    for letter in letters {
        // Our own letters have string keys and no maps that could fail.
        let text = serde_json::to_string(letter).unwrap_or_default();
        if !page.is_empty() && page.len() + text.len() + 2 > ROOM {
            close(&mut payloads, &page);
            page.clear();
        }
        page.push(if page.is_empty() { '[' } else { ',' });
        page.push_str(&text);
    }
    if !page.is_empty() {
        close(&mut payloads, &page);
    }
    payloads
}

/// Ends a page, and cuts it where it is too long.
fn close(payloads: &mut Vec<String>, page: &str) {
    let mut rest = page;
    let mut part = 0;
    while rest.len() > ROOM {
        let (head, tail) = rest.split_at(rest.floor_char_boundary(ROOM));
        // Numbered, for PostgreSQL sends only one of two payloads that are alike.
        payloads.push(format!("l+{part} {head}"));
        rest = tail;
        part += 1;
    }
    payloads.push(format!("l {rest}]"));
}

/// Payloads that are being put together. One for each connection that listens.
#[derive(Debug, Default)]
pub struct Opened(String);

impl Opened {
    /// Takes the next payload; the letters, when they are complete. What can't be read is no letter.
    pub fn take(&mut self, payload: &str) -> Option<Vec<Letter>> {
        let (label, text) = payload.split_once(' ')?;
        match label.strip_prefix('l')?.strip_prefix('+') {
            Some(part) => {
                if part == "0" || self.0.len() > WHOLE {
                    self.0.clear();
                }
                self.0.push_str(text);
                None
            }
            None => {
                let head = std::mem::take(&mut self.0);
                serde_json::from_str(&(head + text)).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Letter, Opened, ROOM, seal};

    #[test]
    fn letters_arrive_as_they_were_posted_however_long_they_are() {
        let id = Uuid::new_v4();
        for length in [0, 10, ROOM - 200, ROOM, 3 * ROOM, 60_000] {
            let mut letters = vec![Letter::CallSignal(id, id, id, "\"ü".repeat(length / 3))];
            letters.extend((0..300).map(|seq| Letter::Read(id, Uuid::new_v4(), seq)));
            letters.push(Letter::Typing(id, id));
            let payloads = seal(&letters);
            assert!(payloads.iter().all(|payload| payload.len() < 8_000));
            let mut opened = Opened::default();
            let arrived: Vec<_> =
                payloads.iter().filter_map(|payload| opened.take(payload)).flatten().collect();
            assert_eq!(arrived, letters);
        }
    }

    #[test]
    fn payloads_that_are_alike_are_told_apart() {
        let id = Uuid::new_v4();
        let letters = vec![Letter::CallSignal(id, id, id, "a".repeat(4 * ROOM))];
        let mut payloads = seal(&letters);
        let count = payloads.len();
        payloads.dedup();
        assert_eq!(payloads.len(), count);
    }
}
