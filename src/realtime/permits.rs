//! What a role must permit for a socket and for its commands: what it must for the operation that does the same.

/// To open the socket of a chat.
pub const CHAT: &str = "GET:/api/v1/chats/{chat_id}";
/// To open the gateway.
pub const GATEWAY: &str = "GET:/api/v1/ws";

const POST: &str = "POST:/api/v1/chats/{chat_id}/messages";
const PERSON: &str = "GET:/api/v1/users/{id}";

/// Each command that needs a permission of its own. Who may have the socket may have it quiet: to ping, and to hear less.
pub const COMMANDS: [(&str, &str); 11] = [
    ("chat.subscribe", CHAT),
    ("chat.send", POST),
    ("chat.typing", POST),
    ("call.signal", POST),
    ("chat.edit", "PATCH:/api/v1/chats/{chat_id}/messages/{message_id}"),
    ("chat.recall", "DELETE:/api/v1/chats/{chat_id}/messages/{message_id}"),
    ("chat.read", "PUT:/api/v1/chats/{chat_id}/read"),
    ("chat.create", "POST:/api/v1/chats"),
    ("chat.join", "POST:/api/v1/chats/{chat_id}/join"),
    ("chat.leave", "POST:/api/v1/chats/{chat_id}/leave"),
    ("presence.subscribe", PERSON),
];

/// What a command needs.
pub fn of(event: &str) -> Option<&'static str> {
    COMMANDS.iter().find(|(command, _)| *command == event).map(|(_, permission)| *permission)
}
