//! A loopback proxy that cuts its connections: after a random number of bytes, in the middle of whatever that is,
//! half of the time by a reset.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// A seeded sequence, so that a failing run can be made again (xorshift64*).
pub(crate) struct Seeded(AtomicU64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed.max(1)))
    }

    pub(crate) fn below(&self, bound: u64) -> u64 {
        let mut x = self.0.load(Ordering::Relaxed);
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.0.store(x, Ordering::Relaxed);
        x.wrapping_mul(0x2545_F491_4F6C_DD1D) % bound.max(1)
    }
}

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    pub(crate) cuts: Arc<AtomicU32>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Cuts the first `cuts` connections, each after about `mean_bytes` from the server; later ones hold.
    pub(crate) async fn start(server: SocketAddr, seed: u64, cuts: u32, mean_bytes: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let address = listener.local_addr().expect("address");
        let done = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&done);
        let accepting = TaskTracker::new().spawn(async move {
            let random = Seeded::new(seed);
            while let Ok((client, _)) = listener.accept().await {
                let budget =
                    if counted.load(Ordering::Relaxed) < cuts { random.below(2 * mean_bytes) } else { u64::MAX };
                let reset = random.below(2) == 0;
                let stall = Duration::from_micros(random.below(2000));
                let counted = Arc::clone(&counted);
                TaskTracker::new().spawn(async move {
                    if carry(client, server, budget, reset, stall).await {
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Self { address, cuts: done, accepting }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries bytes both ways; tells whether it was this that ended the connection.
async fn carry(client: TcpStream, server: SocketAddr, budget: u64, reset: bool, stall: Duration) -> bool {
    let Ok(upstream) = TcpStream::connect(server).await else { return false };
    if reset {
        let _ = client.set_zero_linger();
        let _ = upstream.set_zero_linger();
    }
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = upstream.into_split();
    let up = tokio::io::copy(&mut from_client, &mut to_server);
    let down = async {
        let mut left = budget;
        let mut buffer = vec![0; 16 << 10];
        while left > 0 {
            let Ok(length @ 1..) = from_server.read(&mut buffer).await else { return false };
            let length = length.min(usize::try_from(left).unwrap_or(usize::MAX));
            if to_client.write_all(&buffer[..length]).await.is_err() {
                return false;
            }
            left -= length as u64;
        }
        tokio::time::sleep(stall).await;
        true
    };
    tokio::select! {
        _ = up => false,
        cut = down => cut,
    }
}
