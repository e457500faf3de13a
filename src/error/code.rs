//! Every word an error answer can carry in `code`, with its status and title.

/// Declares [`Code`]: one line per word, so that code, status and documentation can't drift apart.
macro_rules! codes {
    ($($variant:ident $status:literal $word:literal $title:literal;)*) => {
        /// The stable word of an error answer. Clients decide by it; titles and sentences may change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code there is, in the order of their status.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The word in the answer's `code`.
            pub const fn word(self) -> &'static str {
                match self { $(Code::$variant => $word,)* }
            }

            /// The HTTP status it is answered with.
            pub const fn status(self) -> u16 {
                match self { $(Code::$variant => $status,)* }
            }

            /// The answer's `title`: the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }
        }
    };
}

codes! {
    Malformed 400 "malformed" "The request cannot be read";
    ValidationFailed 400 "validation_failed" "Some of what was sent is not valid";
    AddressNotAllowed 400 "address_not_allowed" "This address may not be called from here";
    UnknownCommand 400 "unknown_command" "There is no such command";
    NotSignedIn 401 "not_signed_in" "This needs a valid access token";
    WrongCredentials 401 "wrong_credentials" "The e-mail, username or password is wrong";
    SessionOver 401 "session_over" "This session has ended; sign in again";
    Forbidden 403 "forbidden" "Signed in, but not allowed to do this";
    ForeignOrigin 403 "foreign_origin" "Requests with a cookie are taken from this site's own pages only";
    WrongPassword 403 "wrong_password" "The current password is another one";
    FreshSignInNeeded 403 "fresh_sign_in_needed" "This needs the password, or a sign-in of the last ten minutes";
    Suspended 403 "suspended" "This account is suspended";
    Banned 403 "banned" "This person is banned from the chat";
    Blocked 403 "blocked" "One of the two has blocked the other";
    NotFound 404 "not_found" "Not there, or not yours to see";
    MethodNotAllowed 405 "method_not_allowed" "This path does not answer this method";
    RequestTimeout 408 "request_timeout" "The request took too long to arrive";
    Conflict 409 "conflict" "This conflicts with the current state";
    EmailTaken 409 "email_taken" "This e-mail is taken";
    UsernameTaken 409 "username_taken" "This username is taken";
    AlreadyFriends 409 "already_friends" "The two are friends already";
    TitleTaken 409 "title_taken" "A public chat has this title already";
    NotAMember 409 "not_a_member" "Only members of the chat can do this";
    OwnerCannotLeave 409 "owner_cannot_leave" "The creator cannot leave while others are in the chat";
    ClientIdReused 409 "client_id_reused" "This client_id was used for another message";
    IdempotencyKeyReused 409 "idempotency_key_reused" "This Idempotency-Key was used for another request";
    LogChanged 409 "log_changed" "This is another log than before; read it from the beginning";
    TooManyReactions 409 "too_many_reactions" "This message has as many kinds of reactions as it can have";
    MessageRecalled 409 "message_recalled" "This message was recalled";
    SoldOut 409 "sold_out" "There are not so many places left";
    EventStarted 409 "event_started" "The event has begun";
    TicketsSold 409 "tickets_sold" "Tickets of this event are sold";
    TooLarge 413 "too_large" "What was sent is too large";
    UriTooLong 414 "uri_too_long" "The address of the request is too long";
    UnsupportedMediaType 415 "unsupported_media_type" "This media type is not taken here";
    RangeNotSatisfiable 416 "range_not_satisfiable" "There is nothing in the range that was asked for";
    UpgradeRequired 426 "upgrade_required" "This address speaks WebSocket";
    TooManyRequests 429 "too_many_requests" "More than the limits allow; wait as long as `Retry-After` says";
    HeadersTooLarge 431 "headers_too_large" "The header of the request is too large";
    Internal 500 "internal" "Something went wrong on the server";
    MailNotConfigured 503 "mail_not_configured" "This server sends no e-mails";
    OutcomeUnknown 503 "outcome_unknown" "Nobody knows whether this was done; send it again with the same `client_id`";
    NotReady 503 "not_ready" "Not possible right now; try again";
}

impl Code {
    /// The code with this word.
    pub fn from_word(word: &str) -> Option<Code> {
        Self::ALL.iter().copied().find(|code| code.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn words_are_unique() {
        for (at, code) in Code::ALL.iter().enumerate() {
            assert_eq!(Code::ALL.iter().position(|other| other.word() == code.word()), Some(at));
            assert_eq!(Code::from_word(code.word()), Some(*code));
        }
    }
}
