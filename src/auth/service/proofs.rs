//! Who is it really? What outlives a session wants more than its access token, which may have been found.

use std::time::Duration;

use crate::{
    app::App,
    auth::{store, throttle::Throttle},
    error::{Code, Error, Result},
    http::{Caller, RequestInfo},
};

/// How long after a sign-in nobody is asked for the password again.
pub const FRESH: Duration = Duration::from_secs(600);

/// Says that somebody has brought their password, a moment ago or with this request. What is done because of it is done only
/// while that is their password.
pub struct Proof {
    /// The hash of the password.
    pub password_hash: String,
}

/// Proves that the caller is the owner of the account: by the password, if one is given, or by a sign-in of the last ten
/// minutes, of which the clock of the database decides; a refresh is none. A wrong password counts as a failed sign-in.
pub async fn prove(
    app: &App,
    caller: Caller,
    current_password: Option<&str>,
    info: &RequestInfo,
) -> Result<Proof> {
    caller.require_session()?;
    let row = store::find_proof(&app.db().await?, caller.session_id, caller.user_id, FRESH).await?;
    let row = row.ok_or_else(|| Error::new(Code::NotSignedIn, "this session has ended; sign in again"))?;
    match current_password {
        Some(password) => {
            let throttle = Throttle::of_account(app, &info.address, caller.user_id).await?;
            if !throttle.verify(app, password, Some(&row.password_hash)).await? {
                return Err(wrong());
            }
        }
        None if row.is_fresh => {}
        None => return Err(needed()),
    }
    Ok(Proof { password_hash: row.password_hash })
}

/// Neither the password nor a fresh sign-in.
pub fn needed() -> Error {
    let detail = "send your password as current_password, or sign in again and do it within ten minutes";
    Error::new(Code::FreshSignInNeeded, detail)
}

/// The password that was given is not the one.
pub fn wrong() -> Error {
    Error::new(Code::WrongPassword, "the current password is another one")
}
