//! A small SMTP server that keeps what it is given.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// A postbox at an address of its own.
pub struct Postbox {
    port: u16,
    letters: Arc<Mutex<Vec<EphemeralEvent>>>,
    refusals: Arc<Semaphore>,
}

/// A letter as it arrived.
#[derive(Debug, Clone)]
pub struct EphemeralEvent {
    /// Whom it is for.
    pub to: String,
    /// Headers and text.
    pub text: String,
}

impl EphemeralEvent {
    /// What follows `token=` in it.
    pub fn token(&self) -> String {
        let rest = self.text.split_once("token=").expect("a letter with a link").1;
        rest.chars().take_while(|c| !c.is_whitespace()).collect()
    }
}

impl Postbox {
    /// Puts one up.
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let postbox = Self { port, letters: Arc::default(), refusals: Arc::new(Semaphore::new(0)) };
        let (letters, refusals) = (Arc::clone(&postbox.letters), Arc::clone(&postbox.refusals));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&letters), Arc::clone(&refusals)));
            }
        });
        postbox
    }

    /// What instances need to know of it.
    pub fn settings(&self) -> [(&'static str, String); 2] {
        [
            ("TRUNKLINE_SMTP__URL", format!("smtp://127.0.0.1:{}", self.port)),
            ("TRUNKLINE_SMTP__FROM", "Trunkline <chat@example.com>".to_owned()),
        ]
    }

    /// Refuses the next letter, as a server that is busy does.
    pub fn refuses_one(&self) {
        self.refusals.add_permits(1);
    }

    /// The letters so far.
    pub fn letters(&self) -> Vec<EphemeralEvent> {
        self.letters.lock().unwrap().clone()
    }

    /// Waits for so many letters; the last of them.
    pub async fn waits_for(&self, count: usize) -> EphemeralEvent {
        let arrive = async {
            while self.letters().len() < count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(20), arrive).await.expect("the letter arrives");
        self.letters()[count - 1].clone()
    }
}

async fn converse(stream: TcpStream, letters: Arc<Mutex<Vec<EphemeralEvent>>>, refusals: Arc<Semaphore>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut to = String::new();
    writer.write_all(b"220 postbox\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" | "HELO" | "MAIL" | "RSET" => "250 fine",
            "RCPT" if refusals.try_acquire().map(SemaphorePermit::forget).is_ok() => {
                "451 busy, says the postbox"
            }
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 fine"
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.unwrap();
                let mut text = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    text.push_str(&line);
                    text.push('\n');
                }
                letters.lock().unwrap().push(EphemeralEvent { to: to.clone(), text });
                "250 kept"
            }
            "QUIT" => "221 bye",
            _ => "500 what",
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}
