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
    /// Who has blocked whom.
    Blocks,
    /// Chats, and who is in them.
    Chats,
    /// Uploads, and the files of messages.
    Files,
    /// The messages of a chat, and its log.
    Messages,
    /// What takes place, tickets for it, and who waits for one.
    Events,
    /// What people write for everybody.
    Posts,
    /// What people write about events and posts.
    Comments,
    /// Events as iCalendar, for calendar programs.
    Calendars,
    /// A durable log for programs, shared by groups of consumers.
    Topics,
    /// What people are told beside the messages of their chats, and what reaches their devices while they are away.
    Notifications,
    /// Other programs that are told what happens in a chat.
    Webhooks,
    /// The WebSockets: what happens in chats, as it happens.
    Realtime,
    /// What people may do, by the roles they have.
    Roles,
    /// What was done, and by whom.
    Audit,
    /// Work that is done in the background.
    Jobs,
    /// Jobs that are queued again and again.
    Schedules,
    /// For administrators, and for roles that hold these permissions. The role `user`, which new accounts get, does not.
    Administration,
    /// Whether the server works.
    Health,
}
