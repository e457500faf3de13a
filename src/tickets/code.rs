//! The code of a ticket: its id, and a signature that only a server with the keys can make. Nothing of it is kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::secrets::Keyring;

/// What a signature is made for, so that it is good for nothing else.
const PURPOSE: &str = "tickets.code";
/// The bytes of an id.
const ID: usize = 16;

/// The code of a ticket. It is good for this event alone, and as long as the keyring holds the key that made it.
pub fn of(keyring: &Keyring, event_id: Uuid, ticket_id: Uuid) -> String {
    let tag = keyring.sign(PURPOSE, &claim(event_id, ticket_id));
    URL_SAFE_NO_PAD.encode([&ticket_id.as_bytes()[..], &tag].concat())
}

/// The ticket of an event whose code this is; `None` for whatever else it is.
pub fn read(keyring: &Keyring, event_id: Uuid, code: &str) -> Option<Uuid> {
    let bytes = URL_SAFE_NO_PAD.decode(code.trim()).ok()?;
    let (id, tag) = bytes.split_at_checked(ID)?;
    let ticket_id = Uuid::from_slice(id).ok()?;
    keyring.verify(PURPOSE, &claim(event_id, ticket_id), tag).then_some(ticket_id)
}

fn claim(event_id: Uuid, ticket_id: Uuid) -> Vec<u8> {
    [*event_id.as_bytes(), *ticket_id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{of, read};
    use crate::secrets::{Keyring, generate_key};

    #[test]
    fn a_code_is_good_for_its_ticket_and_its_event_alone() {
        let old = generate_key("old").unwrap();
        let [event, other, ticket] = [(); 3].map(|()| Uuid::now_v7());
        let ring = Keyring::new(&old, std::iter::empty()).unwrap();
        let code = of(&ring, event, ticket);
        assert_eq!((read(&ring, event, &code), read(&ring, other, &code)), (Some(ticket), None));
        assert_eq!(code, of(&ring, event, ticket));
        // After a rotation it is good as long as the old key is kept.
        let new = generate_key("new").unwrap();
        let rotated = Keyring::new(&new, [old.as_str()].into_iter()).unwrap();
        assert_eq!(read(&rotated, event, &code), Some(ticket));
        assert_ne!(of(&rotated, event, ticket), code);
        assert_eq!(read(&Keyring::new(&new, std::iter::empty()).unwrap(), event, &code), None);
        for place in 0..code.len() {
            let mut forged = code.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(read(&ring, event, &String::from_utf8(forged).unwrap()), None, "{place}");
        }
        for nothing in ["", "x", "AAAA", &"A".repeat(43), &"A".repeat(1000), "é", &code[..40]] {
            assert_eq!(read(&ring, event, nothing), None, "{nothing}");
        }
    }
}
