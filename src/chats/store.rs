//! The tables `chats`, `members` and `chat_mutes`: one function per query file.

use uuid::Uuid;

use super::{
    head::{ChatHead, Head},
    model::{Access, ChatRow, MemberRow, MemberSort, Place, Role, Visibility, mute::Mute},
};
use crate::{
    db::{
        GenericClient,
        query::{self, Rows},
    },
    error::Result,
    time::Timestamp,
};

/// Makes a group chat with its creator in it.
pub async fn insert(
    db: &impl GenericClient,
    id: Uuid,
    visibility: Visibility,
    title: &str,
    description: &str,
    owner_id: Uuid,
) -> Result<ChatRow> {
    let sql = include_str!("../../sql/queries/chats/insert.sql");
    query::one(db, sql, &[&id, &visibility.as_column(), &title, &description, &owner_id]).await
}

/// Makes the chat between two people; says whether there was none before.
pub async fn insert_direct(db: &impl GenericClient, id: Uuid, user_id: Uuid, other_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/chats/insert_direct.sql");
    Ok(query::exec(db, sql, &[&id, &user_id, &other_id]).await? == 1)
}

/// The chat between two people.
pub async fn find_direct(db: &impl GenericClient, user_id: Uuid, other_id: Uuid) -> Result<Option<Uuid>> {
    query::scalar(db, include_str!("../../sql/queries/chats/find_direct.sql"), &[&user_id, &other_id]).await
}

/// One chat, as somebody sees it: with whom, where it is a direct one.
pub async fn find(db: &impl GenericClient, id: Uuid, viewer_id: Uuid) -> Result<Option<ChatRow>> {
    query::opt(db, include_str!("../../sql/queries/chats/find.sql"), &[&id, &viewer_id]).await
}

/// What someone is to a chat; `None` when there is no such chat.
pub async fn access(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<Option<Access>> {
    query::opt(db, include_str!("../../sql/queries/chats/access.sql"), &[&id, &user_id]).await
}

/// What each of these people is to a chat, and which entries stand at the end of its log and at a place of it, in their order;
/// `None` where there is no such chat.
pub async fn list_places(db: &impl GenericClient, asked: &[(Uuid, Uuid, i64)]) -> Result<Vec<Option<Place>>> {
    let chat_ids: Vec<_> = asked.iter().map(|(chat_id, ..)| chat_id).collect();
    let user_ids: Vec<_> = asked.iter().map(|(_, user_id, _)| user_id).collect();
    let seqs: Vec<_> = asked.iter().map(|(.., seq)| seq).collect();
    let sql = include_str!("../../sql/queries/chats/list_places.sql");
    query::raw(db, sql, &[&chat_ids, &user_ids, &seqs]).await?.iter().map(Place::from_row).collect()
}

/// Locks a chat until the transaction ends.
pub async fn lock(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/chats/lock.sql"), &[&id]).await?;
    Ok(())
}

/// The same for those of several chats that nobody else holds; says which.
pub async fn lock_free(db: &impl GenericClient, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/chats/lock_free.sql"), &[&ids]).await
}

/// Changes a chat; what is `None` stays.
pub async fn update(
    db: &impl GenericClient,
    id: Uuid,
    title: Option<&str>,
    description: Option<&str>,
    visibility: Option<Visibility>,
    retention_days: Option<Option<i32>>,
) -> Result<()> {
    let sql = include_str!("../../sql/queries/chats/update.sql");
    let visibility = visibility.map(Visibility::as_column);
    let retains = retention_days.is_some();
    query::exec(db, sql, &[&id, &title, &description, &visibility, &retains, &retention_days.flatten()])
        .await?;
    Ok(())
}

/// Sets where the image lies; the old one is removed.
pub async fn set_image(db: &impl GenericClient, id: Uuid, key: Option<&str>) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/chats/set_image.sql"), &[&id, &key]).await?;
    Ok(())
}

/// Removes a chat with its members and its image. Nobody can read its log from then on; a job removes what is long of it.
pub async fn delete(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/chats/delete.sql"), &[&id]).await?;
    Ok(())
}

/// Adds a member; says whether they were not one already.
pub async fn insert_member(db: &impl GenericClient, id: Uuid, user_id: Uuid, role: Role) -> Result<bool> {
    let sql = include_str!("../../sql/queries/members/insert.sql");
    Ok(query::exec(db, sql, &[&id, &user_id, &role.as_column()]).await? == 1)
}

/// Makes the two of a direct chat its members, if they are not.
pub async fn insert_pair(db: &impl GenericClient, id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/members/insert_pair.sql"), &[&id]).await?;
    Ok(())
}

