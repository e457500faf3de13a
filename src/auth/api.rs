//! Signing up, in and out over HTTP.

pub mod passwords;
pub mod sessions;
pub mod tokens;

use poem::{IntoResponse, Request, Response, http::header::SET_COOKIE};
use poem_openapi::{
    ApiResponse, OpenApi,
    registry::{MetaResponses, Registry},
};

use super::{
    cookies,
    model::{Login, Refresh, Registration, TokenPair},
    service,
};
use crate::{
    app::App,
    error::{Code, Error},
    http::{Caller, Created, Done, Json, MaybeJson, RequestInfo, check_origin, fields},
    tags::Tags,
    users::User,
};

/// Signing up, in and out.
pub struct AuthApi {
    /// The running product.
    pub app: App,
}

/// An answer that sets or clears the session's cookies.
struct WithCookies<T> {
    answer: T,
    cookies: Vec<poem::http::HeaderValue>,
}

impl<T: IntoResponse> IntoResponse for WithCookies<T> {
    fn into_response(self) -> Response {
        let mut response = self.answer.into_response();
        for cookie in self.cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response.headers_mut().insert("cache-control", poem::http::HeaderValue::from_static("no-store"));
        response
    }
}

impl<T: ApiResponse> ApiResponse for WithCookies<T> {
    fn meta() -> MetaResponses {
        T::meta()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tags::Auth")]
impl AuthApi {
    /// Make an account
    ///
    /// The e-mail address is unique; upper and lower case are the same. Afterwards the person signs in with it or with the
    /// username.
    ///
    /// From one address `limits.sign_ups_per_hour` sign-ups an hour are accepted. Requests for an e-mail or a username that
    /// is taken are limited more strictly, to `limits.logins_per_minute` a minute, because the answer says who has an
    /// account.
    ///
    /// Errors: email_taken, username_taken, too_many_requests
    #[oai(path = "/register", method = "post", operation_id = "register")]
    async fn register(&self, info: RequestInfo, body: Json<Registration>) -> poem::Result<Created<User>> {
        Ok(Created(service::register(&self.app, body.0, &info).await?))
    }

    /// Sign in
    ///
    /// Give `email` or `username`, and `password`; or `encrypted_password` with `key_id`, as `GET /api/v1/auth/keys/public`
    /// describes. The answer has both tokens, and sets them as the cookies `access_token` and `refresh_token` (HttpOnly,
    /// SameSite=Lax). A wrong password and an unknown account get the same answer.
    ///
    /// `limits.logins_per_minute` is how many wrong passwords a minute are accepted, for one account and from one address.
    /// `limits.sign_ins_per_minute` is the same for all sign-ins from one address, right or wrong. Beyond that the answer is
    /// 429 with `Retry-After`. One person has at most 200 sessions: one more ends the session that was least recently used.
    ///
    /// Errors: wrong_credentials, suspended, too_many_requests
    #[oai(path = "/login", method = "post", operation_id = "login")]
    async fn login(
        &self,
        info: RequestInfo,
        body: Json<Login>,
    ) -> poem::Result<WithCookies<Json<TokenPair>>> {
        let pair = service::login(&self.app, body.0, &info).await?;
        Ok(WithCookies { cookies: cookies::set(&self.app, &pair), answer: Json(pair) })
    }

    /// Refresh the access token
    ///
    /// Takes the refresh token from the body or from the cookie, and answers with a new pair. The old refresh token is then
    /// used. If a used token comes again within `auth.refresh_grace_seconds`, the answer is another pair of the same
    /// session, and the pair that is used first goes on. Later, a used token ends the session. A refresh token is valid only
    /// for the User-Agent that it was issued to: browser and platform must be the same, their versions need not. The guide
    /// *Keeping somebody signed in* has code for this.
    ///
    /// Errors: session_over, foreign_origin, too_many_requests
    #[oai(path = "/token/refresh", method = "post", operation_id = "refresh_token")]
    async fn refresh_token(
        &self,
        request: &Request,
        info: RequestInfo,
        body: MaybeJson<Refresh>,
    ) -> poem::Result<WithCookies<Json<TokenPair>>> {
        let given = body.0.and_then(|body| body.refresh_token);
        let tokens: Vec<&str> = match &given {
            Some(token) => vec![token],
            None => fields::cookies(request, "refresh_token").collect(),
        };
        if tokens.is_empty() {
            return Err(Error::new(Code::SessionOver, "this needs a refresh token").into());
        }
        if given.is_none() {
            check_origin(&self.app, request, false)?;
        }
        let pair = service::refresh(&self.app, &tokens, &info).await?;
        Ok(WithCookies { cookies: cookies::set(&self.app, &pair), answer: Json(pair) })
    }

    /// Sign out
    ///
    /// Ends the session on every instance: its tokens are no longer valid, its sockets are closed (4401), its cookies are
    /// cleared. To end an API token use `DELETE /api/v1/auth/tokens/{id}`.
    ///
    /// Errors: forbidden
    #[oai(path = "/logout", method = "post", operation_id = "logout")]
    async fn logout(&self, caller: Caller) -> poem::Result<WithCookies<Done>> {
        service::logout(&self.app, caller).await?;
        Ok(WithCookies { cookies: cookies::clear(&self.app), answer: Done })
    }
}
