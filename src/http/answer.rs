//! The other ways to answer: created, done, and either of two.

use poem::{IntoResponse, Response, http::StatusCode};
use poem_openapi::{
    ApiResponse,
    registry::{MetaResponse, MetaResponses, Registry},
    types::Type,
};
use serde::Serialize;

use super::json;

/// 201 with what was created.
pub struct Created<T>(pub T);

/// 204: done, and nothing to say.
pub struct Done;

/// 201 with what was created, or 200 with what was there already.
pub enum Answer<T> {
    /// It is new.
    Created(T),
    /// It was there already.
    Existing(T),
}

/// 201 with what was created, or 202 with what will be.
pub enum CreatedOrLater<T, L> {
    /// It is there.
    Created(T),
    /// It may come later.
    Later(L),
}

impl<T: Serialize + Send, L: Serialize + Send> IntoResponse for CreatedOrLater<T, L> {
    fn into_response(self) -> Response {
        match self {
            Self::Created(value) => json::respond(StatusCode::CREATED, &value),
            Self::Later(value) => json::respond(StatusCode::ACCEPTED, &value),
        }
    }
}

impl<T: Type + Serialize, L: Type + Serialize> ApiResponse for CreatedOrLater<T, L> {
    fn meta() -> MetaResponses {
        let later = json::meta::<L>(202, "It will be done; here is what is known of it.");
        MetaResponses { responses: vec![json::meta::<T>(201, "Created; here it is."), later] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
        L::register(registry);
    }
}

/// An answer, or 202 with what will be.
pub enum AnswerOrLater<T, L> {
    /// It was done.
    Now(Answer<T>),
    /// It will be done.
    Later(L),
}

impl<T: Serialize + Send, L: Serialize + Send> IntoResponse for AnswerOrLater<T, L> {
    fn into_response(self) -> Response {
        match self {
            Self::Now(answer) => answer.into_response(),
            Self::Later(value) => json::respond(StatusCode::ACCEPTED, &value),
        }
    }
}

impl<T: Type + Serialize, L: Type + Serialize> ApiResponse for AnswerOrLater<T, L> {
    fn meta() -> MetaResponses {
        let mut meta = Answer::<T>::meta();
        meta.responses.push(json::meta::<L>(202, "It will be done; here is what is known of it."));
        meta
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
        L::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        json::respond(StatusCode::CREATED, &self.0)
    }
}

impl<T: Type + Serialize> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        MetaResponses { responses: vec![json::meta::<T>(201, "Created; here it is.")] }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl ApiResponse for Done {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "Done, and nothing to say.",
                status: Some(204),
                status_range: None,
                content: vec![],
                headers: vec![],
            }],
        }
    }

    fn register(_registry: &mut Registry) {}
}

impl<T> Answer<T> {
    /// What was created if it is new, or what was there already.
    pub fn new(is_new: bool, value: T) -> Self {
        if is_new { Self::Created(value) } else { Self::Existing(value) }
    }
}

impl<T: Serialize + Send> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Created(value) => json::respond(StatusCode::CREATED, &value),
            Self::Existing(value) => json::respond(StatusCode::OK, &value),
        }
    }
}

impl<T: Type + Serialize> ApiResponse for Answer<T> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![
                json::meta::<T>(200, "It was there already; here it is."),
                json::meta::<T>(201, "Created; here it is."),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
