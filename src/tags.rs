//! The headings of the API's documentation.

use poem_openapi::Tags as TagsDerive;

/// One heading an entity.
#[derive(TagsDerive)]
pub enum Tags {
    /// Signing up, in and out.
    Auth,
    /// People and their profiles.
    Users,
    /// Who are friends, and who has asked to be.
    Friends,
    /// Who wants nothing to do with whom.
    Blocks,
    /// Rooms, and who is in them.
    Chats,
    /// What is uploaded, and comes with messages.
    Files,
    /// What is said in a chat, and its log.
    Messages,
    /// Other programs that are told what happens in a chat.
    Webhooks,
    /// The sockets.
    Realtime,
    /// What people may do, by the roles they have.
    Roles,
    /// What was done, and by whom.
    Audit,
    /// Kept from the role `user`, which new accounts get: for administrators, and for roles that are given them.
    Administration,
    /// Whether the server is well.
    Health,
}
