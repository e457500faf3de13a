//! `trunkline user`

use clap::Subcommand;
use serde_json::{Value, json};

use super::{Outcome, answer, setup::OfflineApp, terminal};
use crate::{
    app::App,
    auth::{
        model::Words,
        service::{accounts, erasures, passwords},
    },
    config::Config,
    users::model::AccountStatus,
};

/// What is to be done.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Make an account
    Create {
        /// The e-mail address to sign in with
        #[arg(long)]
        email: String,

        /// The name to show
        #[arg(long)]
        name: String,

        /// The password; without it a random one is made, and printed
        #[arg(long)]
        password: Option<String>,

        /// A role beside `user`, such as admin
        #[arg(long)]
        role: Option<String>,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Set a password, asked for on a terminal, or else read from standard input
    ///
    /// A terminal does not show what is typed. Ends every session and API token of the account, on every instance.
    SetPassword {
        /// The e-mail address of the account
        email: String,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Give an account these roles and no others
    ///
    /// Refused when nobody would be left who may do everything: give that to somebody else first. Noted in the audit as done
    /// on the command line.
    SetRoles {
        /// The e-mail address of the account
        email: String,

        /// The roles
        #[arg(required = true, value_name = "ROLE")]
        roles: Vec<String>,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Suspend somebody, at once and on every instance
    ///
    /// Their sessions and API tokens are revoked, their sockets closed, and they can't sign in until `trunkline user unsuspend`.
    /// Refused when nobody would be left who may do everything. Noted in the audit as done on the command line.
    Suspend {
        /// The e-mail address of the account
        email: String,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Let somebody in again who was suspended
    ///
    /// They have to sign in again: what was revoked stays revoked. Noted in the audit as done on the command line.
    Unsuspend {
        /// The e-mail address of the account
        email: String,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Erase somebody, for good
    ///
    /// At once they are signed out everywhere, nobody finds them, and their e-mail is free. A running server, or `trunkline
    /// jobs run`, then takes them out of their chats. The manual says what stays (`DELETE /api/v1/users/me`). Refused when
    /// nobody would be left who may do everything. Noted in the audit as done on the command line.
    Delete {
        /// The e-mail address of the account
        email: String,

        /// Erase the words and files of their messages, too
        #[arg(long)]
        clear_messages: bool,

        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub async fn run(config: Config, command: UserCommand) -> Outcome {
    let offline = match command {
        UserCommand::Create { .. } => OfflineApp::open(config).await?,
        _ => OfflineApp::open_existing(config).await?,
    };
    let done = execute(&offline.app, command).await;
    offline.close().await;
    done
}

async fn execute(app: &App, command: UserCommand) -> Outcome {
    match command {
        UserCommand::Create { email, name, password, role, json } => {
            let is_random = password.is_none();
            let (id, password) = accounts::create(app, &email, &name, password, role.as_deref()).await?;
            let shown = is_random.then_some(password);
            if json {
                return answer(json!({"id": id, "email": email, "password": shown}));
            }
            answer(format_args!("made {email}, {id}"))?;
            shown.map_or(Ok(()), |password| answer(format_args!("password: {password}")))
        }
        UserCommand::SetPassword { email, json } => {
            let id = accounts::find(app, &email).await?;
            let password = terminal::password(&format!("new password of {email}")).await?;
            passwords::set(app, id, &password).await?;
            let said = format!("{email} has a new password and is signed out everywhere");
            tell(json, || json!({"id": id, "email": email}), said)
        }
        UserCommand::SetRoles { email, roles, json } => {
            let id = accounts::set_roles(app, &email, &roles).await?;
            let said = format!("{email} has the roles {}", roles.join(", "));
            tell(json, || json!({"id": id, "email": email, "roles": roles}), said)
        }
        UserCommand::Suspend { email, json } => {
            let id = accounts::put_status(app, &email, AccountStatus::Suspended).await?;
            let said = format!("{email} is suspended and signed out everywhere");
            tell(json, || json!({"id": id, "email": email, "status": AccountStatus::Suspended}), said)
        }
        UserCommand::Unsuspend { email, json } => {
            let id = accounts::put_status(app, &email, AccountStatus::Active).await?;
            let said = format!("{email} may sign in again");
            tell(json, || json!({"id": id, "email": email, "status": AccountStatus::Active}), said)
        }
        UserCommand::Delete { email, clear_messages, json } => {
            let words = if clear_messages { Words::Clear } else { Words::Keep };
            let id = erasures::erase_as_operator(app, &email, words).await?;
            let said = format!(
                "{email} is erased; a running server, or `trunkline jobs run`, takes them out of their chats"
            );
            tell(json, || json!({"id": id, "email": email, "clear_messages": clear_messages}), said)
        }
    }
}

/// Answers in JSON, or else in a sentence.
fn tell(as_json: bool, answered: impl FnOnce() -> Value, said: String) -> Outcome {
    if as_json { answer(answered()) } else { answer(said) }
}
