//! Whom PostgreSQL runs as: ourselves, or, since it refuses root, another user.

use std::{
    fs, io,
    os::{
        fd::AsFd,
        unix::{
            fs::MetadataExt,
            process::{CommandExt, parent_id},
        },
    },
    path::Path,
    process::{self, Command, Stdio},
};

use nix::{
    sys::{prctl, signal::Signal},
    unistd::{Gid, Uid, User, chown, fchown},
};

use super::{EmbeddedError, error::Attempt};

/// The user PostgreSQL runs as and its files belong to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Account {
    /// Whoever we are.
    Ourselves,
    /// We are root and it is not.
    Other { name: String, uid: Uid, gid: Gid },
}

impl Account {
    /// Ourselves unless we are root; then whom an existing `cluster` belongs to, `postgres`, or `nobody`.
    pub fn choose(cluster: &Path) -> Result<Self, EmbeddedError> {
        if !Uid::effective().is_root() {
            return Ok(Self::Ourselves);
        }
        if let Ok(meta) = fs::metadata(cluster)
            && meta.uid() != 0
        {
            let (uid, gid) = (Uid::from_raw(meta.uid()), Gid::from_raw(meta.gid()));
            return Ok(Self::Other { name: format!("with id {uid}"), uid, gid });
        }
        let named = |name| User::from_name(name).ok().flatten().filter(|u| !u.uid.is_root());
        let user = named("postgres").or_else(|| named("nobody")).ok_or(EmbeddedError::NoUser)?;
        Ok(Self::Other { name: user.name, uid: user.uid, gid: user.gid })
    }

    /// Gives an open file or folder to it.
    pub fn own(&self, file: impl AsFd, path: &Path) -> Result<(), EmbeddedError> {
        let Self::Other { uid, gid, .. } = self else { return Ok(()) };
        fchown(file, Some(*uid), Some(*gid)).attempt("give away", path)
    }

    /// A program that runs as this user, in the folder `/`, with an environment that says nothing about us, in a process group
    /// of its own (a Ctrl-C at the terminal is for us, not for PostgreSQL), and that gets `on_our_death` when the *thread*
    /// that starts it ends.
    pub fn command(&self, program: &Path, on_our_death: Signal) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C");
        command.current_dir("/").stdin(Stdio::null()).process_group(0);
        if let Self::Other { uid, gid, .. } = self {
            // The standard library drops root's supplementary groups when it changes the user.
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
        let us = process::id();
        #[expect(
            unsafe_code,
            reason = "the standard library has no other way to run code between fork and exec"
        )]
        // SAFETY: only system calls that are allowed between fork and exec. It runs after the change of user, which would
        // clear the death signal.
        unsafe {
            command.pre_exec(move || {
                prctl::set_pdeathsig(on_our_death)?;
                if parent_id() == us { Ok(()) } else { Err(io::Error::from_raw_os_error(nix::libc::ESRCH)) }
            });
        }
        command
    }

    /// Whether this user can enter `dir`, tried and not computed. The error is about `program`, which serves for the trial.
    pub fn can_enter(&self, dir: &Path, program: &Path) -> Result<bool, EmbeddedError> {
        let Self::Other { name, .. } = self else { return Ok(true) };
        let run = |dir: &Path| {
            let mut command = self.command(program, Signal::SIGKILL);
            command.arg("--version").current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null()).status()
        };
        let failed =
            |source| EmbeddedError::NotExecutable { user: name.clone(), program: program.to_owned(), source };
        run(Path::new("/")).map_err(failed)?;
        Ok(run(dir).is_ok())
    }

    /// Gives the folder `dir` to this user, or back to root.
    pub fn own_dir(&self, dir: &Path, given: bool) -> Result<(), EmbeddedError> {
        let Self::Other { uid, gid, .. } = self else { return Ok(()) };
        let (uid, gid) = if given { (*uid, *gid) } else { (Uid::from_raw(0), Gid::from_raw(0)) };
        chown(dir, Some(uid), Some(gid)).attempt("give away", dir)
    }
}
