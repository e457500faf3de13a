//! What a client of Socket.IO sends: events that are commands, and the packets around them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    commands,
    packets::{self, Packet},
    services::Services,
    session::Session,
};
use crate::error::{Code, Error};

/// Obeys one packet of a client that is in.
pub async fn execute(services: &Services, session: &Arc<Session>, text: &str) {
    match packets::read(text) {
        Packet::Event { namespace: "/", ack, data } => obey_event(services, session, ack, data).await,
        Packet::Connect { namespace, .. } if namespace != "/" => {
            session.push(packets::no_namespace(namespace));
        }
        Packet::Close | Packet::Disconnect { namespace: "/" } => session.end(),
        Packet::Ping(text) => session.push(packets::pong(text)),
        Packet::BinaryEvent { namespace: "/", ack, data } => {
            let reference = ack.map(packets::reference).unwrap_or_default();
            let named = serde_json::from_str::<Vec<Value>>(data).unwrap_or_default();
            let event = named.first().and_then(Value::as_str).unwrap_or_default();
            commands::refuse_binary(session, &reference, event);
        }
        Packet::Pong
        | Packet::Nothing
        | Packet::Disconnect { .. }
        | Packet::Event { .. }
        | Packet::BinaryEvent { .. } => {}
        Packet::Binary => commands::refuse_binary(session, &Value::Null, ""),
        Packet::Connect { .. } | Packet::Upgrade | Packet::Unreadable => {
            let error = Error::new(Code::Malformed, "this is not a packet that can come here");
            commands::refuse(session, &Value::Null, "", &error);
        }
    }
}

async fn obey_event(services: &Services, session: &Arc<Session>, ack: Option<u64>, data: &str) {
    let reference = ack.map(packets::reference);
    match read(data) {
        Ok((event, command)) => match reference.map_or_else(|| commands::reference(&command), Ok) {
            Ok(reference) => commands::run(services, session, &event, &reference, command).await,
            Err(error) => commands::refuse(session, &Value::Null, &event, &error),
        },
        Err((event, error)) => commands::refuse(session, &reference.unwrap_or_default(), &event, &error),
    }
}

/// The name of an event and its data, one object; an event without any has an empty one if that is enough for it.
fn read(data: &str) -> Result<(String, Value), (String, Error)> {
    let malformed = || Error::new(Code::Malformed, "an event is a JSON array: its name and its data");
    let values: Vec<Value> = serde_json::from_str(data).map_err(|_| (String::new(), malformed()))?;
    let mut values = values.into_iter();
    let Some(Value::String(event)) = values.next() else { return Err((String::new(), malformed())) };
    let command = match values.next() {
        None if event == "ping" => json!({}),
        command => command.unwrap_or_default(),
    };
    if !command.is_object() || values.next().is_some() {
        let error = Error::new(Code::UnsupportedMediaType, "the data of an event is one JSON object");
        return Err((event, error));
    }
    Ok((event, command))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::error::Code;

    #[test]
    fn the_data_of_an_event_is_one_object() {
        assert_eq!(read(r#"["ping"]"#).unwrap().0, "ping");
        assert_eq!(read(r#"["chat.send",{"a":1}]"#).unwrap().1["a"], 1);
        for strange in [r#"["x"]"#, r#"["x","text"]"#, r#"["x",[]]"#, r#"["x",null]"#, r#"["x",{},1]"#] {
            let (event, error) = read(strange).unwrap_err();
            assert_eq!((event.as_str(), error.code()), ("x", Code::UnsupportedMediaType), "{strange}");
        }
        for strange in ["", "{}", "[]", "[1]", "[\"x\"", "null"] {
            assert_eq!(read(strange).unwrap_err().1.code(), Code::Malformed, "{strange}");
        }
    }
}
