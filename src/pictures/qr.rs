//! QR codes: a text as a picture that scanners read.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::{Error, Result};

/// The modules of white around it, without which scanners do not find it.
const QUIET: i32 = 4;

/// A text as an SVG, black on white, of any size: each module is one unit. Fails for more than about two thousand letters.
pub fn svg(text: &str) -> Result<String> {
    let code =
        QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|error| Error::internal(error.to_string()))?;
    let size = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn a_code_is_black_on_white_with_a_quiet_zone() {
        let picture = svg("AZkfAAAAcACAAAAAAAAAEWm5mSdJtUNsfG1pZ2h0IGI").unwrap();
        assert!(picture.starts_with("<svg ") && picture.contains("viewBox=\"0 0 41 41\""), "{picture}");
        // The corner of the first finder pattern stands right behind the quiet zone.
        assert!(picture.contains("<path d=\"M4,4h1v1h-1z"));
        assert!(svg(&"x".repeat(5000)).is_err());
    }
}
