//! Who guesses passwords has to wait: wrong ones are counted by account and by address, for all instances together. So is what
//! costs a hash, or a row for good: sign-ins, sign-ups, API tokens.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{
    passwords::{self, Permit},
    store::{
        self,
        throttles::{self, Count},
    },
};
use crate::{
    app::App,
    error::{Code, Error, Result},
    limits::client_network_of,
};

/// How long a wrong password counts.
pub const WINDOW: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// The counters of one attempt.
#[derive(Debug)]
pub struct Throttle {
    address: String,
    keys: Vec<String>,
    most: i64,
    window: Duration,
    is_on: bool,
}

impl Throttle {
    /// For an attempt to sign in to an account, or to change its password. From where its owner has signed in before it is
    /// counted apart: whoever guesses elsewhere does not keep them out.
    pub async fn of_account(app: &App, address: &str, user_id: Uuid) -> Result<Self> {
        let is_known = is_known(app, user_id, address).await?;
        let account = match is_known {
            true => format!("{user_id} at {}", network_of(address)),
            false => user_id.to_string(),
        };
        Ok(Self::new(app, "login", address, &account, WINDOW))
    }

    /// For an attempt to sign in to an account that is not there. Whoever tries must not find that out.
    pub async fn of_nobody(app: &App, address: &str, name: &str) -> Result<Self> {
        // Asked all the same, so that it takes as long.
        is_known(app, Uuid::nil(), address).await?;
        Ok(Self::new(app, "login", address, &passwords::composed(name).to_lowercase(), WINDOW))
    }

    /// `limits.logins_per_minute` of this kind by address, and by account, in each window.
    pub fn new(app: &App, kind: &str, address: &str, account: &str, window: Duration) -> Self {
        let keys = vec![key(kind, "account", account), key(kind, "address", &network_of(address))];
        Self::with(app, address, keys, app.config.limits.logins_per_minute, window)
    }

    /// `limits.sign_ins_per_minute` by address, whatever comes of them.
    pub fn of_sign_ins_from(app: &App, address: &str) -> Self {
        let keys = vec![key("sign_in", "address", &network_of(address))];
        Self::with(app, address, keys, app.config.limits.sign_ins_per_minute, WINDOW)
    }

    /// The same at an account: of those that are right, as others must not keep its owner out.
    pub fn of_sign_ins_to(app: &App, address: &str, user_id: Uuid) -> Self {
        let keys = vec![key("sign_in", "account", &user_id.to_string())];
        Self::with(app, address, keys, app.config.limits.sign_ins_per_minute, WINDOW)
    }

    /// `limits.sign_ups_per_hour` by address, whatever comes of them.
    pub fn of_sign_ups(app: &App, address: &str) -> Self {
        let keys = vec![key("sign_up", "address", &network_of(address))];
        Self::with(app, address, keys, app.config.limits.sign_ups_per_hour, HOUR)
    }

    /// `limits.api_tokens_per_hour` by person.
    pub fn of_api_tokens(app: &App, address: &str, user_id: Uuid) -> Self {
        let keys = vec![key("api_token", "account", &user_id.to_string())];
        Self::with(app, address, keys, app.config.limits.api_tokens_per_hour, HOUR)
    }

    fn with(app: &App, address: &str, keys: Vec<String>, most: u32, window: Duration) -> Self {
        let is_on = app.config.limits.enabled;
        Self { address: address.to_owned(), keys, most: i64::from(most), window, is_on }
    }

    /// Whether a password is the one that was hashed; without a hash it takes as long and says no.
    ///
    /// Who has been wrong too often is refused before anything is hashed, and once more with the permit to hash: so that
    /// of many guesses sent at once no more are answered than of those sent one by one. A right one does not count.
    pub async fn verify(&self, app: &App, password: &str, hash: Option<&str>) -> Result<bool> {
        self.check(app).await?;
        let permit = passwords::permit(app, &self.address).await?;
        self.verify_in(app, permit, password, hash).await
    }

    /// The same with a permit for which somebody has waited already, after [`Self::check`].
    pub async fn verify_in(
        &self,
        app: &App,
        permit: Permit,
        password: &str,
        hash: Option<&str>,
    ) -> Result<bool> {
        self.count(app).await?;
        let matches = permit.verify(password, hash).await?;
        if matches {
            self.uncount(app).await?;
        }
        Ok(matches)
    }

    /// Counts an attempt; refused when there were too many.
    pub async fn count(&self, app: &App) -> Result<()> {
        if !self.is_on {
            return Ok(());
        }
        let counts = throttles::count(&app.db().await?, &self.keys, self.window).await?;
        refuse(counts.iter().filter(|counted| counted.count > self.most))
    }

    /// Takes back what [`Self::count`] counted: it was no attempt of the kind that is limited.
    pub async fn uncount(&self, app: &App) -> Result<()> {
        if self.is_on {
            throttles::uncount(&app.db().await?, &self.keys).await?;
        }
        Ok(())
    }

    /// Refused when there were too many attempts already.
    pub async fn check(&self, app: &App) -> Result<()> {
        if !self.is_on {
            return Ok(());
        }
        let counts = throttles::list(&app.db().await?, &self.keys).await?;
        refuse(counts.iter().filter(|counted| counted.count >= self.most))
    }
}

/// The name of a counter. What stands in it tells nobody who it was.
fn key(kind: &str, what: &str, of: &str) -> String {
    let hash = digest::digest(&digest::SHA256, of.as_bytes());
    format!("{kind}:{what}:{}", URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))
}

/// Whether somebody has signed in from an address before; nobody asks where nothing is counted.
async fn is_known(app: &App, user_id: Uuid, address: &str) -> Result<bool> {
    match app.config.limits.enabled {
        true => store::knows_address(&app.db().await?, user_id, address).await,
        false => Ok(false),
    }
}

/// Refuses for as long as the last of these counters goes on.
fn refuse<'a>(over: impl Iterator<Item = &'a Count>) -> Result<()> {
    match over.map(|counted| counted.seconds.max(0.0).ceil() as u32).max() {
        None => Ok(()),
        Some(seconds) => Err(Error::new(Code::TooManyRequests, "too many attempts; try again later")
            .retry_after(seconds.max(1))),
    }
}

/// Whoever has one address of IPv6 has 2^64 of them: they count as one.
fn network_of(address: &str) -> String {
    client_network_of(address).map_or_else(|| address.to_owned(), |client_network| client_network.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_network_count_as_one() {
        assert_eq!(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2::7"));
        assert_ne!(network_of("2001:db8:1:3::7"), network_of("2001:db8:1:2::7"));
        assert_ne!(network_of("::ffff:192.0.2.1"), network_of("::ffff:192.0.2.2"));
        assert_eq!(network_of("192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn who_waits_waits_for_the_last_counter() {
        let count = |seconds| Count { count: 30, seconds };
        let refused = refuse([count(0.0), count(41.2)].iter()).unwrap_err();
        assert_eq!((refused.code(), refused.retry_after_seconds()), (Code::TooManyRequests, Some(42)));
        assert_eq!(refuse([count(-1.0)].iter()).unwrap_err().retry_after_seconds(), Some(1));
        assert!(refuse([].iter()).is_ok());
    }
}
