//! The key pair by which push services know a server (VAPID, RFC 8292): ECDSA on P-256.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;

use crate::error::{Error, Result};

/// A key pair.
pub struct VapidKey {
    public: String,
    signing: EncodingKey,
}

/// What a token says.
#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    sub: &'a str,
}

impl VapidKey {
    /// A new one, as PKCS #8: what [`VapidKey::open`] reads.
    pub fn generate() -> Result<Vec<u8>> {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Ok(key.map_err(|_| Error::internal("no key for push services could be made"))?.as_ref().to_vec())
    }

    /// Reads one.
    pub fn open(pkcs8: &[u8]) -> Result<Self> {
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
            .map_err(|_| Error::internal("the key for push services is none"))?;
        let public = URL_SAFE_NO_PAD.encode(key.public_key().as_ref());
        Ok(Self { public, signing: EncodingKey::from_ec_der(pkcs8) })
    }

    /// The public half, an uncompressed point as base64url: what a browser takes as `applicationServerKey`.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The header `Authorization` for the push service at this origin, good until `exp` (seconds since 1970); `contact` is whom
    /// it can turn to.
    pub fn authorization(&self, origin: &str, exp: i64, contact: &str) -> Result<String> {
        let claims = Claims { aud: origin, exp, sub: contact };
        let token =
            encode(&Header::new(Algorithm::ES256), &claims, &self.signing).map_err(Error::internal)?;
        Ok(format!("vapid t={token}, k={}", self.public))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::VapidKey;

    #[test]
    fn a_token_is_signed_by_the_key_that_stands_beside_it() {
        let key = VapidKey::open(&VapidKey::generate().unwrap()).unwrap();
        let header = key.authorization("https://push.example.com", 1_780_000_000, "mailto:a@b.c").unwrap();
        let (token, public) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        assert_eq!(decode(public).len(), 65);
        let verifier = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(public));
        verifier.verify(signed.as_bytes(), &decode(signature)).unwrap();
    }
}
