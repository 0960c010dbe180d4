//! Terminals cut everywhere.

use super::{full, start};
use crate::support::proxy::{Proxy, Slow};
use crate::support::{Seen, Server, socket::Socket};
use claude_web::sessions::{Model, ModelSettings};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::task::TaskTracker;

#[path = "../../fake-claude/random.rs"]
mod random;

const BEGIN: &[u8] = b"FLOOD-BEGIN\r\n";
const INPUT_WINDOW: u64 = 256 << 10;
const INPUT_FRAME: usize = 32 << 10;

fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What `flood-text BYTES SEED` prints, hashed without the server.
fn flood_hash(bytes: u64, seed: u64) -> String {
    let mut random = random::XorShift::new(seed);
    let mut digest = Sha256::new();
    let mut left = bytes;
    let mut chunk = [0; 8192];
    while left > 0 {
        let size = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
        random.fill(&mut chunk[..size]);
        chunk[..size].iter_mut().for_each(|byte| *byte = b' ' + *byte % 95);
        digest.update(&chunk[..size]);
        left -= size as u64;
    }
    hex(digest)
}

/// A terminal viewer as the page is one: cursor, acknowledgements, input sent once.
struct Screen {
    name: &'static str,
    epoch: Value,
    next: u64,
    snapshot_left: u64,
    /// Without snapshots.
    streamed: u64,
    skips: u32,
    reconnects: u32,
    input: Vec<u8>,
    input_confirmed: u64,
    /// The flood: what of it was seen.
    flood_left: u64,
    flood: Sha256,
    began: bool,
    /// The last bytes.
    tail: VecDeque<u8>,
    only_the_flood: bool,
    /// It has all that was printed before it came.
    there: Arc<AtomicBool>,
    /// What is drawn, by who asks for it.
    model: Option<Model>,
}

impl Screen {
    fn new(name: &'static str, flood_bytes: u64, input: &str) -> Self {
        Self {
            name,
            epoch: Value::Null,
            next: 0,
            snapshot_left: 0,
            streamed: 0,
            skips: 0,
            reconnects: 0,
            input: input.into(),
            input_confirmed: 0,
            flood_left: flood_bytes,
            flood: Sha256::new(),
            began: false,
            tail: VecDeque::new(),
            only_the_flood: false,
            there: Arc::default(),
            model: None,
        }
    }

    fn drawing(mut self) -> Self {
        self.model = Some(Model::new(80, 24, &ModelSettings::default()));
        self
    }

    fn until_the_flood_ends(mut self) -> Self {
        self.only_the_flood = true;
        self
    }

    /// Reads to the end over as many connections as it takes.
    async fn watch(&mut self, server: &Server, at: SocketAddr, id: &str) {
        loop {
            if let Some(socket) = server.signed_in_at(at, &format!("/api/sessions/{id}/terminal")).await
                && self.watch_once(socket).await
            {
                return;
            }
            self.reconnects += 1;
            assert!(self.reconnects < 20_000, "{}: it comes to no end", self.name);
        }
    }

    async fn watch_once(&mut self, mut socket: Socket) -> bool {
        let cursor = if self.epoch.is_null() || self.snapshot_left > 0 { Value::Null } else { json!(self.next) };
        socket
            .send(&json!({ "type": "attach", "epoch": self.epoch, "offset": cursor, "input_id": self.name,
                "input_offset": self.input_confirmed }))
            .await;
        let mut acked = self.next;
        let mut sent = None;
        loop {
            match socket.next_within(self.patience()).await {
                Seen::Text(message) => match message["type"].as_str() {
                    Some("attached") => {
                        assert_eq!(
                            message["resumed"] == true,
                            !cursor.is_null(),
                            "{}: {message} for {cursor}",
                            self.name
                        );
                        if cursor.is_null() {
                            self.restart(&message);
                        }
                        assert_eq!(message["offset"], self.next);
                        self.epoch = message["epoch"].clone();
                        sent = message["input_offset"].as_u64();
                        self.input_confirmed = sent.expect("offset");
                        acked = self.next;
                    }
                    Some("skipped") => {
                        self.skips += 1;
                        self.restart(&message);
                    }
                    Some("input_ack") => {
                        self.input_confirmed = self.input_confirmed.max(message["offset"].as_u64().expect("offset"));
                    }
                    Some("exit") => return true,
                    Some("error") => panic!("{}: {message}", self.name),
                    _ => {}
                },
                Seen::Binary(bytes) => {
                    if self.draw(&bytes) || self.next - acked >= 64 << 10 {
                        acked = self.next;
                        socket.send(&json!({ "type": "ack", "offset": acked })).await;
                    }
                }
                Seen::Cut => return false,
                // Its pings drown in what is on its way to it.
                Seen::Closed(_) if self.model.is_some() => return false,
                Seen::Closed(code) => panic!("{}: closed with {code}", self.name),
            }
            if self.only_the_flood && self.flood_left == 0 && self.tail().contains("FLOOD-END") {
                return true;
            }
            if sent.is_some() && self.snapshot_left == 0 {
                self.there.store(true, Ordering::Relaxed);
            }
            while let Some(from) =
                sent.filter(|from| *from < (self.input.len() as u64).min(self.input_confirmed + INPUT_WINDOW))
            {
                let from = usize::try_from(from).expect("fits");
                let to = self.input.len().min(from + INPUT_FRAME);
                socket.send_raw(Message::binary(self.input[from..to].to_vec())).await;
                sent = Some(to as u64);
            }
        }
    }

