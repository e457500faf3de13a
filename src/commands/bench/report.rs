//! What a benchmark says: progress while it runs, a section a workload, or all of it as JSON.

use serde_json::{Map, Value, json};

use super::meter::Usage;

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
            self.number("server_cpu_seconds", usage.server, 2);
            self.number("postgres_cpu_seconds", usage.postgres, 2);
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

    /// Whether nothing was lost, doubled or out of order.
    pub fn flawless(&self) -> bool {
        self.0.iter().all(|section| section.flaws == 0)
    }
}

/// Says what goes on: on standard error while it runs, on standard output what came out.
pub struct Progress {
    json: bool,
    bar: indicatif::ProgressBar,
}

impl Progress {
    /// Shows progress on a terminal.
    pub fn new(json: bool) -> Self {
        let bar = indicatif::ProgressBar::new_spinner();
        bar.enable_steady_tick(std::time::Duration::from_millis(200));
        Self { json, bar }
    }

    /// What is going on now.
    pub fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// What a workload came to.
    #[expect(clippy::print_stdout, reason = "the answer of a command")]
    pub fn show(&self, section: &Section) {
        if self.json {
            return;
        }
        self.bar.suspend(|| {
            println!("{}", section.name);
            for (name, value) in &section.figures {
                println!("  {:<34} {value}", name.replace('_', " "));
            }
        });
    }

    /// The end.
    #[expect(clippy::print_stdout, reason = "the answer of a command")]
    pub fn finish(&self, report: &Report) {
        self.bar.finish_and_clear();
        if self.json {
            let sections: Map<String, Value> = report
                .0
                .iter()
                .map(|section| (section.name.clone(), Value::Object(section.figures.clone())))
                .collect();
            println!("{}", json!({"flawless": report.flawless(), "workloads": sections}));
        }
    }
}
