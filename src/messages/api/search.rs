//! Finding messages over HTTP.

use poem_openapi::{OpenApi, param::Query};
use uuid::Uuid;

use crate::{
    app::App,
    error::{Error, Result},
    http::{Caller, Format, Limit, List, Offset, Search, Wanted, sorts},
    messages::{
        Message,
        search::{self, Filter, Kind},
    },
    tags::Tags,
    time::Timestamp,
};

/// Finding messages.
pub struct SearchApi {
    /// The running product.
    pub app: App,
}

sorts! {
    /// The order of what was found.
    FoundSort {
        #[default]
        Newest = "-created_at",
        Oldest = "created_at",
    }
}

#[OpenApi(prefix_path = "/api/v1/search", tag = "Tags::Messages")]
impl SearchApi {
    /// Search all messages
    ///
    /// In every chat the caller may read: their own and all public ones. Words, parts of words, and characters of
    /// languages written without spaces are found alike. `total` is exact up to 1,000, and 1,000 with `total_is_exact`
    /// false beyond; a download holds everything.
    #[oai(path = "/messages", method = "get", operation_id = "search_messages")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn search_messages(
        &self,
        caller: Caller,
        /// Every word must occur, ignoring case; up to 255 characters.
        search: Query<String>,
        /// Said by this person.
        sender_id: Query<Option<Uuid>>,
        /// Of this kind.
        kind: Query<Option<Kind>>,
        /// Said at this time or later.
        created_at_from: Query<Option<Timestamp>>,
        /// Said at this time or earlier.
        created_at_to: Query<Option<Timestamp>>,
        /// The order.
        #[oai(default)]
        sort: Query<FoundSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<Message>> {
        let filter = Filter {
            search: words(&search.0)?,
            sender_id: sender_id.0,
            kind: kind.0,
            from: created_at_from.0,
            to: created_at_to.0.map(Timestamp::and_what_is_cut_off),
        };
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let _permit = self.app.searching.acquire_soon(caller.user_id).await?;
        Ok(search::everywhere(&self.app, caller.user_id, &filter, sort.0.word(), wanted).await?)
    }
}

fn words(text: &str) -> Result<Search> {
    let search = Search::parse(Some(text))?;
    match search.patterns() {
        [] => Err(Error::invalid_field("search", "must hold a word")),
        _ => Ok(search),
    }
}
