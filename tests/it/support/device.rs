//! A browser that takes pushes: its keys, and how it reads what it is sent (RFC 8188, RFC 8291). It shares no code with the
//! server.

use aws_lc_rs::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree},
    hkdf::{HKDF_SHA256, KeyType, Salt},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::Sent;

/// A device with keys of its own.
pub struct Device {
    private: PrivateKey,
    public: Vec<u8>,
    auth: Vec<u8>,
}

/// So many bytes of a derived key.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derived(salt: &[u8], secret: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let key = Salt::new(HKDF_SHA256, salt).extract(secret);
    let mut bytes = vec![0; length];
    key.expand(&[info], Length(length)).unwrap().fill(&mut bytes).unwrap();
    bytes
}

impl Device {
    /// A new one.
    pub fn new() -> Self {
        let private = PrivateKey::generate(&ECDH_P256).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        let mut auth = vec![0; 16];
        aws_lc_rs::rand::fill(&mut auth).unwrap();
        Self { private, public, auth }
    }

    /// What its page sends to the server; its push service is at `endpoint`.
    pub fn subscription(&self, endpoint: &str) -> Value {
        let keys = json!({"p256dh": URL_SAFE_NO_PAD.encode(&self.public), "auth": URL_SAFE_NO_PAD.encode(&self.auth)});
        json!({"endpoint": endpoint, "expirationTime": null, "keys": keys})
    }

    /// Its keys, as text.
    pub fn keys(&self) -> [String; 2] {
        [URL_SAFE_NO_PAD.encode(&self.public), URL_SAFE_NO_PAD.encode(&self.auth)]
    }

    /// Reads a push.
    pub fn reads(&self, sent: &Sent) -> Value {
        assert_eq!(sent.headers["content-encoding"], "aes128gcm");
        let (salt, rest) = sent.bytes.split_at(16);
        let (size, rest) = rest.split_at(4);
        assert!(
            u32::from_be_bytes(size.try_into().unwrap()) as usize >= rest.len() - 66,
            "more than one record"
        );
        assert_eq!(rest[0], 65);
        let (server, ciphertext) = rest[1..].split_at(65);
        let info = [b"WebPush: info\0", self.public.as_slice(), server].concat();
        let peer = UnparsedPublicKey::new(&ECDH_P256, server);
        let secret =
            agree(&self.private, peer, (), |shared| Ok(derived(&self.auth, shared, &info, 32))).unwrap();
        let key = derived(salt, &secret, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = derived(salt, &secret, b"Content-Encoding: nonce\0", 12);
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let mut words = ciphertext.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(&nonce).unwrap();
        let plain = key.open_in_place(nonce, Aad::empty(), &mut words).unwrap();
        let end = plain.iter().rposition(|byte| *byte != 0).unwrap();
        assert_eq!(plain[end], 2, "the last record ends so");
        assert!(plain.len() < 3_000, "{} bytes", plain.len());
        serde_json::from_slice(&plain[..end]).unwrap()
    }
}
