//! The name of a file: what is kept of it, and how it travels in a header.

use crate::validate::is_blank;

/// The most characters of a name, and the most bytes: what file systems take.
const LONGEST: usize = 255;

/// A name that is safe to show and to save under, on Windows too: the last part of a path, without what cannot be seen or turns
/// the direction of writing, with `_` for what no file system there takes and before the name of a device, and not too long.
/// The ending stays, and no room before it hides it. `file` when nothing can be seen.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|c| !is_hidden(*c)).map(drawn).collect();
    let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ").replace(" .", ".");
    let seen = seen.trim_end_matches(['.', ' ']);
    let name = if is_device(seen) { shorten(&format!("_{seen}")) } else { shorten(seen) };
    if is_blank(&name) { "file".to_owned() } else { name }
}

/// Fillers look like room, and what Windows takes in no name becomes `_`.
fn drawn(c: char) -> char {
    match c {
        '\u{2800}' | '\u{3164}' | '\u{ffa0}' => ' ',
        ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c => c,
    }
}

/// What Windows takes for a device, whatever ending it has.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_uppercase();
    let port = ["COM", "LPT"].iter().find_map(|port| stem.strip_prefix(port));
    matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || port.is_some_and(|rest| {
            matches!(rest, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
}

/// Control characters, and those that change how the others are read: `exe.gpj` must not look like `jpg.exe`.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
        || ('\u{2028}'..='\u{202e}').contains(&c)
        || ('\u{2060}'..='\u{206f}').contains(&c)
        || ('\u{fff9}'..='\u{fffb}').contains(&c)
        || ('\u{e0000}'..='\u{e007f}').contains(&c)
}

fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rfind('.').map_or("", |dot| &name[dot..]);
    let ending = if ending.len() <= 32 { ending } else { "" };
    let stem = &name[..name.len() - ending.len()];
    let stem = &stem[..stem.floor_char_boundary(LONGEST - ending.len())];
    format!("{}{ending}", stem.trim_end_matches(['.', ' ']))
}

/// The header `Content-Disposition` (RFC 6266): a name in ASCII for old clients, the name itself for all others.
pub fn disposition(shown: bool, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' })
        .collect();
    let mut header = format!("{}; filename=\"{plain}\"", if shown { "inline" } else { "attachment" });
    if plain != name {
        header.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                header.push(char::from(byte));
            } else {
                header.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{clean, disposition};
    use crate::validate::{is_blank, is_line};

    #[test]
    fn a_name_is_what_can_be_seen_of_its_last_part() {
        for (given, kept) in [
            ("harbour.jpg", "harbour.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\alice\\me.png", "me.png"),
            ("évening 漢字 😀.png", "évening 漢字 😀.png"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("a\r\nSet-Cookie: b\0.txt", "aSet-Cookie_ b.txt"),
            ("  spaced . ", "spaced"),
            ("..", "file"),
            ("folder/", "file"),
            ("\u{200b}\u{feff}", "file"),
            ("\u{2800}", "file"),
            ("\u{3164}\u{200d}\u{fe0f}", "file"),
            ("\u{200c}.", "file"),
            ("ha\u{200c}m\u{200d}.txt", "ha\u{200c}m\u{200d}.txt"),
            ("CON", "_CON"),
            ("nul.tar.gz", "_nul.tar.gz"),
            ("Com¹.txt", "_Com¹.txt"),
            ("aux .txt", "_aux.txt"),
            ("console.txt", "console.txt"),
            ("COM10", "COM10"),
            ("a:b", "a_b"),
            ("x::$DATA", "x__$DATA"),
            ("what? <1>|\"2\"*.md", "what_ _1___2__.md"),
            ("a.txt          .exe", "a.txt.exe"),
            ("a.txt\u{a0}\u{2800}\u{3000}\u{3164}.exe", "a.txt.exe"),
            ("a   b\t.  .c", "a b..c"),
            ("", "file"),
            (".profile", ".profile"),
        ] {
            assert_eq!(clean(given), kept, "{given:?}");
        }
        let long = clean(&format!("{}.jpeg", "漢".repeat(400)));
        assert!(long.len() <= 255 && long.len() > 250 && long.ends_with("漢.jpeg"), "{long}");
        assert_eq!(clean(&format!("a.{}", "x".repeat(400))).len(), 255);
    }

    #[test]
    fn a_name_travels_in_ascii() {
        assert_eq!(disposition(true, "a b.png"), "inline; filename=\"a b.png\"");
        assert_eq!(
            disposition(false, "\"é%\\;'.txt"),
            "attachment; filename=\"____;'.txt\"; filename*=UTF-8''%22%C3%A9%25%5C%3B%27.txt"
        );
    }

    proptest! {
        #[test]
        fn any_name_is_safe_to_keep_and_to_send(name in any::<String>(), ending in "(\\.[a-z]{1,40})?") {
            let kept = clean(&format!("{name}{ending}"));
            prop_assert!((1..=255).contains(&kept.len()) && !kept.contains(['/', '\\']) && kept != "..");
            prop_assert_eq!(&clean(&kept), &kept, "cleaned twice it is the same");
            prop_assert!(!is_blank(&kept) && is_line(&kept), "as the table wants it");
            for shown in [false, true] {
                let header = disposition(shown, &kept);
                prop_assert!(header.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{header}");
                prop_assert_eq!(header.matches('"').count(), 2, "{}", header);
            }
        }
    }
}
