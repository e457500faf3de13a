//! Sealing what must not be readable in the tables: authenticated encryption with key ids; and RSA, for what is not to be
//! readable on its way here.

pub mod random;
pub mod rsa;
pub mod vapid;

pub use rsa::OpenedKeys;

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, RandomizedNonceKey},
    constant_time, hmac,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, Result},
    time::Timestamp,
};

/// The keys sealed values are written and read with. A sealed value begins with the id of its key, so that keys can be
/// replaced one day without touching a row: `<length of id> <id> <nonce> <ciphertext and tag>`.
pub struct Keyring {
    keys: Vec<(String, RandomizedNonceKey)>,
    /// What signs, made of the same keys, in the same order.
    signers: Vec<hmac::Key>,
    reported: Mutex<HashSet<String>>,
}

/// The bytes of a signature.
const TAG: usize = 16;

/// The most values that can't be opened and are spoken of; a lost key makes all of them unreadable.
const REPORTED: usize = 1_000;

impl Keyring {
    /// Writes with `key`, reads with it and with any of `old`. Each is `<id>:<base64 of 32 bytes>`.
    pub fn new<'a>(key: &'a str, old: impl Iterator<Item = &'a str>) -> Result<Self> {
        let (mut keys, mut signers) = (vec![], vec![]);
        for one in std::iter::once(key).chain(old) {
            let (id, bytes) = parse(one)?;
            let sealing = RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(|_| malformed())?;
            keys.push((id, sealing));
            // Another key than the one that seals: neither says anything of the other.
            let parent = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
            let derived = hmac::sign(&parent, b"trunkline signatures 1");
            signers.push(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()));
        }
        Ok(Self { keys, signers, reported: Mutex::default() })
    }

    /// Signs `claim` for a purpose: 16 bytes that only whoever has the key can make, the same every time.
    pub fn sign(&self, purpose: &str, claim: &[u8]) -> [u8; TAG] {
        let mut tag = [0; TAG];
        if let Some(signer) = self.signers.first() {
            tag = signature(signer, purpose, claim);
        }
        tag
    }

    /// Whether this is what [`Keyring::sign`] made of `claim` for this purpose, with any of the keys.
    pub fn verify(&self, purpose: &str, claim: &[u8], tag: &[u8]) -> bool {
        let is_of = |signer: &hmac::Key| {
            constant_time::verify_slices_are_equal(&signature(signer, purpose, claim), tag).is_ok()
        };
        self.signers.iter().any(is_of)
    }

    /// Seals `plain`; only a value opened with the same `purpose` opens, so that a sealed value can't be moved to
    /// another place and pass for that place's own.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let (_, key) = self.keys.first().ok_or_else(|| Error::internal("the keyring is empty"))?;
        let mut body = plain.to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(purpose.as_bytes()), &mut body)
            .map_err(|_| Error::internal("sealing failed"))?;
        let mut sealed = self.mark()?;
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// The id of the key that seals.
    pub fn id(&self) -> &str {
        self.keys.first().map_or("", |(id, _)| id)
    }

    /// What every value begins with that the present key has sealed.
    pub fn mark(&self) -> Result<Vec<u8>> {
        let length =
            u8::try_from(self.id().len()).map_err(|_| Error::internal("the id of the key is too long"))?;
        Ok([&[length], self.id().as_bytes()].concat())
    }

    /// Whether a text is what [`Keyring::seal_json`] made with the present key.
    pub fn is_sealed_now(&self, sealed: &str) -> bool {
        let mark = self.mark().unwrap_or_default();
        STANDARD.decode(sealed).is_ok_and(|sealed| sealed.starts_with(&mark))
    }

    /// Opens what [`Keyring::seal`] sealed for this purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken =
            || Error::internal("an encrypted value cannot be decrypted: unknown key, or it was changed");
        let (length, rest) = sealed.split_first().ok_or_else(broken)?;
        let (id, rest) = rest.split_at_checked(usize::from(*length)).ok_or_else(broken)?;
        let (nonce, body) = rest.split_at_checked(12).ok_or_else(broken)?;
        let (_, key) = self.keys.iter().find(|(known, _)| known.as_bytes() == id).ok_or_else(broken)?;
        let nonce = aws_lc_rs::aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut body = body.to_vec();
        let plain =
            key.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut body).map_err(|_| broken())?;
        Ok(plain.to_vec())
    }

    /// Seals a value as text, where a column or a JSON holds it: what [`Keyring::open_json`] opens for the same purpose.
    pub fn seal_json(&self, purpose: &str, value: &impl Serialize) -> Result<String> {
        let plain = serde_json::to_vec(value).map_err(Error::internal)?;
        Ok(STANDARD.encode(self.seal(purpose, &plain)?))
    }

    /// Opens what [`Keyring::seal_json`] sealed for this purpose.
    pub fn open_json<T: DeserializeOwned>(&self, purpose: &str, sealed: &str) -> Result<T> {
        let sealed = STANDARD.decode(sealed).map_err(Error::internal)?;
        // First of any shape: the fields of a struct in a struct (`flatten`) are not read from text when they are numbers.
        let plain: serde_json::Value =
            serde_json::from_slice(&self.open(purpose, &sealed)?).map_err(Error::internal)?;
        serde_json::from_value(plain).map_err(Error::internal)
    }

    /// [`Keyring::open`] for a value that can be done without: one that cannot be opened is `None`, and the log says so once.
    pub fn open_or_report(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let opened = self.open(purpose, sealed);
        if let Err(error) = &opened {
            let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
            if reported.len() < REPORTED && reported.insert(purpose.to_owned()) {
                tracing::error!(purpose, "{}; it is shown empty", error.causes().trim_start_matches(": "));
            }
        }
        opened.ok()
    }
}

