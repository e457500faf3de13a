//! Many rows in one statement cost the same each, however small the tables were when the database last looked.

use tokio_postgres::Client;

use super::{healthy, number, read};
use crate::support::World;

/// How many rows a statement brings.
const ROWS: i64 = 10_000;

/// What was read of all tables in this transaction: rows one after the other, and rows found by an index. And how often a chat
/// was changed: who looks for it later in the transaction passes all its versions.
async fn reads(psql: &Client) -> (i64, i64, i64) {
    let sql = "select sum(seq_tup_read)::bigint, sum(idx_tup_fetch)::bigint,
        (sum(n_tup_upd) filter (where relname = 'chats'))::bigint
        from pg_stat_xact_user_tables";
    let row = psql.query_one(sql, &[]).await.unwrap();
    (row.get(0), row.get(1), row.get(2))
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_rows_in_one_statement_read_no_table_again_and_again() {
    let world = World::new().await;
    let psql = world.psql().await;
    psql.batch_execute(&read("seeds/demo.sql")).await.unwrap();
    let crowd = format!(
        "insert into users (email, username, name, password_hash)
        select format('p%s@example.com', n), format('per%s', n), format('Person %s', n), 'x' from generate_series(1, {ROWS}) as n"
    );
    // Plans are made while everything is small, and statistics say so.
    let alice = "(select id from users where username = 'alice')";
    let lobby = "(select id from chats where title = 'Lobby')";
    let few = format!(
        "insert into messages (chat_id, sender_id, content) values ({lobby}, {alice}, 'one @bob');
        insert into reactions (chat_id, message_id, user_id, emoji)
        select chat_id, id, sender_id, '+' from messages where content = 'one @bob';
        insert into pins (chat_id, message_id) select chat_id, id from messages where content = 'one @bob';
        update messages set content = 'two @bob' where content = 'one @bob';
        insert into files (owner_id, name, content_type, size, state) values ({alice}, 'a', 'b', 1, 'loose');
        insert into messages (chat_id, sender_id, kind, body) select {lobby}, owner_id, 'media',
            jsonb_build_object('attachments', jsonb_build_array(id)) from files where state = 'loose';
        insert into members (chat_id, user_id) select {lobby}, id from users where username = 'erin' on conflict do nothing;
        update members set role = 'admin' where user_id = (select id from users where username = 'erin');
        update members set role = 'member' where user_id = (select id from users where username = 'erin');
        insert into bans (chat_id, user_id) select {lobby}, id from users where username = 'erin';
        delete from bans;
        insert into members (chat_id, user_id) select {lobby}, id from users where username = 'erin';
        insert into user_roles (user_id, role) select id, 'admin' from users where username = 'erin';
        delete from user_roles where role = 'admin';
        delete from members where chat_id = {lobby} and user_id = (select id from users where username = 'erin')"
    );
    psql.batch_execute("vacuum analyze").await.unwrap();
    psql.batch_execute(&few).await.unwrap();
    psql.batch_execute(&crowd).await.unwrap();
    let mut counted = Vec::new();
    for (what, sql) in [
        ("messages", format!("insert into messages (chat_id, sender_id, content) select {lobby}, {alice}, 'line ' || g || ' @bob' from generate_series(1, {ROWS}) as g")),
        ("chats", format!("insert into chats (title, owner_id) select 'Room ' || g, {alice} from generate_series(1, {ROWS}) as g")),
        ("a message in each", format!("insert into messages (chat_id, sender_id, content) select id, {alice}, 'first' from chats where title like 'Room %'")),
        ("members of one", format!("insert into members (chat_id, user_id) select {lobby}, id from users where password_hash = 'x'")),
        ("members of many", format!("insert into members (chat_id, user_id) select id, {alice} from chats where title like 'Room %'")),
        ("edits", "update messages set content = content || ' @alice' where content like 'line %'".to_owned()),
        ("reactions", "insert into reactions (chat_id, message_id, user_id, emoji) select chat_id, id, sender_id, '+' from messages where content like 'line %'".to_owned()),
        ("reactions to one", format!("insert into reactions (chat_id, message_id, user_id, emoji)
            select {lobby}, (select id from messages where content like 'line 1 %'), id, '!' from users where password_hash = 'x'")),
        ("pins", "insert into pins (chat_id, message_id) select chat_id, id from messages where content like 'line %'".to_owned()),
        ("files", format!("insert into files (owner_id, name, content_type, size, state) select {alice}, 'a', 'b', 1, 'loose' from generate_series(1, {ROWS})")),
        ("attachments", format!("insert into messages (chat_id, sender_id, kind, body) select {lobby}, owner_id, 'media',
            jsonb_build_object('attachments', jsonb_build_array(id)) from files where state = 'loose'")),
        ("roles", format!("update members set role = 'admin' where chat_id = {lobby} and role = 'member'")),
        ("roles in many", format!("update members set role = 'admin' where user_id = {alice} and role = 'member'")),
        ("roles of accounts", "insert into user_roles (user_id, role) select id, 'admin' from users where password_hash = 'x'".to_owned()),
        ("recalls", "update messages set recalled_at = now() where content like 'line %'".to_owned()),
        ("bans", format!("insert into bans (chat_id, user_id) select {lobby}, id from users where password_hash = 'x'")),
        ("ends of bans", "delete from bans".to_owned()),
        ("members again", format!("insert into members (chat_id, user_id) select {lobby}, id from users where password_hash = 'x'")),
        ("departures", format!("delete from members where chat_id = {lobby} and user_id in (select id from users where password_hash = 'x')")),
        ("members once more", format!("insert into members (chat_id, user_id) select {lobby}, id from users where password_hash = 'x'")),
        ("people", "delete from users where password_hash = 'x'".to_owned()),
    ] {
        psql.batch_execute("begin").await.unwrap();
        let before = reads(&psql).await;
        let begun = std::time::Instant::now();
        psql.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let after = reads(&psql).await;
        psql.batch_execute("commit").await.unwrap();
        let (read, found) = ((after.0 - before.0) / ROWS, (after.1 - before.1) / ROWS);
        let counts = after.2 - before.2;
        println!("{what}: {read} rows read and {found} found for each, {counts} counts, {:?}", begun.elapsed());
        counted.push((what, read, found, counts));
    }
    // The statement itself reads a table or two; what it begins may look for a dozen rows.
    for (what, read, found, counts) in counted {
        assert!(read < 20 && found < 40, "{what}: {read} rows read and {found} found for each");
        let is_one_chat = !what.contains("many") && !what.contains("in each");
        assert!(!is_one_chat || counts < 10, "{what}: the chat was counted {counts} times");
    }
    healthy(&psql).await;
    let told = "select count(*) from messages where kind in ('member_joined', 'member_left', 'message_edited', 'message_recalled', 'reaction_added', 'pin_added', 'pin_removed')";
    assert!(number(&psql, told).await > 9 * ROWS);
}
