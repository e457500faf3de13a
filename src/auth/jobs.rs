//! What is done to sign-ins when nobody looks.

use super::store;
use crate::{app::App, error::Result};

/// Removes refresh tokens that can not be spent any more; answers how many.
pub async fn sweep_refresh_tokens(app: &App) -> Result<u64> {
    store::sweep_refresh_tokens(&app.pool).await
}

/// Removes failed sign-ins that are older than a day; answers how many.
pub async fn sweep_login_failures(app: &App) -> Result<u64> {
    store::sweep_login_failures(&app.pool).await
}
