//! `trunkline bench`: a load generator for operators. It registers its own people, opens its own chats, checks every
//! delivery, and deletes its chats when it is done.

mod client;
mod load;
mod meter;
mod report;
mod watch;

mod chat;
mod fanout;
mod history;
mod idle;
mod reconnect;

use std::{sync::Arc, time::Duration};

use clap::{Args, ValueEnum};

use self::{
    client::{Api, User},
    report::Report,
};
use super::Outcome;

/// What to run against a server.
#[derive(Args)]
pub struct Options {
    /// The server to load
    #[arg(default_value = "http://127.0.0.1:8000")]
    url: String,

    /// What to run; everything when left out
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAME")]
    workload: Vec<Workload>,

    /// How long each timed workload runs
    #[arg(long, default_value_t = 10, value_name = "N")]
    seconds: u64,

    /// How many send at once, each waiting for its answer
    #[arg(long, default_value_t = 32, value_name = "N")]
    senders: usize,

    /// How many chats the chat workload spreads over
    #[arg(long, default_value_t = 200, value_name = "N")]
    chats: usize,

    /// How many sockets watch each chat
    #[arg(long, default_value_t = 5, value_name = "N")]
    sockets: usize,

    /// How many sockets the fan-out and reconnect workloads open
    #[arg(long, default_value_t = 2000, value_name = "N")]
    crowd: usize,

    /// How many sockets the idle workload opens
    #[arg(long, default_value_t = 5000, value_name = "N")]
    idle: usize,

    /// The process id of the server, when it runs on this machine: shows its CPU and memory, and those of the private
    /// PostgreSQL under it
    #[arg(long, value_name = "PID")]
    pid: Option<u32>,

    /// The process id of a PostgreSQL that is not the server's own
    #[arg(long, value_name = "PID")]
    postgres_pid: Option<u32>,

    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// A kind of load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Workload {
    /// Closed-loop senders over many chats, every delivery checked
    Chat,
    /// The same into one chat
    Hot,
    /// 500 sends a second: how long from send to frame
    Paced,
    /// One chat, a crowd of sockets
    Fanout,
    /// Sockets that do nothing
    Idle,
    /// The last 50 messages of a chat of 10,000
    History,
    /// A crowd that comes back at once
    Reconnect,
}

const ALL: [Workload; 7] = [
    Workload::Chat,
    Workload::Hot,
    Workload::Paced,
    Workload::Fanout,
    Workload::History,
    Workload::Reconnect,
    Workload::Idle,
];

/// The options and people every workload is handed.
struct Bench {
    options: Options,
    api: Api,
    users: Vec<Arc<User>>,
}

impl Bench {
    fn duration(&self) -> Duration {
        Duration::from_secs(self.options.seconds)
    }

    fn user(&self, number: usize) -> &Arc<User> {
        &self.users[number % self.users.len()]
    }

    fn meter(&self) -> meter::Meter {
        meter::Meter::start(self.options.pid, self.options.postgres_pid)
    }
}

/// Runs the workloads one after the other.
pub async fn run(options: Options) -> Outcome {
    let api = Api::new(&options.url)?;
    api.check().await?;
    raise_descriptor_limit();
    let workloads = if options.workload.is_empty() { ALL.to_vec() } else { options.workload.clone() };
    let progress = report::Progress::new(options.json);
    progress.say(&format!("signing up {} people", options.senders));
    let users = client::sign_up(&api, options.senders).await?;
    let bench = Bench { options, api, users };
    let mut report = Report::default();
    for workload in workloads {
        progress.say(&format!("{workload:?}").to_lowercase());
        let outcome = match workload {
            Workload::Chat => chat::chat(&bench, &progress, false).await,
            Workload::Hot => chat::chat(&bench, &progress, true).await,
            Workload::Paced => chat::paced(&bench, &progress).await,
            Workload::Fanout => fanout::run(&bench, &progress).await,
            Workload::Idle => idle::run(&bench).await,
            Workload::History => history::run(&bench, &progress).await,
            Workload::Reconnect => reconnect::run(&bench, &progress).await,
        };
        let section = outcome?;
        progress.show(&section);
        report.push(section);
    }
    client::sign_out(&bench.api, &bench.users).await;
    progress.finish(&report);
    if report.flawless() { Ok(()) } else { Err("messages were lost, doubled or out of order".into()) }
}

/// Thousands of sockets are thousands of descriptors.
fn raise_descriptor_limit() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}
