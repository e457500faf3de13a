//! Files in an S3-compatible service.
//!
//! rusoto builds and signs the requests and reads the answers; they travel through our own HTTP client, since rusoto's
//! is no longer maintained and refuses plain `http://` endpoints.

use std::{collections::HashMap, ops::Range, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use rusoto_core::{
    ByteStream, DispatchSignedRequest, HttpDispatchError, Region, RusotoError,
    request::{DispatchSignedRequestFuture, HttpResponse},
    signature::{SignedRequest, SignedRequestPayload},
};
use rusoto_credential::{AwsCredentials, StaticProvider};
use rusoto_s3::{
    DeleteObjectRequest, GetObjectError, GetObjectRequest, PutObjectRequest, S3, S3Client,
    util::{PreSignedRequest, PreSignedRequestOption},
};
use tokio::{fs::File, io::AsyncReadExt};
use tokio_util::io::ReaderStream;

use super::{Link, Pieces, Storage};
use crate::{
    config::S3 as S3Settings,
    error::{Error, Result},
};

/// One bucket of an S3-compatible service.
pub struct Bucket {
    client: S3Client,
    /// Where clients reach it: what links are signed for, as the name of the host is part of a signature.
    public: Region,
    credentials: AwsCredentials,
    name: String,
}

impl Bucket {
    /// Opens the configured bucket; nothing is asked of the service yet.
    pub fn new(config: &S3Settings) -> Result<Self> {
        let region = Region::Custom { name: config.region.clone(), endpoint: config.endpoint.clone() };
        let public = config.public_endpoint.as_ref().unwrap_or(&config.endpoint);
        let public = Region::Custom { name: config.region.clone(), endpoint: public.clone() };
        let (access_key, secret_key) = (config.access_key.expose(), config.secret_key.expose());
        let provider = StaticProvider::new_minimal(access_key.to_owned(), secret_key.to_owned());
        Ok(Self {
            client: S3Client::new_with(Dispatcher(client()?), provider, region),
            public,
            credentials: AwsCredentials::new(access_key, secret_key, None, None),
            name: config.bucket.clone(),
        })
    }

    /// The body of an object, or of a part of it; `None` when there is no such object.
    async fn open(&self, key: &str, part: Option<String>) -> Result<Option<ByteStream>> {
        let request = GetObjectRequest { range: part, ..self.object(key) };
        match self.client.get_object(request).await {
            Ok(object) => Ok(Some(object.body.unwrap_or_else(|| Vec::new().into()))),
            Err(RusotoError::Service(GetObjectError::NoSuchKey(_))) => Ok(None),
            Err(RusotoError::Unknown(answer)) if answer.status.as_u16() == 404 => Ok(None),
            Err(error) => Err(failed("get", &error)),
        }
    }

    async fn keep(&self, key: &str, body: ByteStream, size: u64, content_type: &str) -> Result<()> {
        let request = PutObjectRequest {
            bucket: self.name.clone(),
            key: key.to_owned(),
            content_length: i64::try_from(size).ok(),
            content_type: Some(content_type.to_owned()),
            body: Some(body),
            ..Default::default()
        };
        self.client.put_object(request).await.map_err(|error| failed("put", &error))?;
        Ok(())
    }

    fn object(&self, key: &str) -> GetObjectRequest {
        GetObjectRequest { bucket: self.name.clone(), key: key.to_owned(), ..Default::default() }
    }
}

#[async_trait]
impl Storage for Bucket {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<()> {
        self.keep(key, bytes.to_vec().into(), bytes.len() as u64, content_type).await
    }

    async fn put_file(&self, key: &str, file: File, size: u64, content_type: &str) -> Result<()> {
        let length = usize::try_from(size).map_err(Error::internal)?;
        let body = ByteStream::new_with_size(ReaderStream::new(file.take(size)), length);
        self.keep(key, body, size, content_type).await
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>> {
        let Some(body) = self.open(key, None).await? else { return Ok(None) };
        let mut bytes = Vec::new();
        body.into_async_read().read_to_end(&mut bytes).await.map_err(Error::internal)?;
        Ok(Some(bytes.into()))
    }

    async fn read(&self, key: &str, part: Range<u64>) -> Result<Option<Pieces>> {
        let part = format!("bytes={}-{}", part.start, part.end.saturating_sub(1));
        Ok(self.open(key, Some(part)).await?.map(StreamExt::boxed))
    }

    fn link(&self, key: &str, link: &Link<'_>) -> Option<String> {
        let request = GetObjectRequest {
            response_content_type: Some(link.content_type.to_owned()),
            response_content_disposition: Some(link.disposition.to_owned()),
            ..self.object(key)
        };
        let option = PreSignedRequestOption { expires_in: link.life };
        Some(request.get_presigned_url(&self.public, &self.credentials, &option))
    }

    async fn delete(&self, key: &str) -> Result<()> {
        let request =
            DeleteObjectRequest { bucket: self.name.clone(), key: key.to_owned(), ..Default::default() };
        self.client.delete_object(request).await.map_err(|error| failed("delete", &error))?;
        Ok(())
    }
}

/// What the service answered, for the log. Its error texts name keys and buckets, never credentials.
fn failed<E: std::error::Error + 'static>(verb: &str, error: &RusotoError<E>) -> Error {
    let detail = match error {
        RusotoError::Unknown(answer) => {
            let body = String::from_utf8_lossy(&answer.body);
            let code = body.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
            let code = code.map_or(String::new(), |(code, _)| format!(" ({code})"));
            format!("status {}{code}", answer.status.as_u16())
        }
        other => other.to_string(),
    };
    Error::internal(format!("the S3 service refused to {verb}: {detail}"))
}

/// An error with its causes: by itself it says only that sending failed.
fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

fn client() -> Result<reqwest::Client> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .read_timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(Error::internal)
}

