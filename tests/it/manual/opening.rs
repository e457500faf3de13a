//! Opening the bare address and the manual: the pages ask for nothing that is not there.

use reqwest::{Client, Method, redirect::Policy};
use trunkline::server::documentation;

use super::guides;
use crate::support::{Person, Visitor, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_bare_address_shows_a_browser_the_web_client() {
    let world = World::new().await;
    let here = world.instance().await;
    let browser = Client::builder().redirect(Policy::none()).build().unwrap();
    let answer = browser.get(&here.base).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    assert!(answer.text().await.unwrap().contains("<tl-app>"));
    // A program that has lost its path is told where to go.
    let visitor = Visitor::at(&here.base);
    for accept in ["application/json", "*/*"] {
        let problem = visitor.get_with("/", &[("accept", accept)]).await.refused(404, "not_found");
        assert!(problem["detail"].as_str().unwrap().contains("/docs"), "{problem}");
    }
    let post = Person::send(visitor.request(Method::POST, "/").header("accept", "text/html")).await;
    assert_eq!(post.headers["allow"], "GET, HEAD, OPTIONS");
    post.refused(405, "method_not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_have_a_picture_and_ask_for_no_font() {
    let world = World::new().await;
    let here = world.instance().await;
    let get = async |path: &str| reqwest::get(format!("{}{path}", here.base)).await.unwrap();
    for path in ["/favicon.svg", "/favicon.ico"] {
        let picture = get(path).await;
        assert_eq!(
            (picture.status().as_u16(), &picture.headers()["content-type"]),
            (200, &"image/svg+xml".parse().unwrap())
        );
        assert!(picture.text().await.unwrap().starts_with("<svg "));
    }
    for path in ["/docs", "/redoc", "/scalar"] {
        let html = get(path).await.text().await.unwrap();
        let head = &html[..html.find("<script").unwrap()];
        assert!(head.contains("<link rel=\"icon\" href=\"/favicon.svg\">"), "{path}");
        let asks_for_fonts = head.contains("fonts.")
            || path == "/scalar" && !html.contains(r#"data-configuration='{"withDefaultFonts":false}'"#);
        assert!(!asks_for_fonts, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_menu_links_to_the_guides() {
    let world = World::new().await;
    let here = world.instance().await;
    let swagger = reqwest::get(format!("{}/docs", here.base)).await.unwrap().text().await.unwrap();
    let redoc = reqwest::get(format!("{}/redoc", here.base)).await.unwrap().text().await.unwrap();
    let whole = documentation()["info"]["description"].as_str().unwrap();
    let mut headings = 0;
    for (name, text) in guides() {
        let Some(heading) = text.lines().next().unwrap().strip_prefix("# ") else {
            assert_eq!(name, "introduction");
            continue;
        };
        headings += 1;
        assert!(whole.contains(&format!("\n# {heading}\n")), "{name} is in the manual");
        let link = format!("[{heading}](/redoc#section/{})", heading.replace(' ', "-"));
        assert!(swagger.contains(&link), "{link}");
        assert!(
            redoc.contains(&format!("\\n# {heading}\\n")) && !swagger.contains(&format!("\\n# {heading}\\n"))
        );
    }
    assert!(headings > 10, "{headings}");
    assert!(!whole.contains("{limits}") && !whole.contains("{errors}"));
    assert!(whole.contains("| `title_taken` | 409 |"), "what to do about errors");
}
