//! `trunkline topic`: a record a line in, a record a line out.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, ErrorKind, IsTerminal, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::{Outcome, answer, setup::OfflineApp, values};
use crate::{
    app::App,
    config::Config,
    db::listen::Listening,
    topics::{
        model::{Commit, NewRecord, Record},
        service::{self, Ask, check_group, check_name},
        store, topic_of,
    },
};

/// How many records are written, and read, at once.
const BATCH: usize = 1_000;
/// For how long records are this reader's: longer than it takes to write them to a pipe whose reader is slow.
const LEASE: Duration = Duration::from_secs(60);
/// How long one poll waits for records, with `--follow`.
const WAIT: Duration = Duration::from_secs(30);
/// The time before what failed is tried again, with `--follow`.
const PAUSE: Duration = Duration::from_secs(1);

/// What is done with topics.
#[derive(Subcommand)]
pub enum TopicCommand {
    /// Add a record for each line of a file, or of standard input
    ///
    /// A line that is JSON becomes that value, any other line a text. Empty lines are left out. Records are added a thousand at a time:
    /// if it ends with an error, those before it were added.
    Produce {
        /// The topic; made when it is not there
        topic: String,
        /// The file; standard input when left out
        file: Option<PathBuf>,
        /// The key of all these records
        #[arg(long)]
        key: Option<String>,
        /// Take every line as text
        #[arg(long)]
        text: bool,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the records of a topic that this group has not committed, one JSON object a line
    ///
    /// Several consumers of the same group share the records. Records are printed up to a thousand at a time, and committed as
    /// soon as they are written to standard output: if the reader of a pipe fails after that, the group does not get them again.
    /// A group that is new begins at the first record.
    Consume {
        /// The topic
        topic: String,
        /// The group that reads
        #[arg(long, value_name = "G")]
        group: String,
        /// Begin after this offset, if the group is new
        #[arg(long, value_name = "OFFSET", default_value_t = 0, value_parser = values::zero_or_more)]
        after: i64,
        /// End after so many records
        #[arg(long, value_parser = values::one_or_more)]
        limit: Option<u64>,
        /// Wait for more when there are none, until it is stopped
        #[arg(long)]
        follow: bool,
    },
}

/// Runs one.
pub async fn run(config: Config, command: TopicCommand) -> Outcome {
    match command {
        TopicCommand::Produce { topic, file, key, text, json } => {
            check_name(&topic)?;
            let source = source(file.as_deref())?;
            let offline = OfflineApp::open_existing(config).await?;
            let produced = produce(&offline.app, &topic, source, key.as_deref(), text).await;
            offline.close().await;
            tell(produced?, json)
        }
        TopicCommand::Consume { topic, group, after, limit, follow } => {
            check_name(&topic)?;
            check_group(&group)?;
            let offline = OfflineApp::open_existing(config).await?;
            let ask = Ask { group: Some(group), after, added_at: None, most: BATCH as i64, lease: LEASE };
            let consumed = consume(&offline.app, &topic, ask, limit, follow).await;
            offline.close().await;
            consumed
        }
    }
}

/// How many records were added, and where.
#[derive(Default, Clone, Copy)]
struct Produced {
    records: usize,
    offsets: Option<(i64, i64)>,
}

/// Where lines come from.
type Source = BufReader<Box<dyn Read + Send>>;

fn source(file: Option<&Path>) -> Outcome<Source> {
    Ok(match file {
        None => BufReader::new(Box::new(io::stdin())),
        Some(path) => {
            let file =
                File::open(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
            BufReader::new(Box::new(file))
        }
    })
}

async fn produce(
    app: &App,
    topic: &str,
    mut source: Source,
    key: Option<&str>,
    is_text: bool,
) -> Outcome<Produced> {
    let bar = if io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} records in {elapsed}, {per_sec}") {
        bar.set_style(style);
    }
    let (mut produced, mut number) = (Produced::default(), 0_u64);
    loop {
        // What comes slowly by a pipe is added as soon as it has come.
        let (read, lines) = tokio::task::spawn_blocking(move || {
            let lines = next_lines(&mut source);
            (source, lines)
        })
        .await?;
        source = read;
        let lines = lines.map_err(|error| format!("line {} cannot be read: {error}", number + 1))?;
        if lines.is_empty() {
            bar.finish_and_clear();
            return Ok(produced);
        }
        let records: Vec<_> = lines
            .iter()
            .filter(|line| !line.trim().is_empty())
            .map(|line| NewRecord {
                key: key.map(str::to_owned),
                value: Some(value(line, is_text)),
                value_base64: None,
            })
            .collect();
        number += lines.len() as u64;
        if records.iter().filter_map(|record| record.value.as_ref()).any(holds_nul) {
            let begin = number - lines.len() as u64 + 1;
            return Err(format!("one of the lines {begin} to {number} holds the character U+0000").into());
        }
        if records.is_empty() {
            continue;
        }
        let first = store::produce(&app.db().await?, topic, &service::columns(&records)?).await?;
        let last = first + records.len() as i64 - 1;
        produced.records += records.len();
        produced.offsets = Some((produced.offsets.map_or(first, |(begin, _)| begin), last));
        bar.inc(records.len() as u64);
    }
}

