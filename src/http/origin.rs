//! Which pages may use a visitor's cookie.

use poem::{Request, http::Method, http::header};

use crate::{
    app::App,
    error::{Code, Error, Result},
};

/// Refuses a request that rides on a cookie and comes from a page of another site. A request without `Origin` is no
/// page's doing; one that changes nothing gives a foreign page nothing, since it may not read the answer. An upgrade
/// to a socket does, so `always` checks it.
pub fn check_origin(app: &App, request: &Request, always: bool) -> Result<()> {
    let harmless = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless && !always {
        return Ok(());
    }
    let Some(origin) = request.headers().get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or("null");
    if is_own(app, request, origin) {
        Ok(())
    } else {
        Err(Error::new(Code::ForeignOrigin, "a page of another site may not use this visitor's cookie"))
    }
}

/// Whether pages of this foreign origin may use this server (`http.allowed_origins`).
pub fn is_allowed_origin(app: &App, origin: &str) -> bool {
    let allowed = &app.config.http.allowed_origins;
    allowed.iter().any(|allowed| allowed.trim_end_matches('/').eq_ignore_ascii_case(origin))
}

fn is_own(app: &App, request: &Request, origin: &str) -> bool {
    if is_allowed_origin(app, origin) {
        return true;
    }
    if let Some(public) = &app.config.http.public_url {
        return public_origin(public).eq_ignore_ascii_case(origin);
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    !host.is_empty() && authority.eq_ignore_ascii_case(host)
}

/// Scheme, host and port of a url.
fn public_origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    &url[..end]
}
