//! What hostile people do, as often as they can.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::SinkExt;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::json;
use tokio::{
    runtime::{self, Handle, Runtime},
    task::JoinSet,
};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

use crate::support::{Device, Person, Socket, Visitor};

/// What a hostile person does, as often as they can.
#[derive(Debug, Clone, Copy)]
pub enum Malice {
    /// Searches for two letters, and hangs up before the answer.
    Searches,
    /// Downloads everything, many times at once.
    Downloads,
    /// Sends pictures that are dear to unpack.
    Pictures,
    /// Posts texts full of names over many sockets.
    Mentions,
    /// Asks who is online, over many sockets.
    Presences,
    /// Signs in without end.
    SignIns,
    /// Leaves reactions and takes them back, fifty kinds at once.
    Reactions,
    /// Posts by hook, far more than it may.
    Hooks,
    /// Schedules messages, all that it may, and takes them back.
    Scheduled,
    /// Opens sockets that follow everything from the beginning, and goes.
    Storms,
    /// Makes chats, and deletes them.
    Chats,
    /// Comes into a public chat and leaves it.
    Joins,
    /// Sends files as fast as they are taken.
    Uploads,
    /// Tries to lay hands on what is not theirs: invites, bans, members, links.
    Knocks,
    /// Buys tickets and gives them back, and waits in a line and leaves it.
    Tickets,
    /// Comments on events and posts, long ones.
    Comments,
    /// Writes posts, changes them, and searches for two letters in all of them.
    Posts,
    /// Reads, marks and deletes notifications, and asks to be a friend to get and give more.
    Notifications,
    /// Subscribes devices and gives them up.
    Devices,
    /// Reads a calendar with everything, without signing in.
    Calendars,
}

pub const ALL: [Malice; 20] = [
    Malice::Searches,
    Malice::Downloads,
    Malice::Pictures,
    Malice::Mentions,
    Malice::Presences,
    Malice::SignIns,
    Malice::Reactions,
    Malice::Hooks,
    Malice::Scheduled,
    Malice::Storms,
    Malice::Chats,
    Malice::Joins,
    Malice::Uploads,
    Malice::Knocks,
    Malice::Tickets,
    Malice::Comments,
    Malice::Posts,
    Malice::Notifications,
    Malice::Devices,
    Malice::Calendars,
];

/// Where it happens.
pub struct Ground {
    pub mallory: Person,
    /// A public chat with a long history.
    pub library: Uuid,
    /// A chat of Mallory's own, and a message and a hook there.
    pub own: Uuid,
    pub message: Uuid,
    pub hook: String,
    pub dear: Vec<u8>,
    /// Calls what wants no account.
    pub client: reqwest::Client,
    pub people: Vec<Uuid>,
    /// The paths of an event and a post of Mallory's own, and the address of their calendar.
    pub event: String,
    pub post: String,
    pub calendar: String,
}

/// Where hostile people have their machines: what their own programs need of this one is not to be felt by others.
pub struct Elsewhere(Option<Runtime>);

impl Elsewhere {
    /// Threads that run when nobody else wants the cores.
    pub fn new() -> Self {
        let yields = || {
            let thread = std::fs::read_link("/proc/thread-self").unwrap();
            let number = thread.file_name().unwrap();
            let quiet = Command::new("renice").args(["-n", "19", "-p"]).arg(number).output().unwrap();
            assert!(quiet.status.success(), "{quiet:?}");
        };
        let mut threads = runtime::Builder::new_multi_thread();
        let runtime = threads.enable_all().worker_threads(2).on_thread_start(yields).build();
        Self(Some(runtime.unwrap()))
    }

    fn handle(&self) -> &Handle {
        self.0.as_ref().unwrap().handle()
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        // A story is no place to wait for threads.
        self.0.take().unwrap().shutdown_background();
    }
}

