//! The statements of a function file, one by one, so that only those that have changed are run again.

use aws_lc_rs::digest;

use crate::error::{Error, Result};

/// A function, or a trigger on a table.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// `function notify_instances`, `trigger messages_notify on messages`: as the catalog of the database tells it, too.
    pub name: String,
    /// What makes it.
    pub sql: String,
    /// Changes when anything in it but the comments before it does.
    pub hash: String,
}

/// The pieces of a file.
pub(super) fn of(file: &str, text: &str) -> Result<Vec<Piece>> {
    let piece = |sql: String| {
        let name = name(&sql).ok_or_else(|| {
            Error::internal(format!("functions/{file}.sql holds neither function nor trigger: {sql}"))
        })?;
        let hash = digest::digest(&digest::SHA256, sql.as_bytes());
        let hash = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Piece { name, sql, hash })
    };
    statements(text).into_iter().map(piece).collect()
}

fn name(sql: &str) -> Option<String> {
    if let Some(rest) = sql.strip_prefix("create or replace function ") {
        return Some(format!("function {}", rest.split_once('(')?.0.trim_start_matches("public.")));
    }
    let rest = sql.strip_prefix("create or replace trigger ")?;
    let mut words = rest.split_whitespace();
    let trigger = words.next()?;
    let table = words.skip_while(|word| *word != "on").nth(1)?;
    Some(format!("trigger {trigger} on {}", table.trim_start_matches("public.")))
}

/// The statements of a text, without the comments before each. A semicolon inside quotes, a body or a comment ends none.
pub(super) fn statements(text: &str) -> Vec<String> {
    let (mut found, mut current, mut rest) = (Vec::new(), String::new(), text);
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            '$' if rest.starts_with("$$") => rest[2..].find("$$").map_or(rest.len(), |end| end + 4),
            _ => next.len_utf8(),
        };
        let part = &rest[..taken];
        rest = &rest[taken..];
        match part {
            ";" => found.push(std::mem::take(&mut current)),
            _ if current.is_empty() && (part.starts_with("--") || part.trim().is_empty()) => {}
            _ => current.push_str(part),
        }
    }
    found.push(current);
    found.iter().map(|sql| sql.trim().to_owned()).filter(|sql| !sql.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{of, statements};

    #[test]
    fn a_semicolon_inside_something_ends_no_statement() {
        let text =
            "-- one; two\nselect ';', 'it''s;';\n\ndo $$ begin; end $$; -- and\nselect 1 -- ; here\n, 2";
        assert_eq!(
            statements(text),
            ["select ';', 'it''s;'", "do $$ begin; end $$", "select 1 -- ; here\n, 2"]
        );
    }

    #[test]
    fn a_piece_has_the_name_that_the_catalog_knows() {
        let text = "-- What it is.\ncreate or replace function f(a int) returns void language sql as $$ select; $$;
            create or replace trigger t after update of on_air, b on public.x for each row execute function f();";
        let names: Vec<_> = of("f", text).unwrap().into_iter().map(|piece| piece.name).collect();
        assert_eq!(names, ["function f", "trigger t on x"]);
        let again = of("f", &text.replace("What it is", "Something else")).unwrap();
        assert_eq!(again[0].hash, of("f", text).unwrap()[0].hash);
        assert!(of("f", "drop table x;").is_err());
    }
}