/// One member.
pub async fn find_member(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<Option<MemberRow>> {
    query::opt(db, include_str!("../../sql/queries/members/find.sql"), &[&id, &user_id]).await
}

/// The members, as they came.
pub async fn list_members_in_order(
    db: &impl GenericClient,
    id: Uuid,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<MemberRow>> {
    let sql = include_str!("../../sql/queries/members/list_in_order.sql");
    query::rows(db, sql, &[&id, &limit, &offset]).await
}

/// Members that match, in the order that is wanted.
pub async fn list_members(
    db: &impl GenericClient,
    id: Uuid,
    patterns: &[String],
    role: Option<Role>,
    sort: MemberSort,
    limit: Option<i64>,
    offset: i64,
) -> Result<Rows<MemberRow>> {
    let sql = include_str!("../../sql/queries/members/list.sql");
    query::rows(db, sql, &[&id, &patterns, &sort.word(), &role.map(Role::as_column), &limit, &offset]).await
}

/// How many members match.
pub async fn count_found_members(
    db: &impl GenericClient,
    id: Uuid,
    patterns: &[String],
    role: Option<Role>,
) -> Result<i64> {
    let sql = include_str!("../../sql/queries/members/count_found.sql");
    Ok(query::scalar(db, sql, &[&id, &patterns, &role.map(Role::as_column)]).await?.unwrap_or(0))
}

/// Gives a member another role.
pub async fn set_role(db: &impl GenericClient, id: Uuid, user_id: Uuid, role: Role) -> Result<()> {
    let sql = include_str!("../../sql/queries/members/set_role.sql");
    query::exec(db, sql, &[&id, &user_id, &role.as_column()]).await?;
    Ok(())
}

/// Removes a member; says whether they were one.
pub async fn delete_member(db: &impl GenericClient, id: Uuid, user_id: Uuid) -> Result<bool> {
    let sql = include_str!("../../sql/queries/members/delete.sql");
    Ok(query::exec(db, sql, &[&id, &user_id]).await? == 1)
}

/// How many are in a chat, as its row says.
pub async fn count_members(db: &impl GenericClient, id: Uuid) -> Result<i64> {
    let sql = include_str!("../../sql/queries/members/count.sql");
    Ok(query::scalar(db, sql, &[&id]).await?.unwrap_or(0))
}

/// Which of these people are members.
pub async fn list_among(db: &impl GenericClient, id: Uuid, user_ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let sql = include_str!("../../sql/queries/members/list_among.sql");
    query::ids(db, sql, &[&id, &user_ids]).await
}

/// Where the logs of these chats begin and end, and which entry stands at the place given for each; a chat that is not
/// there is missing.
pub async fn heads(db: &impl GenericClient, ids: &[Uuid], seqs: &[i64]) -> Result<Vec<Head>> {
    query::all(db, include_str!("../../sql/queries/chats/heads.sql"), &[&ids, &seqs]).await
}

/// Up to `limit` chats after this one, in the order of their ids, that hold what is older than their retention allows.
pub async fn list_overdue(db: &impl GenericClient, after: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/chats/list_overdue.sql"), &[&after, &limit]).await
}

/// Up to `limit` deleted chats whose log is not removed yet.
pub async fn list_ended(db: &impl GenericClient, limit: i64) -> Result<Vec<Uuid>> {
    query::ids(db, include_str!("../../sql/queries/chats/list_ended.sql"), &[&limit]).await
}

/// Removes up to `most` rows of what a deleted chat has left behind; answers how many. Nothing where somebody else is at it.
pub async fn remove_ended(db: &impl GenericClient, id: Uuid, most: i32) -> Result<u64> {
    let sql = include_str!("../../sql/queries/chats/remove_ended.sql");
    let removed: Option<i64> = query::scalar(db, sql, &[&id, &most]).await?;
    Ok(removed.unwrap_or_default().unsigned_abs())
}

/// The chats someone is in, and where their logs stand.
pub async fn heads_of(db: &impl GenericClient, user_id: Uuid) -> Result<Vec<ChatHead>> {
    query::all(db, include_str!("../../sql/queries/chats/heads_of.sql"), &[&user_id]).await
}

/// Those of these pairs of a person and a chat of which the one is in the other.
pub async fn list_pairs(db: &impl GenericClient, pairs: &[(Uuid, Uuid)]) -> Result<Vec<(Uuid, Uuid)>> {
    let (user_ids, chat_ids): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let sql = include_str!("../../sql/queries/members/list_pairs.sql");
    query::pairs(db, sql, &[&user_ids, &chat_ids]).await
}

/// In how many chats somebody is, counted up to `most`.
pub async fn count_of_person(db: &impl GenericClient, user_id: Uuid, most: u32) -> Result<i64> {
    let sql = include_str!("../../sql/queries/members/count_of_person.sql");
    Ok(query::scalar(db, sql, &[&user_id, &i64::from(most)]).await?.unwrap_or(0))
}

/// Who of these people is in which chats: pairs of a person and a chat.
pub async fn list_of_people(db: &impl GenericClient, user_ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    query::pairs(db, include_str!("../../sql/queries/members/list_of_people.sql"), &[&user_ids]).await
}

/// Mutes a chat for somebody, until then or for good.
pub async fn set_mute(
    db: &impl GenericClient,
    user_id: Uuid,
    chat_id: Uuid,
    until: Option<Timestamp>,
) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/chat_mutes/set.sql"), &[&user_id, &chat_id, &until])
        .await?;
    Ok(())
}

/// Ends that.
pub async fn delete_mute(db: &impl GenericClient, user_id: Uuid, chat_id: Uuid) -> Result<()> {
    query::exec(db, include_str!("../../sql/queries/chat_mutes/delete.sql"), &[&user_id, &chat_id]).await?;
    Ok(())
}

/// How somebody has muted a chat, if it still counts.
pub async fn find_mute(db: &impl GenericClient, user_id: Uuid, chat_id: Uuid) -> Result<Option<Mute>> {
    query::opt(db, include_str!("../../sql/queries/chat_mutes/find.sql"), &[&user_id, &chat_id]).await
}
