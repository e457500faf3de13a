//! The command line: one file per command. Bad arguments exit 2, failures exit 1 with one line on standard error.

mod archive;
mod asyncapi;
mod backup;
mod bench;
mod config;
mod doctor;
mod export;
mod jobs;
mod migrate;
mod openapi;
mod programs;
mod restore;
mod secret;
mod seed;
mod serve;
mod setup;
mod terminal;
mod topic;
mod user;
mod values;
mod verify;
mod work;

use std::{
    ffi::OsString,
    fmt::Display,
    io::{self, ErrorKind, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{CommandFactory, Parser, Subcommand};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use self::{export::What, secret::SecretCommand, topic::TopicCommand, user::UserCommand};
#[cfg(feature = "otel")]
use crate::telemetry::traces;
use crate::{
    config::{Config, Sources},
    telemetry::logging,
};

/// What a command returns: nothing, or one line that says what went wrong.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The chat and community backend that needs nothing but PostgreSQL.
#[derive(Parser)]
#[command(name = "trunkline", version, propagate_version = true)]
struct Arguments {
    /// Read the configuration from this file instead of config.yaml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the sockets
    ///
    /// Without database.url, a private PostgreSQL is created and run under data_dir, and migrated. With one, the
    /// database must have been migrated before: by `trunkline migrate`, or by --migrate.
    Serve {
        /// Migrate the database first
        #[arg(long)]
        migrate: bool,

        /// Give each message a transaction and a notification of its own: what the benchmark compares with
        #[arg(long, hide = true)]
        one_by_one: bool,
    },
    /// Run jobs without serving the API
    ///
    /// `serve` runs jobs itself. For more workers start as many of these as you want, on any machine that reaches the
    /// database. Each also queues the jobs of schedules, sends scheduled messages, ends holds of tickets and reminds people
    /// of events, whether a server runs or not. When it is stopped, jobs that it could not finish are queued again.
    Work,
    /// Show jobs, or run those that are due
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Add records to a topic, and read them
    #[command(subcommand)]
    Topic(TopicCommand),
    /// Fill the database with people and chats to try things out with
    ///
    /// Five people, among them alice@example.com and bob@example.com (password: trunkline1), a lobby and two more chats,
    /// their messages, and an event. Safe to repeat: what exists already stays as it is. Not for a server that people rely on: the
    /// password is known.
    Seed {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Export everything about a chat or a person, as JSON lines
    ///
    /// One object a line, each with a `type`; the last one is {"type":"end"}. Messages that were recalled or cleared come
    /// without their content. Passwords and tokens are not exported.
    Export {
        #[command(subcommand)]
        what: ExportCommand,

        /// Write to this file, which only you may read, instead of standard output
        #[arg(long, global = true, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Back up the database and the files, as one archive
    ///
    /// The archive is a tar file that only you may read: a dump of the database, as of one moment, and the files that it
    /// refers to. It is read back and verified before it gets its name. Servers go on meanwhile. If database.read_url
    /// names a replica, the replica is read. Needs pg_dump and pg_restore of the server's version or a newer one. The secrets
    /// (auth.jwt_secret, secrets.key) are not in it: keep them apart.
    Backup {
        /// Where to write it; nothing is overwritten
        file: PathBuf,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Restore an archive into an empty database
    ///
    /// Reads and verifies the whole archive. Then writes the files to the storage, writes the database in one transaction, and
    /// migrates it to the schema of this version. What was said after the backup is gone: clients that have read it are told
    /// `reset` when they reconnect. Stop the servers of the old database first.
    Restore {
        /// An archive that `trunkline backup` has written
        file: PathBuf,

        /// End every session and API token that is in it
        ///
        /// Without this, people who were signed out or suspended, or whose token was revoked, after the backup are signed in again.
        /// Passwords stay.
        #[arg(long)]
        sign_out: bool,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Bring the database to the schema of this version
    ///
    /// Safe to repeat, and safe to run while instances of the version before are running.
    Migrate {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Check everything the server needs, and say what is wrong
    ///
    /// Checks the database, its version, its settings and its migrations; that a notification comes through; storage, disk space
    /// and the clock. Each check is a line: ok, warn, FAIL, or skip where it has to wait for the migrations. Exits 1 when one
    /// fails.
    Doctor {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Verify the log of every chat, and name those that fail
    ///
    /// Checks that numbers have no gap, that the counters of chats and members are right, and that replies, edits,
    /// reactions, pins, files and read marks refer to something that exists; that the tickets, comments and notifications
    /// of events, posts and people are counted right. Reads in small parts, while servers run. Exits 1 when something fails.
    Verify {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Load a server and measure it
    ///
    /// Registers its own people, and runs conversations, fan-out, history, reconnects and idle sockets. Checks every
    /// delivery. Prints throughput, latencies, and what was lost, doubled or out of order. Deletes its chats. Exits 1 when
    /// anything was lost, doubled or out of order. The server needs limits.enabled=false, or it refuses most requests.
    Bench(bench::Options),
    /// Print the OpenAPI document
    Openapi,
    /// Print the AsyncAPI document: every frame, command and close code of the sockets
    Asyncapi,
    /// Show or check the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Create and manage accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Keys for what is stored encrypted
    #[command(subcommand)]
    Secret(SecretCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Check the configuration and show each value with where it comes from; secrets are masked
    Check,
}

#[derive(Subcommand)]
enum ExportCommand {
    /// A chat: its profile, its members, and its log as sockets receive it
    Chat {
        /// The id of the chat
        #[arg(value_parser = values::id)]
        id: Uuid,
    },
    /// A person: profile, sessions, chats, and what they said
    Account {
        /// Their e-mail address
        email: String,
    },
}

#[derive(Subcommand)]
enum JobsCommand {
    /// Show jobs, the latest first
    List {
        /// Only those that are queued, running, succeeded, failed or cancelled
        #[arg(long, value_parser = ["queued", "running", "succeeded", "failed", "cancelled"])]
        status: Option<String>,

        /// How many at most
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Run jobs until none is due, and say how many
    ///
    /// A job that fails and is to be retried later stays in the queue.
    Run {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command of the command line.
#[expect(clippy::print_stderr, reason = "a failure is one line on standard error")]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse_from(without_help_of_help(std::env::args_os()));
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trunkline: {}", sentence(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// `help --help` asks for what `help` tells; the parser would take the second for a command of this name.
fn without_help_of_help(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut command = Some(Arguments::command());
    let mut helps = false;
    let mut kept = Vec::new();
    for (place, argument) in arguments.enumerate() {
        if helps && (argument == "--help" || argument == "-h") {
            continue;
        }
        if place > 0
            && let Some(above) = command.take()
        {
            helps = argument == "help" && above.has_subcommands();
            command = above.find_subcommand(&argument).cloned();
        }
        kept.push(argument);
    }
    kept
}

fn run(arguments: Arguments) -> Outcome {
    // What needs no configuration works without one.
    match &arguments.command {
        Command::Openapi => return openapi::run(),
        Command::Asyncapi => return asyncapi::run(),
        Command::Secret(SecretCommand::GenerateKey { id }) => return secret::generate_key(id.as_deref()),
        _ => {}
    }
    if let Command::Bench(options) = arguments.command {
        return runtime()?.block_on(bench::run(options));
    }
    let config = Config::load(&Sources::of_process(arguments.config)?)?;
    let runtime = runtime()?;
    #[cfg(not(feature = "otel"))]
    let _lines = logging::init(&config.log);
    #[cfg(feature = "otel")]
    let traces = traces::start(runtime.handle())?;
    #[cfg(feature = "otel")]
    let _lines = logging::init_with(&config.log, traces.as_ref());
    let outcome = runtime.block_on(async {
        match arguments.command {
            Command::Serve { migrate, one_by_one } => serve::run(config, migrate, one_by_one).await,
            Command::Work => work::run(config).await,
            Command::Jobs(JobsCommand::List { status, limit, json }) => {
                jobs::list(config, status.as_deref(), limit, json).await
            }
            Command::Jobs(JobsCommand::Run { json }) => jobs::run(config, json).await,
            Command::Topic(command) => topic::run(config, command).await,
            Command::Seed { json } => seed::run(config, json).await,
            Command::Export { what: ExportCommand::Chat { id }, out } => {
                export::run(config, What::Chat(id), out).await
            }
            Command::Export { what: ExportCommand::Account { email }, out } => {
                export::run(config, What::Account(email), out).await
            }
            Command::Backup { file, json } => Box::pin(backup::run(config, &file, json)).await,
            Command::Restore { file, sign_out, json } => {
                Box::pin(restore::run(config, &file, sign_out, json)).await
            }
            Command::Secret(command) => secret::run(config, command).await,
            Command::Migrate { json } => Box::pin(migrate::run(config, json)).await,
            Command::Doctor { json } => Box::pin(doctor::run(config, json)).await,
            Command::Verify { json } => Box::pin(verify::run(config, json)).await,
            Command::User(command) => user::run(config, command).await,
            Command::Config(ConfigCommand::Check) => config::check(&config),
            Command::Openapi | Command::Asyncapi | Command::Bench(_) => Ok(()),
        }
    });
    #[cfg(feature = "otel")]
    traces.iter().for_each(traces::Traces::finish);
    // A blocking task (a password being hashed) is not waited for.
    runtime.shutdown_background();
    outcome
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Writes a line of a command's answer. A reader that has read enough (`| head`) is no failure.
fn answer(line: impl Display) -> Outcome {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// An error with its causes in one line. Causes never hold secrets: urls are not part of them.
fn sentence(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text =
        error.downcast_ref::<crate::error::Error>().map_or_else(|| error.to_string(), own_sentence);
    let mut cause = error.source();
    while let Some(next) = cause {
        let next_text = next.to_string();
        if !text.contains(&next_text) {
            text.push_str(": ");
            text.push_str(&next_text);
        }
        cause = next.source();
    }
    text.replace('\n', " ")
}

/// Our own failures read better without the word for clients.
fn own_sentence(error: &crate::error::Error) -> String {
    use std::error::Error as _;
    if error.sql_state() == Some(&SqlState::TOO_MANY_CONNECTIONS) {
        return "the database gives no more connections: one instance needs as many as database.pool_size says, one more to \
                LISTEN, and migrate and doctor one or two of their own (alter role … connection limit, or max_connections)"
            .to_owned();
    }
    match error.source() {
        Some(cause) if error.code() == crate::error::Code::Internal => cause.to_string(),
        _ if error.fields().is_empty() => error.detail().to_owned(),
        _ => {
            let fields = error.fields().iter().map(|field| format!("{} {}", field.field, field.message));
            fields.collect::<Vec<_>>().join("; ")
        }
    }
}
