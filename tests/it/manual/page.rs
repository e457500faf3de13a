//! The chat page of the first guide, opened in a browser from another origin than the server's.

use std::{env::temp_dir, fs, process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    process::Command,
};
use uuid::Uuid;

use super::{blocks, guides, has};
use crate::support::{World, quiet_port};

/// Where the page loads its script. Linters of the document want no such element in it.
const SCRIPT: &str = "<!-- Put a script element here, with type=\"module\" and src=\"chat.js\". -->";

/// What somebody at the page does: signs in with a wrong password first, reads what Bob has sent, answers, and says so when the
/// answer is shown.
const SOMEBODY: &str = r#"
<script type="module">
const field = (name) => document.querySelector(`[name=${name}]`);
const shows = async (text) => {
  while (!document.getElementById("messages").textContent.includes(text)) await new Promise((wait) => setTimeout(wait, 50));
};
const say = (text) => { field("content").value = text; document.getElementById("say").requestSubmit(); };
const signIn = (password) => {
  field("password").value = password;
  document.getElementById("sign-in").requestSubmit();
};
field("email").value = "EMAIL";
signIn("wrong password 1");
while (!document.getElementById("notice").textContent.includes("password is wrong")) await new Promise((wait) => setTimeout(wait, 50));
signIn("trunkline1");
await shows("Bob: Hello <b>Alice</b>");
await shows("Bob: [photo.txt]");
await shows("Bob: (recalled)");
say("Hello Bob");
await shows("Alice: Hello Bob");
say("I can see it");
</script>
"#;

/// Serves one page, whatever is asked for.
async fn serve(listener: TcpListener, page: String) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n";
        let answer = format!("{head}Content-Length: {}\r\n\r\n{page}", page.len());
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_talk_by_the_chat_page() {
    if !has("chromium", &["--version"]).await {
        return;
    }
    let port = quiet_port();
    let origin = format!("http://127.0.0.1:{port}");
    let world = World::with(&[("TRUNKLINE_HTTP__ALLOWED_ORIGINS", &origin)]).await;
    let here = world.instance().await;
    here.listens(&world).await;
    let (alice, bob) = (here.person("Alice").await, here.person("Bob").await);
    let chat = alice.creates_private_chat("Two of us").await;
    world.adds(chat, bob.id).await;
    bob.says(chat, "Hello <b>Alice</b>").await;
    let photo = bob.uploads("photo.txt", "a picture without words").await;
    let path = format!("/api/v1/chats/{chat}/messages");
    bob.post(&path, &json!({"attachments": [photo["id"]]})).await.expect(201);
    let slip = bob.says(chat, "not meant for Alice").await["id"].as_str().unwrap().to_owned();
    bob.delete(&format!("{path}/{slip}")).await.expect(204);

    let (_, text) = guides().into_iter().find(|(name, _)| name == "getting_started").unwrap();
    let (html, script) = (blocks(&text, "html").concat(), blocks(&text, "javascript").concat());
    let script = script.replace("http://127.0.0.1:8000", &here.base);
    let page = html.replace(SCRIPT, &format!("<script type=\"module\">{script}</script>"));
    assert_ne!(page, html);
    // The access token is no longer good when the first message is sent.
    let spoiled = page.replace("  connect();\n};", "  connect();\n  tokens.access_token = 'expired';\n};");
    assert_ne!(spoiled, page);
    let page = spoiled + &SOMEBODY.replace("EMAIL", &alice.email);
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let serving = tokio::spawn(serve(listener, page));
    let dir = temp_dir().join(format!("trunkline-browser-{}", Uuid::new_v4()));
    let mut browser = Command::new("chromium");
    browser.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]);
    browser.args(["--no-proxy-server", "--no-first-run"]);
    browser.arg(format!("--user-data-dir={}", dir.display())).arg(format!("{origin}/chat.html?chat={chat}"));
    browser.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut browser = browser.kill_on_drop(true).spawn().unwrap();

    let mut said = Value::Null;
    for _ in 0..600 {
        said = bob.get(&path).await.expect(200)["items"].clone();
        if said[0]["content"] == "I can see it" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let _ = browser.kill().await;
    serving.abort();
    let _ = fs::remove_dir_all(dir);
    let contents: Vec<_> = said.as_array().unwrap().iter().map(|message| &message["content"]).collect();
    let nothing = &Value::Null;
    assert_eq!(
        contents,
        [&json!("I can see it"), &json!("Hello Bob"), nothing, nothing, &json!("Hello <b>Alice</b>")]
    );
}
