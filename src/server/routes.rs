//! Which path leads to which room.

use poem::{EndpointExt, Response, Route, endpoint::BoxEndpoint, get};
use poem_openapi::OpenApiService;

use super::{docs, health::HealthApi, openapi};
use crate::{
    app::App,
    auth::api::AuthApi,
    chats::api::{ChatsApi, images::ImagesApi, members::MembersApi},
    inbox::api::InboxApi,
    invites::api::InvitesApi,
    messages::api::{MessagesApi, marks::MarksApi},
    realtime::{api::RealtimeApi, handshake::Doors},
    users::api::UsersApi,
};

/// Every room that answers over HTTP.
type Rooms = (
    HealthApi,
    AuthApi,
    UsersApi,
    InboxApi,
    (ChatsApi, MembersApi, ImagesApi),
    InvitesApi,
    MessagesApi,
    MarksApi,
    RealtimeApi,
);

/// The paths that show the documentation, and so are not in it.
pub const PAGES: [&str; 5] = ["/docs", "/api/docs", "/redoc", "/scalar", "/openapi.json"];

/// All routes, with their documentation beside them.
pub fn assemble(app: &App, doors: &Doors) -> BoxEndpoint<'static, Response> {
    let rooms: Rooms = (
        HealthApi { app: app.clone() },
        AuthApi { app: app.clone() },
        UsersApi { app: app.clone() },
        InboxApi { app: app.clone() },
        (ChatsApi { app: app.clone() }, MembersApi { app: app.clone() }, ImagesApi { app: app.clone() }),
        InvitesApi { app: app.clone() },
        MessagesApi { app: app.clone(), outbox: doors.outbox.clone() },
        MarksApi { app: app.clone() },
        RealtimeApi,
    );
    let service = OpenApiService::new(rooms, openapi::TITLE, env!("CARGO_PKG_VERSION"));
    let pages = docs::pages(&service, &documentation());
    Route::new()
        .nest_no_strip("/", service)
        .at("/docs", get(pages.swagger.clone()))
        .at("/api/docs", get(pages.swagger))
        .at("/redoc", get(pages.redoc))
        .at("/scalar", get(pages.scalar))
        .at("/openapi.json", get(pages.json))
        .map_to_response()
        .boxed()
}

/// The OpenAPI document: what the running server answers at `/openapi.json`.
pub fn documentation() -> serde_json::Value {
    openapi::complete(&openapi::describe::<Rooms>())
}