/// A new random key under `id`, in the form `secrets.key` takes.
pub fn generate_key(id: &str) -> Result<String> {
    Ok(format!("{id}:{}", STANDARD.encode(random::bytes::<32>()?)))
}

/// An id that no key had before: the date, and four random hexadecimal digits.
pub fn new_key_id() -> Result<String> {
    let [one, other] = random::bytes::<2>()?;
    Ok(format!("k{}-{one:02x}{other:02x}", Timestamp::now().0.format("%Y%m%d")))
}

fn signature(signer: &hmac::Key, purpose: &str, claim: &[u8]) -> [u8; TAG] {
    // The length first, so that no purpose reaches into a claim.
    let length = (purpose.len() as u64).to_be_bytes();
    let whole = hmac::sign(signer, &[&length[..], purpose.as_bytes(), claim].concat());
    let mut tag = [0; TAG];
    tag.copy_from_slice(&whole.as_ref()[..TAG]);
    tag
}

fn parse(key: &str) -> Result<(String, Vec<u8>)> {
    let (id, encoded) = key.split_once(':').ok_or_else(malformed)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| malformed())?;
    Ok((id.to_owned(), bytes))
}

fn malformed() -> Error {
    Error::internal("a secrets key is not <id>:<base64 of 32 bytes>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        let old = generate_key("old").unwrap();
        let sealed = Keyring::new(&old, std::iter::empty()).unwrap().seal("contacts:1", b"hello").unwrap();
        let new = generate_key("new").unwrap();
        let keyring = Keyring::new(&new, [old.as_str()].into_iter()).unwrap();
        assert_eq!(keyring.open("contacts:1", &sealed).unwrap(), b"hello");
        assert!(keyring.open("contacts:2", &sealed).is_err());
        assert!(Keyring::new(&new, std::iter::empty()).unwrap().open("contacts:1", &sealed).is_err());
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert!(keyring.open("contacts:1", &changed).is_err());
        assert!(keyring.open("contacts:1", &[]).is_err());
        assert_eq!(keyring.open_or_report("contacts:1", &changed), None);
    }
}
