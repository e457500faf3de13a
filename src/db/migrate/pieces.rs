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
    /// What says in the catalog what a function is for: `comment on function …`, from the comment before it.
    pub comment: Option<String>,
    /// Changes when anything in it but the comments before it does.
    pub hash: String,
}

/// The pieces of a file.
pub(super) fn of(file: &str, text: &str) -> Result<Vec<Piece>> {
    let piece = |(about, sql): (String, String)| {
        let name = name(&sql).ok_or_else(|| {
            Error::internal(format!("functions/{file}.sql holds neither function nor trigger: {sql}"))
        })?;
        let hash = digest::digest(&digest::SHA256, sql.as_bytes());
        let hash = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let comment = signature(&sql).filter(|_| !about.is_empty());
        let comment = comment
            .map(|function| format!("comment on function {function} is '{}'", about.replace('\'', "''")));
        Ok(Piece { name, sql, comment, hash })
    };
    commented(text).into_iter().map(piece).collect()
}

/// The name of a function with its arguments, as a comment on it wants them: without defaults.
fn signature(sql: &str) -> Option<String> {
    let rest = sql.strip_prefix("create or replace function ")?;
    let (name, rest) = rest.split_once('(')?;
    let (arguments, _) = rest.split_once(')')?;
    let arguments: Vec<_> =
        arguments.split(',').map(|one| one.split(" default ").next().unwrap_or(one).trim()).collect();
    Some(format!("public.{}({})", name.trim_start_matches("public."), arguments.join(", ")))
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

/// The statements of a text, without the comments before each.
pub(super) fn statements(text: &str) -> Vec<String> {
    commented(text).into_iter().map(|(_, sql)| sql).collect()
}

/// The statements of a text, each behind the comment before it. A semicolon inside quotes, a body or a comment ends none.
fn commented(text: &str) -> Vec<(String, String)> {
    let (mut found, mut about, mut current, mut rest) = (Vec::new(), String::new(), String::new(), text);
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
            ";" => found.push((std::mem::take(&mut about), std::mem::take(&mut current))),
            _ if current.is_empty() && part.starts_with("--") => {
                about.push_str(part.trim_start_matches('-').trim());
                about.push('\n');
            }
            _ if current.is_empty() && part.trim().is_empty() => {}
            _ => current.push_str(part),
        }
    }
    found.push((about, current));
    let trimmed = found.iter().map(|(about, sql)| (about.trim().to_owned(), sql.trim().to_owned()));
    trimmed.filter(|(_, sql)| !sql.is_empty()).collect()
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
        let text = "-- What's it; for?\n-- More.\ncreate or replace function f(a int default 1) returns void language sql as $$ select; $$;
            create or replace trigger t after update of on_air, b on public.x for each row execute function f();";
        let pieces = of("f", text).unwrap();
        let names: Vec<_> = pieces.iter().map(|piece| piece.name.as_str()).collect();
        assert_eq!(names, ["function f", "trigger t on x"]);
        assert_eq!(
            pieces[0].comment.as_deref(),
            Some("comment on function public.f(a int) is 'What''s it; for?\nMore.'")
        );
        assert!(pieces[1].comment.is_none());
        let again = of("f", &text.replace("for?", "good for?")).unwrap();
        assert_eq!(again[0].hash, of("f", text).unwrap()[0].hash);
        assert!(of("f", "drop table x;").is_err());
    }
}
