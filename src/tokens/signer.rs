//! Signs and verifies access tokens.

use aws_lc_rs::digest;
use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Code, Error, Result};

/// The only kind of token there is: a refresh token is no JWT, and a JWT made for something else is no access token.
const ACCESS: &str = "access";

/// How many seconds the clocks of two instances may differ by.
const CLOCKS_DIFFER: i64 = 5 * 60;

/// What an access token says of its bearer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The user.
    pub sub: Uuid,
    /// The session.
    pub sid: Uuid,
    /// This token.
    pub jti: Uuid,
    /// Always `access`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

/// Holds the secret tokens are signed with, and the older ones that still verify.
pub struct Signer {
    header: Header,
    signing: EncodingKey,
    verifying: Vec<(String, DecodingKey)>,
    validation: Validation,
    seconds: i64,
}

impl Signer {
    /// Signs with `secret` for `minutes`; tokens signed with one of `old_secrets` are still taken.
    pub fn new<'a>(secret: &'a str, old_secrets: impl Iterator<Item = &'a str>, minutes: u32) -> Self {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(key_id(secret));
        let mut validation = Validation::new(Algorithm::HS256);
        // `verify` looks at the end: the library reads no number of a JSON whose numbers are kept as they were written.
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["sub"]);
        Self {
            header,
            signing: EncodingKey::from_secret(secret.as_bytes()),
            verifying: std::iter::once(secret)
                .chain(old_secrets)
                .map(|secret| (key_id(secret), DecodingKey::from_secret(secret.as_bytes())))
                .collect(),
            validation,
            seconds: i64::from(minutes) * 60,
        }
    }

    /// How long a token lives, in seconds.
    pub fn lifetime_seconds(&self) -> i64 {
        self.seconds
    }

    /// A new token for a session.
    pub fn sign(&self, user_id: Uuid, session_id: Uuid) -> Result<String> {
        let now = Utc::now().timestamp();
        let claims = AccessClaims {
            sub: user_id,
            sid: session_id,
            jti: Uuid::new_v4(),
            kind: ACCESS.to_owned(),
            iat: now,
            exp: now + self.seconds,
        };
        encode(&self.header, &claims, &self.signing).map_err(Error::internal)
    }

    /// What the token says, if it was signed here, is an access token and has not ended.
    pub fn verify(&self, token: &str) -> Result<AccessClaims> {
        let refused = || Error::new(Code::NotSignedIn, "the access token is not valid or has expired");
        let kid = decode_header(token).ok().and_then(|header| header.kid).ok_or_else(refused)?;
        let (_, key) = self.verifying.iter().find(|(id, _)| *id == kid).ok_or_else(refused)?;
        let claims = decode::<AccessClaims>(token, key, &self.validation).map_err(|_| refused())?.claims;
        let now = Utc::now().timestamp();
        // After a clock was set back, what it had let expire would be good again; clocks of instances differ by less.
        let (is_of_the_past, lives) = (claims.iat <= now + CLOCKS_DIFFER, claims.exp > now);
        if claims.kind == ACCESS && is_of_the_past && lives { Ok(claims) } else { Err(refused()) }
    }
}

/// Names a secret without telling anything about it.
fn key_id(secret: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("trunkline key id:{secret}").as_bytes());
    hash.as_ref()[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn signer() -> Signer {
        Signer::new(SECRET, std::iter::empty(), 15)
    }

    #[test]
    fn what_was_signed_verifies() {
        let (user, session) = (Uuid::now_v7(), Uuid::now_v7());
        let claims = signer().verify(&signer().sign(user, session).unwrap()).unwrap();
        assert_eq!((claims.sub, claims.sid, claims.exp - claims.iat), (user, session, 900));
    }

    #[test]
    fn an_old_secret_still_verifies_and_a_strange_one_does_not() {
        let token = signer().sign(Uuid::now_v7(), Uuid::now_v7()).unwrap();
        let rotated = Signer::new("another secret of at least 32 bytes", [SECRET].into_iter(), 15);
        assert!(rotated.verify(&token).is_ok());
        let strange = Signer::new("another secret of at least 32 bytes", std::iter::empty(), 15);
        assert!(strange.verify(&token).is_err());
    }

    #[test]
    fn tampered_unsigned_and_wrong_kinds_are_refused() {
        let token = signer().sign(Uuid::now_v7(), Uuid::now_v7()).unwrap();
        let mut parts = token.split('.').map(str::to_owned).collect::<Vec<_>>();
        parts[1] = parts[1].replace(|c: char| c.is_ascii_lowercase(), "a");
        assert!(signer().verify(&parts.join(".")).is_err());
        assert!(signer().verify("").is_err());
        assert!(signer().verify("eyJhbGciOiJub25lIn0.e30.").is_err());
        let now = Utc::now().timestamp();
        for (kind, iat, exp) in
            [("refresh", now, now + 60), ("access", now - 60, now), ("access", now + 3600, now + 4500)]
        {
            let claims = AccessClaims {
                sub: Uuid::nil(),
                sid: Uuid::nil(),
                jti: Uuid::nil(),
                kind: kind.into(),
                iat,
                exp,
            };
            let token =
                encode(&signer().header, &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
            assert!(signer().verify(&token).is_err(), "{kind} {exp}");
        }
        for exp in
            [serde_json::json!(null), serde_json::json!("4102444800"), serde_json::json!(4_102_444_800.5)]
        {
            let id = Uuid::nil();
            let claims =
                serde_json::json!({"sub": id, "sid": id, "jti": id, "type": ACCESS, "iat": now, "exp": exp});
            let token =
                encode(&signer().header, &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
            assert!(signer().verify(&token).is_err(), "{exp}");
        }
    }
}
