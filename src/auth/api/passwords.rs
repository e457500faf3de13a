//! Passwords over HTTP: another one, a forgotten one, and one that is encrypted on its way.

use poem_openapi::OpenApi;

use crate::{
    app::App,
    auth::{
        model::{Forgotten, NewPassword, PasswordReset, PublicKey},
        service::{keys, passwords, resets},
    },
    http::{Caller, Done, Json, RequestInfo},
    tags::Tags,
};

/// Passwords.
pub struct PasswordsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/auth", tag = "Tags::Auth")]
impl PasswordsApi {
    /// Change my password
    ///
    /// All other sessions of mine end, and all my API tokens. The session that asks goes on. A wrong current password counts
    /// as a failed sign-in. Passwords are compared in the Unicode form NFC, so it does not matter how a keyboard composes a
    /// letter.
    ///
    /// Errors: forbidden, wrong_password, too_many_requests
    #[oai(path = "/password", method = "post", operation_id = "change_password")]
    async fn change_password(
        &self,
        caller: Caller,
        info: RequestInfo,
        body: Json<NewPassword>,
    ) -> poem::Result<Done> {
        passwords::change(&self.app, caller, body.0, &info).await?;
        Ok(Done)
    }

    /// Ask for a link to set a new password
    ///
    /// Sends an e-mail with a link, if there is such an account. The answer is the same when there is none. The link is
    /// `<http.public_url>/#/reset-password?token=…`. The page there is part of your application: it takes the token from the
    /// address and sends it to `POST /api/v1/auth/password/reset`. The link can be used once, within an hour. In ten minutes
    /// `limits.logins_per_minute` requests are accepted for one e-mail, and from one address.
    ///
    /// Errors: too_many_requests, mail_not_configured
    #[oai(path = "/password/forgot", method = "post", operation_id = "forgot_password")]
    async fn forgot_password(&self, info: RequestInfo, body: Json<Forgotten>) -> poem::Result<Done> {
        resets::ask(&self.app, body.0, &info).await?;
        Ok(Done)
    }

    /// Set a new password with a link
    ///
    /// `token` is the one in the link. Every session and every API token of the account ends. A token that is unknown, used
    /// or expired is answered with `validation_failed` for `token`.
    ///
    /// Errors: mail_not_configured
    #[oai(path = "/password/reset", method = "post", operation_id = "reset_password")]
    async fn reset_password(&self, info: RequestInfo, body: Json<PasswordReset>) -> poem::Result<Done> {
        resets::reset(&self.app, body.0, &info).await?;
        Ok(Done)
    }

    /// The key to encrypt a password to
    ///
    /// For clients behind a proxy that could read the password. Encrypt `{"password": "…", "at": "<now, RFC 3339>"}` with
    /// RSA-OAEP and SHA-256. Sign in with the result in base64 as `encrypted_password`, and with `key_id`. In a browser:
    ///
    /// ```js
    /// const { key_id, public_key } = await (await fetch("/api/v1/auth/keys/public")).json();
    /// const der = Uint8Array.from(atob(public_key.replace(/-----.*-----|\s/g, "")), c => c.charCodeAt(0));
    /// const algorithm = { name: "RSA-OAEP", hash: "SHA-256" };
    /// const key = await crypto.subtle.importKey("spki", der, algorithm, false, ["encrypt"]);
    /// const plain = new TextEncoder().encode(JSON.stringify({ password, at: new Date().toISOString() }));
    /// const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
    /// const encrypted_password = btoa(String.fromCharCode(...sealed));
    /// await fetch("/api/v1/auth/login", {
    ///   method: "POST",
    ///   headers: { "Content-Type": "application/json" },
    ///   body: JSON.stringify({ email, encrypted_password, key_id }),
    /// });
    /// ```
    ///
    /// Each result can be used once, within five minutes. There is a new key every day, and the old one can be used for another
    /// day.
    #[oai(path = "/keys/public", method = "get", operation_id = "get_public_key")]
    async fn get_public_key(&self) -> poem::Result<Json<PublicKey>> {
        Ok(Json(keys::public_key(&self.app).await?))
    }
}
