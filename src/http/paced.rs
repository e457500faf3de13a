//! A file on its way to somebody who asked for it: at no less than a slow line's pace, or not at all.

use std::{
    io::{Error, ErrorKind, Read, Result},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::time::Instant;

/// What is read of the file at once.
const PIECE: usize = 64 * 1024;
/// The slowest pace, in bytes a second, after the time that anybody has: a line of 1995.
const PACE: f64 = 4096.0;
const GRACE: Duration = Duration::from_secs(60);

/// The bytes of a file. Ends with an error when its reader is slower than that; `held` is held until the end.
pub fn stream<H: Send + 'static>(
    file: std::fs::File,
    held: H,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
    begun(file, held, Instant::now())
}

fn begun<H: Send + 'static>(
    file: std::fs::File,
    held: H,
    begun: Instant,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
    let reading = Reading { file: Some(file), begun, sent: 0, _held: held };
    stream::unfold(reading, |mut reading| async move {
        let piece = reading.next().await.transpose()?;
        if piece.is_err() {
            reading.file = None;
        }
        Some((piece, reading))
    })
}

struct Reading<H> {
    /// `None` when it is over.
    file: Option<std::fs::File>,
    begun: Instant,
    sent: usize,
    _held: H,
}

impl<H> Reading<H> {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let Some(mut file) = self.file.take() else { return Ok(None) };
        if self.begun.elapsed() > due(self.sent) {
            return Err(Error::new(ErrorKind::TimedOut, "the file was read too slowly"));
        }
        let read = move || {
            let mut piece = vec![0; PIECE];
            let length = file.read(&mut piece)?;
            piece.truncate(length);
            Ok::<_, Error>((file, Bytes::from(piece)))
        };
        let (file, piece) = tokio::task::spawn_blocking(read).await.map_err(Error::other)??;
        self.file = Some(file);
        self.sent += piece.len();
        Ok((!piece.is_empty()).then_some(piece))
    }
}

/// When so many bytes must have been taken.
fn due(sent: usize) -> Duration {
    GRACE + Duration::from_secs_f64(sent as f64 / PACE)
}

#[cfg(test)]
mod tests {
    use std::{io::Write, pin::pin, time::Duration};

    use futures_util::StreamExt;
    use tokio::time::Instant;

    use super::{GRACE, PIECE, begun, due, stream};

    fn file(bytes: usize) -> std::fs::File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![7; bytes]).unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        file
    }

    #[tokio::test]
    async fn all_of_a_file_comes_and_then_what_was_held_is_let_go() {
        let (held, mut let_go) = tokio::sync::oneshot::channel::<()>();
        let mut sent = 0;
        {
            let mut pieces = pin!(stream(file(3 * PIECE + 5), held));
            while let Some(piece) = pieces.next().await {
                sent += piece.unwrap().len();
            }
        }
        assert_eq!(sent, 3 * PIECE + 5);
        assert!(
            let_go.try_recv().is_err_and(|error| error == tokio::sync::oneshot::error::TryRecvError::Closed)
        );
    }

    #[tokio::test]
    async fn who_reads_more_slowly_than_a_line_of_old_is_let_go() {
        let late = Instant::now().checked_sub(GRACE + Duration::from_secs(1)).unwrap();
        let mut slow = pin!(begun(file(20 * PIECE), (), late));
        assert!(slow.next().await.unwrap().is_err());
        assert!(slow.next().await.is_none(), "and nothing after that");
        // What was taken counts: a piece is worth sixteen seconds.
        assert_eq!(due(PIECE), GRACE + Duration::from_secs(16));
    }
}