impl Malice {
    /// Goes on until told to stop.
    pub async fn goes_on(self, ground: Arc<Ground>, stop: Arc<AtomicBool>, elsewhere: &Elsewhere) {
        let mut rows = JoinSet::new();
        for n in 0..8 {
            let (ground, stop) = (Arc::clone(&ground), Arc::clone(&stop));
            let goes_on = async move {
                while !stop.load(Ordering::Relaxed) {
                    self.once(&ground, n).await;
                }
            };
            rows.spawn_on(goes_on, elsewhere.handle());
        }
        rows.join_all().await;
    }

    async fn once(self, ground: &Ground, n: usize) {
        let mallory = &ground.mallory;
        match self {
            Self::Searches => {
                let path = format!("/api/v1/chats/{}/messages?search=zq", ground.library);
                let asked = mallory.request(Method::GET, &path).send();
                let _ = tokio::time::timeout(Duration::from_millis(150), asked).await;
            }
            Self::Downloads => {
                let path = format!("/api/v1/chats/{}/messages?format=xlsx", ground.library);
                let asked = mallory.request(Method::GET, &path).send();
                let _ = tokio::time::timeout(Duration::from_millis(500), asked).await;
            }
            Self::Pictures => {
                let form = Form::new().part("file", Part::bytes(ground.dear.clone()));
                let _ = mallory.request(Method::POST, "/api/v1/uploads").multipart(form).send().await;
            }
            Self::Mentions => {
                let path = format!("/api/v1/chats/{}", ground.own);
                let Ok(mut socket) = Socket::open(&mallory.base, &path, &mallory.token).await else {
                    return tokio::time::sleep(Duration::from_millis(50)).await;
                };
                let text = " @a".repeat(1365);
                for _ in 0..20 {
                    let frame = json!({"type": "chat.send", "chat_id": ground.own, "content": text});
                    if socket.ws.feed(Message::text(frame.to_string())).await.is_err() {
                        break;
                    }
                }
                let _ = tokio::time::timeout(Duration::from_millis(300), socket.ws.close(None)).await;
            }
            Self::Presences => {
                let Ok(mut socket) = Socket::open(&mallory.base, "/api/v1/ws", &mallory.token).await else {
                    return tokio::time::sleep(Duration::from_millis(50)).await;
                };
                let frame = json!({"type": "presence.subscribe", "user_ids": ground.people}).to_string();
                for _ in 0..20 {
                    if socket.ws.send(Message::text(frame.clone())).await.is_err() {
                        break;
                    }
                }
                let _ = tokio::time::timeout(Duration::from_millis(300), socket.ws.close(None)).await;
            }
            Self::SignIns => {
                let visitor = Visitor::at(&mallory.base);
                let from = [("x-forwarded-for", "198.51.100.66")];
                let login = json!({"email": mallory.email, "password": format!("trunkline{n}")});
                visitor.post_with("/api/v1/auth/login", &from, &login).await;
            }
            Self::Reactions => {
                let at = format!("/api/v1/chats/{}/messages/{}/reactions", ground.own, ground.message);
                for emoji in ["😀", "😁", "😂", "🙂", "🙃", "😉"] {
                    mallory.puts(&format!("{at}/{emoji}")).await;
                    mallory.delete(&format!("{at}/{emoji}")).await;
                }
            }
            Self::Hooks => {
                let body = json!({"text": "@a ".repeat(1000)});
                let _ = ground.client.post(&ground.hook).json(&body).send().await;
            }
            Self::Scheduled => {
                let at = chrono::Utc::now() + chrono::TimeDelta::seconds(2);
                let later = json!({"content": "later", "send_at": at.to_rfc3339()});
                let answer = mallory.tries(ground.own, &later).await;
                if n == 0 && answer.status == 202 {
                    let id = answer.body["id"].as_str().unwrap_or_default().to_owned();
                    mallory.delete(&format!("/api/v1/users/me/scheduled/{id}")).await;
                }
            }
            Self::Storms => {
                for (path, token) in [
                    (format!("/api/v1/chats/{}?after_seq=0", ground.library), mallory.token.as_str()),
                    ("/api/v1/ws?subscribe=all".to_owned(), mallory.token.as_str()),
                    ("/api/v1/ws".to_owned(), "nonsense"),
                ] {
                    drop(Socket::open(&mallory.base, &path, token).await);
                }
            }
            Self::Chats => {
                let title = format!("Mine {}", Uuid::new_v4());
                let made = mallory.post("/api/v1/chats", &json!({"title": title})).await;
                if let Some(id) = made.body["id"].as_str() {
                    mallory.delete(&format!("/api/v1/chats/{id}")).await;
                }
            }
            Self::Joins => {
                mallory.act(&format!("/api/v1/chats/{}/join", ground.library)).await;
                mallory.act(&format!("/api/v1/chats/{}/leave", ground.library)).await;
            }
            Self::Uploads => {
                let form = Form::new().part("file", Part::bytes(vec![b'x'; 4 << 20]).file_name("x.bin"));
                let _ = mallory.request(Method::POST, "/api/v1/uploads").multipart(form).send().await;
            }
            Self::Knocks => {
                let at = format!("/api/v1/chats/{}", Uuid::now_v7());
                mallory.get(&format!("{at}/messages?search=zq")).await;
                mallory.act(&format!("/api/v1/invites/{}/accept", "x".repeat(43))).await;
                mallory.get(&format!("/api/v1/files/{}", Uuid::now_v7())).await;
                mallory.puts(&format!("/api/v1/chats/{}/bans/{}", ground.library, mallory.id)).await;
                mallory.get("/api/v1/users?search=e&limit=100").await;
            }
            Self::Tickets => {
                let wish = json!({"quantity": 1 + n % 3, "wait": true});
                let answer = mallory.post(&format!("{}/tickets", ground.event), &wish).await;
                match answer.body["id"].as_str() {
                    Some(id) => mallory.delete(&format!("{}/tickets/{id}", ground.event)).await,
                    None => mallory.delete(&format!("{}/waiting", ground.event)).await,
                };
            }
            Self::Comments => {
                let at = if n.is_multiple_of(2) { &ground.event } else { &ground.post };
                mallory.post(&format!("{at}/comments"), &json!({"content": "x".repeat(4096)})).await;
                mallory.get(&format!("{at}/comments?limit=100")).await;
            }
            Self::Posts => {
                let body = json!({"title": "Mine", "content": "zq ".repeat(20_000)});
                match n % 2 {
                    0 => mallory.post("/api/v1/posts", &body).await,
                    _ => mallory.put(&ground.post, &body).await,
                };
                mallory.get("/api/v1/posts?search=zq&limit=100").await;
            }
            Self::Notifications => {
                let path = "/api/v1/notifications";
                let list = mallory.get(&format!("{path}?limit=100&unread=true")).await;
                if let Some(id) = list.body["items"][n]["id"].as_str() {
                    mallory.puts(&format!("{path}/{id}/read")).await;
                    mallory.delete(&format!("{path}/{id}")).await;
                }
                mallory.puts(&format!("{path}/read")).await;
                mallory
                    .put(&format!("{path}/preferences"), &json!({"mention": {"live": n.is_multiple_of(2)}}))
                    .await;
                let friend = ground.people[n % ground.people.len()];
                mallory.post("/api/v1/friends", &json!({"user_id": friend})).await;
                mallory.delete(&format!("/api/v1/friends/{friend}")).await;
            }
            Self::Devices => {
                let path = "/api/v1/push/subscriptions";
                let device = Device::new().subscription("https://push.example.com/hook");
                let made = mallory.post(path, &device).await;
                if let Some(id) = made.body["id"].as_str() {
                    mallory.delete(&format!("{path}/{id}")).await;
                }
            }
            Self::Calendars => {
                let _ = ground.client.get(&ground.calendar).send().await;
                mallory.request(Method::GET, &format!("{}/calendar.ics", ground.event)).send().await.ok();
            }
        }
    }
}
