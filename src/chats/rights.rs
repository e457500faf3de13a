//! Who may do what in a chat: the one table that every endpoint asks, and that the documentation shows.

use super::Access;
use crate::error::{Code, Error, Result};

/// What someone is to a chat they may enter. To everybody else there is no such chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectiveRole {
    /// Made it, or it was transferred to them.
    Creator,
    /// Helps to run it.
    Admin,
    /// Takes part.
    Member,
    /// One of the two of a direct chat, where nobody is more than the other.
    Peer,
    /// Anyone else signed in, where the chat is public.
    Visitor,
}

use EffectiveRole::{Admin, Creator, Member, Peer, Visitor};

/// What people do in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See the chat and everything in it, now and live.
    Read,
    /// Become a member, or stay one.
    Join,
    /// Say something; `post_messages` decides it, in the statement that posts.
    Post,
    /// Whatever else members do: change what they said themselves, react, mark as read, call.
    TakePart,
    /// Go.
    Leave,
    /// Take back what others said.
    RecallOthers,
    /// Pin and unpin.
    Pin,
    /// Give it another title, description, visibility or image.
    Change,
    /// Make somebody a member.
    AddMember,
    /// Make, list and revoke invites.
    Invite,
    /// Have other programs told what happens, or say something, and see which are.
    Webhook,
    /// Remove a member.
    RemoveMember,
    /// Remove an admin.
    RemoveAdmin,
    /// Ban somebody, and end a ban.
    Ban,
    /// Make and unmake admins, and transfer the chat.
    SetRole,
    /// Decide how long messages are kept.
    Retain,
    /// Take the words out of everything that was said.
    Clear,
    /// Remove it with everything in it.
    Delete,
}

const ANYONE: &[EffectiveRole] = &[Creator, Admin, Member, Peer, Visitor];
const THOSE_IN_IT: &[EffectiveRole] = &[Creator, Admin, Member, Peer];
const MEMBERS_OF_A_GROUP: &[EffectiveRole] = &[Creator, Admin, Member];
const CREATOR_AND_ADMINS: &[EffectiveRole] = &[Creator, Admin];
const CREATOR: &[EffectiveRole] = &[Creator];

/// Each action, as the documentation calls it, and those who may do it.
const TABLE: [(Action, &str, &[EffectiveRole]); 18] = [
    (Action::Read, "read and watch it; see its members, pins and read marks", ANYONE),
    (Action::Join, "join it", ANYONE),
    (Action::Post, "post (a visitor joins with it)", ANYONE),
    (Action::TakePart, "edit and recall what one posted oneself, react, mark as read, call", THOSE_IN_IT),
    (Action::Leave, "leave it (the creator last)", MEMBERS_OF_A_GROUP),
    (Action::RecallOthers, "recall what others posted", CREATOR_AND_ADMINS),
    (Action::Pin, "pin and unpin", CREATOR_AND_ADMINS),
    (Action::Change, "change its title, description, visibility and image", CREATOR_AND_ADMINS),
    (Action::AddMember, "add members", CREATOR_AND_ADMINS),
    (Action::Invite, "make, list and revoke invites", CREATOR_AND_ADMINS),
    (Action::Webhook, "make, list, switch and remove webhooks and hooks", CREATOR_AND_ADMINS),
    (Action::RemoveMember, "remove members", CREATOR_AND_ADMINS),
    (Action::RemoveAdmin, "remove and ban admins", CREATOR),
    (Action::Ban, "ban members and others, and see who is", CREATOR_AND_ADMINS),
    (Action::SetRole, "make and unmake admins, transfer it", CREATOR),
    (Action::Retain, "set how long messages are kept", CREATOR),
    (Action::Clear, "clear it", CREATOR),
    (Action::Delete, "delete it", CREATOR),
];

impl Access {
    /// What they are to the chat, as [`Action`]s ask.
    pub fn effective_role(&self) -> EffectiveRole {
        use super::model::Role;

        match self.role {
            None => Visitor,
            Some(_) if self.direct => Peer,
            Some(Role::Creator) => Creator,
            Some(Role::Admin) => Admin,
            Some(Role::Member) => Member,
        }
    }

    /// Fine, or 403.
    pub fn may(&self, action: Action) -> Result<()> {
        let role = self.effective_role();
        let allowed =
            TABLE.iter().find(|(known, ..)| *known == action).map_or(CREATOR, |(.., allowed)| allowed);
        if allowed.contains(&role) {
            return Ok(());
        }
        Err(Error::new(
            Code::Forbidden,
            if role == Peer {
                "this cannot be done in a direct chat"
            } else if allowed == CREATOR {
                "only the creator of the chat may do this"
            } else if allowed == CREATOR_AND_ADMINS {
                "only the creator and admins of the chat may do this"
            } else {
                "only members of the chat may do this"
            },
        ))
    }
}

/// The table for people who read the documentation, in Markdown.
pub fn documentation() -> String {
    let mut text = "| may | creator | admin | member | either of a direct chat | anyone else, if public |\n\
        |---|---|---|---|---|---|\n"
        .to_owned();
    for (_, action, allowed) in TABLE {
        text.push_str(&format!("| {action} |"));
        for role in ANYONE {
            text.push_str(if allowed.contains(role) { " yes |" } else { " 403 |" });
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn every_action_stands_in_the_table_once() {
        for (place, (action, ..)) in TABLE.iter().enumerate() {
            assert_eq!((*action as usize, TABLE.len()), (place, super::Action::Delete as usize + 1));
        }
    }
}
