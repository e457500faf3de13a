//! Which path leads to which endpoint.

use std::sync::{LazyLock, OnceLock};

use poem::{Endpoint, EndpointExt, Response, Route, endpoint::BoxEndpoint, get};
use poem_openapi::OpenApiService;
use serde_json::Value;

use super::{
    asyncapi, client,
    docs::{self, Frames, front_page},
    document,
    health::HealthApi,
    web,
};
use crate::{
    app::App,
    audit::api::AuditApi,
    auth::api::{AuthApi, passwords::PasswordsApi, sessions::SessionsApi, tokens::TokensApi},
    bans::api::BansApi,
    blocks::api::BlocksApi,
    calendars::api::CalendarsApi,
    chat_list::{api::ChatListApi, counted::PublicCount},
    chats::api::{ChatsApi, images::ImagesApi, members::MembersApi, mutes::MutesApi},
    comments::api::CommentsApi,
    db::Counted,
    events::api::EventsApi,
    files::api::FilesApi,
    friends::api::FriendsApi,
    hooks::api::HooksApi,
    http::Bodies,
    invites::api::InvitesApi,
    jobs::api::JobsApi,
    messages::{
        api::{MessagesApi, marks::MarksApi, search::SearchApi},
        scheduled::api::ScheduledApi,
    },
    notifications::api::NotificationsApi,
    posts::api::PostsApi,
    push::api::PushApi,
    realtime::{Services, api::RealtimeApi},
    roles::{Route as Operation, api::RolesApi},
    schedules::api::SchedulesApi,
    tickets::api::TicketsApi,
    topics::api::TopicsApi,
    users::api::UsersApi,
    webhooks::api::WebhooksApi,
    worker,
};

/// The routes of `auth`.
type Auth = (AuthApi, PasswordsApi, SessionsApi, TokensApi);

/// Every endpoint that answers over HTTP.
type Endpoints = (
    HealthApi,
    Auth,
    (RolesApi, AuditApi),
    UsersApi,
    (FriendsApi, BlocksApi),
    ChatListApi,
    (ChatsApi, MembersApi, ImagesApi),
    (InvitesApi, BansApi),
    FilesApi,
    (MessagesApi, SearchApi),
    (MarksApi, ScheduledApi),
    (NotificationsApi, PushApi, MutesApi),
    (WebhooksApi, HooksApi),
    ((EventsApi, TicketsApi), (PostsApi, CommentsApi, CalendarsApi, TopicsApi)),
    RealtimeApi,
    (JobsApi, SchedulesApi),
);

/// The paths that show the documentation and so are not in it, and those of the web client and the client library.
pub const PAGES: [&str; 14] = [
    "/",
    "/docs",
    "/api/docs",
    "/redoc",
    "/scalar",
    "/openapi.json",
    "/asyncapi",
    "/asyncapi.json",
    "/favicon.svg",
    "/favicon.ico",
    "/client/{part}",
    "/app/{version}/{file}",
    "/manifest.webmanifest",
    "/service-worker.js",
];

/// All routes, with their documentation beside them.
pub fn assemble(app: &App, services: &Services) -> BoxEndpoint<'static, Response> {
    let endpoints: Endpoints = (
        HealthApi::new(app.clone()),
        auth(app),
        (RolesApi { app: app.clone(), routes: operations().into() }, AuditApi { app: app.clone() }),
        UsersApi { app: app.clone() },
        (FriendsApi { app: app.clone() }, BlocksApi { app: app.clone() }),
        ChatListApi { app: app.clone(), counted: PublicCount::default() },
        (ChatsApi { app: app.clone() }, MembersApi { app: app.clone() }, ImagesApi { app: app.clone() }),
        (InvitesApi { app: app.clone() }, BansApi { app: app.clone() }),
        FilesApi { app: app.clone() },
        (MessagesApi { app: app.clone(), outbox: services.outbox.clone() }, SearchApi { app: app.clone() }),
        (MarksApi { app: app.clone() }, ScheduledApi { app: app.clone() }),
        (NotificationsApi { app: app.clone() }, PushApi { app: app.clone() }, MutesApi { app: app.clone() }),
        (WebhooksApi { app: app.clone() }, HooksApi { app: app.clone(), outbox: services.outbox.clone() }),
        (
            (EventsApi { app: app.clone() }, TicketsApi { app: app.clone() }),
            (
                PostsApi { app: app.clone(), counted: Counted::default() },
                CommentsApi { app: app.clone() },
                CalendarsApi { app: app.clone() },
                TopicsApi { app: app.clone() },
            ),
        ),
        RealtimeApi,
        (
            JobsApi { app: app.clone(), tasks: worker::all() },
            SchedulesApi { app: app.clone(), tasks: worker::all() },
        ),
    );
    let service = OpenApiService::new(endpoints, document::TITLE, env!("CARGO_PKG_VERSION"));
    // Megabytes of text, and the same for every server of this program but for its address.
    static FRAMES: OnceLock<Frames> = OnceLock::new();
    let public_url = app.public_url();
    let pages = FRAMES.get_or_init(|| Frames::new(&service));
    let at = public_url.clone();
    let pages = pages.pages(move || document::served_at(documentation(), &at));
    let frames = docs::socket_pages(move || asyncapi::served_at(sockets(), &public_url));
    let app = app.clone();
    Route::new()
        .nest_no_strip("/", service)
        .at("/docs", get(pages.swagger.clone()))
        .at("/api/docs", get(pages.swagger.clone()))
        .at("/redoc", get(pages.redoc.clone()))
        .at("/scalar", get(pages.scalar.clone()))
        .at("/openapi.json", get(pages.json.clone()))
        .at("/favicon.svg", get(pages.icon.clone()))
        .at("/favicon.ico", get(pages.icon.clone()))
        .at("/client/:part", get(client::Library))
        .at("/app/:version/:file", get(web::Parts))
        .at("/manifest.webmanifest", get(web::Named("manifest.webmanifest")))
        .at("/service-worker.js", get(web::Named(web::SERVICE_WORKER)))
        .at("/asyncapi", get(frames.html.clone()))
        .at("/asyncapi.json", get(frames.json.clone()))
        .map_to_response()
        .around(move |routes, request| {
            let app = app.clone();
            async move {
                // The router would hand the bare address to the service.
                if request.uri().path() == "/" {
                    front_page(&app, &request)
                } else {
                    routes.call(request).await
                }
            }
        })
        .boxed()
}

/// Every operation there is, with the permission it needs.
pub fn operations() -> Vec<Operation> {
    document::routes(documentation())
}

fn auth(app: &App) -> Auth {
    (
        AuthApi { app: app.clone() },
        PasswordsApi { app: app.clone() },
        SessionsApi { app: app.clone() },
        TokensApi { app: app.clone() },
    )
}

/// The OpenAPI document: what the running server answers at `/openapi.json`, with its own address among `servers`. The same
/// for every server of this program, so it is put together once.
pub fn documentation() -> &'static Value {
    static DOCUMENT: LazyLock<Value> =
        LazyLock::new(|| document::complete(&document::describe::<Endpoints>()));
    &DOCUMENT
}

/// The bodies of all operations.
pub fn bodies() -> &'static Bodies {
    static BODIES: LazyLock<Bodies> = LazyLock::new(Bodies::of::<Endpoints>);
    &BODIES
}

/// The AsyncAPI document: all that is said over the sockets, put together from the types of frames and commands and the
/// schemas of [`documentation`].
pub fn sockets() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| asyncapi::describe(documentation()));
    &DOCUMENT
}
