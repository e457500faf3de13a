//! `trunkline bench`: a load generator for operators. It registers its own people, opens its own chats, checks every
//! delivery, and deletes its chats when it is done. With `--private` it also brings the server, and says how the product
//! does beside its goals: that is `scripts/bench`.

mod bare;
mod client;
mod clock;
mod load;
mod meter;
mod private;
mod report;
mod socket;
mod table;
mod watch;

mod chat;
mod fanout;
mod history;
mod idle;
mod permissions;
mod plain;
mod reconnect;
mod wakeups;

use std::{future::Future, sync::Arc, time::Duration};

use clap::{Args, ValueEnum};
use tokio::signal::unix::{Signal, SignalKind, signal};

use self::{
    client::{Api, Failure, User},
    private::{Folder, Private},
    report::{Progress, Report, Style},
};
use super::{Outcome, setup::raise_descriptor_limit};

/// What to run, and against which server.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The server to load
    #[arg(default_value = "http://127.0.0.1:8000")]
    url: String,

    /// Load a server of the benchmark's own, and show how it does beside the goals
    ///
    /// Runs this program in a temporary folder with a private PostgreSQL, on a free port of 127.0.0.1. After
    /// the workloads, when `chat` is among them, pgbench does plain inserts on the same PostgreSQL, and the same
    /// server runs with one transaction for each message. Everything is gone afterwards. Answers with a
    /// Markdown table.
    #[arg(long, conflicts_with_all = ["url", "pid", "postgres_pid"])]
    private: bool,

    /// What to run; everything when left out
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAME")]
    workload: Vec<Workload>,

    /// How long each timed workload runs
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=600))]
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

    /// How many messages the chat has whose end the history workload reads
    #[arg(long, default_value = "1000,10000,100000", value_delimiter = ',', value_name = "N")]
    lengths: Vec<usize>,

    /// How many chats are followed in the wakeups workload
    #[arg(long, default_value = "100,1000,10000", value_delimiter = ',', value_name = "N")]
    followed: Vec<usize>,

    /// The process id of the server, when it runs on this machine: shows its CPU and memory, and those of the private
    /// PostgreSQL under it
    #[arg(long, value_name = "PID")]
    pid: Option<u32>,

    /// The process id of a PostgreSQL that is not the server's own
    #[arg(long, value_name = "PID")]
    postgres_pid: Option<u32>,

    /// Answer in JSON: {"flawless", "machine", "workloads": {NAME: {FIGURE: NUMBER}}}, with the unit in the name of each
    /// figure
    #[arg(long)]
    json: bool,
}

/// A kind of load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Workload {
    /// Sockets that do nothing
    Idle,
    /// Closed-loop senders over many chats, every delivery checked
    Chat,
    /// 500 sends a second: how long from send to frame
    Paced,
    /// A thousand sends a second into a hundred chats, while more and more other chats are followed
    Wakeups,
    /// Closed-loop senders into one chat, every delivery checked
    Hot,
    /// One chat, a crowd of sockets
    Fanout,
    /// A crowd that comes back at once
    Reconnect,
    /// The last 50 messages of a chat
    History,
    /// The check of a permission, beside the cheapest request
    Permissions,
}

impl Options {
    /// What to run, in the order it is run. Idle is the first: what other workloads leave in memory would hide its sockets.
    /// Those that put a great deal into one chat come late: its words are indexed meanwhile, which is work of another day.
    fn workloads(&self) -> Vec<Workload> {
        let wanted = |workload: &&Workload| self.workload.is_empty() || self.workload.contains(workload);
        Workload::value_variants().iter().filter(wanted).copied().collect()
    }

    fn style(&self) -> Style {
        match (self.json, self.private) {
            (true, _) => Style::Json,
            (false, true) => Style::Table,
            (false, false) => Style::Sections,
        }
    }
}

/// The options and people every workload is handed.
struct Bench {
    options: Options,
    api: Api,
    users: Vec<Arc<User>>,
}

impl Bench {
    /// Signs up as many people as send at once.
    async fn open(options: Options, progress: &Progress) -> Result<Self, Failure> {
        let api = Api::new(&options.url)?;
        api.check().await?;
        progress.say(&format!("signing up {} people", options.senders));
        let users = client::sign_up(&api, options.senders.max(1)).await?;
        Ok(Self { options, api, users })
    }

