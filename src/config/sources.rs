//! Where configuration comes from, and which source wins.

use std::path::{Path, PathBuf};
use std::{env as process, fs, io};

use super::error::ConfigError;
use super::keys::{self, PREFIX};
use super::layers::{Entry, Layer, Source};
use super::{env, yaml};

/// Where to look. Nothing else is read, so that a test can say what there is.
pub struct Sources {
    /// Folder of `dev.env`, `.env` and `config.yaml`; relative paths start here.
    pub dir: PathBuf,
    /// Read instead of `config.yaml`, and must exist.
    pub config_file: Option<PathBuf>,
    /// The environment; variables that aren't ours may be among them.
    pub env: Vec<(String, String)>,
}

impl Sources {
    /// The working directory and environment of this process, and the file of `--config`.
    pub fn of_process(config_file: Option<PathBuf>) -> Result<Self, ConfigError> {
        let mut variables = Vec::new();
        let mut problems = Vec::new();
        for (name, value) in process::vars_os() {
            let name = name.to_string_lossy().into_owned();
            match value.into_string() {
                Ok(value) => variables.push((name, value)),
                Err(_) if name.starts_with(PREFIX) || name == "DATABASE_URL" => {
                    problems.push(format!("{} in {} is not UTF-8", name.escape_debug(), Source::Environment));
                }
                Err(_) => {}
            }
        }
        if !problems.is_empty() {
            return Err(ConfigError::new(problems));
        }
        Ok(Self { dir: PathBuf::from("."), config_file, env: variables })
    }
}

/// The compiled-in defaults.
pub(super) fn defaults() -> Layer {
    yaml_layer(include_str!("default.yaml"), &Source::Default)
}

/// All layers, the strongest on top.
pub(super) fn gather(sources: &Sources) -> Layer {
    let mut all = defaults();
    let path = sources.config_file.as_deref().unwrap_or(Path::new("config.yaml"));
    all.cover(from_file(sources, path, sources.config_file.is_some(), yaml_layer));
    all.cover(from_file(sources, Path::new(".env"), false, env::file));
    all.cover(from_file(sources, Path::new("dev.env"), false, env::file));
    all.cover(env::layer(sources.env.iter().cloned(), &Source::Environment));
    all
}

fn from_file(sources: &Sources, path: &Path, must_exist: bool, read: fn(&str, &Source) -> Layer) -> Layer {
    let source = Source::File(path.display().to_string());
    match fs::read_to_string(sources.dir.join(path)) {
        Ok(text) => read(&text, &source),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => Layer::default(),
        Err(error) => {
            Layer { problems: vec![format!("{source} can't be read: {error}")], ..Layer::default() }
        }
    }
}

fn yaml_layer(text: &str, source: &Source) -> Layer {
    let mut layer = Layer::default();
    match yaml::read(text) {
        Ok(document) => {
            for name in document.unknown {
                let hint = keys::closest(&name)
                    .map_or_else(String::new, |key| format!("; did you mean {}?", key.name));
                layer
                    .problems
                    .push(format!("{} in {source} is not a configuration key{hint}", name.escape_debug()));
            }
            for name in document.twice {
                layer.problems.push(format!("{name} in {source} is given more than once"));
            }
            for (key, value) in document.values {
                layer.put(Entry { key, written: key.name.to_owned(), source: source.clone(), value });
            }
        }
        Err(error) => layer.problems.push(format!("{source} can't be read: {error}")),
    }
    layer
}
