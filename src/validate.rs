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

    /// Fine, or everything that is not.
    pub fn done(&mut self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::invalid(std::mem::take(&mut self.0))) }
    }
}

/// Whether a text shows nothing: white space alone.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Whether this is a username: 3 to 32 of `a-z 0-9 _ .`
pub fn is_username(text: &str) -> bool {
    (3..=32).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.'))
}

/// Whether this can be an e-mail address.
pub fn is_email(text: &str) -> bool {
    text.chars().count() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"')
        && email_address::EmailAddress::is_valid(text)
}
