//! Files over HTTP.

use poem::{Request, http::Method};
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
};
use uuid::Uuid;

use super::{
    File, FileRow,
    download::{self, Asked, Download, Wanted},
    links::FileLink,
    model::{key, thumbnail_key},
    service::{self, Sent},
};
use crate::{
    app::App,
    error::{Error, Result},
    http::{Caller, Conditions, Created, Form, IdempotencyKey, Json, Purpose, RequestId},
    tags::Tags,
};

/// Files.
pub struct FilesApi {
    /// The running product.
    pub app: App,
}

/// A file, sent as a form.
#[derive(Debug)]
pub struct UploadForm;

impl Purpose for UploadForm {
    const ABOUT: &'static str = "Any file of at most 25 MiB; a picture of at most 50 megapixels.";
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Files")]
impl FilesApi {
    /// Upload a file
    ///
    /// Attach it to one message of your own within a day (`attachments`); otherwise it is removed. The type is what the bytes
    /// are, not what the name says. JPEG, PNG, GIF and WebP pictures, and the usual audio, video and documents, keep their
    /// type. Everything else, HTML, SVG and scripts too, is sent as a download without a type.
    ///
    /// A JPEG, PNG, GIF or WebP picture gets a thumbnail, and loses what it says about where, when and with which device it
    /// was taken; it still shows the right side up. A picture that is cut off or damaged is treated like any other file: a
    /// download, kept as it came. HEIC, AVIF, TIFF and videos are also stored as they came, with everything they say.
    ///
    /// Word, Excel, PowerPoint, OpenDocument and EPUB files are recognized by what is in them. A document with macros is a
    /// download without a type. The name may be in `filename` or `filename*` (RFC 8187, which goes first). Of a path only the
    /// last part is kept, and characters that cannot be seen are left out.
    ///
    /// Errors: idempotency_key_reused
    #[oai(path = "/uploads", method = "post", operation_id = "upload_file")]
    async fn upload_file(
        &self,
        caller: Caller,
        /// The same key with the same file is one upload, for at least 24 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<IdempotencyKey>>,
        form: Form<UploadForm>,
    ) -> poem::Result<Created<File>> {
        let sent = Sent { name: form.name, file: form.file.into_std().await };
        let key = idempotency_key.0.map(|key| key.0);
        Ok(Created(service::upload(&self.app, caller, sent, key.as_deref()).await?))
    }

    /// Fetch a file
    ///
    /// For the person who uploaded it, and for everyone who may see its message, as long as that message exists. Pictures,
    /// audio and video may be shown in a page; everything else is a download. A request for one range gets that part;
    /// several ranges, or one that cannot be read, get the whole file. If the server keeps files in S3-compatible storage,
    /// the answer is a redirection to an address there, which is valid for five minutes.
    ///
    /// Errors: banned, not_found, range_not_satisfiable
    #[oai(path = "/files/:file_id", method = "get", operation_id = "get_file")]
    async fn get_file(
        &self,
        caller: Caller,
        file_id: Path<Uuid>,
        /// Which part, as `bytes=0-1023`, `bytes=1024-` or `bytes=-1024`.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
        /// Only if the file still has this tag; otherwise all of it.
        #[oai(name = "If-Range")]
        if_range: Header<Option<String>>,
        /// The tags that are known already.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
        request: &Request,
    ) -> poem::Result<Download> {
        let kept = service::find(&self.app, caller, file_id.0).await?.file;
        let conditions = Conditions {
            range: range.0.as_deref(),
            if_range: if_range.0.as_deref(),
            if_none_match: if_none_match.0.as_deref(),
        };
        Ok(self.answer(&kept, request, conditions).await?)
    }

    /// Make a link to a file
    ///
    /// For those who may fetch the file. The address in the answer opens it without a token for ten minutes, for anyone who
    /// has the address: use it for an `<img>` or `<video>` in a page that signs in by bearer, or give it to another program.
    /// Ask again when it has expired. It ends earlier when the file is gone, with the message it came with; it does not end
    /// when somebody leaves the chat. If the server keeps files in S3-compatible storage, the link leads there.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/files/:file_id/link", method = "get", operation_id = "link_file")]
    async fn link_file(&self, caller: Caller, file_id: Path<Uuid>) -> poem::Result<Json<FileLink>> {
        Ok(Json(service::link(&self.app, caller, file_id.0).await?))
    }

    /// Open a link
    ///
    /// The address that `GET /files/{file_id}/link` answers as `url`. Needs no token, and answers like `GET
    /// /files/{file_id}`.
    ///
    /// Errors: not_found, range_not_satisfiable
    #[oai(path = "/links/:link", method = "get", operation_id = "open_link")]
    async fn open_link(
        &self,
        /// The last part of the address.
        link: Path<String>,
        /// Which part, as `bytes=0-1023`, `bytes=1024-` or `bytes=-1024`.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
        /// Only if the file still has this tag; otherwise all of it.
        #[oai(name = "If-Range")]
        if_range: Header<Option<String>>,
        /// The tags that are known already.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
        request: &Request,
    ) -> poem::Result<Download> {
        let kept = service::open(&self.app, &link.0).await?.file;
        let conditions = Conditions {
            range: range.0.as_deref(),
            if_range: if_range.0.as_deref(),
            if_none_match: if_none_match.0.as_deref(),
        };
        Ok(self.answer(&kept, request, conditions).await?)
    }

    /// Fetch a thumbnail
    ///
    /// A small picture, for the same people: at most 320 pixels each way, the right side up; of an animation the first
    /// picture. A file that is no picture has none.
    ///
    /// Errors: banned, not_found
    #[oai(path = "/files/:file_id/thumbnail", method = "get", operation_id = "get_thumbnail")]
    async fn get_thumbnail(
        &self,
        caller: Caller,
        file_id: Path<Uuid>,
        /// The tags that are known already.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
        request: &Request,
    ) -> poem::Result<Download> {
        let kept = service::find(&self.app, caller, file_id.0).await?;
        let (Some(content_type), Some(size)) = (kept.file.thumbnail_type, kept.thumbnail_size) else {
            return Err(Error::not_found("thumbnail").into());
        };
        let ending = if content_type == "image/png" { "png" } else { "jpg" };
        let wanted = Wanted {
            key: &thumbnail_key(kept.file.id),
            tag: &format!("\"{}-thumbnail\"", kept.file.id),
            name: &format!("thumbnail.{ending}"),
            content_type: &content_type,
            size: u64::from(size.unsigned_abs()),
        };
        let conditions = Conditions { if_none_match: if_none_match.0.as_deref(), ..Default::default() };
        Ok(download::answer(&self.app, wanted, asked(request, conditions)?).await?)
    }
}

impl FilesApi {
    async fn answer(
        &self,
        kept: &FileRow,
        request: &Request,
        conditions: Conditions<'_>,
    ) -> Result<Download> {
        let wanted = Wanted {
            key: &key(kept.id),
            tag: &format!("\"{}\"", kept.id),
            name: &kept.name,
            content_type: &kept.content_type,
            size: kept.size.unsigned_abs(),
        };
        download::answer(&self.app, wanted, asked(request, conditions)?).await
    }
}

/// The front has turned HEAD into GET, and left beside it what it was.
fn asked<'a>(request: &'a Request, conditions: Conditions<'a>) -> Result<Asked<'a>> {
    let method = request.data::<Method>().cloned().unwrap_or(Method::GET);
    let id = request.data::<RequestId>().ok_or_else(|| Error::internal("the request carries no id"))?;
    Ok(Asked { method, conditions, request_id: &id.0 })
}
