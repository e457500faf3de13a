//! Which pages may use a visitor's cookie.

use poem::{Request, http::Method, http::header};

use super::fields::{Authority, Origin};
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
    // Of several lines, which no browser sends, each must be good.
    let mut origins = request.headers().get_all(header::ORIGIN).iter();
    if origins.all(|origin| is_own(app, request, origin.to_str().unwrap_or("null"))) {
        Ok(())
    } else {
        Err(Error::new(Code::ForeignOrigin, "a page of another site may not use this visitor's cookie"))
    }
}

/// Whether pages of this foreign origin may use this server (`http.allowed_origins`).
pub fn is_allowed_origin(app: &App, origin: &str) -> bool {
    let Some(origin) = Origin::parse(origin) else { return false };
    let mut allowed = app.config.http.allowed_origins.iter().filter_map(|allowed| Origin::parse(allowed));
    allowed.any(|allowed| allowed.is(&origin))
}

fn is_own(app: &App, request: &Request, origin: &str) -> bool {
    if is_allowed_origin(app, origin) {
        return true;
    }
    let Some(origin) = Origin::parse(origin) else { return false };
    if let Some(public) = &app.config.http.public_url {
        return Origin::parse(public).is_some_and(|public| public.is(&origin));
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    host.and_then(Authority::parse).is_some_and(|host| origin.is_at(&host))
}
