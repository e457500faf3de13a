//! Lists: which part is wanted and in which form, and the answer in that form.

use std::{future::Future, time::Duration};

use poem::{
    Body, IntoResponse, Response,
    http::{StatusCode, header},
};
use poem_openapi::{
    ApiResponse, Enum,
    registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry},
    types::{ParseFromJSON, ToJSON, Type},
};
use serde::Serialize;
use tokio::time::timeout;
use uuid::Uuid;

use super::{Caller, Limit, Listed, Offset, json, paced};
use crate::{
    app::App,
    db::query::{Rows, collect},
    error::{Error, Result},
    export,
    limits::Permit,
    storage::free_space,
};

/// How long a download waits for its permits.
const TIMEOUT: Duration = Duration::from_secs(30);

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[oai(rename_all = "snake_case")]
#[oai(rename = "ListFormat")]
pub enum Format {
    /// A page, as JSON.
    #[default]
    Json,
    /// The whole filtered list as a download: a byte order mark, by which spreadsheets read UTF-8, a header of field names,
    /// then a line for each item.
    Csv,
    /// The same as a workbook. A cell holds 32,767 units of UTF-16: a longer text is cut and ends with a mark that says so,
    /// and a last sheet, `Cut`, lists the cells.
    Xlsx,
}

/// Which part of a list is wanted, and in which form.
#[derive(Debug)]
pub struct Wanted {
    limit: i64,
    offset: i64,
    /// How long a page may take.
    deadline: Duration,
    download: Option<(export::Kind, Permits)>,
}

/// What a download holds.
#[derive(Debug)]
struct Permits {
    /// Until the file is written.
    writing: Permit<Uuid>,
    /// Until the client has all of it.
    sending: Permit<Uuid>,
}

impl Wanted {
    /// As the parameters of a request say. A download waits for its permits: each has a connection in use, so there are so
    /// many at once and no more, or they would take the whole pool; and one of each person, until it is sent. 503 when the permits
    /// do not come.
    pub async fn new(
        app: &App,
        caller: Caller,
        limit: Limit,
        offset: Offset,
        format: Format,
    ) -> Result<Self> {
        let deadline = app.config.database.deadline();
        let kind = match format {
            Format::Json => return Ok(Self { limit: limit.0, offset: offset.0, deadline, download: None }),
            Format::Csv => export::Kind::Csv,
            Format::Xlsx => export::Kind::Xlsx,
        };
        let permits = async {
            let sending = app.downloading.acquire(caller.user_id).await?;
            Some(Permits { writing: app.exporting.acquire(caller.user_id).await?, sending })
        };
        let permits = timeout(TIMEOUT, permits).await.ok().flatten();
        let permits =
            permits.ok_or_else(|| Error::unavailable("too many downloads at once; try again", 10))?;
        free_space::refuse_full_temporary()?;
        Ok(Self { limit: limit.0, offset: offset.0, deadline, download: Some((kind, permits)) })
    }

    /// Whether all of the list is wanted, as a file.
    pub fn is_download(&self) -> bool {
        self.download.is_some()
    }

    /// How many rows to ask for; a download has all of them.
    pub fn limit(&self) -> Option<i64> {
        (!self.is_download()).then_some(self.limit)
    }

    /// How many rows to skip.
    pub fn offset(&self) -> i64 {
        if self.is_download() { 0 } else { self.offset }
    }

    /// The answer: a page with its total, or a download of every row. `rows` were asked for with [`Self::limit`] and
    /// [`Self::offset`].
    pub async fn answer<T: Item>(
        self,
        rows: Rows<T>,
        total: impl Future<Output = Result<i64>>,
    ) -> Result<List<T>> {
        let Some(download) = self.download else {
            let items = collect(rows, self.deadline).await?;
            return Ok(ListAs::Page(Listed { items, total: total.await?, total_is_exact: None }));
        };
        Ok(ListAs::File(write(download, rows).await?))
    }

    /// The same where no more than `most` are counted: a `total` beyond that says `most`, and that it is not exact.
    pub async fn answer_up_to<T: Item>(
        self,
        most: i64,
        rows: Rows<T>,
        total: impl Future<Output = Result<i64>>,
    ) -> Result<List<T>> {
        let mut list = self.answer(rows, total).await?;
        if let ListAs::Page(page) = &mut list
            && page.total > most
        {
            (page.total, page.total_is_exact) = (most, Some(false));
        }
        Ok(list)
    }

    /// The same, where a page says more than its items and how many there are.
    pub async fn answer_as<T: Item, P>(
        self,
        rows: Rows<T>,
        page: impl AsyncFnOnce(Vec<T>) -> Result<P>,
    ) -> Result<ListAs<P>> {
        let Some(download) = self.download else {
            let items = collect(rows, self.deadline).await?;
            return Ok(ListAs::Page(page(items).await?));
        };
        Ok(ListAs::File(write(download, rows).await?))
    }
}

/// Writes every row into a file, and then releases the permit for that.
async fn write<T: Item>((kind, permits): (export::Kind, Permits), rows: Rows<T>) -> Result<Download> {
    let file = export::spool(kind, rows).await?;
    drop(permits.writing);
    Ok(Download { kind, file, sending: permits.sending })
}

/// What can stand in a list.
pub trait Item: Type + ParseFromJSON + ToJSON + Serialize + Send + Sync + 'static {}

impl<T: Type + ParseFromJSON + ToJSON + Serialize + Send + Sync + 'static> Item for T {}

/// A list in the form that was asked for.
pub type List<T> = ListAs<Listed<T>>;

/// The same with another page.
pub enum ListAs<P> {
    /// A page of it.
    Page(P),
    /// All of it.
    File(Download),
}

/// A list as a file.
pub struct Download {
    kind: export::Kind,
    file: std::fs::File,
    /// Whoever reads slowly keeps one file waiting, and not many.
    sending: Permit<Uuid>,
}

impl Download {
    fn into_response(self) -> Response {
        let (content_type, name) = match self.kind {
            export::Kind::Csv => ("text/csv; charset=utf-8", "list.csv"),
            export::Kind::Xlsx => (XLSX, "list.xlsx"),
        };
        let length = match self.file.metadata() {
            Ok(metadata) => metadata.len(),
            Err(error) => return poem::Error::from(Error::internal(error)).into_response(),
        };
        Response::builder()
            .status(StatusCode::OK)
            .content_type(content_type)
            .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
            .header(header::CONTENT_LENGTH, length)
            .header(header::CACHE_CONTROL, "private, no-store")
            .body(Body::from_bytes_stream(paced::stream(self.file, self.sending)))
    }
}

impl<P: Serialize + Send> IntoResponse for ListAs<P> {
    fn into_response(self) -> Response {
        match self {
            Self::Page(page) => json::respond(StatusCode::OK, &page),
            Self::File(file) => file.into_response(),
        }
    }
}

impl<P: Type + Serialize> ApiResponse for ListAs<P> {
    fn meta() -> MetaResponses {
        let file = || {
            let schema = MetaSchema::new_with_format("string", "binary");
            MetaSchemaRef::Inline(Box::new(schema))
        };
        MetaResponses {
            responses: vec![MetaResponse {
                description: "A page of the list; with `format=csv` or `format=xlsx` all of it, as a download.",
                status: Some(200),
                status_range: None,
                content: vec![
                    MetaMediaType { content_type: "application/json", schema: P::schema_ref() },
                    MetaMediaType { content_type: "text/csv", schema: file() },
                    MetaMediaType { content_type: XLSX, schema: file() },
                ],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        P::register(registry);
    }
}
