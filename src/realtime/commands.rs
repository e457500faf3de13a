//! What a client asks for over its socket. What can't be done is answered with an `error`, and the socket lives on.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    described,
    frames::{ChatHead, Notice},
    permits,
    services::Services,
    session::{Kind, Session},
    subscription, watching,
};
use crate::{
    chats::{self, access, model::NewChat},
    ephemeral::EphemeralEvent,
    error::{Code, Error, Result},
    http::{Answer, json as json_body},
    messages::{
        self,
        model::{MessageChange, NewMessage, ReadUpTo, weight_of},
    },
    roles,
    validate::Checks,
};

/// The most people one command may name.
const PEOPLE: usize = 500;
/// To ask about so many people costs as much as one command.
const PEOPLE_A_COMMAND: u32 = 50;

/// Obeys one text frame.
pub async fn execute(services: &Services, session: &Arc<Session>, text: &[u8]) {
    match read(text) {
        Ok((event, reference, command)) => run(services, session, &event, &reference, command).await,
        Err((reference, error)) => refuse(session, &reference, "", &error),
    }
}

/// Does what one command asks for, and answers it.
pub async fn run(
    services: &Services,
    session: &Arc<Session>,
    event: &str,
    reference: &Value,
    command: Value,
) {
    match dispatch(services, session, event, reference, command).await {
        Ok(Some(data)) => session.tell(&Notice::Ack { r#ref: reference, event, data }),
        Ok(None) => {}
        Err(error) => {
            let changes =
                !matches!(event, "chat.subscribe" | "chat.unsubscribe" | "presence.subscribe" | "ping");
            let error = if changes { error.of_change() } else { error };
            refuse(session, reference, event, &error);
        }
    }
}

/// Bytes mean nothing here, neither as a frame nor as the data of an event.
pub fn refuse_binary(session: &Session, reference: &Value, event: &str) {
    let code = if session.is_socket_io { Code::UnsupportedMediaType } else { Code::Malformed };
    let error = Error::new(code, "frames are JSON text, not binary");
    refuse(session, reference, event, &error);
}

/// Says why a command was not executed.
pub fn refuse(session: &Session, reference: &Value, event: &str, error: &Error) {
    if matches!(error.code(), Code::NotReady | Code::OutcomeUnknown) {
        tracing::warn!(event, "{}{}", error.detail(), error.causes());
    } else if error.code().status() >= 500 {
        tracing::error!(event, "{}{}", error.detail(), error.causes());
    }
    let errors: Vec<_> =
        error.fields().iter().map(|field| json!({"field": field.field, "message": field.message})).collect();
    session.tell(&Notice::Error {
        r#ref: reference,
        event,
        code: error.code().word(),
        message: error.detail(),
        data: json!({ "errors": errors }),
    });
}

/// A frame's `type`, `ref` and all of it; what can't be read is refused with the `ref` that could.
pub(super) fn read(text: &[u8]) -> std::result::Result<(String, Value, Value), (Value, Error)> {
    let malformed = |error| Error::new(Code::Malformed, format!("the frame is not valid JSON: {error}"));
    let command: Value = serde_json::from_slice(text).map_err(|error| (Value::Null, malformed(error)))?;
    if !command.is_object() {
        return Err((Value::Null, Error::new(Code::Malformed, "a frame is one JSON object")));
    }
    let reference = reference(&command).map_err(|error| (Value::Null, error))?;
    match command.get("type").and_then(Value::as_str) {
        Some(event) => Ok((event.to_owned(), reference, command)),
        None => Err((reference, Error::invalid_field("type", "must name a command"))),
    }
}

/// What the answer to a command is to repeat. A number that was rounded when it was read would be another one.
pub fn reference(command: &Value) -> Result<Value> {
    let reference = command.get("ref").cloned().unwrap_or_default();
    let holds = match &reference {
        Value::Null | Value::String(_) => true,
        Value::Number(number) => number.is_i64() || number.is_u64() || number.as_f64().is_some_and(is_small),
        _ => false,
    };
    if !holds {
        return Err(Error::invalid_field("ref", "must be a string, or a number of at most 64 bits"));
    }
    Ok(reference)
}

/// Whether a number with a point is one that whole numbers of 64 bits reach beyond.
fn is_small(number: f64) -> bool {
    number.abs() < 9_223_372_036_854_775_808.0
}

/// The data of the ack; `None` when the answer was given otherwise.
async fn dispatch(
    services: &Services,
    session: &Arc<Session>,
    event: &str,
    reference: &Value,
    command: Value,
) -> Result<Option<Value>> {
    let (hub, caller) = (&services.hub, session.caller);
    let app = hub.app();
    if let Some(permission) = permits::of(event) {
        roles::service::check(app, caller, permission).await?;
    }
    match event {
        "ping" => session.tell(&Notice::Pong { r#ref: reference }),
        "chat.subscribe" => {
            let wanted: Subscribe = json_body::from_value(command)?;
            gateway_only(session)?;
            let resume = subscription::resume(wanted.after_seq, wanted.after_id)?;
            // Subscribed already: from the new place on.
            subscription::end(hub, session, wanted.chat_id);
            let ack = |head: ChatHead| {
                let data = json!(head);
                session.tell(&Notice::Ack { r#ref: reference, event, data });
            };
            subscription::begin(hub, session, wanted.chat_id, resume, ack).await?;
        }
        "chat.unsubscribe" => {
            let chat: ChatId = json_body::from_value(command)?;
            gateway_only(session)?;
            subscription::end(hub, session, chat.chat_id);
            return Ok(Some(json!({})));
        }
        "chat.send" => {
            let chat: ChatId = json_body::from_value(command.clone())?;
            let new: NewMessage = json_body::from_value(command)?;
            app.limits.charge_commands(caller.user_id, new.weight())?;
            let answer = messages::service::send(app, &services.outbox, caller, chat.chat_id, new).await?;
            let (Answer::Created(message) | Answer::Existing(message)) = answer;
            return data(&message);
        }
        "chat.edit" => {
            let target: MessageId = json_body::from_value(command.clone())?;
            let MessageChange { content } = json_body::from_value(command)?;
            app.limits.charge_commands(caller.user_id, weight_of(&content))?;
            let (chat_id, id) = (target.chat_id, target.message_id);
            return data(&messages::service::edit(app, caller, chat_id, id, content).await?);
        }
        "chat.recall" => {
            let target: MessageId = json_body::from_value(command)?;
            messages::service::recall(app, caller, target.chat_id, target.message_id).await?;
            return Ok(Some(json!({})));
        }
        "chat.read" => {
            let chat: ChatId = json_body::from_value(command.clone())?;
            let ReadUpTo { seq } = json_body::from_value(command)?;
            messages::service::mark_read(app, caller, chat.chat_id, seq).await?;
            return Ok(Some(json!({})));
        }
        "chat.create" => {
            let new: NewChat = json_body::from_value(command)?;
            return data(&chats::service::create(app, caller, new, None).await?);
        }
        "chat.join" => {
            let chat: ChatId = json_body::from_value(command)?;
            return data(&chats::service::join(app, caller, chat.chat_id).await?);
        }
        "chat.leave" => {
            let chat: ChatId = json_body::from_value(command)?;
            chats::service::leave(app, caller, chat.chat_id).await?;
            return Ok(Some(json!({})));
        }
        "chat.typing" => {
            let chat: ChatId = json_body::from_value(command)?;
            if !session.is_live_in_group(chat.chat_id) {
                let access = access::enter(&app.db().await?, chat.chat_id, caller.user_id).await?;
                access.require_posting()?;
                if !access.direct {
                    session.note_group(chat.chat_id);
                }
            }
            app.events.post(EphemeralEvent::Typing(chat.chat_id, caller.user_id));
            return Ok(Some(json!({})));
        }
        "call.signal" => {
            let signal: Signal = json_body::from_value(command)?;
            access::both_members(&app.db().await?, signal.chat_id, caller.user_id, signal.user_id).await?;
            let data = signal.data.to_string();
            app.events.post(EphemeralEvent::CallSignal(signal.chat_id, caller.user_id, signal.user_id, data));
            return Ok(Some(json!({})));
        }
        "presence.subscribe" => {
            let people: People = json_body::from_value(command)?;
            let people = people.checked()?;
            app.limits.charge_commands(caller.user_id, people.len() as u32 / PEOPLE_A_COMMAND)?;
            let said = || session.tell(&Notice::Ack { r#ref: reference, event, data: json!({}) });
            watching::watch(hub, session, &people, said).await?;
        }
        "presence.unsubscribe" => {
            let people: People = json_body::from_value(command)?;
            watching::unwatch(hub, session, &people.checked()?);
            return Ok(Some(json!({})));
        }
        _ => return Err(Error::new(Code::UnknownCommand, "there is no such command")),
    }
    Ok(None)
}

fn data(value: &impl Serialize) -> Result<Option<Value>> {
    serde_json::to_value(value).map(Some).map_err(Error::internal)
}

/// A chat's own socket hears that chat and no other.
fn gateway_only(session: &Session) -> Result<()> {
    match session.kind {
        Kind::Gateway { .. } => Ok(()),
        Kind::Chat => Err(Error::new(
            Code::Forbidden,
            "this socket is of one chat; subscribe at the gateway, /api/v1/ws",
        )),
    }
}

described::parts! {
/// A command about a chat.
#[derive(Deserialize)]
pub struct ChatId {
    pub chat_id: Uuid,
}

/// A command about a message.
#[derive(Deserialize)]
pub struct MessageId {
    pub chat_id: Uuid,
    pub message_id: Uuid,
}

/// What `chat.subscribe` carries.
#[derive(Deserialize)]
pub struct Subscribe {
    pub chat_id: Uuid,
    pub after_seq: Option<i64>,
    pub after_id: Option<Uuid>,
}

/// What `call.signal` carries.
#[derive(Deserialize)]
pub struct Signal {
    pub chat_id: Uuid,
    pub user_id: Uuid,
    pub data: Value,
}

/// Whom a command names.
#[derive(Deserialize)]
pub struct People {
    pub user_ids: Vec<Uuid>,
}
}

impl People {
    fn checked(self) -> Result<Vec<Uuid>> {
        Checks::new()
            .that((1..=PEOPLE).contains(&self.user_ids.len()), "user_ids", "must name 1 to 500 people")
            .done()?;
        Ok(self.user_ids)
    }
}
