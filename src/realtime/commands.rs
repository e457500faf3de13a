//! What a client asks for over its socket. What can't be done is answered with an `error`, and the socket lives on.

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{frames::Notice, handshake::Doors, session::Session};
use crate::{
    error::{Code, Error, Result},
    http::{Answer, json as json_body},
    messages::{self, model::NewMessage},
};

/// Obeys one text frame.
pub async fn obey(doors: &Doors, session: &Session, text: &[u8]) {
    let (event, reference, outcome) = match read(text) {
        Ok((event, reference, command)) => {
            let outcome = dispatch(doors, session, &event, &reference, command).await;
            (event, reference, outcome)
        }
        Err((reference, error)) => (String::new(), reference, Err(error)),
    };
    match outcome {
        Ok(Some(data)) => session.tell(&Notice::Ack { r#ref: &reference, event: &event, data }),
        Ok(None) => {}
        Err(error) => refuse(session, &reference, &event, &error),
    }
}

/// Binary frames mean nothing here.
pub fn refuse_binary(session: &Session) {
    let error = Error::new(Code::Malformed, "frames are JSON text, not binary");
    refuse(session, &Value::Null, "", &error);
}

fn refuse(session: &Session, reference: &Value, event: &str, error: &Error) {
    if error.code() == Code::Internal {
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
fn read(text: &[u8]) -> std::result::Result<(String, Value, Value), (Value, Error)> {
    let command: Value = json_body::parse(text).map_err(|error| (Value::Null, error))?;
    if !command.is_object() {
        return Err((Value::Null, Error::new(Code::Malformed, "a frame is one JSON object")));
    }
    let reference = command.get("ref").cloned().unwrap_or_default();
    if !(reference.is_null() || reference.is_string() || reference.is_number()) {
        return Err((Value::Null, Error::invalid_field("ref", "must be a string or a number")));
    }
    match command.get("type").and_then(Value::as_str) {
        Some(event) => Ok((event.to_owned(), reference, command)),
        None => Err((reference, Error::invalid_field("type", "must name a command"))),
    }
}

/// The data of the ack; `None` when the answer was given otherwise.
async fn dispatch(
    doors: &Doors,
    session: &Session,
    event: &str,
    reference: &Value,
    command: Value,
) -> Result<Option<Value>> {
    match event {
        "ping" => {
            session.tell(&Notice::Pong { r#ref: reference });
            Ok(None)
        }
        "chat.send" => {
            let to: To = json_body::from_value(command.clone())?;
            let new: NewMessage = json_body::from_value(command)?;
            let caller = session.caller;
            let answer =
                messages::service::send(doors.hub.app(), &doors.outbox, caller, to.chat_id, new).await?;
            let (Answer::Created(message) | Answer::Existing(message)) = answer;
            serde_json::to_value(message).map(Some).map_err(Error::internal)
        }
        _ => Err(Error::new(Code::UnknownCommand, "there is no such command")),
    }
}

#[derive(Deserialize)]
struct To {
    chat_id: Uuid,
}
