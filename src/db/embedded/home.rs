//! The folder of the private PostgreSQL: where it is, what is in it, and who may use it.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    hash::Hasher,
    io::{Read, Seek, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    },
    path::{Path, PathBuf},
    process, thread,
    time::{Duration, Instant},
};

use nix::fcntl::{Flock, FlockArg};

use super::{EmbeddedError, account::Account, error::Attempt};

/// Where clusters live that their user could not reach in the data folder.
const ELSEWHERE: &str = "/var/lib/trunkline";

/// How long we wait for a `trunkline` that is about to end.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// One folder, all of it owned by the account: `cluster/`, `password`, `postgres.log`, `lock`.
#[derive(Debug, Clone)]
pub(super) struct Home {
    pub dir: PathBuf,
    pub account: Account,
}

impl Home {
    /// `wanted`, or a folder under /var/lib when PostgreSQL's user cannot enter that; a file `location` in `wanted` then
    /// says where, so that a data folder can be renamed without losing its database.
    pub fn choose(wanted: &Path, program: &Path) -> Result<Self, EmbeddedError> {
        private_dir(wanted)?;
        let wanted = fs::canonicalize(wanted).attempt("resolve", wanted)?;
        let pointer = wanted.join("location");
        if let Ok(place) = fs::read_to_string(&pointer) {
            let dir = PathBuf::from(place.trim_end());
            if !dir.is_dir() {
                return Err(EmbeddedError::PlaceGone { pointer, place: dir });
            }
            tracing::info!("the database of {} is in {}", wanted.display(), dir.display());
            return Ok(Self { account: Account::choose(&dir.join("cluster"))?, dir });
        }
        let account = Account::choose(&wanted.join("cluster"))?;
        account.own_dir(&wanted, true)?;
        if account.can_enter(&wanted, program)? {
            return Ok(Self { dir: wanted, account });
        }
        account.own_dir(&wanted, false)?;
        let dir = elsewhere(&wanted);
        DirBuilder::new().recursive(true).mode(0o755).create(ELSEWHERE).attempt("create", &dir)?;
        private_dir(&dir)?;
        account.own_dir(&dir, true)?;
        account.can_enter(&dir, program)?;
        fs::write(&pointer, format!("{}\n", dir.display())).attempt("write", &pointer)?;
        tracing::warn!(
            "PostgreSQL's user cannot enter {}: the database is in {} instead",
            wanted.display(),
            dir.display()
        );
        Ok(Self { dir, account })
    }

    /// PostgreSQL's data directory.
    pub fn cluster(&self) -> PathBuf {
        self.dir.join("cluster")
    }

    /// Opens a file of this folder, readable by its owner only, and gives it to the account.
    pub fn open(&self, name: &str, options: &mut OpenOptions) -> Result<File, EmbeddedError> {
        let path = self.dir.join(name);
        let file = options.mode(0o600).custom_flags(nix::libc::O_NOFOLLOW).open(&path);
        let file = file.attempt("open", &path)?;
        self.account.own(&file, &path)?;
        Ok(file)
    }

    /// Makes this folder ours until the lock is dropped or the process ends, however it ends.
    pub fn lock(&self) -> Result<Flock<File>, EmbeddedError> {
        let path = self.dir.join("lock");
        let mut file = self.open("lock", OpenOptions::new().read(true).write(true).create(true))?;
        let patience = Instant::now() + LOCK_PATIENCE;
        loop {
            match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
                Ok(mut lock) => {
                    lock.set_len(0)
                        .and_then(|()| writeln!(lock, "{}", process::id()))
                        .attempt("write", &path)?;
                    return Ok(lock);
                }
                Err((mut held, nix::errno::Errno::EWOULDBLOCK)) => {
                    if Instant::now() > patience {
                        let mut pid = String::new();
                        let _ = held.rewind().and_then(|()| held.read_to_string(&mut pid));
                        return Err(EmbeddedError::Busy {
                            dir: self.dir.clone(),
                            pid: pid.trim().parse().ok(),
                        });
                    }
                    file = held;
                    thread::sleep(Duration::from_millis(50));
                }
                Err((_, e)) => return Err(e).attempt("lock", &path),
            }
        }
    }
}

/// Creates a folder with its parents; only itself is closed to others.
fn private_dir(dir: &Path) -> Result<(), EmbeddedError> {
    if dir.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(dir).attempt("create", dir)?;
    fs::set_permissions(dir, Permissions::from_mode(0o700)).attempt("protect", dir)
}

/// A folder name that is the same in every life: the last names of the path, and a hash of all of it (FNV-1a).
fn elsewhere(wanted: &Path) -> PathBuf {
    struct Fnv(u64);
    impl Hasher for Fnv {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, bytes: &[u8]) {
            for b in bytes {
                self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.write(wanted.as_os_str().as_bytes());
    // …/project/data/postgres: the project's name says most.
    let name = wanted.iter().rev().nth(2).map(|n| n.to_string_lossy()).unwrap_or_default();
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(32).collect();
    Path::new(ELSEWHERE).join(format!("{name}-{:016x}", hash.finish()))
}
