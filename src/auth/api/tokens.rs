//! Personal API tokens over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{
        model::tokens::{ApiToken, ApiTokenSort, CreatedApiToken, NewApiToken},
        service::tokens,
    },
    http::{Caller, Created, Done, Format, IdempotencyKey, Json, Limit, List, Offset, RequestInfo, Wanted},
    tags::Tags,
};

/// Tokens for programs that act for somebody.
pub struct TokensApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1/auth/tokens", tag = "Tags::Auth")]
impl TokensApi {
    /// Make an API token
    ///
    /// For a program that acts for me. The answer has the secret as `token`, which begins with `tl_`. It is shown only this
    /// once; the server stores its hash. It is used as a bearer wherever an access token is, sockets included, and is not
    /// refreshed. It may do everything that I may, or only what `scopes` names. It cannot change the password, sign out, end
    /// sessions, or make tokens. A new password ends every API token.
    ///
    /// A token stays valid after the session that makes it. Therefore `current_password` is needed, unless I signed in within
    /// the last ten minutes (refreshing does not count): without it 403 `fresh_sign_in_needed`. A wrong one is 403
    /// `wrong_password`, and counts as a failed sign-in. One person makes at most `limits.api_tokens_per_hour`. The guide
    /// *Bots* has code for this.
    ///
    /// Errors: forbidden, fresh_sign_in_needed, wrong_password, suspended, idempotency_key_reused, too_many_requests
    #[oai(path = "/", method = "post", operation_id = "create_api_token")]
    async fn create_api_token(
        &self,
        caller: Caller,
        info: RequestInfo,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewApiToken>,
    ) -> poem::Result<Created<CreatedApiToken>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(Created(tokens::create(&self.app, caller, body.0, key, &info).await?))
    }

    /// List my API tokens
    ///
    /// My API tokens that were not ended, the latest first; an expired one too, for another month. The secrets are not shown
    /// again.
    #[oai(path = "/", method = "get", operation_id = "list_api_tokens")]
    async fn list_api_tokens(
        &self,
        caller: Caller,
        /// The order, the latest first when left out.
        #[oai(default)]
        sort: Query<ApiTokenSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<ApiToken>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(tokens::list(&self.app, caller, sort.0, wanted).await?)
    }

    /// End an API token
    ///
    /// One of mine, on every instance: it is refused from now on, and its sockets are closed (4401). A token may end itself.
    ///
    /// Errors: forbidden, not_found
    #[oai(path = "/:id", method = "delete", operation_id = "revoke_api_token")]
    async fn revoke_api_token(
        &self,
        caller: Caller,
        /// Which one.
        id: Path<Uuid>,
    ) -> poem::Result<Done> {
        tokens::revoke(&self.app, caller, id.0).await?;
        Ok(Done)
    }
}
