//! Usernames that are made for those who have chosen none.

use crate::validate::is_username;

/// A username from the part of an e-mail before the `@`.
pub(super) fn username_from(email: &str) -> String {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let kept: String = local.chars().filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '.')).collect();
    let kept = kept.trim_matches('.');
    // Letters of one byte each are all that is left.
    let name = kept[..kept.len().min(32)].trim_end_matches('.');
    if is_username(name) { name.to_owned() } else { with_suffix(&format!("user{name}")) }
}

/// Tells a made-up username from one that is taken.
pub(super) fn with_suffix(name: &str) -> String {
    let stem = name[..name.len().min(25)].trim_end_matches('.');
    format!("{stem}.{}", rand::random_range(100_000..1_000_000))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{username_from, with_suffix};
    use crate::validate::is_username;

    #[test]
    fn a_username_comes_from_an_e_mail() {
        for (email, name) in [
            ("kim@example.com", "kim"),
            ("kim.\u{df}@example.com", "kim"),
            (".kim.@example.com", "kim"),
            ("Kim.O'Hara+chat@example.com", "kim.oharachat"),
            ("abcdefghijklmnopqrstuvwxyz12345.doe@example.com", "abcdefghijklmnopqrstuvwxyz12345"),
            ("___@example.com", "___"),
        ] {
            assert_eq!(username_from(email), name, "{email}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_made_of_an_e_mail_can_be_mentioned(
            local in "[a-z.]{0,40}|\\PC{0,40}", domain in "[a-z]{1,5}\\.[a-z]{2}",
        ) {
            let name = username_from(&format!("{local}@{domain}"));
            prop_assert!(is_username(&name), "{name}");
            prop_assert!(is_username(&with_suffix(&name)));
        }
    }
}
