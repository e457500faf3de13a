//! Another e-mail address: whoever reads the mail of an account may set its password.

use std::time::Duration;

use uuid::Uuid;

use super::proofs::{needed, prove};
use crate::{
    app::App,
    auth::throttle::Throttle,
    error::Result,
    http::{Caller, RequestInfo},
    users::{self, User, model::Profile, service::NewEmail},
};

/// How long a change of one's address counts: each has an e-mail sent to where somebody may never have been.
const WINDOW: Duration = Duration::from_secs(600);

/// Replaces a profile: one's own, or anyone's by an administrator. Another address of one's own wants the password or a fresh
/// sign-in; an API token can't change one at all.
pub async fn replace(
    app: &App,
    caller: Caller,
    id: Uuid,
    profile: Profile,
    info: &RequestInfo,
) -> Result<User> {
    let known = users::store::find(&app.db().await?, id).await?;
    let is_new = known.is_some_and(|known| known.email != profile.email.trim());
    let mut proof = None;
    if is_new {
        caller.require_session()?;
    }
    if is_new && caller.user_id == id {
        proof = Some(prove(app, caller, profile.current_password.as_deref(), info).await?);
        Throttle::new(app, "email", &info.address, &id.to_string(), WINDOW).count(app).await?;
    }
    let email = match (is_new, proof) {
        (false, _) => NewEmail::None,
        (true, None) => NewEmail::Any,
        (true, Some(proof)) => NewEmail::While { password_hash: proof.password_hash },
    };
    // Another password since it was given.
    users::service::replace(app, caller, id, profile, email).await?.ok_or_else(needed)
}
