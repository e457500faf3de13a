//! Passwords: what a good one is, and how it is kept.

use std::net::IpAddr;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use unicode_normalization::UnicodeNormalization;

use crate::{
    app::App,
    error::{Error, Result},
    limits::{self, client_network_of},
};

/// A permit to hash: a core for the time of one password.
pub struct Permit {
    _permit: limits::Permit<Option<IpAddr>>,
    cost: u32,
}

/// Waits for a permit; `from` is the address of whoever asks, empty for whoever runs the program. Refuses with 503 when so many
/// wait already that it would take too long: those of the address that has most of them first.
pub async fn permit(app: &App, from: &str) -> Result<Permit> {
    let busy = || Error::unavailable("too many passwords are being checked right now; try again", 5);
    let permit = app.hashing.acquire(client_network_of(from)).await.ok_or_else(busy)?;
    Ok(Permit { _permit: permit, cost: app.config.auth.bcrypt_cost })
}

impl Permit {
    /// Does something else that takes a core, with the same permit. It lasts as long as the work, even when nobody waits for it any
    /// more.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<(Self, T)> {
        let work = move || {
            let done = work();
            (self, done)
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }

    /// Hashes a password with bcrypt at the configured cost.
    pub async fn hash(self, password: &str) -> Result<String> {
        let (input, cost) = (prepare(&composed(password)), self.cost);
        let (_, hash) = self.run(move || bcrypt::hash(input, cost)).await?;
        hash.map_err(Error::internal)
    }

    /// Whether the password is the one that was hashed. Without a hash it takes the same time and says no, so that an
    /// unknown account can't be told from a wrong password.
    pub async fn verify(self, password: &str, hash: Option<&str>) -> Result<bool> {
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.map_or_else(|| dummy_hash(self.cost), str::to_owned);
        let (_, matches) = self.run(move || is_hashed(&password, &hash)).await?;
        Ok(matches? && known)
    }
}

/// A keyboard may write é as one character or as two: both are the same password. Hashes from before that was so are of what
/// was written.
fn is_hashed(password: &str, hash: &str) -> Result<bool> {
    let composed = composed(password);
    let matches = |form: &str| bcrypt::verify(prepare(form), hash).map_err(Error::internal);
    Ok(matches(&composed)? || composed != password && matches(password)?)
}

/// A text in NFC.
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// A well-formed hash of nothing anyone knows. Its last characters carry no bits beyond those of a hash, or it would not
/// be one.
fn dummy_hash(cost: u32) -> String {
    format!("$2b${cost:02}$abcdefghijklmnopqrstuuAbCdEfGhIjKlMnOpQrStUvWxYz01232")
}

/// bcrypt reads 72 bytes and passes over the rest in silence; so it is given a digest of the whole password.
fn prepare(password: &str) -> String {
    STANDARD.encode(digest::digest(&digest::SHA256, password.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_passwords_count_to_their_last_character() {
        let one = "a1".repeat(60);
        let other = format!("{}b", &one[..119]);
        let hash = bcrypt::hash(prepare(&one), 4).unwrap();
        assert!(bcrypt::verify(prepare(&one), &hash).unwrap());
        assert!(!bcrypt::verify(prepare(&other), &hash).unwrap());
    }

    #[test]
    fn a_password_is_the_same_however_its_letters_are_put_together() {
        let (one, two) = ("caf\u{e9}-1234", "cafe\u{301}-1234");
        let hash = bcrypt::hash(prepare(&composed(two)), 4).unwrap();
        assert!(is_hashed(one, &hash).unwrap() && is_hashed(two, &hash).unwrap());
        assert!(!is_hashed("cafe-1234", &hash).unwrap());
        let from_before = bcrypt::hash(prepare(two), 4).unwrap();
        assert!(is_hashed(two, &from_before).unwrap());
    }

    #[test]
    fn the_dummy_is_a_hash_that_can_be_verified() {
        assert!(!bcrypt::verify(prepare("anything"), &dummy_hash(4)).unwrap());
    }
}
