//! Forms with small files.

use poem::{Body, Request, RequestBody};
use poem_openapi::{
    impl_apirequest_for_payload,
    payload::{ParsePayload, Payload},
    registry::{MetaSchemaRef, Registry},
};

use super::body;

/// A form that is read whole before it is taken apart, so that one too large or too slow is refused as what it is: the
/// framework would call either a form that can not be read.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: Payload> Payload for Form<T> {
    const CONTENT_TYPE: &'static str = T::CONTENT_TYPE;

    fn check_content_type(content_type: &str) -> bool {
        T::check_content_type(content_type)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: ParsePayload> ParsePayload for Form<T> {
    const IS_REQUIRED: bool = T::IS_REQUIRED;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        let mut whole = RequestBody::new(Body::from(body::read(body).await?));
        T::from_request(request, &mut whole).await.map(Self)
    }
}

impl_apirequest_for_payload!(Form<T>, T: Payload + ParsePayload);
