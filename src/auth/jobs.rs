//! What is done to sign-ins when nobody looks.

use super::{
    service::keys,
    store::{self, resets, throttles, tokens},
};
use crate::{app::App, error::Result};

/// Removes refresh tokens that cannot be used any more; answers how many.
pub async fn sweep_refresh_tokens(app: &App) -> Result<u64> {
    store::sweep_refresh_tokens(&app.pool).await
}

/// Removes sessions and API tokens that ended long ago, and what was counted of attempts whose time is over; answers how many.
pub async fn sweep_sign_ins(app: &App) -> Result<u64> {
    let ended = store::sweep(&app.pool).await? + tokens::sweep(&app.pool).await?;
    Ok(ended + throttles::sweep(&app.pool).await?)
}

/// Removes links to set a password that have expired; answers how many.
pub async fn sweep_password_resets(app: &App) -> Result<u64> {
    resets::sweep(&app.pool).await
}

/// Makes a new key for passwords to be encrypted to when it is time, and removes the old ones; answers how many.
pub async fn rotate_login_keys(app: &App) -> Result<u64> {
    keys::rotate(app).await
}
