//! Forms with one file.

use std::{io::SeekFrom, marker::PhantomData};

use futures_util::StreamExt;
use poem::{Request, RequestBody};
use poem_openapi::{
    impl_apirequest_for_payload,
    payload::{ParsePayload, Payload},
    registry::{MetaSchema, MetaSchemaRef, Registry},
};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};

use super::{
    body,
    multipart::{Parts, boundary},
};
use crate::{
    error::{Code, Error, Result},
    storage::free_space,
};

/// The field that holds the file.
const FIELD: &str = "file";

/// What a form is for.
pub trait Purpose: Send + Sync + 'static {
    /// Which files are taken, for the documentation.
    const ABOUT: &'static str;
}

/// A form whose field `file` was written to a file without a name, which is gone when nobody holds it.
#[derive(Debug)]
pub struct Form<P> {
    /// What its sender calls it.
    pub name: Option<String>,
    /// The bytes, from their beginning.
    pub file: File,
    purpose: PhantomData<fn() -> P>,
}

impl<P> Form<P> {
    /// All bytes of the file.
    pub async fn into_vec(mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes).await.map_err(Error::internal)?;
        Ok(bytes)
    }

    async fn read(request: &Request, body: &mut RequestBody) -> Result<Self> {
        let boundary = request.content_type().and_then(boundary);
        let boundary = boundary.ok_or_else(|| Error::new(Code::Malformed, "the form names no boundary"))?;
        let body = body.take().map_err(Error::internal)?.into_bytes_stream();
        let body = body.map(|piece| piece.map_err(|error| body::explain(&error)));
        let mut parts = Parts::new(Box::pin(body), &boundary);
        let mut found = None;
        while let Some(head) = parts.next_part().await? {
            if head.name.as_deref() != Some(FIELD) {
                continue;
            }
            if found.is_some() {
                return Err(Error::invalid_field(FIELD, "must be given once"));
            }
            let mut file = temporary_file()?;
            while let Some(piece) = parts.next_piece().await? {
                file.write_all(&piece).await.map_err(|error| temporary(&error))?;
            }
            file.flush().await.map_err(|error| temporary(&error))?;
            file.seek(SeekFrom::Start(0)).await.map_err(|error| temporary(&error))?;
            found = Some(Self { name: head.file_name, file, purpose: PhantomData });
        }
        found.ok_or_else(|| Error::invalid_field(FIELD, "is required"))
    }
}

fn temporary_file() -> Result<File> {
    free_space::refuse_full_temporary()?;
    Ok(File::from_std(tempfile::tempfile().map_err(|error| temporary(&error))?))
}

/// The folder for temporary files is missing, full or not ours to write to: nothing the client has done.
fn temporary(error: &std::io::Error) -> Error {
    let folder = std::env::temp_dir();
    Error::internal(format!("an upload cannot be kept in the temporary folder {}: {error}", folder.display()))
}

impl<P: Purpose> Payload for Form<P> {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn check_content_type(content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case(Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        let mut file = MetaSchema::new_with_format("string", "binary");
        file.description = Some(P::ABOUT);
        let mut form = MetaSchema::new("object");
        form.required = vec![FIELD];
        form.properties = vec![(FIELD, MetaSchemaRef::Inline(Box::new(file)))];
        MetaSchemaRef::Inline(Box::new(form))
    }

    fn register(_registry: &mut Registry) {}
}

impl<P: Purpose> ParsePayload for Form<P> {
    const IS_REQUIRED: bool = true;

    async fn from_request(request: &Request, body: &mut RequestBody) -> poem::Result<Self> {
        Ok(Self::read(request, body).await?)
    }
}

impl_apirequest_for_payload!(Form<P>, P: Purpose);
