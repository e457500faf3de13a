//! The same bytes to many sockets, and nothing around it: what a delivery costs the system itself. It says the port it listens at,
//! on loopback, and writes to whoever has connected: for each line of standard input, TIMES and BYTES, so many bytes so many
//! times to every socket, each time with a write(2) of its own.

use std::{
    io::{self, Write},
    net::{TcpListener, TcpStream},
    sync::Mutex,
    thread,
};

static SOCKETS: Mutex<Vec<TcpStream>> = Mutex::new(Vec::new());

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let _ = socket.set_nodelay(true);
            SOCKETS.lock().unwrap().push(socket);
        }
    });
    for line in io::stdin().lines() {
        let line = line?;
        let mut numbers = line.split(' ').map(|number| number.parse::<usize>().unwrap());
        let (times, bytes) = (numbers.next().unwrap(), vec![b'x'; numbers.next().unwrap()]);
        let mut sockets = SOCKETS.lock().unwrap();
        for _ in 0..times {
            for socket in &mut *sockets {
                let _ = socket.write_all(&bytes);
            }
        }
    }
    Ok(())
}
