//! Profiles over HTTP.

use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::{
    User,
    avatar::{self, ShownPicture},
    model::{AccountStatus, Filter, UserChange, UserRoles, UserSort},
    service,
};
use crate::{
    app::App,
    error::{Error, Result},
    http::{Caller, Done, Form, Format, Json, Limit, List, Offset, Purpose, Search, Wanted},
    tags::Tags,
    time::Timestamp,
};

/// The most people who are asked for by their ids at once.
const IDS: usize = 100;

/// Profiles.
pub struct UsersApi {
    /// The running product.
    pub app: App,
}

/// A picture, sent as a form.
#[derive(Debug)]
pub struct PictureForm;

impl Purpose for PictureForm {
    const ABOUT: &'static str = "A JPEG, PNG, GIF or WebP picture of at most 5 MiB and 50 megapixels.";
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Users")]
impl UsersApi {
    /// My profile
    ///
    /// Everything the account holds, contacts included.
    #[oai(path = "/users/me", method = "get", operation_id = "get_me")]
    async fn get_me(&self, caller: Caller) -> poem::Result<Json<User>> {
        Ok(Json(service::me(&self.app, caller).await?))
    }

    /// Change my profile
    ///
    /// What is left out stays as it is. `contacts` is replaced as a whole.
    ///
    /// Errors: username_taken
    #[oai(path = "/users/me", method = "patch", operation_id = "change_me")]
    async fn change_me(&self, caller: Caller, change: Json<UserChange>) -> poem::Result<Json<User>> {
        Ok(Json(service::change(&self.app, caller, change.0).await?))
    }

    /// Find people
    ///
    /// Everyone, or those a search finds. `email`, `roles` and `status` are there for oneself and for administrators,
    /// `contacts` also for friends.
    ///
    /// Errors: forbidden
    #[oai(path = "/users", method = "get", operation_id = "list_users")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_users(
        &self,
        caller: Caller,
        /// These people and no others: 1 to 100 ids, separated by commas. An id of nobody finds nobody.
        id: Query<Option<String>>,
        /// Every word must occur in name or username, ignoring case; parts of words count. An e-mail address finds its
        /// owner when it is given whole, ignoring case, and nothing else.
        search: Query<Option<String>>,
        /// Those who may sign in, or may not; by administrators.
        status: Query<Option<AccountStatus>>,
        /// Those who have this role; by administrators.
        role: Query<Option<String>>,
        /// Who signed up at this time or later.
        created_at_from: Query<Option<Timestamp>>,
        /// Who signed up at this time or earlier.
        created_at_to: Query<Option<Timestamp>>,
        /// The order, by name when left out.
        #[oai(default)]
        sort: Query<UserSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<User>> {
        let filter = Filter {
            ids: id.0.as_deref().map(ids).transpose()?,
            search: Search::parse(search.0.as_deref())?,
            status: status.0,
            role: role.0,
            from: created_at_from.0,
            to: created_at_to.0.map(Timestamp::and_what_is_cut_off),
        };
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, caller, &filter, sort.0, wanted).await?)
    }

    /// A person's profile
    ///
    /// Open to anyone signed in. `email`, `roles` and `status` are there for oneself and for administrators, `contacts`
    /// also for friends.
    ///
    /// Errors: not_found
    #[oai(path = "/users/:id", method = "get", operation_id = "get_user")]
    async fn get_user(
        &self,
        caller: Caller,
        /// Who.
        id: Path<Uuid>,
    ) -> poem::Result<Json<User>> {
        Ok(Json(service::get(&self.app, caller, id.0).await?))
    }

    /// Set a person's roles
    ///
    /// They have these and no others from now on, on every instance within a second; sockets they may no longer have are
    /// closed (4403). Who may do this may give themselves any role. Somebody who may do everything must remain: 409
    /// otherwise.
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/users/:id/roles",
        method = "put",
        operation_id = "set_user_roles",
        tag = "Tags::Administration"
    )]
    async fn set_user_roles(
        &self,
        caller: Caller,
        /// Whose.
        id: Path<Uuid>,
        body: Json<UserRoles>,
    ) -> poem::Result<Json<User>> {
        Ok(Json(service::set_roles(&self.app, caller, id.0, &body.0).await?))
    }

    /// Change my picture
    ///
    /// The old one is removed. What the bytes are decides, not the name of the file. What a picture tells about its
    /// maker (place, time, device) is taken out; one that is cut off is refused.
    ///
    /// Errors: too_large, unsupported_media_type
    #[oai(path = "/users/avatar", method = "post", operation_id = "change_avatar")]
    async fn change_avatar(&self, caller: Caller, form: Form<PictureForm>) -> poem::Result<Json<User>> {
        let picture = form.into_vec().await?;
        Ok(Json(service::change_avatar(&self.app, caller, picture).await?))
    }

    /// Remove my picture
    ///
    /// If there is none: 204 too.
    #[oai(path = "/users/avatar", method = "delete", operation_id = "remove_avatar")]
    async fn remove_avatar(&self, caller: Caller) -> poem::Result<Done> {
        service::remove_avatar(&self.app, caller).await?;
        Ok(Done)
    }

    /// A person's picture
    ///
    /// What `avatar_url` points to. Needs no token, so that it can stand in a page; the name can't be guessed.
    ///
    /// Errors: not_found
    #[oai(path = "/avatars/:user_id/:file_name", method = "get", operation_id = "get_avatar")]
    async fn get_avatar(
        &self,
        /// Whose picture it is.
        user_id: Path<Uuid>,
        /// The name of the file, as `avatar_url` has it.
        file_name: Path<String>,
    ) -> poem::Result<ShownPicture> {
        Ok(picture(&self.app, &format!("avatars/{}", user_id.0), &file_name.0).await?)
    }
}

/// The ids of a parameter.
fn ids(text: &str) -> Result<Vec<Uuid>> {
    let ids: Vec<_> = text.split(',').map(|id| Uuid::try_parse(id.trim())).collect();
    let message = "must be 1 to 100 UUIDs, separated by commas";
    if ids.len() > IDS {
        return Err(Error::invalid_field("id", message));
    }
    ids.into_iter().collect::<std::result::Result<_, _>>().map_err(|_| Error::invalid_field("id", message))
}

/// A stored picture, by the name it was given.
pub async fn picture(app: &App, folder: &str, name: &str) -> Result<ShownPicture> {
    let is_ours = name.split_once('.').is_some_and(|(stem, extension)| {
        stem.len() == 32
            && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
            && ["jpg", "png", "gif", "webp"].contains(&extension)
    });
    let bytes = if is_ours { app.storage.get(&format!("{folder}/{name}")).await? } else { None };
    let bytes = bytes.ok_or_else(|| Error::not_found("picture"))?;
    Ok(ShownPicture { content_type: avatar::content_type(name), bytes })
}
