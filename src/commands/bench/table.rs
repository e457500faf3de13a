//! The goals of the product beside what was measured, as a Markdown table.

use serde_json::Value;

/// The table; `workloads` are the figures of every section, by name. What was not run has no row.
pub fn render(workloads: &Value, machine: &str) -> String {
    let mut table = Table(workloads, format!("{machine}\n\n| workload | goal | measured |\n|---|---|---|\n"));
    table.fill();
    table.1
}

struct Table<'a>(&'a Value, String);

impl Table<'_> {
    fn number(&self, section: &str, figure: &str) -> Option<f64> {
        self.0[section][figure].as_f64()
    }

    /// A row of one figure.
    fn row(&mut self, what: &str, goal: &str, (section, figure): (&str, &str), unit: &str) {
        if let Some(number) = self.number(section, figure) {
            self.line(what, goal, &format!("{} {unit}", plain(number)));
        }
    }

    fn line(&mut self, what: &str, goal: &str, measured: &str) {
        self.1.push_str(&format!("| {what} | {goal} | {} |\n", measured.trim_end()));
    }

    fn fill(&mut self) {
        self.cpu();
        self.rate();
        let latency = "conversations at full load: send to frame, p99";
        self.row(latency, "< 60 ms", ("chat", "send_to_frame_p99_ms"), "ms");
        self.row("500 messages/s: send to frame, p50", "< 0.9 ms", ("paced", "send_to_frame_p50_ms"), "ms");
        self.row("500 messages/s: send to frame, p99", "< 2.0 ms", ("paced", "send_to_frame_p99_ms"), "ms");
        self.hot();
        let sockets = self.0["fanout"]["sockets"].to_string();
        let pace = format!("{sockets} sockets on one chat, 10 messages/s: server CPU a delivery");
        self.fanout(&pace);
        let bursts = format!("{sockets} sockets on one chat, in bursts of 16: server CPU a delivery");
        self.row(&bursts, "< 3.0 µs", ("fanout", "server_micros_per_delivery_in_bursts"), "µs");
        let idle = format!("{} idle sockets: server memory of each", self.0["idle"]["sockets"]);
        self.row(&idle, "≤ 8 KiB", ("idle", "server_kib_per_socket"), "KiB");
        self.history();
        let back = format!("{} sockets back at once, each resuming", self.0["reconnect"]["sockets"]);
        self.row(&back, "≤ 0.4 s", ("reconnect", "all_back_seconds"), "s");
        self.growth();
        self.permissions();
    }

    /// Beside what the system takes for the write alone: no server can be below that.
    fn fanout(&mut self, what: &str) {
        let Some(micros) = self.number("fanout", "server_micros_per_delivery") else { return };
        let floor = self.number("fanout", "bare_write_micros");
        let floor =
            floor.map(|floor| format!(" (a bare write here: {} µs)", plain(floor))).unwrap_or_default();
        self.line(what, "≤ 4.0 µs", &format!("{} µs{floor}", plain(micros)));
    }

    fn cpu(&mut self) {
        let figure = |name: &str| self.number("chat", &format!("{name}cpu_seconds_per_1000_messages"));
        if let (Some(all), Some(server), Some(postgres)) =
            (figure(""), figure("server_"), figure("postgres_"))
        {
            let measured = format!("{all:.3} s (server {server:.3}, PostgreSQL {postgres:.3})");
            self.line("conversations: CPU for 1,000 messages, deliveries included", "≤ 0.10 s", &measured);
        }
    }

    fn rate(&mut self) {
        let Some(rate) = self.number("chat", "acknowledged_per_second") else { return };
        let what = "conversations: acknowledged sends/s";
        if let Some(alone) = self.number("one_by_one", "acknowledged_per_second") {
            let measured = format!("{} ({:.1} × {})", plain(rate), rate / alone.max(1.0), plain(alone));
            self.line(what, "≥ 5 × a transaction and a NOTIFY for each message", &measured);
        }
        if let Some(inserts) = self.number("plain", "inserts_per_second") {
            let measured = format!("{} ({:.1} × {})", plain(rate), rate / inserts.max(1.0), plain(inserts));
            self.line(what, "≥ plain inserts by pgbench", &measured);
        }
    }

    fn hot(&mut self) {
        let rate = |section| self.number(section, "acknowledged_per_second");
        if let (Some(hot), Some(all)) = (rate("hot"), rate("chat")) {
            let measured = format!("{} ({:.2} ×)", plain(hot), hot / all.max(1.0));
            self.line(
                "all senders in one chat: acknowledged sends/s",
                "≥ half of the rate of many",
                &measured,
            );
        }
    }

    fn history(&mut self) {
        let Some(rate) = self.number("history", "requests_per_second") else { return };
        self.line("last 50 messages of a chat: requests/s", "≥ 8,000", &plain(rate));
        let mut lengths: Vec<(u64, f64)> = self.of_sizes("history", "requests_per_second_of_");
        lengths.sort_by_key(|(length, _)| *length);
        let each: Vec<_> =
            lengths.iter().map(|(n, rate)| format!("{}: {}", plain(*n as f64), plain(*rate))).collect();
        if each.len() > 1 {
            self.line("the same by the length of the chat", "independent of it", &each.join(", "));
        }
    }

    fn growth(&mut self) {
        let mut sizes = self.of_sizes("wakeups", "cpu_seconds_per_1000_messages_of_");
        sizes.sort_by_key(|(size, _)| *size);
        let each: Vec<_> =
            sizes.iter().map(|(size, cpu)| format!("{}: {cpu:.3} s", plain(*size as f64))).collect();
        if let Some(growth) = self.number("wakeups", "growth") {
            let measured = format!("{growth:+.2} ({})", each.join(", "));
            let what =
                "the same news while ten times as many chats are followed: growth of CPU for 1,000 messages";
            self.line(what, "< 0.1", &measured);
        }
    }

    /// Of the CPU of the cheapest request that asks for one.
    fn permissions(&mut self) {
        let figure = |name| self.number("permissions", name);
        if let (Some(nanos), Some(micros), Some(percent)) =
            (figure("nanos_per_check"), figure("server_micros_per_request"), figure("percent_of_request"))
        {
            let measured = format!("{percent:.2} % ({} ns of {} µs)", plain(nanos), plain(micros));
            self.line("the check of a permission: its share of the cheapest request", "≤ 1 %", &measured);
        }
    }

    /// The figures whose names are this and a size.
    fn of_sizes(&self, section: &str, prefix: &str) -> Vec<(u64, f64)> {
        let figures = self.0[section].as_object().into_iter().flatten();
        figures
            .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.parse().ok()?, value.as_f64()?)))
            .collect()
    }
}

/// A number as people read it: thousands apart, and three digits where there are no thousands.
fn plain(number: f64) -> String {
    if number.abs() < 100.0 {
        return format!("{}", (number * 100.0).round() / 100.0);
    }
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_row_for_what_was_run_and_none_for_what_was_not() {
        let workloads = json!({
            "chat": {"acknowledged_per_second": 12345.0, "send_to_frame_p99_ms": 31.5},
            "one_by_one": {"acknowledged_per_second": 1500.0},
            "wakeups": {
                "growth": 0.04,
                "cpu_seconds_per_1000_messages_of_1000": 0.2,
                "cpu_seconds_per_1000_messages_of_100": 0.19,
            },
        });
        let table = super::render(&workloads, "2 cores");
        assert!(table.starts_with("2 cores\n\n| workload | goal | measured |\n|---|---|---|\n"), "{table}");
        assert!(table.contains("| 12,345 (8.2 × 1,500) |"), "{table}");
        assert!(table.contains("| < 60 ms | 31.5 ms |"), "{table}");
        assert!(table.contains("| +0.04 (100: 0.190 s, 1,000: 0.200 s) |"), "{table}");
        assert_eq!(table.lines().count(), 4 + 3, "{table}");
    }
}
