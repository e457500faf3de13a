//! The client library over HTTP.

use std::{collections::HashMap, sync::LazyLock};

use poem::{Endpoint, Request, Response};

use super::static_files::{IMMUTABLE, REVALIDATE, StaticFile};
use crate::{
    error::{Code, Error},
    web::client::parts,
};

/// Answers the parts of the client library: `trunkline.js`, and what it imports.
pub struct Library;

impl Endpoint for Library {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        static PARTS: LazyLock<HashMap<&str, (StaticFile, &str)>> = LazyLock::new(|| {
            let answers = parts().iter().map(|part| {
                let file = StaticFile::new("text/javascript; charset=utf-8", part.text.as_str());
                (part.name.as_str(), (file, if part.is_entry { REVALIDATE } else { IMMUTABLE }))
            });
            answers.collect()
        });
        let name = request.uri().path().rsplit('/').next().unwrap_or_default();
        let missing = || Error::new(Code::NotFound, "the client library has no such part; reload the page");
        let (file, cache_control) = PARTS.get(name).ok_or_else(missing)?;
        Ok(file.answer(&request, cache_control))
    }
}
