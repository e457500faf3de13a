//! Spans, and how they get to a collector: by OTLP over HTTP, as the variables `OTEL_*` say.

use std::{
    env,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use opentelemetry::{
    Context,
    propagation::TextMapPropagator,
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider},
};
use opentelemetry_http::{HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};
use poem::http::{HeaderMap, Request, Response};
use tokio::runtime::Handle;
use tracing::{Span, field::Empty, info_span, level_filters::LevelFilter};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};
use uuid::Uuid;

/// Spans have a target of their own: they are no lines of the log, and its level is not theirs.
const TARGET: &str = "trunkline_traces";
/// How long the last spans may take to be sent when the program ends, and a batch of them at any time.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What sends the spans.
pub struct Traces(SdkTracerProvider);

/// Begins to send spans, where `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` says where to.
pub fn start(runtime: &Handle) -> Result<Option<Traces>, opentelemetry_otlp::ExporterBuildError> {
    let variables = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
    if !variables.iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return Ok(None);
    }
    let client = reqwest::Client::builder().timeout(TIMEOUT).build().unwrap_or_default();
    let client = OnRuntime { client, runtime: runtime.clone(), fails: AtomicBool::new(false) };
    let exporter = SpanExporter::builder().with_http().with_http_client(client).build()?;
    let mut resource = Resource::builder();
    if env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("trunkline");
    }
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build());
    Ok(Some(Traces(provider.build())))
}

impl Traces {
    /// What makes spans of the program's into spans that are sent.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        let tracer: SdkTracer = self.0.tracer("trunkline");
        let layer = tracing_opentelemetry::layer().with_tracer(tracer);
        let layer = layer.with_location(false).with_threads(false).with_tracked_inactivity(false);
        layer.with_filter(Targets::new().with_target(TARGET, LevelFilter::INFO))
    }

    /// Sends what was not sent yet. The runtime must still be there.
    pub fn finish(&self) {
        if let Err(error) = self.0.shutdown_with_timeout(TIMEOUT) {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}

/// The batches are made by a thread outside the runtime, and the client lives on it.
#[derive(Debug)]
struct OnRuntime {
    client: reqwest::Client,
    runtime: Handle,
    fails: AtomicBool,
}

#[async_trait]
impl HttpClient for OnRuntime {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move { client.send_bytes(request).await });
        let answer = sent.await.map_err(HttpError::from).flatten();
        let refusal = match &answer {
            Ok(response) if response.status().is_success() => None,
            Ok(response) => Some(response.status().to_string()),
            Err(error) => Some(error.to_string()),
        };
        // Said once, and once more when it works again.
        match (&refusal, self.fails.swap(refusal.is_some(), Relaxed)) {
            (Some(error), false) => tracing::warn!(error, "traces cannot be sent"),
            (None, true) => tracing::info!("traces are sent again"),
            _ => {}
        }
        answer
    }
}

pub fn request(method: &str, path: &str, id: &str, headers: &HeaderMap) -> Span {
    // A name that is given later is not taken.
    let span = info_span!(
        target: TARGET, "request",
        otel.name = format!("{method} {path}"), otel.kind = "server", otel.status_code = Empty,
        http.request.method = method, http.route = path, http.response.status_code = Empty, request_id = id,
    );
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // Nothing is wrong with a span that nobody wants.
    let _ = span.set_parent(parent);
    span
}

pub fn commit(chat_id: Uuid, message_id: Uuid) -> Span {
    let span = info_span!(target: TARGET, "commit", %chat_id, %message_id);
    span.add_link(trace_of(message_id));
    span
}

pub fn told(chat_id: Uuid, message_id: Uuid, seq: i64, milliseconds: i64, sockets: usize) {
    let heard = info_span!(
        target: TARGET, "notification", otel.kind = "consumer", %chat_id, %message_id, seq, milliseconds
    );
    let _ = heard.set_parent(Context::new().with_remote_span_context(trace_of(message_id)));
    heard.in_scope(|| drop(info_span!(target: TARGET, "frame", sockets).entered()));
}

/// The trace of a message has its id, and its beginning the second half of that: 64 bits that are random, but for two.
fn trace_of(message_id: Uuid) -> SpanContext {
    let (_, low) = message_id.as_u64_pair();
    let (trace, span) = (TraceId::from_bytes(message_id.into_bytes()), SpanId::from_bytes(low.to_be_bytes()));
    SpanContext::new(trace, span, TraceFlags::SAMPLED, true, TraceState::default())
}
