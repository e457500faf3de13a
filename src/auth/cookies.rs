//! The cookies of a session: out of reach of scripts, and never sent along by foreign pages' posts.

use poem::http::HeaderValue;

use super::model::TokenPair;
use crate::app::App;

/// The refresh token goes to the endpoints of `auth` alone.
const REFRESH_PATH: &str = "/api/v1/auth";

/// The headers that set both cookies.
pub fn set(app: &App, pair: &TokenPair) -> Vec<HeaderValue> {
    let refresh_seconds = i64::from(app.config.auth.refresh_days) * 86_400;
    vec![
        cookie(app, "access_token", &pair.access_token, "/", pair.expires_in),
        cookie(app, "refresh_token", &pair.refresh_token, REFRESH_PATH, refresh_seconds),
    ]
}

/// The headers that clear both cookies.
pub fn clear(app: &App) -> Vec<HeaderValue> {
    vec![cookie(app, "access_token", "", "/", 0), cookie(app, "refresh_token", "", REFRESH_PATH, 0)]
}

fn cookie(app: &App, name: &str, value: &str, path: &str, seconds: i64) -> HeaderValue {
    let secure = if app.config.secure_cookies() { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    // Tokens are base64url and dots: always a valid header.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
