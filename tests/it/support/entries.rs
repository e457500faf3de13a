//! Reading the log of a chat off a socket, entry by entry.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Person, Socket, World};

impl Socket {
    /// Reads entries up to `last`, which must come one by one after `first`; every other frame but `caught_up` is a
    /// surprise.
    #[track_caller]
    pub fn reads(&mut self, first: i64, last: i64) -> impl Future<Output = Vec<Value>> {
        let place = std::panic::Location::caller();
        async move {
            let mut entries = Vec::new();
            for seq in first + 1..=last {
                let mut frame = self.next().await;
                if frame["type"] == "caught_up" {
                    frame = self.next().await;
                }
                assert_eq!(frame["seq"], seq, "{place}: {frame}");
                entries.push(frame);
            }
            entries
        }
    }

    /// Sends a command and reads its answer, whatever comes before it.
    pub async fn asks(&mut self, command: &Value) -> Value {
        self.sends(command).await;
        loop {
            let frame = self.next().await;
            if frame.get("ref").is_some() {
                return frame;
            }
        }
    }
}

impl Person {
    /// Posts and answers whatever it was answered.
    pub async fn tries(&self, chat: Uuid, body: &Value) -> Answer {
        self.post(&format!("/api/v1/chats/{chat}/messages"), body).await
    }

    /// Asks again as long as it is told to come again: on a machine that is busy with other things, many writers of one
    /// chat may wait longer than a writer does.
    pub async fn insists(&self, method: Method, path: &str, body: &Value) -> Answer {
        for _ in 0..40 {
            let answer = Self::send(self.request(method.clone(), path).json(body)).await;
            if answer.status != 503 {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("told to come again forty times");
    }

    /// Says many things one after the other.
    pub async fn chatters(&self, chat: Uuid, name: &str, count: usize) {
        for number in 0..count {
            let client_id = format!("{name}-{number}");
            let body = json!({"content": format!("{name} {number}"), "client_id": client_id});
            for attempt in 0.. {
                let answer = self.tries(chat, &body).await;
                match answer.status {
                    200 | 201 => break,
                    503 if attempt < 40 => tokio::time::sleep(Duration::from_millis(50)).await,
                    _ => panic!("{}", answer.body),
                }
            }
        }
    }
}

impl World {
    /// Puts many messages into a chat, as psql would.
    pub async fn fills(&self, chat: Uuid, sender: Uuid, count: i32, length: i32) {
        let sql = "insert into messages (chat_id, sender_id, content) select $1, $2, rpad(n::text, $4, 'x') from generate_series(1, $3) as n";
        self.psql().await.execute(sql, &[&chat, &sender, &count, &length]).await.unwrap();
    }

    /// The id of the entry at a place of a log; null where none stands.
    pub async fn id_at(&self, chat: Uuid, seq: i64) -> Value {
        let sql = "select id from messages where chat_id = $1 and seq = $2";
        let row = self.psql().await.query_opt(sql, &[&chat, &seq]).await.unwrap();
        row.map_or(Value::Null, |row| json!(row.get::<_, Uuid>(0)))
    }

    /// What is said when all up to here was told.
    pub async fn caught_up(&self, chat: Uuid, seq: i64) -> Value {
        json!({"type": "caught_up", "chat_id": chat, "seq": seq, "id": self.id_at(chat, seq).await})
    }

    /// Puts another history behind the first entries of a log: what a restored backup, or a failover that lost its tail, looks
    /// like to a running instance. Nothing rings.
    pub async fn replaces_log(&self, chat: Uuid, sender: Uuid, kept: i64, then: i64) {
        let last = kept + then;
        let sql = format!(
            "begin;
            set local trunkline.repairing = on;
            alter table messages disable trigger user;
            delete from messages where chat_id = '{chat}' and seq > {kept};
            insert into messages (chat_id, seq, sender_id, content)
            select '{chat}', seq, '{sender}', 'another ' || seq from generate_series({kept} + 1, {last}) as seq;
            alter table messages enable trigger user;
            update chats set last_seq = {last}, message_count = {last} where id = '{chat}';
            commit"
        );
        self.psql().await.batch_execute(&sql).await.unwrap();
    }

    /// Ends the connections on which instances listen.
    pub async fn deafens(&self) {
        let sql = "select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name like 'trunkline listener%'";
        self.superuser().await.execute(sql, &[]).await.unwrap();
    }
}
