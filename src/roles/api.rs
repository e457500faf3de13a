//! Roles over HTTP.

use std::sync::Arc;

use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
};

use super::{
    model::{NewRole, Role, RoleChange, RolePermissions, RoleSort, Route},
    service,
};
use crate::{
    app::App,
    http::{Caller, Created, Done, Format, IdempotencyKey, Json, Limit, List, Offset, Search, Wanted},
    tags::Tags,
};

/// Roles.
pub struct RolesApi {
    /// The running product.
    pub app: App,
    /// Every operation there is.
    pub routes: Arc<[Route]>,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Roles")]
impl RolesApi {
    /// List operations and their permissions
    ///
    /// Every operation of this server, with the permission that a role must hold to use it. A public one needs no permission
    /// and no token. A command on a socket needs the permission of the operation that does the same.
    #[oai(path = "/routes", method = "get", operation_id = "list_routes")]
    async fn list_routes(
        &self,
        caller: Caller,
        /// Every word must occur in method, path or summary, ignoring case.
        search: Query<Option<String>>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Route>> {
        let search = Search::parse(search.0.as_deref())?;
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list_routes(&self.routes, &search, wanted).await?)
    }

    /// List roles
    ///
    /// Two roles are always there: `admin`, which may do everything, and `user`, which a new account gets: everything but
    /// what is tagged `Administration` here. A new version of the server adds its new operations to `user`, unless they are
    /// administration. What was removed from `user` stays removed.
    #[oai(path = "/roles", method = "get", operation_id = "list_roles", tag = "Tags::Administration")]
    async fn list_roles(
        &self,
        caller: Caller,
        /// Every word must occur in name or description, ignoring case.
        search: Query<Option<String>>,
        /// The order, by name when left out.
        #[oai(default)]
        sort: Query<RoleSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Role>> {
        let search = Search::parse(search.0.as_deref())?;
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        Ok(service::list(&self.app, &search, sort.0, wanted).await?)
    }

    /// Make a role
    ///
    /// It permits what its `permissions` name, or everything with `*`. Nobody has it yet: see `PUT /users/{id}/roles`.
    ///
    /// Errors: conflict, idempotency_key_reused
    #[oai(path = "/roles", method = "post", operation_id = "create_role", tag = "Tags::Administration")]
    async fn create_role(
        &self,
        caller: Caller,
        /// The same key with the same body gives the same answer again, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        body: Json<NewRole>,
    ) -> poem::Result<Created<Role>> {
        let key = idempotency_key.0.as_ref().map(|key| key.0.as_str());
        Ok(Created(service::create(&self.app, caller, body.0, key).await?))
    }

    /// Get a role
    ///
    /// With every permission it holds.
    ///
    /// Errors: not_found
    #[oai(path = "/roles/:name", method = "get", operation_id = "get_role", tag = "Tags::Administration")]
    async fn get_role(
        &self,
        _caller: Caller,
        /// Which role.
        name: Path<String>,
    ) -> poem::Result<Json<Role>> {
        Ok(Json(service::get(&self.app, &name.0).await?))
    }

    /// Change a role
    ///
    /// A field that is left out stays as it is. A change takes effect on every instance within a second; sockets that
    /// somebody may no longer have are closed (4403). `admin` and `user` keep their names, `admin` keeps `*`, and one person
    /// who may do everything must remain: otherwise 409.
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/roles/:name",
        method = "patch",
        operation_id = "change_role",
        tag = "Tags::Administration"
    )]
    async fn change_role(
        &self,
        caller: Caller,
        /// Which role.
        name: Path<String>,
        body: Json<RoleChange>,
    ) -> poem::Result<Json<Role>> {
        Ok(Json(service::change(&self.app, caller, &name.0, body.0).await?))
    }

    /// Delete a role
    ///
    /// Everybody who had the role loses it. `admin` and `user` cannot be deleted, and one person who may do everything must
    /// remain: otherwise 409.
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/roles/:name",
        method = "delete",
        operation_id = "delete_role",
        tag = "Tags::Administration"
    )]
    async fn delete_role(
        &self,
        caller: Caller,
        /// Which role.
        name: Path<String>,
    ) -> poem::Result<Done> {
        service::remove(&self.app, caller, &name.0).await?;
        Ok(Done)
    }

    /// Set what a role permits
    ///
    /// Replaces all permissions of the role. The rules of `PATCH /roles/{name}` apply.
    ///
    /// Errors: not_found, conflict
    #[oai(
        path = "/roles/:name/permissions",
        method = "put",
        operation_id = "set_role_permissions",
        tag = "Tags::Administration"
    )]
    async fn set_role_permissions(
        &self,
        caller: Caller,
        /// Which role.
        name: Path<String>,
        body: Json<RolePermissions>,
    ) -> poem::Result<Json<Role>> {
        let change = RoleChange { permissions: Some(body.0.permissions), ..RoleChange::default() };
        Ok(Json(service::change(&self.app, caller, &name.0, change).await?))
    }
}
