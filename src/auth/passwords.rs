//! Passwords: what a good one is, and how it is kept.

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    app::App,
    error::{Error, Result},
    validate::Checks,
};

/// Checks a new password: 8 to 128 characters, at least one letter and one digit.
pub fn check(checks: &mut Checks, password: &str, field: &str) {
    let count = password.chars().count();
    checks.that((8..=128).contains(&count), field, "must have 8 to 128 characters");
    checks.that(
        password.chars().any(char::is_alphabetic) && password.chars().any(char::is_numeric),
        field,
        "must have at least one letter and one digit",
    );
}

/// A turn at hashing: a core for the time of one password.
pub struct Turn {
    permit: OwnedSemaphorePermit,
    cost: u32,
}

/// Waits for a turn. Refuses at once, with 503, when so many wait already that it would take too long.
pub async fn turn(app: &App) -> Result<Turn> {
    let busy = || Error::unavailable("too many passwords are being checked right now; try again", 5);
    let _place = app.hashing_line.try_acquire().map_err(|_| busy())?;
    let permit = app.hashing.clone().acquire_owned().await.map_err(Error::internal)?;
    Ok(Turn { permit, cost: app.config.auth.bcrypt_cost })
}

/// Hashes a password with bcrypt at the configured cost.
pub async fn hash(app: &App, password: &str) -> Result<String> {
    let Turn { permit, cost } = turn(app).await?;
    let input = prepare(password);
    work(permit, move || bcrypt::hash(input, cost)).await
}

impl Turn {
    /// Whether the password is the one that was hashed. Without a hash it takes the same time and says no, so that an
    /// unknown account can't be told from a wrong password.
    pub async fn verify(self, password: &str, hash: Option<&str>) -> Result<bool> {
        let input = prepare(password);
        let known = hash.is_some();
        let hash = hash.map_or_else(|| decoy(self.cost), str::to_owned);
        let matches = work(self.permit, move || bcrypt::verify(input, &hash)).await?;
        Ok(matches && known)
    }
}

/// The turn lasts as long as the work, even when nobody waits for it any more.
async fn work<T: Send + 'static>(
    permit: OwnedSemaphorePermit,
    work: impl FnOnce() -> bcrypt::BcryptResult<T> + Send + 'static,
) -> Result<T> {
    let work = move || {
        let done = work();
        drop(permit);
        done
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?.map_err(Error::internal)
}

/// A well-formed hash of nothing anyone knows. Its last characters carry no bits beyond those of a hash, or it would not
/// be one.
fn decoy(cost: u32) -> String {
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
    fn the_decoy_is_a_hash_that_can_be_verified() {
        assert!(!bcrypt::verify(prepare("anything"), &decoy(4)).unwrap());
    }

    #[test]
    fn a_password_has_letters_and_digits() {
        for (password, good) in [
            ("abcdefg1", true),
            ("пароль12", true),
            ("abcdef1", false),
            ("abcdefgh", false),
            ("12345678", false),
            (&"a1".repeat(64), true),
            (&"a1b".repeat(43), false),
        ] {
            let mut checks = Checks::new();
            check(&mut checks, password, "password");
            assert_eq!(checks.done().is_ok(), good, "{password}");
        }
    }
}
