//! Rows to CSV and XLSX, through a file that has no name.
//!
//! The rows go to disk first and to the reader from there. So memory stays bounded however many there are, a slow reader
//! holds neither a database connection nor a snapshot, and what goes wrong on the way is an error answer instead of half
//! a file.

mod cell;
mod columns;

use std::{
    fs::File,
    io::{BufWriter, Seek, SeekFrom, Write},
};

use futures_util::{Stream, StreamExt};
use poem_openapi::types::Type;
use rust_xlsxwriter::{Workbook, Worksheet};
use serde::Serialize;
use tokio::sync::mpsc;

use self::cell::Cell;
pub use self::columns::columns;
use crate::error::{Error, Result};

/// Rows on their way from the database to the file.
const AHEAD: usize = 64;

/// The most rows of a sheet, its header included; what does not fit goes on in another.
const SHEET_ROWS: u32 = 1_048_576;

/// How many cut cells a workbook lists.
const CUTS: usize = 10_000;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RFC 4180: comma, double quotes, CRLF; UTF-8, with a byte order mark, by which spreadsheets know that.
    Csv,
    /// A workbook; more rows than a sheet holds go on in the next. A text that no cell holds ends with a mark, and a last
    /// sheet lists the cells that were cut.
    Xlsx,
}

/// Writes a header of the field names of `T` and then every row to a temporary file, which is rewound. No rows: the header
/// alone. Fails with the first error among the rows.
pub async fn spool<T>(kind: Kind, mut rows: impl Stream<Item = Result<T>> + Unpin) -> Result<File>
where
    T: Type + Serialize + Send + 'static,
{
    let (sender, receiver) = mpsc::channel::<T>(AHEAD);
    let columns = columns::<T>();
    let writing = tokio::task::spawn_blocking(move || match kind {
        Kind::Csv => write_csv(&columns, receiver),
        Kind::Xlsx => write_xlsx(&columns, receiver),
    });
    while let Some(row) = rows.next().await {
        if sender.send(row?).await.is_err() {
            break; // The writer failed, and says why below.
        }
    }
    drop(sender);
    writing.await.map_err(Error::internal)?
}

fn write_csv<T: Serialize>(columns: &[String], mut rows: mpsc::Receiver<T>) -> Result<File> {
    let mut file = BufWriter::new(temporary()?);
    file.write_all(BYTE_ORDER_MARK).map_err(Error::internal)?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
    writer.write_record(columns).map_err(Error::internal)?;
    let paths = cell::paths(columns);
    while let Some(row) = rows.blocking_recv() {
        let row = serde_json::to_value(row).map_err(Error::internal)?;
        let cells = paths.iter().map(|path| Cell::of(&row, path).into_text());
        writer.write_record(cells).map_err(Error::internal)?;
    }
    let file = writer.into_inner().map_err(|error| Error::internal(error.into_error()))?;
    rewound(file)
}

fn write_xlsx<T: Serialize>(columns: &[String], mut rows: mpsc::Receiver<T>) -> Result<File> {
    let paths = cell::paths(columns);
    let mut workbook = Workbook::new();
    let (mut next, mut cuts, mut number) = (rows.blocking_recv(), Cuts::default(), 0);
    loop {
        number += 1;
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(Error::internal)?;
        for (at, column) in (0u16..).zip(columns) {
            sheet.write_string(0, at, column).map_err(Error::internal)?;
        }
        let mut line = 1;
        while let (Some(row), true) = (&next, line < SHEET_ROWS) {
            let row = serde_json::to_value(row).map_err(Error::internal)?;
            for (at, path) in (0u16..).zip(&paths) {
                if let Some(characters) = write_cell(sheet, line, at, Cell::of(&row, path))? {
                    cuts.note(number, line, at, characters);
                }
            }
            line += 1;
            next = rows.blocking_recv();
        }
        if next.is_none() {
            break;
        }
    }
    cuts.write(&mut workbook, columns)?;
    let mut file = BufWriter::new(temporary()?);
    workbook.save_to_writer(&mut file).map_err(Error::internal)?;
    rewound(file)
}

