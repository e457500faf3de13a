//! The list of chats over HTTP.

use std::future::Future;

use futures_util::{TryStreamExt, stream};
use poem_openapi::{OpenApi, param::Query};

use super::{
    counted::PublicCount,
    model::{ChatKind, Filter, ListedChat, Scope},
    store,
};
use crate::{
    app::App,
    chats::model::{ChatSort, Visibility},
    db::query::Rows,
    error::Result,
    http::{Caller, Format, Limit, List, Listed, Offset, Search, Wanted},
    tags::Tags,
    time::Timestamp,
};

/// How many of the public chats that a search finds are counted.
const COUNTED: i64 = 1_000;

/// The list of chats.
pub struct ChatListApi {
    /// The running product.
    pub app: App,
    /// How many public chats there are.
    pub counted: PublicCount,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tags::Chats")]
impl ChatListApi {
    /// List chats
    ///
    /// My chats, the newest activity first unless `sort` says otherwise, each with `last_message`, `unread_count`,
    /// `mention_count`, `last_read_seq` and `mute`. With `scope=public` all public chats instead, to discover them, without those
    /// the caller is banned from; beyond 10,000 of them `total` may be ten seconds old, and of a search it is exact up to 1,000,
    /// and 1,000 with `total_is_exact` false beyond. A direct chat has the other person as `peer`.
    #[oai(path = "/chats", method = "get", operation_id = "list_chats")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list_chats(
        &self,
        caller: Caller,
        /// Whose chats.
        #[oai(default)]
        scope: Query<Scope>,
        /// Every word must occur in title or description, ignoring case; a direct chat is found by the other one's name.
        search: Query<Option<String>>,
        /// Of this kind.
        kind: Query<Option<ChatKind>>,
        /// Whom they are open to.
        visibility: Query<Option<Visibility>>,
        /// Made at this time or later.
        created_at_from: Query<Option<Timestamp>>,
        /// Made at this time or earlier.
        created_at_to: Query<Option<Timestamp>>,
        /// The order, the newest activity first when left out. A direct chat has the other one's name for a title.
        #[oai(default)]
        sort: Query<ChatSort>,
        /// How many, 1 to 100.
        #[oai(default)]
        limit: Query<Limit>,
        /// How many to skip.
        #[oai(default)]
        offset: Query<Offset>,
        /// A page, or all of it as a download.
        #[oai(default)]
        format: Query<Format>,
    ) -> poem::Result<List<ListedChat>> {
        let wanted = Wanted::new(&self.app, caller, limit.0, offset.0, format.0).await?;
        let filter = Filter {
            search: Search::parse(search.0.as_deref())?,
            kind: kind.0,
            visibility: visibility.0,
            from: created_at_from.0,
            to: created_at_to.0.map(Timestamp::and_what_is_cut_off),
        };
        Ok(match scope.0 {
            Scope::Mine => mine(&self.app, caller, &filter, sort.0.word(), wanted).await?,
            Scope::Public => public(&self.app, &self.counted, caller, &filter, sort.0, wanted).await?,
        })
    }
}

async fn mine(
    app: &App,
    caller: Caller,
    filter: &Filter,
    sort: &str,
    wanted: Wanted,
) -> Result<List<ListedChat>> {
    let db = app.db().await?;
    let rows = store::list_mine(&db, caller.user_id, filter, sort, wanted.limit(), wanted.offset()).await?;
    answer(app, wanted, rows, store::count_mine(&db, caller.user_id, filter)).await
}

async fn public(
    app: &App,
    counted: &PublicCount,
    caller: Caller,
    filter: &Filter,
    sort: ChatSort,
    wanted: Wanted,
) -> Result<List<ListedChat>> {
    let (db, id) = (app.db().await?, caller.user_id);
    let (limit, offset) = (wanted.limit(), wanted.offset());
    // Then an index has the order of them all.
    let is_walked = filter.kind != Some(ChatKind::Direct)
        && filter.visibility != Some(Visibility::Private)
        && sort == ChatSort::ActiveAtDescending;
    let Some(longest) = filter.search.longest() else {
        let rows = match is_walked {
            true => store::list_newest_public(&db, id, filter, limit, offset).await?,
            false => store::list_public(&db, id, filter, sort.word(), limit, offset).await?,
        };
        return answer(app, wanted, rows, counted.of(&db, id, filter)).await;
    };
    let total = match wanted.is_download() {
        true => 0,
        false => store::count_search_public(&db, id, longest, filter, COUNTED + 1).await?,
    };
    // Many fill a page soon; few are found by the index and put in order.
    let mut page = Vec::new();
    if is_walked && total > COUNTED {
        page = store::list_newest_public(&db, id, filter, limit, offset).await?.try_collect().await?;
    }
    let rows: Rows<_> = match page.is_empty() {
        true => store::search_public(&db, id, longest, filter, sort.word(), limit, offset).await?,
        false => Box::pin(stream::iter(page.into_iter().map(Ok))),
    };
    let public_url = app.public_url();
    let rows = Box::pin(rows.map_ok(move |row| row.view(&public_url)));
    wanted.answer_up_to(COUNTED, rows, async { Ok(total) }).await
}

/// Those of one person tell the total with every row; a page beyond the end has none to tell it.
async fn answer(
    app: &App,
    wanted: Wanted,
    rows: Rows<store::ListedRow>,
    count: impl Future<Output = Result<i64>>,
) -> Result<List<ListedChat>> {
    let public_url = app.public_url();
    if wanted.is_download() {
        let rows = rows.map_ok(move |row| row.view(&public_url));
        return wanted.answer(Box::pin(rows), count).await;
    }
    let rows: Vec<_> = rows.try_collect().await?;
    let total = match rows.first().and_then(|row| row.total) {
        Some(total) => total,
        None => count.await?,
    };
    let items = rows.into_iter().map(|row| row.view(&public_url)).collect();
    Ok(List::Page(Listed { items, total, total_is_exact: None }))
}
