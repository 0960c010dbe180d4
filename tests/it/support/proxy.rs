//! A loopback proxy that stalls and cuts its connections: after a random number of bytes either way, in the middle of
//! whatever that is, half of the time by a reset. Or one that is only slow.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
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
    /// Cuts the first `cuts` connections, each after about `mean_bytes`; later ones hold.
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
    // Or each handshake waits for delayed acknowledgements.
    let _ = (client.set_nodelay(true), upstream.set_nodelay(true));
    if reset {
        let _ = client.set_zero_linger();
        let _ = upstream.set_zero_linger();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = upstream.into_split();
    let left = AtomicU64::new(budget);
    tokio::select! {
        cut = carry_until_cut(from_client, to_server, &left, stall) => cut,
        cut = carry_until_cut(from_server, to_client, &left, stall) => cut,
    }
}

/// Carries one way until what is `left` for both is used up, stalling once halfway; tells whether that was the end.
async fn carry_until_cut(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, left: &AtomicU64, stall: Duration) -> bool {
    let half = left.load(Ordering::Relaxed) / 2;
    let mut stalled = false;
    let mut buffer = vec![0; 16 << 10];
    loop {
        let Ok(length @ 1..) = from.read(&mut buffer).await else { return false };
        let before = left.load(Ordering::Relaxed);
        let length = length.min(usize::try_from(before).unwrap_or(usize::MAX));
        left.store(before - length as u64, Ordering::Relaxed);
        if to.write_all(&buffer[..length]).await.is_err() {
            return false;
        }
        if before == length as u64 {
            tokio::time::sleep(stall).await;
            return true;
        }
        if !stalled && before < half {
            stalled = true;
            tokio::time::sleep(stall).await;
        }
    }
}

/// Handshakes.
const BEGINNING_BYTES: usize = 8 << 10;

/// A proxy that lets through what the server sends at `bytes_per_second`, but for what it takes to begin.
pub(crate) struct Slow {
    pub(crate) address: SocketAddr,
    pub(crate) bytes_per_second: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Slow {
    pub(crate) async fn start(server: SocketAddr, bytes_per_second: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let address = listener.local_addr().expect("address");
        let rate = Arc::new(AtomicU64::new(bytes_per_second));
        let its_rate = Arc::clone(&rate);
        let accepting = TaskTracker::new().spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(upstream) = TcpStream::connect(server).await else { continue };
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = upstream.into_split();
                let rate = Arc::clone(&its_rate);
                TaskTracker::new().spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
                TaskTracker::new().spawn(async move {
                    let mut buffer = vec![0; 16 << 10];
                    let mut carried = 0;
                    // Twenty pieces a second.
                    loop {
                        let rate = if carried < BEGINNING_BYTES { u64::MAX } else { rate.load(Ordering::Relaxed) };
                        let piece = usize::try_from(rate / 20).unwrap_or(usize::MAX);
                        let most = piece.clamp(1, buffer.len());
                        let Ok(length @ 1..) = from_server.read(&mut buffer[..most]).await else { return };
                        if to_client.write_all(&buffer[..length]).await.is_err() {
                            return;
                        }
                        carried += length;
                        if piece < buffer.len() {
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                    }
                });
            }
        });
        Self { address, bytes_per_second: rate, accepting }
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
