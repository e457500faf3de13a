//! Collects what is wrong with an input, so that a client hears of everything at once.

use crate::error::{Error, FieldError, Result};

/// The fields found wanting so far.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    /// Nothing checked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// `field` must fulfil something; `message` says what is expected.
    pub fn that(&mut self, holds: bool, field: &str, message: &str) -> &mut Self {
        if !holds {
            self.0.push(FieldError { field: field.to_owned(), message: message.to_owned() });
        }
        self
    }

    /// `text` must have `min` to `max` characters (Unicode code points) and, where `min` is not 0, not be blank.
    pub fn length(&mut self, text: &str, field: &str, min: usize, max: usize) -> &mut Self {
        let count = text.chars().count();
        let holds = (min..=max).contains(&count) && (min == 0 || !is_blank(text));
        let message = match min {
            0 => format!("must have at most {max} characters"),
            _ => format!("must have {min} to {max} characters and not be blank"),
        };
        self.that(holds, field, &message)
    }

    /// `text` must be one line of `min` to `max` characters that shows something: a name, a title.
    pub fn line(&mut self, text: &str, field: &str, min: usize, max: usize) -> &mut Self {
        self.length(text, field, min, max).that(
            is_line(text),
            field,
            "must be one line, without control characters and changes of direction",
        )
    }

    /// `name` must be a username.
    pub fn username(&mut self, name: &str) -> &mut Self {
        let message =
            "must be 3 to 32 of a-z, 0-9, _ and ., beginning and ending with a letter, a digit or _";
        self.that(is_username(name), "username", message)
    }

    /// `text` must be an e-mail address.
    pub fn email(&mut self, text: &str, field: &str) -> &mut Self {
        self.that(is_email(text), field, "must be an e-mail address")
    }

    /// `password` must be good enough for a new one: 8 to 128 characters, at least one letter and one digit.
    pub fn password(&mut self, password: &str, field: &str) -> &mut Self {
        let count = password.chars().count();
        let has_both = password.chars().any(char::is_alphabetic) && password.chars().any(char::is_numeric);
        self.that((8..=128).contains(&count), field, "must have 8 to 128 characters").that(
            has_both,
            field,
            "must have at least one letter and one digit",
        )
    }

    /// `name` must be one that a role can have.
    pub fn role(&mut self, name: &str) -> &mut Self {
        let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        let holds = (1..=64).contains(&name.len()) && name.bytes().all(is_plain);
        self.that(holds, "name", "must be 1 to 64 of a-z, 0-9, _ and -")
    }

    /// What was found wanting.
    pub fn found(self) -> Vec<FieldError> {
        self.0
    }

    /// Fine, or everything that is not.
    pub fn done(&mut self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::invalid(std::mem::take(&mut self.0))) }
    }
}

/// Whether nothing of a text can be seen: white space, control characters, what Unicode wants ignored where it cannot be
/// shown, and the fillers of Hangul and Braille. The function `is_blank` in the database is the same.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_unseen)
}

fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text is one line that reads as it stands: no control character, no line or paragraph separator, nothing that turns
/// the direction of what follows. The function `is_line` in the database is the same.
pub fn is_line(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

/// Whether this is a username: 3 to 32 of `a-z 0-9 _ .`, without a dot at its ends, where it would be punctuation to whoever
/// reads a mention.
pub fn is_username(text: &str) -> bool {
    (3..=32).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.'))
        && !text.starts_with('.')
        && !text.ends_with('.')
}

/// Whether this can be an e-mail address.
fn is_email(text: &str) -> bool {
    text.chars().count() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"')
        && email_address::EmailAddress::is_valid(text)
}

#[cfg(test)]
mod tests {
    use super::Checks;

    #[test]
    fn a_password_has_letters_and_digits() {
        for (password, good) in [
            ("abcdefg1", true),
            ("пароль12", true),
            ("abcdef1", false),
            ("abcdefgh", false),
            ("12345678", false),
            (&"a1".repeat(64), true),
            (&"a1b".repeat(43), false),
        ] {
            let mut checks = Checks::new();
            checks.password(password, "password");
            assert_eq!(checks.done().is_ok(), good, "{password}");
        }
    }
}
