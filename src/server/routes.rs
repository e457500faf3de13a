//! Which path leads to which room.

use poem::{EndpointExt, Response, Route, endpoint::BoxEndpoint};
use poem_openapi::OpenApiService;

use super::{docs, health::HealthApi, openapi};
use crate::{
    app::App, auth::api::AuthApi, chats::api::ChatsApi, inbox::api::InboxApi, messages::api::MessagesApi,
    realtime::handshake::Doors, users::api::UsersApi,
};

/// Every room that answers over HTTP.
type Rooms = (HealthApi, AuthApi, UsersApi, InboxApi, ChatsApi, MessagesApi);

/// All routes, with their documentation beside them.
pub fn assemble(app: &App, doors: &Doors) -> BoxEndpoint<'static, Response> {
    let rooms: Rooms = (
        HealthApi { app: app.clone() },
        AuthApi { app: app.clone() },
        UsersApi { app: app.clone() },
        InboxApi { app: app.clone() },
        ChatsApi { app: app.clone() },
        MessagesApi { app: app.clone(), outbox: doors.outbox.clone() },
    );
    let service = OpenApiService::new(rooms, openapi::TITLE, env!("CARGO_PKG_VERSION"));
    let pages = docs::pages(&service, &documentation());
    Route::new()
        .nest_no_strip("/", service)
        .at("/docs", pages.swagger.clone())
        .at("/api/docs", pages.swagger)
        .at("/redoc", pages.redoc)
        .at("/scalar", pages.scalar)
        .at("/openapi.json", pages.json)
        .map_to_response()
        .boxed()
}

/// The OpenAPI document: what the running server answers at `/openapi.json`.
pub fn documentation() -> serde_json::Value {
    openapi::complete(&openapi::describe::<Rooms>())
}