    async fn close(self) {
        client::sign_out(&self.api, &self.users).await;
    }

    fn duration(&self) -> Duration {
        Duration::from_secs(self.options.seconds)
    }

    fn user(&self, number: usize) -> &Arc<User> {
        &self.users[number % self.users.len()]
    }

    fn meter(&self) -> meter::Meter {
        meter::Meter::start(self.options.pid, self.options.postgres_pid)
    }

    /// Runs the workloads one after the other.
    async fn run(&self, progress: &Progress, report: &mut Report) -> Result<(), Failure> {
        for workload in self.options.workloads() {
            progress.say(&format!("{workload:?}").to_lowercase());
            let section = match workload {
                Workload::Idle => idle::run(self, progress).await,
                Workload::Chat => chat::chat(self, progress, false).await,
                Workload::Hot => chat::chat(self, progress, true).await,
                Workload::Paced => chat::paced(self, progress).await,
                Workload::Fanout => fanout::run(self, progress).await,
                Workload::History => history::run(self, progress).await,
                Workload::Reconnect => reconnect::run(self, progress).await,
                Workload::Wakeups => wakeups::run(self, progress).await,
                Workload::Permissions => permissions::run(self, progress).await,
            }?;
            progress.show(&section);
            report.push(section);
        }
        Ok(())
    }
}

/// Loads a server and says how it did.
pub async fn run(options: Options) -> Outcome {
    raise_descriptor_limit();
    let progress = Progress::new(options.style());
    let mut report = Report::default();
    let mut database = None;
    if options.private {
        let folder = Folder::new()?;
        let ran = run_private(&options, &folder, &progress, &mut report, &mut database).await;
        folder.remove().await?;
        ran?;
    } else {
        let bench = Bench::open(options, &progress).await?;
        bench.run(&progress, &mut report).await?;
        bench.close().await;
    }
    progress.finish(&report, database.as_deref());
    if report.flawless() { Ok(()) } else { Err("messages were lost, doubled or out of order".into()) }
}

/// Runs the workloads on a server of our own, plain inserts beside it, and the same server without shared commits.
async fn run_private(
    options: &Options,
    folder: &Folder,
    progress: &Progress,
    report: &mut Report,
    database: &mut Option<String>,
) -> Result<(), Failure> {
    let mut interruption = Interruption::new()?;
    let compared = options.workloads().contains(&Workload::Chat);
    progress.say("starting a server");
    let mut server = Private::spawn(folder, &[])?;
    let ran = async {
        let bench = Bench::open(of_server(options, &mut server).await?, progress).await?;
        let url = folder.database_url()?;
        *database = Some(plain::version(&url).await?);
        bench.run(progress, report).await?;
        if compared {
            progress.say("plain inserts");
            report.push(plain::run(&bench, &url, folder.path()).await?);
        }
        Ok(())
    };
    let ran = interruption.may_end(ran).await;
    server.stop().await?;
    ran?;
    if compared {
        progress.say("starting the server that posts one by one");
        let mut server = Private::spawn(folder, &["--one-by-one"])?;
        let ran = async {
            let bench = Bench::open(of_server(options, &mut server).await?, progress).await?;
            report.push(chat::chat(&bench, progress, false).await?.named("one_by_one"));
            Ok(())
        };
        let ran = interruption.may_end(ran).await;
        server.stop().await?;
        ran?;
    }
    Ok(())
}

/// The options for a server of our own, once it is ready.
async fn of_server(options: &Options, server: &mut Private) -> Result<Options, Failure> {
    Ok(Options { url: server.ready().await?, pid: Some(server.pid), ..options.clone() })
}

/// Somebody ends the benchmark. What was begun is taken down all the same, so it is not left to the signal's own effect.
struct Interruption {
    terminated: Signal,
    interrupted: Signal,
}

impl Interruption {
    fn new() -> Result<Self, Failure> {
        let (terminated, interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(Self { terminated, interrupted })
    }

    /// Does something until it is done or the benchmark is ended.
    async fn may_end(&mut self, doing: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
        tokio::select! {
            done = doing => done,
            _ = self.terminated.recv() => Err("interrupted".into()),
            _ = self.interrupted.recv() => Err("interrupted".into()),
        }
    }
}