/// Sends what rusoto signed.
struct Dispatcher(reqwest::Client);

impl DispatchSignedRequest for Dispatcher {
    fn dispatch(&self, request: SignedRequest, timeout: Option<Duration>) -> DispatchSignedRequestFuture {
        let client = self.0.clone();
        Box::pin(async move { send(client, request, timeout).await.map_err(HttpDispatchError::new) })
    }
}

async fn send(
    client: reqwest::Client,
    request: SignedRequest,
    timeout: Option<Duration>,
) -> std::result::Result<HttpResponse, String> {
    let mut url = format!("{}://{}{}", request.scheme(), request.hostname(), request.canonical_path());
    if !request.canonical_query_string().is_empty() {
        url.push('?');
        url.push_str(request.canonical_query_string());
    }
    let method = request.method().parse::<reqwest::Method>().map_err(|error| error.to_string())?;
    let mut outgoing = client.request(method, url);
    for (name, values) in request.headers() {
        // The client sets it itself, to the value that was signed.
        if name == "host" {
            continue;
        }
        for value in values {
            outgoing = outgoing.header(name.as_str(), value.as_slice());
        }
    }
    outgoing = match request.payload {
        Some(SignedRequestPayload::Buffer(bytes)) => outgoing.body(bytes),
        Some(SignedRequestPayload::Stream(stream)) => outgoing.body(reqwest::Body::wrap_stream(stream)),
        None => outgoing,
    };
    if let Some(timeout) = timeout {
        outgoing = outgoing.timeout(timeout);
    }
    let answer = outgoing.send().await.map_err(|error| reason(&error.without_url()))?;
    let status = answer.status().as_u16().try_into().map_err(|_| "not an HTTP status".to_owned())?;
    let headers: HashMap<String, String> = answer
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    let headers = headers.into_iter().filter_map(|(name, value)| Some((name.parse().ok()?, value))).collect();
    let body = ByteStream::new(answer.bytes_stream().map_err(std::io::Error::other));
    Ok(HttpResponse { status, body, headers })
}
