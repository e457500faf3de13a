//! RSA for what a client encrypts to this server: OAEP with SHA-256, as browsers do it.

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use tokio::sync::MutexGuard;
use uuid::Uuid;

use crate::error::{Error, Result};

/// How many parsed keys are kept: two are taken at any time.
const KEPT: usize = 4;

/// A private key.
#[derive(Clone)]
pub struct PrivateKey(PrivateDecryptingKey);

impl PrivateKey {
    /// A new key of 2,048 bits; takes a core for a good part of a second.
    pub fn generate() -> Result<Self> {
        PrivateDecryptingKey::generate(KeySize::Rsa2048).map(Self).map_err(Error::internal)
    }

    /// The key in the form of [`PrivateKey::to_pkcs8`].
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self> {
        PrivateDecryptingKey::from_pkcs8(bytes).map(Self).map_err(Error::internal)
    }

    /// The key as it may be stored, sealed.
    pub fn to_pkcs8(&self) -> Result<Vec<u8>> {
        let der: Pkcs8V1Der<'_> = self.0.as_der().map_err(Error::internal)?;
        Ok(der.as_ref().to_vec())
    }

    /// The public half as PEM: what WebCrypto imports as `spki`.
    pub fn public_pem(&self) -> Result<String> {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().map_err(Error::internal)?;
        let text = STANDARD.encode(der.as_ref());
        let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
        for line in text.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem.push_str("-----END PUBLIC KEY-----\n");
        Ok(pem)
    }

    /// What was encrypted to the public half; `None` when it was not, or was changed.
    pub fn decrypt(&self, encrypted: &[u8]) -> Option<Vec<u8>> {
        let key = OaepPrivateDecryptingKey::new(self.0.clone()).ok()?;
        let mut plain = vec![0; key.min_output_size()];
        let plain = key.decrypt(&OAEP_SHA256_MGF1SHA256, encrypted, &mut plain, None).ok()?;
        Some(plain.to_vec())
    }
}

/// Private keys of the table that were opened and parsed before, which costs as much as to use one.
#[derive(Default)]
pub struct OpenedKeys {
    kept: Mutex<Vec<Kept>>,
    making: tokio::sync::Mutex<()>,
}

/// A key, and the sealed form it was opened from.
struct Kept {
    id: Uuid,
    sealed: Vec<u8>,
    key: PrivateKey,
}

impl OpenedKeys {
    /// The key with this id, if it was opened from just these bytes.
    pub fn get(&self, id: Uuid, sealed: &[u8]) -> Option<PrivateKey> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|kept| kept.id == id && kept.sealed == sealed).map(|kept| kept.key.clone())
    }

    /// Keeps a key that was opened from these bytes, in the place of the oldest.
    pub fn keep(&self, id: Uuid, sealed: Vec<u8>, key: PrivateKey) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.id != id);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept { id, sealed, key });
    }

    /// The right to make a new key: one at a time.
    pub async fn making(&self) -> MutexGuard<'_, ()> {
        self.making.lock().await
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rsa::{OaepPublicEncryptingKey, PublicEncryptingKey};

    use super::*;

    #[test]
    fn what_is_encrypted_to_the_public_half_opens_and_nothing_else() {
        let key = PrivateKey::generate().unwrap();
        let pem = key.public_pem().unwrap();
        let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let public = PublicEncryptingKey::from_der(&STANDARD.decode(text).unwrap()).unwrap();
        let public = OaepPublicEncryptingKey::new(public).unwrap();
        let mut encrypted = vec![0; public.ciphertext_size()];
        public.encrypt(&OAEP_SHA256_MGF1SHA256, b"hello", &mut encrypted, None).unwrap();
        let stored = key.to_pkcs8().unwrap();
        let again = || PrivateKey::from_pkcs8(&stored).unwrap();
        assert_eq!(again().decrypt(&encrypted).as_deref(), Some(b"hello".as_slice()));
        encrypted[7] ^= 1;
        assert_eq!(again().decrypt(&encrypted), None);
        assert_eq!(again().decrypt(b""), None);
    }
}
