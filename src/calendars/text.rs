//! The lines of iCalendar: escaped, folded, each with its end (RFC 5545 §3.1, §3.3.11).

/// How many bytes a line has at most, its end not counted.
const WIDTH: usize = 75;

/// Lines, one after the other.
#[derive(Debug, Default)]
pub struct Lines(String);

impl Lines {
    /// Adds a line whose value is no text: a word, a time, a number.
    pub fn put(&mut self, name: &str, value: &str) -> &mut Self {
        self.fold(&format!("{name}:{value}"))
    }

    /// Adds a line whose value is text that somebody has written.
    pub fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.fold(&format!("{name}:{}", escaped(text)))
    }

    /// All of it.
    pub fn into_string(self) -> String {
        self.0
    }

    /// What is longer than a line goes on in the next, behind a space; no character is cut in two.
    fn fold(&mut self, line: &str) -> &mut Self {
        let mut used = 0;
        for c in line.chars() {
            if used + c.len_utf8() > WIDTH {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(c);
            used += c.len_utf8();
        }
        self.0.push_str("\r\n");
        self
    }
}

/// Text as a value. Lines may end in any way; other control characters may not stand there.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' if before == '\r' => {}
            '\n' | '\r' => escaped.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}

/// A name as a parameter, in quotes, which cannot stand in it.
pub fn quoted(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", plain.replace('"', "'"))
}

#[cfg(test)]
mod tests {
    use super::{Lines, WIDTH, quoted};

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn a_long_line_goes_on_in_the_next_and_no_character_is_cut() {
        for letter in ["x", "ä", "界", "👍"] {
            for length in 60..90 {
                let mut lines = Lines::default();
                lines.text("SUMMARY", &letter.repeat(length));
                let text = lines.into_string();
                assert!(text.ends_with("\r\n"));
                assert!(text.split("\r\n").all(|line| line.len() <= WIDTH), "{text}");
                assert_eq!(unfolded(&text), format!("SUMMARY:{}\r\n", letter.repeat(length)));
            }
        }
    }

    #[test]
    fn what_means_something_to_the_format_is_escaped() {
        let mut lines = Lines::default();
        lines.text("X", "a,b;c\\d\r\ne\nf\rg\tTab\u{7}\u{85}: \"q\"");
        assert_eq!(lines.into_string(), "X:a\\,b\\;c\\\\d\\ne\\nf\\ng\tTab: \"q\"\r\n");
        assert_eq!(quoted("Ann \"the\" Bot;\u{7},:"), "\"Ann 'the' Bot;,:\"");
    }
}
