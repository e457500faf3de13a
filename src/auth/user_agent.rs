//! What a `User-Agent` says of a browser beside its version: a browser that updates itself is the same one.

/// The platforms a `User-Agent` may name, the more telling word first: an iPad says "like Mac OS X", Android "Linux".
const PLATFORMS: [&str; 10] =
    ["Windows", "iPhone", "iPad", "iOS", "Android", "CrOS", "Macintosh", "Mac OS X", "FreeBSD", "Linux"];

/// Whether two are of one browser on one platform, whatever their versions.
pub fn is_same_browser(one: &str, other: &str) -> bool {
    one == other || kind_of(one) == kind_of(other)
}

/// The names of the products without their versions, and the platform.
fn kind_of(agent: &str) -> (Vec<&str>, String) {
    let (mut products, mut comments, mut rest) = (Vec::new(), String::new(), agent);
    loop {
        let (before, comment, after) = next_comment(rest);
        products.extend(before.split_whitespace().map(name_of).filter(|name| !name.is_empty()));
        comments.push_str(comment);
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    let platform = PLATFORMS.into_iter().find(|platform| comments.contains(platform));
    let platform = platform.map_or_else(|| without_versions(&comments), str::to_owned);
    (products, platform)
}

/// What stands before the first brackets, in them, and behind.
fn next_comment(text: &str) -> (&str, &str, &str) {
    let Some((before, rest)) = text.split_once('(') else { return (text, "", "") };
    match rest.split_once(')') {
        Some((comment, after)) => (before, comment, after),
        None => (before, rest, ""),
    }
}

/// A product without its version; nothing where there is a version alone.
fn name_of(product: &str) -> &str {
    let name = product.split('/').next().unwrap_or_default();
    if is_version(name) { "" } else { name }
}

fn is_version(word: &str) -> bool {
    word.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit())
}

fn without_versions(comment: &str) -> String {
    comment.chars().filter(|c| !c.is_ascii_digit() && !['.', '_', ' '].contains(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::is_same_browser;

    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
    const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";

    #[test]
    fn an_update_is_no_other_browser() {
        for (before, after) in [
            (CHROME.to_owned(), CHROME.replace("141", "142")),
            (CHROME.to_owned(), CHROME.replace("Win64; x64", "WOW64")),
            (FIREFOX.to_owned(), FIREFOX.replace("143", "144")),
            (
                IPHONE.to_owned(),
                IPHONE.replace("18_6", "26_0_1").replace("18.6", "26.0").replace("15E148", "22A1"),
            ),
            ("okhttp/4.9.3".to_owned(), "okhttp/5.0.0-alpha.2".to_owned()),
            ("Trunk 1.4 (build 7)".to_owned(), "Trunk 1.5.1 (build 12)".to_owned()),
            ("Trunk v1".to_owned(), "Trunk v2".to_owned()),
            (String::new(), String::new()),
        ] {
            assert!(is_same_browser(&before, &after), "{before} {after}");
        }
    }

    #[test]
    fn another_browser_or_platform_is_another() {
        let edge = format!("{CHROME} Edg/141.0.0.0");
        let mac = CHROME.replace("Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7");
        let phone = CHROME.replace("Windows NT 10.0; Win64; x64", "Linux; Android 10; K");
        let app = CHROME.replace("Chrome", "Trunk/1.0 Chrome");
        let all =
            [CHROME, FIREFOX, IPHONE, &edge, &mac, &phone, &app, "curl/8.5.0", "", "(", "Firefox", "1.0 (x)"];
        for (place, one) in all.iter().enumerate() {
            for other in &all[place + 1..] {
                let both_say_nothing = [one, other].iter().all(|agent| ["", "("].contains(*agent));
                assert_eq!(is_same_browser(one, other), both_say_nothing, "{one} {other}");
            }
        }
        let ipad = IPHONE.replace("iPhone; CPU iPhone OS", "iPad; CPU OS");
        assert!(!is_same_browser(IPHONE, &ipad));
    }
}
