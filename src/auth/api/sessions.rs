//! Sessions, suspensions, e-mail addresses and the end of an account over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::WithCookies;
use crate::{
    app::App,
    auth::{
        cookies,
        model::{Erasure, Session, SessionSort},
        service::{accounts, erasures, profiles, sessions},
    },
    http::{Caller, Done, Format, Json, Limit, List, Offset, RequestInfo, Wanted},
    tags::Tags,
    users::{
        User,
        model::{NewStatus, Profile},
    },
};

/// Who is signed in where, and who may be.
pub struct SessionsApi {
    /// The running product.
    pub app: App,
}

#[OpenApi(prefix_path = "/api/v1")]
impl SessionsApi {
    /// Where I am signed in
    ///
    /// All my sessions that have not ended, the last used first. `current` is true for the session that asks.
    #[oai(path = "/auth/sessions", method = "get", operation_id = "list_sessions", tag = "Tags::Auth")]
    async fn list_sessions(
        &self,
        caller: Caller,
        /// The order, the last used first when left out.
        #[oai(default)]
        sort: Query<SessionSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Session>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(sessions::list(&self.app, caller, sort.0, wanted).await?)
    }

    /// End a session
    ///
    /// Ends one of my sessions, on every instance: its tokens are no longer valid, and its sockets are closed (4401).
    ///
    /// Errors: forbidden, not_found
    #[oai(
        path = "/auth/sessions/:id",
        method = "delete",
        operation_id = "revoke_session",
        tag = "Tags::Auth"
    )]
    async fn revoke_session(
        &self,
        caller: Caller,
        /// Which one.
        id: Path<Uuid>,
    ) -> poem::Result<Done> {
        sessions::revoke(&self.app, caller, id.0).await?;
        Ok(Done)
    }

    /// Replace a profile
    ///
    /// One's own, or anyone's by an administrator. `bio` and `contacts` stay as they are when left out; `contacts` is
    /// replaced as a whole.
    ///
    /// Whoever reads the mail of an account may set its password. So another `email` of one's own needs `current_password`,
    /// unless one signed in within the last ten minutes (staying signed in does not count): without it 403
    /// `fresh_sign_in_needed`. A wrong one is 403 `wrong_password` and counts as a failed sign-in. An API token cannot change
    /// `email`: 403. The old address is told by e-mail, where the server sends any, and links to set a password that were sent
    /// before end. One person may change theirs `limits.logins_per_minute` times in ten minutes.
    ///
    /// Errors: forbidden, fresh_sign_in_needed, wrong_password, not_found, email_taken, username_taken, too_many_requests
    #[oai(path = "/users/:id", method = "put", operation_id = "replace_user", tag = "Tags::Users")]
    async fn replace_user(
        &self,
        caller: Caller,
        info: RequestInfo,
        /// Whose.
        id: Path<Uuid>,
        profile: Json<Profile>,
    ) -> poem::Result<Json<User>> {
        Ok(Json(profiles::replace(&self.app, caller, id.0, profile.0, &info).await?))
    }

    /// Erase my account
    ///
    /// For good. At once: I am signed out everywhere (sockets close with 4401, API tokens are revoked), nobody finds me any more
    /// (`GET /api/v1/users/{id}` is 404), and my e-mail and username are free. Name, address, contacts, picture, sessions,
    /// friendships and blocks are erased, and uploads that no message has. Within moments, in a job, I leave every chat, as
    /// anybody does who leaves: a chat of mine goes to the admin who has been there longest, or else to the member, and ends
    /// where nobody else is left. The webhooks I have made end with it.
    ///
    /// What stays, so that the others keep what they were told: my messages with their files, my posts and comments, and
    /// my reactions, under an id that names nobody (`include=users` leaves it out); numbers and ids in the logs; my name where others have written it;
    /// and the audit, as somebody may have to answer for what stands there. With `"messages": "clear"` my posts and comments go too,
    /// and the words and files of my messages in every chat that I ever wrote in, as if I had recalled each; whoever watches is told once in
    /// a chat (`sender_cleared`: the words of `user_id` are gone up to `up_to_seq`).
    ///
    /// Wants the password (403 `wrong_password`, which counts as a failed sign-in), and no API token can do it. The last
    /// administrator cannot be erased: 409.
    ///
    /// Errors: forbidden, wrong_password, conflict, too_many_requests
    #[oai(path = "/users/me", method = "delete", operation_id = "erase_me", tag = "Tags::Users")]
    async fn erase_me(
        &self,
        caller: Caller,
        info: RequestInfo,
        body: Json<Erasure>,
    ) -> poem::Result<WithCookies<Done>> {
        erasures::erase(&self.app, caller, body.0, &info).await?;
        Ok(WithCookies { cookies: cookies::clear(&self.app), answer: Done })
    }

    /// Suspend somebody, or let them in again
    ///
    /// For administrators. Who is suspended is out on every instance at once: sessions and API tokens are revoked, sockets
    /// closed (4401), and signing in is refused with `suspended`. Let in again, they have to sign in again. Nobody can suspend
    /// themselves.
    ///
    /// Errors: forbidden, not_found, conflict
    #[oai(
        path = "/users/:id/status",
        method = "put",
        operation_id = "change_status",
        tag = "Tags::Users",
        tag = "Tags::Administration"
    )]
    async fn change_status(
        &self,
        caller: Caller,
        /// Who.
        id: Path<Uuid>,
        body: Json<NewStatus>,
    ) -> poem::Result<Json<User>> {
        Ok(Json(accounts::change_status(&self.app, caller, id.0, body.0.status).await?))
    }
}