    /// A frame may take a minute at a kilobyte a second.
    fn patience(&self) -> Duration {
        Duration::from_secs(if self.model.is_some() { 90 } else { 20 })
    }

    fn restart(&mut self, message: &Value) {
        self.next = message["offset"].as_u64().expect("offset");
        self.snapshot_left = message["snapshot_bytes"].as_u64().expect("bytes");
        if let Some(model) = &mut self.model {
            *model = Model::new(80, 24, &ModelSettings::default());
        }
    }

    /// Takes a frame; whether it was the last of a snapshot.
    fn draw(&mut self, bytes: &[u8]) -> bool {
        if let Some(model) = &mut self.model {
            model.feed(bytes);
        }
        if self.snapshot_left > 0 {
            self.snapshot_left = self.snapshot_left.checked_sub(bytes.len() as u64).expect("no frame has both");
            return self.snapshot_left == 0;
        }
        self.next += bytes.len() as u64;
        self.streamed += bytes.len() as u64;
        let mut bytes = bytes;
        if !self.began {
            self.tail.extend(bytes);
            let tail = self.tail.make_contiguous();
            let Some(at) = tail.windows(BEGIN.len()).position(|window| window == BEGIN) else { return false };
            let behind = tail.len() - at - BEGIN.len();
            bytes = &bytes[bytes.len() - behind..];
            self.began = true;
            self.tail.clear();
        }
        let (flood, rest) = bytes.split_at(bytes.len().min(usize::try_from(self.flood_left).unwrap_or(usize::MAX)));
        self.flood.update(flood);
        self.flood_left -= flood.len() as u64;
        self.tail.extend(rest);
        let old = self.tail.len().saturating_sub(4096);
        self.tail.drain(..old);
        false
    }

    fn tail(&mut self) -> String {
        String::from_utf8_lossy(self.tail.make_contiguous()).into_owned()
    }

