//! A terminal in front of which a command runs.

use std::{
    fs::File,
    io::{Read, Write},
    process::Stdio,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use nix::pty::{Winsize, openpty};
use tokio::process::{Child, Command};

/// A terminal, and what it has shown.
pub struct Terminal {
    keys: File,
    shown: Arc<Mutex<String>>,
}

impl Terminal {
    /// Starts a command whose standard input and errors are a terminal.
    pub fn start(command: &mut Command) -> (Self, Child) {
        let size = Winsize { ws_row: 25, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(&size, None).unwrap();
        command.env("TERM", "xterm");
        let input = Stdio::from(pty.slave.try_clone().unwrap());
        let child = command.stdin(input).stderr(Stdio::from(pty.slave)).spawn().unwrap();
        // The command still holds the other end: without these the terminal would never end.
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let keys = File::from(pty.master);
        let (mut screen, shown) = (keys.try_clone().unwrap(), Arc::new(Mutex::new(String::new())));
        let kept = shown.clone();
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut piece) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..count]));
            }
        });
        (Self { keys, shown }, child)
    }

    /// All that was shown.
    pub fn shown(&self) -> String {
        self.shown.lock().unwrap().clone()
    }

    /// Waits until this is shown.
    pub async fn shows(&self, words: &str) {
        let until = Instant::now() + Duration::from_secs(60);
        while !self.shown().contains(words) {
            assert!(Instant::now() < until, "{words} is not in {}", self.shown());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Types a line.
    pub fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }
}
