//! Where an export goes.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, ErrorKind, IsTerminal, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::json;

use super::{Line, Outcome};

/// A file or standard output, and how far it has come.
pub struct Sink {
    writer: BufWriter<Box<dyn Write + Send>>,
    /// The file it becomes; none for standard output.
    file: Option<PathBuf>,
    lines: u64,
    bar: ProgressBar,
    /// Nobody reads any more (`| head`).
    is_shut: bool,
}

impl Sink {
    /// Opens it. A file is written beside and takes its name when it is whole; only its owner may read it.
    pub fn open(file: Option<PathBuf>) -> Outcome<Self> {
        let writer: Box<dyn Write + Send> = match &file {
            Some(path) => Box::new(create(&part(path))?),
            None => Box::new(io::stdout()),
        };
        // A terminal that shows the lines has no place for a bar.
        let is_seen = file.is_some() || !io::stdout().is_terminal();
        let bar = if is_seen { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} lines in {elapsed}, {per_sec}")
        {
            bar.set_style(style);
        }
        Ok(Self { writer: BufWriter::with_capacity(64 * 1024, writer), file, lines: 0, bar, is_shut: false })
    }

    /// Writes a line; says whether anybody reads on.
    pub fn write(&mut self, kind: &str, rest: impl Serialize) -> Outcome<bool> {
        self.write_whole(&Line { r#type: kind, rest })
    }

    /// Writes a line that has its type already.
    pub fn write_whole(&mut self, line: &impl Serialize) -> Outcome<bool> {
        if !self.is_shut {
            let mut text = serde_json::to_vec(line)?;
            text.push(b'\n');
            let written = self.writer.write_all(&text);
            self.note(written)?;
            self.lines += 1;
            self.bar.inc(1);
        }
        Ok(!self.is_shut)
    }

    /// Writes the last line, and gives the file its name.
    pub fn finish(mut self) -> Outcome {
        self.write("end", json!({"lines": self.lines}))?;
        let flushed = self.writer.flush();
        self.note(flushed)?;
        if let Some(path) = self.file.take() {
            File::open(part(&path))?.sync_all()?;
            fs::rename(part(&path), &path)?;
        }
        self.bar.finish_and_clear();
        Ok(())
    }

    fn note(&mut self, written: io::Result<()>) -> Outcome {
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.is_shut = true,
            written => written?,
        }
        Ok(())
    }
}

impl Drop for Sink {
    /// What is not whole does not stay.
    fn drop(&mut self) {
        if let Some(path) = &self.file {
            let _ = fs::remove_file(part(path));
        }
    }
}

fn create(path: &Path) -> Outcome<File> {
    let _ = fs::remove_file(path);
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    Ok(created.map_err(|error| format!("{} cannot be written: {error}", path.display()))?)
}

fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