    fn flood(&self) -> String {
        assert!(self.began && self.flood_left == 0, "{}: {} bytes are missing", self.name, self.flood_left);
        hex(self.flood.clone())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_stream_cut_and_stalled_everywhere_is_what_was_printed() {
    let (bytes, cuts): (u64, u32) = if full() { (1 << 30, 2100) } else { (16 << 20, 100) };
    let (server, id) = start("terminal").await;
    let proxy = Proxy::start(server.address(), 42, cuts, bytes / u64::from(cuts) * 9 / 10).await;
    let mut cut = Screen::new("page-1", bytes, &format!("flood-text {bytes} 7\nexit 0\n"));
    cut.watch(&server, proxy.address, &id).await;
    let cuts_made = proxy.cuts.load(Ordering::Relaxed);
    assert!(cuts_made >= cuts * 9 / 10, "{cuts_made} cuts");
    assert_eq!(cut.flood(), flood_hash(bytes, 7));
    assert!(cut.tail().starts_with("\r\nFLOOD-END\r\n"), "{:?}", cut.tail());
    assert_eq!(cut.skips, 0);
    eprintln!("{bytes} bytes, {cuts_made} cuts, sha256 {}", cut.flood());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_lines_typed_over_cut_connections_arrive_once_and_in_order() {
    let lines: u32 = 100_000;
    let cuts = if full() { 600 } else { 100 };
    let (server, id) = start("terminal").await;
    let typed: String = (1..=lines).map(|line| format!("line-{line:06}\n")).collect();
    let proxy = Proxy::start(server.address(), 44, cuts, 5_000 + typed.len() as u64 / u64::from(cuts)).await;
    let mut page = Screen::new("page-1", 0, &format!("count\n{typed}end\nexit 0\n"));
    page.watch(&server, proxy.address, &id).await;
    let cuts_made = proxy.cuts.load(Ordering::Relaxed);
    assert!(cuts_made >= cuts / 2, "{cuts_made} cuts");
    let mut hash = Sha256::new();
    hash.update(&typed);
    let wanted = format!("count {lines} {} {}", typed.len(), hex(hash));
    assert!(page.tail().contains(&wanted), "no {wanted:?} in {:?}", page.tail());
    eprintln!("{lines} lines, {cuts_made} cuts: {wanted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_viewers_two_of_them_cut_see_everything_and_a_slow_one_holds_nobody_back() {
    let (bytes, cuts, kib_per_second): (u64, u32, u32) =
        if full() { (1 << 30, 1100, 8 << 10) } else { (6 << 20, 16, 1 << 10) };
    let (server, id) = start("terminal").await;
    let mean_bytes = bytes / u64::from(cuts) * 9 / 10;
    let first_proxy = Proxy::start(server.address(), 45, cuts, mean_bytes).await;
    let second_proxy = Proxy::start(server.address(), 46, cuts, mean_bytes).await;
    let slow_proxy = Slow::start(server.address(), 1 << 10).await;
    let first = Screen::new("first", bytes, &format!("flood-text {bytes} 9 {kib_per_second}\n")).until_the_flood_ends();
    let second = Screen::new("second", bytes, "").until_the_flood_ends();
    let slow = Screen::new("slow", 0, "").drawing();
    let (server, id) = (Arc::new(server), Arc::<str>::from(id));
    // Each on a thread of its own, as pages are.
    let watch = |mut screen: Screen, at: SocketAddr| {
        let (server, id) = (Arc::clone(&server), Arc::clone(&id));
        let task = TaskTracker::new().spawn(async move {
            screen.watch(&server, at, &id).await;
            screen
        });
        async { task.await.expect("it watches") }
    };
    let all_there = [Arc::clone(&second.there), Arc::clone(&slow.there)];
    let (second, slow) = (watch(second, second_proxy.address), watch(slow, slow_proxy.address));
    while !all_there.iter().all(|there| there.load(Ordering::Relaxed)) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (mut first, second) = tokio::join!(watch(first, first_proxy.address), second);
    assert_eq!((first.flood(), second.flood()), (flood_hash(bytes, 9), flood_hash(bytes, 9)));
    assert_eq!((first.skips, second.skips), (0, 0));
    // Now the slow one may come along, and the program ends.
    slow_proxy.bytes_per_second.store(u64::MAX, Ordering::Relaxed);
    first.input.extend_from_slice(b"exit 0\n");
    first.only_the_flood = false;
    first.watch(&server, server.address(), &id).await;
    let slow = slow.await;
    assert!(slow.streamed < bytes / 2, "it was moved ahead, not sent {} bytes", slow.streamed);
    let mut late = Screen::new("late", 0, "").drawing();
    late.watch(&server, server.address(), &id).await;
    // The last rows: how far back the rest goes is a matter of when a snapshot was taken.
    let shown = |screen: &Screen| {
        let snapshot = screen.model.as_ref().map(Model::snapshot).unwrap_or_default();
        // A cursor saved at home, or none.
        let text = String::from_utf8_lossy(&snapshot).replace("\u{1b}(B\u{1b}[1;1H\u{1b}7\u{1b}(B", "");
        text.chars().skip(text.chars().count().saturating_sub(4000)).collect::<String>()
    };
    let (slow_shows, late_shows) = (shown(&slow), shown(&late));
    assert!(slow_shows.contains("FLOOD-END"));
    let same = slow_shows.chars().rev().zip(late_shows.chars().rev()).take_while(|(one, other)| one == other).count();
    let part = |text: &str| text.chars().rev().skip(same.saturating_sub(100)).take(200).collect::<String>();
    assert_eq!(part(&slow_shows), part(&late_shows), "the slow one shows what one is given who comes now");
    let made = [&first_proxy, &second_proxy].map(|proxy| proxy.cuts.load(Ordering::Relaxed));
    assert!(made.iter().all(|made| *made >= cuts / 2), "{made:?} cuts");
    eprintln!("{bytes} bytes, {made:?} cuts, {} bytes and {} snapshots for the slow one", slow.streamed, slow.skips);
}
