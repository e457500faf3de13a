//! Logs on standard error, for people on a terminal and as JSON elsewhere. They are written by a thread of their own, many
//! lines at once, so that no request waits for whoever reads them; when nobody does for long, lines are dropped.

use std::io::{self, BufWriter, IsTerminal};

use tracing::{Span, Subscriber};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

#[cfg(feature = "otel")]
use super::traces::Traces;
use crate::config::{Log, LogFormat};

/// The most bytes that are written at once.
const BYTES: usize = 64 * 1024;
/// The most lines that wait to be written; further ones are dropped.
const LINES: usize = 16 * 1024;

/// The configured level; a library that tells of every step at `info` speaks up from `warn` on unless it is asked.
fn filter(level: &str) -> EnvFilter {
    EnvFilter::new(format!("refinery_core=warn,tokio_postgres=warn,deadpool=error,{level}"))
}

/// Starts logging, once per process; later calls do nothing, as tests start several servers. Standard output is left
/// to what commands answer. What was logged last is written when the answer is dropped.
pub fn init(log: &Log) -> WorkerGuard {
    let (lines, guard) = lines(log);
    // Already set: by an earlier server of this process, or by the program we are embedded in.
    _ = registry().with(filter(&log.level)).with(lines).try_init();
    guard
}

/// What writes the lines, and who sees to it that the last are written.
fn lines<S>(log: &Log) -> (Box<dyn Layer<S> + Send + Sync>, WorkerGuard)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let terminal = io::stderr().is_terminal();
    let format = log.format.unwrap_or(if terminal { LogFormat::Pretty } else { LogFormat::Json });
    let (stderr, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(LINES)
        .finish(BufWriter::with_capacity(BYTES, io::stderr()));
    let lines = match format {
        // The fields of an event stand at the top, where log collectors look for them; what request it belongs to is in `span`.
        LogFormat::Json => {
            fmt::layer().json().flatten_event(true).with_span_list(false).with_writer(stderr).boxed()
        }
        LogFormat::Pretty => fmt::layer().compact().with_ansi(terminal).with_writer(stderr).boxed(),
    };
    (lines, guard)
}

/// The same beside traces, whatever the level of the log is.
#[cfg(feature = "otel")]
pub fn init_with(log: &Log, traces: Option<&Traces>) -> WorkerGuard {
    let Some(traces) = traces else { return init(log) };
    let (lines, guard) = lines(log);
    // Spans are no lines.
    let filter = filter(&format!("{},trunkline_traces=off", log.level));
    _ = registry().with(lines.with_filter(filter)).with(traces.layer()).try_init();
    guard
}

/// What every line that a request causes has: its id. On whatever level the log is.
pub fn request(id: &str) -> Span {
    tracing::error_span!("request", id)
}
