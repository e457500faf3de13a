//! Refresh tokens: random, and signed with the session they keep going, so that one of ours is known without a row.

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{error::Result, secrets::random};

/// The random bytes of a token, after the 16 of its session.
const SECRET_BYTES: usize = 32;
/// What is sealed of a token: the session and what is random.
const SIGNED_BYTES: usize = 16 + SECRET_BYTES;

/// Makes refresh tokens. Which of them is good the table says; a token that was made here and is not there any more was
/// used, and whoever brings it has kept it too long, or has stolen it.
pub struct RefreshTokens {
    signing: hmac::Key,
    verifying: Vec<hmac::Key>,
}

impl RefreshTokens {
    /// Signs with `secret`; tokens signed with one of `old_secrets` are known too.
    pub fn new<'a>(secret: &'a str, old_secrets: impl Iterator<Item = &'a str>) -> Self {
        let signing = key(secret);
        let verifying = std::iter::once(signing.clone()).chain(old_secrets.map(key)).collect();
        Self { signing, verifying }
    }

    /// A new token for a session.
    pub fn make(&self, session_id: Uuid) -> Result<String> {
        let mut bytes = session_id.as_bytes().to_vec();
        bytes.extend_from_slice(&random::bytes::<SECRET_BYTES>()?);
        let tag = hmac::sign(&self.signing, &bytes);
        bytes.extend_from_slice(tag.as_ref());
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The session a token was made for, if it was made here.
    pub fn session_of(&self, token: &str) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (signed, tag) = bytes.split_at_checked(SIGNED_BYTES)?;
        let is_ours = self.verifying.iter().any(|key| hmac::verify(key, signed, tag).is_ok());
        is_ours.then(|| Uuid::from_slice(&signed[..16]).ok())?
    }
}

/// A key of its own: what signs access tokens signs nothing else.
fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, format!("trunkline refresh token:{secret}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_ours_names_its_session_and_nothing_else_does() {
        let old = RefreshTokens::new("first", std::iter::empty());
        let (id, token) = (Uuid::now_v7(), |tokens: &RefreshTokens, id| tokens.make(id).unwrap());
        let made = token(&old, id);
        assert_eq!(old.session_of(&made), Some(id));
        let both = RefreshTokens::new("second", ["first"].into_iter());
        assert_eq!((both.session_of(&made), both.session_of(&token(&both, id))), (Some(id), Some(id)));
        assert_eq!(RefreshTokens::new("second", std::iter::empty()).session_of(&made), None);
        let mut other = URL_SAFE_NO_PAD.decode(&made).unwrap();
        other[3] ^= 1;
        for strange in
            ["", "AAAA", &made[1..], &URL_SAFE_NO_PAD.encode(other), &URL_SAFE_NO_PAD.encode([0; 48])]
        {
            assert_eq!(old.session_of(strange), None, "{strange}");
        }
    }
}