/// The lines that are there already, one at least, up to a thousand; none at the end.
fn next_lines(source: &mut Source) -> io::Result<Vec<String>> {
    let mut lines = Vec::new();
    while lines.len() < BATCH {
        let mut line = String::new();
        if source.read_line(&mut line)? == 0 {
            break;
        }
        lines.push(line.trim_end_matches(['\r', '\n']).to_owned());
        // Another line that is not whole yet is not waited for.
        if !source.buffer().contains(&b'\n') {
            break;
        }
    }
    Ok(lines)
}

fn value(line: &str, is_text: bool) -> Value {
    let text = || Value::String(line.to_owned());
    if is_text { text() } else { serde_json::from_str(line).unwrap_or_else(|_| text()) }
}

/// PostgreSQL stores no such character.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, item)| name.contains('\0') || holds_nul(item)),
        _ => false,
    }
}

fn tell(produced: Produced, as_json: bool) -> Outcome {
    let (first, last) = produced.offsets.unzip();
    if as_json {
        return answer(json!({"records": produced.records, "first_offset": first, "last_offset": last}));
    }
    match produced.offsets {
        Some((first, last)) => answer(format_args!("{} records, from {first} to {last}", produced.records)),
        None => answer("no records"),
    }
}

async fn consume(app: &App, topic: &str, mut ask: Ask, limit: Option<u64>, follow: bool) -> Outcome {
    let listening = tokio::spawn(listen(app.clone()));
    let mut left = limit.unwrap_or(u64::MAX);
    let consumed = async {
        while left > 0 {
            ask.most = i64::try_from(left).unwrap_or(i64::MAX).min(BATCH as i64);
            let wait = if follow { WAIT } else { Duration::ZERO };
            let records = match service::read(app, topic, &ask, wait).await {
                Ok(records) => records,
                // One that follows was here first, or rides out a restart of the database.
                Err(error) if follow => {
                    tracing::debug!(%error, "no records; trying again");
                    sleep(PAUSE).await;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if records.is_empty() {
                if follow {
                    continue;
                }
                break;
            }
            if !print(&records)? {
                break;
            }
            left -= records.len() as u64;
            let offsets = records.iter().map(|record| record.offset).collect();
            let done = Commit { group: ask.group.clone().unwrap_or_default(), offsets };
            service::commit(app, topic, &done).await?;
        }
        Ok(())
    };
    let consumed = consumed.await;
    listening.abort();
    consumed
}

/// Prints records; false when nobody reads any more, and they are not committed.
fn print(records: &[Record]) -> Outcome<bool> {
    let mut text = Vec::new();
    for record in records {
        serde_json::to_writer(&mut text, record)?;
        text.push(b'\n');
    }
    let mut out = io::stdout().lock();
    match out.write_all(&text).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Receives notifications of new records; without them it polls every second.
async fn listen(app: App) {
    let url =
        app.config.database.listen_url().map_or(app.database_url.clone(), |url| url.expose().to_owned());
    loop {
        if let Ok(target) = Listening::target(&url, "topic")
            && let Ok(mut listening) = Listening::start(&target, &app.pool.newest).await
        {
            loop {
                match timeout(WAIT, listening.next()).await {
                    Ok(Some(payload)) => {
                        if let Some(topic) = topic_of(&payload) {
                            let _ = app.topic_news.send(topic.to_owned());
                        }
                    }
                    Ok(None) => break,
                    Err(_) => {
                        if !timeout(WAIT, listening.check()).await.is_ok_and(|alive| alive.is_ok()) {
                            break;
                        }
                    }
                }
            }
        }
        sleep(PAUSE).await;
    }
}
