//! What a benchmark says: progress while it runs, a section a workload, or all of it as JSON or as a table of goals.
//!
//! The JSON is `{"flawless", "machine": {"cores", "cpu", "postgres"}, "workloads": {NAME: {FIGURE: NUMBER}}}`: the names of workloads
//! are those of the command line, and `one_by_one` and `plain` beside a private server. The unit of a figure stands in its
//! name; names stay as they are, and new ones may come. `flawless` is whether every `lost`, `doubled` and `out_of_order`
//! is 0.

use serde_json::{Map, Value, json};

use super::{meter::Usage, table};

/// The outcome of one workload: a few lines for people, and figures for scripts.
#[derive(Debug, Default)]
pub struct Section {
    name: String,
    figures: Map<String, Value>,
    flaws: u64,
}

impl Section {
    /// A workload with nothing said of it yet.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The same under another name.
    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// Adds a figure; its unit stands in its name.
    pub fn figure(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        self.figures.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a rounded figure.
    pub fn number(&mut self, name: &str, value: f64, digits: i32) -> &mut Self {
        let scale = 10_f64.powi(digits);
        self.figure(name, (value * scale).round() / scale)
    }

    /// Adds the percentiles of durations in microseconds, as milliseconds.
    pub fn latencies(&mut self, name: &str, micros: &mut [u32]) -> &mut Self {
        micros.sort_unstable();
        for (label, share) in [("p50", 0.50), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)] {
            let place = ((micros.len() as f64 * share).ceil() as usize).clamp(1, micros.len().max(1)) - 1;
            if let Some(value) = micros.get(place) {
                self.number(&format!("{name}_{label}_ms"), f64::from(*value) / 1000.0, 3);
            }
        }
        self
    }

    /// Adds CPU figures, per `count` of `what`, where the processes are known.
    pub fn cpu(&mut self, usage: Option<Usage>, count: u64, what: &str) -> &mut Self {
        if let Some(usage) = usage {
            let each = count.max(1) as f64 / 1000.0;
            self.number(&format!("cpu_seconds_per_1000_{what}"), (usage.server + usage.postgres) / each, 4);
            self.number(&format!("server_cpu_seconds_per_1000_{what}"), usage.server / each, 4);
            self.number(&format!("postgres_cpu_seconds_per_1000_{what}"), usage.postgres / each, 4);
            self.number("server_cpu_seconds", usage.server, 2);
            self.number("postgres_cpu_seconds", usage.postgres, 2);
            self.number("generator_cpu_seconds", usage.generator, 2);
            self.number("wall_seconds", usage.wall, 2);
        }
        self
    }

    /// Adds what must be zero.
    pub fn flaws(&mut self, lost: u64, doubled: u64, disordered: u64) -> &mut Self {
        self.flaws += lost + doubled + disordered;
        self.figure("lost", lost).figure("doubled", doubled).figure("out_of_order", disordered)
    }
}

/// Every section.
#[derive(Debug, Default)]
pub struct Report(Vec<Section>);

impl Report {
    /// Adds a section.
    pub fn push(&mut self, section: Section) {
        self.0.push(section);
    }

    /// The figures of every section, by name.
    fn figures(&self) -> Value {
        self.0.iter().map(|section| (section.name.clone(), Value::Object(section.figures.clone()))).collect()
    }

    /// Whether nothing was lost, doubled or out of order.
    pub fn flawless(&self) -> bool {
        self.0.iter().all(|section| section.flaws == 0)
    }
}

/// How the outcome is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Each workload with its figures, as soon as they are known.
    Sections,
    /// Everything at the end, beside the goals.
    Table,
    /// Everything at the end, for scripts.
    Json,
}

/// Says what goes on: on standard error while it runs, on standard output what came out.
pub struct Progress {
    style: Style,
    bar: indicatif::ProgressBar,
}

impl Progress {
    /// Shows progress on a terminal.
    pub fn new(style: Style) -> Self {
        let bar = indicatif::ProgressBar::new_spinner();
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
        Self { style, bar }
    }

    /// What is going on now.
    pub fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// What a workload came to.
    #[expect(clippy::print_stdout, reason = "the answer of a command")]
    pub fn show(&self, section: &Section) {
        if self.style != Style::Sections {
            return;
        }
        self.bar.suspend(|| {
            println!("{}", section.name);
            for (name, value) in &section.figures {
                println!("  {:<44} {value}", name.replace('_', " "));
            }
        });
    }

    /// The end. `database` says which PostgreSQL it was, where that is known.
    #[expect(clippy::print_stdout, reason = "the answer of a command")]
    pub fn finish(&self, report: &Report, database: Option<&str>) {
        self.bar.finish_and_clear();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = info
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
            .map(|(_, cpu)| cpu);
        let workloads = report.figures();
        match self.style {
            Style::Sections => {}
            Style::Table => {
                let cpu = cpu.map(|cpu| format!(" ({cpu})")).unwrap_or_default();
                let database = database.map(|version| format!(", PostgreSQL {version}")).unwrap_or_default();
                let machine = format!(
                    "{cores} cores{cpu}{database}; server, PostgreSQL and the load generator on this one machine."
                );
                println!("{}", table::render(&workloads, &machine).trim_end());
            }
            Style::Json => {
                let machine = json!({"cores": cores, "cpu": cpu, "postgres": database});
                let flawless = report.flawless();
                println!("{}", json!({"flawless": flawless, "machine": machine, "workloads": workloads}));
            }
        }
    }
}