/// Writes a cell; answers how many characters there were, if not all of them fit.
fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell) -> Result<Option<usize>> {
    let mut cut = None;
    match cell {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => sheet.write_number(row, column, number),
        Cell::Flag(flag) => sheet.write_boolean(row, column, flag),
        Cell::Text(text) => {
            let (text, characters) = cell::clipped(text);
            cut = characters;
            sheet.write_string(row, column, text)
        }
    }
    .map_err(Error::internal)?;
    Ok(cut)
}

/// The cells that do not hold all of what they should.
#[derive(Default)]
struct Cuts {
    first: Vec<(u32, u32, u16, usize)>,
    count: u64,
}

impl Cuts {
    fn note(&mut self, sheet: u32, line: u32, column: u16, characters: usize) {
        self.count += 1;
        if self.first.len() < CUTS {
            self.first.push((sheet, line + 1, column, characters));
        }
    }

    /// A last sheet that lists them, if there are any.
    fn write(&self, workbook: &mut Workbook, columns: &[String]) -> Result<()> {
        if self.first.is_empty() {
            return Ok(());
        }
        let write = |workbook: &mut Workbook| {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            sheet.set_name("Cut")?;
            let about = format!(
                "{} cells could not hold all of their text; format=csv has no such limit. The first of them:",
                self.count
            );
            sheet.write_string(0, 0, about)?;
            for (at, head) in (0u16..).zip(["sheet", "row", "column", "characters"]) {
                sheet.write_string(1, at, head)?;
            }
            for (line, (number, row, column, characters)) in (2u32..).zip(&self.first) {
                sheet.write_string(line, 0, format!("Sheet{number}"))?;
                sheet.write_number(line, 1, *row)?;
                sheet.write_string(line, 2, columns.get(usize::from(*column)).map_or("", String::as_str))?;
                sheet.write_number(line, 3, *characters as f64)?;
            }
            Ok::<_, rust_xlsxwriter::XlsxError>(())
        };
        write(workbook).map_err(Error::internal)
    }
}

fn temporary() -> Result<File> {
    tempfile::tempfile().map_err(|error| Error::internal(format!("no temporary file can be made: {error}")))
}

fn rewound(mut file: BufWriter<File>) -> Result<File> {
    file.flush().map_err(Error::internal)?;
    let mut file = file.into_inner().map_err(|error| Error::internal(error.into_error()))?;
    file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use futures_util::stream;
    use poem_openapi::Object;
    use serde::Serialize;

    use super::{Kind, spool};
    use crate::error::Error;

    #[derive(Object, Serialize)]
    struct Town {
        name: String,
        place: Place,
        people: Option<i64>,
        tags: Vec<String>,
    }

    #[derive(Object, Serialize)]
    struct Place {
        river: Option<String>,
    }

    fn town(name: &str, river: Option<&str>, people: Option<i64>) -> Town {
        let place = Place { river: river.map(str::to_owned) };
        Town { name: name.to_owned(), place, people, tags: vec!["a".into(), "b".into()] }
    }

    async fn written(kind: Kind, towns: Vec<Town>) -> Vec<u8> {
        let rows = stream::iter(towns.into_iter().map(Ok));
        let mut bytes = vec![];
        spool(kind, rows).await.unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[tokio::test]
    async fn rows_become_lines_and_nested_names_are_dotted() {
        let towns = vec![town("Ulm, \"an der\" Donau", Some("Donau"), Some(-5)), town("=1+1", None, None)];
        let text = String::from_utf8(written(Kind::Csv, towns).await).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "name,place.river,people,tags",
                r#""Ulm, ""an der"" Donau",Donau,-5,"[""a"",""b""]""#,
                r#"'=1+1,,,"[""a"",""b""]""#,
                "",
            ]
        );
    }

    #[tokio::test]
    async fn nothing_is_the_header_alone() {
        assert_eq!(written(Kind::Csv, vec![]).await, "\u{feff}name,place.river,people,tags\r\n".as_bytes());
        assert!(written(Kind::Xlsx, vec![]).await.starts_with(b"PK"));
    }

    #[tokio::test]
    async fn an_error_among_the_rows_is_the_outcome() {
        let rows = stream::iter([Ok(town("Ulm", None, None)), Err(Error::internal("the line was cut"))]);
        assert!(spool(Kind::Xlsx, rows).await.is_err());
    }
}
