//! What is shown on a terminal, and asked there.

use std::{
    io::{self, IsTerminal, Stdin, Write, stderr, stdin},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use tokio::{signal::ctrl_c, task::spawn_blocking};

use super::Outcome;

/// How often a spinner turns while nothing else is to be said.
const TURN: Duration = Duration::from_millis(100);

/// Says on a terminal what is being done, and for how long: nothing where standard error is none.
pub fn activity(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(TURN);
    bar
}

/// Asks for a password, twice, on a terminal that does not show what is typed; reads a line where standard input is none.
pub async fn password(what: &str) -> Outcome<String> {
    if !stdin().is_terminal() {
        return line().await;
    }
    let _hidden = Hidden::begin()?;
    let typed = async {
        say(what)?;
        let password = line().await?;
        say("once more")?;
        if line().await? != password {
            return Err("these are two passwords: nothing was changed".into());
        }
        Ok(password)
    };
    tokio::select! {
        typed = typed => typed,
        // The terminal shows again what is typed.
        _ = ctrl_c() => Err("nothing was changed".into()),
    }
}

fn say(what: &str) -> io::Result<()> {
    let mut out = stderr().lock();
    write!(out, "{what}: ")?;
    out.flush()
}

/// A line of standard input, without its end.
async fn line() -> Outcome<String> {
    let read = spawn_blocking(|| {
        let mut line = String::new();
        stdin().read_line(&mut line).map(|_| line.trim_end_matches(['\r', '\n']).to_owned())
    });
    Ok(read.await??)
}

/// While it lives, the terminal of standard input shows nothing that is typed but the end of a line.
struct Hidden {
    stdin: Stdin,
    before: Termios,
}

impl Hidden {
    fn begin() -> io::Result<Self> {
        let stdin = stdin();
        let before = tcgetattr(&stdin)?;
        let mut hidden = before.clone();
        hidden.local_flags.remove(LocalFlags::ECHO);
        hidden.local_flags.insert(LocalFlags::ECHONL);
        tcsetattr(&stdin, SetArg::TCSANOW, &hidden)?;
        Ok(Self { stdin, before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.stdin, SetArg::TCSANOW, &self.before);
    }
}
