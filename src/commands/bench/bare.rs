//! What the system itself takes for a delivery: the floor under every figure of this machine.

use std::{fs, time::Duration};

use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use super::client::Failure;

/// About what a message of a hundred characters is as a frame.
const FRAME: [u8; 450] = [b'x'; 450];
/// How often all sockets are written to, and how long the readers have in between.
const ROUNDS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// Microseconds of CPU that one thread takes to write a frame to one of many sockets whose readers wait for it, with
/// nothing around it: no database, no WebSocket, no server. `None` where the system does not tell the CPU of a thread.
pub async fn micros_per_write(sockets: usize) -> Result<Option<f64>, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let mut writers = Vec::with_capacity(sockets);
    let mut readers = JoinSet::new();
    for _ in 0..sockets {
        let mut reader = TcpStream::connect(address).await?;
        let (writer, _) = listener.accept().await?;
        writer.set_nodelay(true)?;
        writers.push(writer);
        readers.spawn(async move {
            let mut buffer = [0; 1024];
            while reader.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
        });
    }
    let mut spent = 0;
    for _ in 0..ROUNDS {
        sleep(PAUSE).await;
        // Nothing is awaited in between: it is all on this thread.
        let Some(before) = thread_nanos() else { return Ok(None) };
        for writer in &writers {
            // A reader that does not keep up is not what is measured.
            let _ = writer.try_write(&FRAME);
        }
        spent += thread_nanos().unwrap_or(before) - before;
    }
    let writes = f64::from(ROUNDS) * sockets.max(1) as f64;
    Ok(Some(spent as f64 / 1000.0 / writes))
}

/// How long this thread has run, in nanoseconds of CPU.
fn thread_nanos() -> Option<u64> {
    fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}
