//! A chat: itself, its members, and its log as its sockets would be told it.

use futures_util::TryStreamExt;
use serde_json::json;
use uuid::Uuid;

use super::{Outcome, sink::Sink};
use crate::{
    app::App,
    chats::{self, model::MemberRow},
    db::query,
    error::{Code, Error},
    messages,
};

/// How many entries are read at once.
const PAGE: i64 = 500;

/// Writes a chat. What was recalled or cleared has no words here either. What is said after this has begun is left out.
pub async fn write(app: &App, id: Uuid, sink: &mut Sink) -> Outcome {
    let db = app.db().await?;
    let public_url = app.public_url();
    let gone = || Error::new(Code::NotFound, format!("there is no chat {id}"));
    let row = chats::store::find(&db, id, Uuid::nil()).await?.ok_or_else(gone)?;
    let chat = row.view(&public_url);
    sink.write("chat", json!({"chat": chat}))?;
    let sql = include_str!("../../../sql/queries/export/members.sql");
    let mut members = query::rows::<MemberRow>(&db, sql, &[&id]).await?;
    while let Some(member) = members.try_next().await? {
        if !sink.write("member", json!({"member": member.view(&public_url)}))? {
            return Ok(());
        }
    }
    let mut seen = 0;
    while seen < chat.last_seq {
        let page = messages::store::list_after(&db, id, seen, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            let entry = row.view(&public_url)?;
            seen = entry.seq;
            if seen > chat.last_seq || !sink.write_whole(&entry)? {
                return Ok(());
            }
        }
    }
    Ok(())
}
