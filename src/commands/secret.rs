//! `trunkline secret`

use super::{Outcome, answer};
use crate::secrets;

/// Prints a new key.
pub fn generate_key(id: &str) -> Outcome {
    if id.is_empty()
        || id.len() > 64
        || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    {
        return Err("an id is 1 to 64 of a-z, A-Z, 0-9, - and _".into());
    }
    answer(secrets::generate_key(id)?)
}
