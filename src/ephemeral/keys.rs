//! Who may write events: whoever knows a secret of the servers. Any role of the database may send a notification, so what one
//! says is believed only with a signature.

use aws_lc_rs::hmac;

/// What the key is made for, so that it is good for nothing else.
const PURPOSE: &[u8] = b"trunkline ephemeral events 1";
/// The most secrets that sign: the one in force and those before it.
const MOST: usize = 4;
/// The characters of a signature that are sent: 128 bits.
const DIGITS: usize = 32;

/// Signs with every secret there is: whoever knows one of them, the newest or not, can verify. So a secret that is changed
/// on one instance after the other loses no event.
#[derive(Clone)]
pub struct Keys(Vec<hmac::Key>);

impl Keys {
    /// Keys made of these secrets, the one in force first.
    pub fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        let derive = |secret: &str| {
            let parent = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&parent, PURPOSE).as_ref())
        };
        Self(secrets.take(MOST).map(derive).collect())
    }

    /// The signatures of a text, one a key.
    pub fn sign(&self, text: &str) -> String {
        self.0.iter().map(|key| digits(key, text)).collect::<Vec<_>>().join(",")
    }

    /// Whether one of these signatures is ours.
    pub fn verify(&self, signatures: &str, text: &str) -> bool {
        let ours: Vec<_> = self.0.iter().map(|key| digits(key, text)).collect();
        signatures.split(',').take(MOST).any(|theirs| {
            ours.iter().any(|ours| {
                aws_lc_rs::constant_time::verify_slices_are_equal(ours.as_bytes(), theirs.as_bytes()).is_ok()
            })
        })
    }
}

fn digits(key: &hmac::Key, text: &str) -> String {
    let tag = hmac::sign(key, text.as_bytes());
    let mut digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(DIGITS);
    digits
}
