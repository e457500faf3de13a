//! One cell: what stands in it, and what must not.

use serde_json::Value;

/// What a cell of a workbook holds, in units of UTF-16.
const CELL: usize = 32_767;

/// What stands in a cell.
#[derive(Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A number a workbook can count with.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Anything else; lists as JSON.
    Text(String),
}

/// Where each column is found in a row.
pub fn paths(columns: &[String]) -> Vec<Vec<&str>> {
    columns.iter().map(|column| column.split('.').collect()).collect()
}

impl Cell {
    /// The value at a path of names; nothing where there is none.
    pub fn of(row: &Value, path: &[&str]) -> Self {
        let value = path.iter().try_fold(row, |value, name| value.get(name));
        match value {
            None | Some(Value::Null) => Self::Empty,
            Some(Value::Bool(flag)) => Self::Flag(*flag),
            Some(Value::Number(number)) => match number.as_f64() {
                // Beyond this a workbook would round.
                Some(float) if float.abs() <= 9_007_199_254_740_992.0 => Self::Number(float),
                _ => Self::Text(number.to_string()),
            },
            Some(Value::String(text)) => Self::Text(defused(text)),
            Some(list) => Self::Text(list.to_string()),
        }
    }

    /// As a line of text has it.
    pub fn into_text(self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// A spreadsheet takes text that begins like this for a formula and may run it: with a leading `'` it stays text.
fn defused(text: &str) -> String {
    let begins_formula =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    if text.trim_start_matches(' ').starts_with(begins_formula) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// As much of a text as a cell of a workbook takes, and how many characters it had, if that is not all: what is left out is
/// told at the end of the cell.
pub fn clipped(mut text: String) -> (String, Option<usize>) {
    // The format counts in units of UTF-16: an emoji is two.
    if text.len() <= CELL || text.encode_utf16().count() <= CELL {
        return (text, None);
    }
    let characters = text.chars().count();
    let mark = format!(" … [cut: {characters} characters do not fit into a cell]");
    let room = CELL - mark.encode_utf16().count();
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > room
    });
    text.truncate(end.map_or(text.len(), |(at, _)| at));
    text.push_str(&mark);
    (text, Some(characters))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{CELL, Cell, clipped};

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        let row = json!({
            "formula": "=cmd|' /C calc'!A0", "spaced": "  @SUM(1)", "wide": "＝1", "plain": "5 - 3",
            "number": -5, "big": 9_223_372_036_854_775_807_i64, "nested": {"flag": true},
        });
        let cell = |path: &[&str]| Cell::of(&row, path).into_text();
        assert_eq!(cell(&["formula"]), "'=cmd|' /C calc'!A0");
        assert_eq!(cell(&["spaced"]), "'  @SUM(1)");
        assert_eq!(cell(&["wide"]), "'＝1");
        assert_eq!(cell(&["plain"]), "5 - 3");
        assert_eq!(cell(&["number"]), "-5");
        assert_eq!(cell(&["big"]), "9223372036854775807");
        assert_eq!(cell(&["nested", "flag"]), "true");
        assert_eq!(cell(&["nested", "nothing"]), "");
    }

    #[test]
    fn a_cell_holds_so_many_units_and_says_what_it_does_not() {
        for (letter, units) in [("a", 1), ("é", 1), ("漢", 1), ("👍", 2)] {
            let most = CELL / units;
            assert_eq!(clipped(letter.repeat(most)), (letter.repeat(most), None), "{letter}");
            let (cut, had) = clipped(letter.repeat(most + 1));
            assert_eq!(had, Some(most + 1));
            assert!((CELL - 1..=CELL).contains(&cut.encode_utf16().count()), "{letter}");
            let end = format!(" … [cut: {} characters do not fit into a cell]", most + 1);
            assert!(cut.starts_with(letter) && cut.ends_with(&end), "{letter}");
        }
    }
}
