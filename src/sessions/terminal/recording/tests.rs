use super::*;
use crate::protocol::{Session, SessionKind};
use crate::sessions::core::ListStamps;
use proptest::prelude::*;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use tokio_util::sync::CancellationToken;

fn core() -> Arc<Core> {
    let session: Session = serde_json::from_value(json!({
        "id": uuid::Uuid::new_v4(), "kind": SessionKind::Terminal, "title": "A \"title\"", "cwd": ".", "state": "working",
        "state_since": 0, "keep": false, "viewers": 0, "created_at": 0, "last_activity_at": 0, "pending": [],
    }))
    .expect("a session");
    Core::new(session, true, 100, Arc::new(ListStamps::new()), CancellationToken::new())
}

fn settings(directory: &Path, bytes_max: u64) -> RecordingSettings {
    RecordingSettings { path: directory.join("recordings/one.cast"), bytes_max, all_bytes_max: 1 << 20 }
}

struct Recorded {
    lines: Vec<Value>,
    state: Recording,
}

impl Recorded {
    fn output(&self) -> String {
        self.lines[1..].iter().filter(|line| line[1] == "o").map(|line| line[2].as_str().expect("text")).collect()
    }
}

async fn record(settings: &RecordingSettings, play: impl FnOnce(&Recorder)) -> Recorded {
    let (tracker, core) = (TaskTracker::new(), core());
    let recorder = Recorder::start(Arc::clone(&core), settings, (80, 24), &tracker).expect("starts");
    play(&recorder);
    recorder.finish();
    recorder.output(b"after the end");
    tracker.close();
    tracker.wait().await;
    let (path, bytes) = recorder.file();
    let text = fs::read_to_string(path).expect("the file");
    assert_eq!(text.len() as u64, bytes);
    let state = core.summary().recording.expect("told");
    assert_eq!(state.bytes, bytes);
    Recorded { lines: text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect(), state }
}

#[tokio::test]
async fn a_recording_is_asciicast_version_2() {
    let directory = tempfile::tempdir().expect("tempdir");
    let settings = settings(directory.path(), 1 << 20);
    let recorded = record(&settings, |recorder| {
        recorder.output(b"\x1b[31mred\x1b[0m \"quoted\"\r\n\x00\x7f");
        recorder.resize(100, 30);
        recorder.output("é漢".as_bytes());
    })
    .await;
    let header = &recorded.lines[0];
    assert_eq!((&header["version"], &header["width"], &header["height"]), (&json!(2), &json!(80), &json!(24)));
    assert_eq!(header["title"], "A \"title\"");
    assert!(header["timestamp"].as_u64().is_some_and(|at| at > 1_600_000_000));
    let kinds: Vec<_> = recorded.lines[1..].iter().map(|line| (line[1].clone(), line[2].clone())).collect();
    let first = json!("\u{1b}[31mred\u{1b}[0m \"quoted\"\r\n\0\u{7f}");
    assert_eq!(kinds, [(json!("o"), first), (json!("r"), json!("100x30")), (json!("o"), json!("é漢"))]);
    let times: Vec<_> = recorded.lines[1..].iter().map(|line| line[0].as_f64().expect("seconds")).collect();
    assert!(times.is_sorted() && times.iter().all(|at| (0.0..10.0).contains(at)), "{times:?}");
    assert_eq!(recorded.state.state, RecordingState::Complete);
    assert_eq!(fs::metadata(&settings.path).expect("file").permissions().mode() & 0o777, 0o600);
    let parent = settings.path.parent().expect("directory");
    assert_eq!(fs::metadata(parent).expect("directory").permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn at_its_limit_a_recording_ends_with_a_note_and_whole_lines() {
    let directory = tempfile::tempdir().expect("tempdir");
    let recorded = record(&settings(directory.path(), 4096), |recorder| {
        for _ in 0..1000 {
            recorder.output(&[b'x'; 100]);
        }
    })
    .await;
    assert!(recorded.state.bytes <= 4096);
    assert_eq!(recorded.state.state, RecordingState::Stopped);
    let note = recorded.state.note.clone().expect("a note");
    assert!(note.contains("limit"), "{note}");
    let last = recorded.lines.last().expect("lines");
    assert_eq!((last[1].as_str(), last[2].as_str()), (Some("m"), Some(note.as_str())));
    assert!(recorded.output().len() > 2000);
}

#[tokio::test]
async fn a_disk_that_is_full_ends_the_recording_and_nothing_else() {
    let (tracker, core) = (TaskTracker::new(), core());
    let directory = tempfile::tempdir().expect("tempdir");
    let shared = Arc::new(Shared {
        core: Arc::clone(&core),
        path: directory.path().join("full"),
        state: Mutex::new(Recording { state: RecordingState::Running, bytes: 0, note: None }),
    });
    let (queue, parts) = mpsc::channel(WAITING_PARTS_MAX);
    let file = OpenOptions::new().write(true).open("/dev/full").expect("a full disk");
    let (buffer, text, told) = (Vec::new(), Text::default(), Instant::now());
    let writer = Writer { file, shared: Arc::clone(&shared), buffer, written: 0, bytes_max: 1 << 20, text, told };
    tracker.spawn_blocking(move || writer.run(parts));
    let room = Arc::new(Semaphore::new(WAITING_BYTES_MAX));
    let recorder = Recorder { queue: Mutex::new(Some(queue)), room, began: Instant::now(), shared };
    let end = Instant::now() + Duration::from_secs(10);
    while super::super::lock(&recorder.queue).is_some() {
        recorder.output(&[b'x'; 1000]);
        assert!(Instant::now() < end, "it goes on");
        // A writer that is only late is another story.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tracker.close();
    tracker.wait().await;
    let state = core.summary().recording.expect("told");
    assert_eq!((state.state, state.bytes), (RecordingState::Stopped, 0));
    assert!(state.note.is_some_and(|note| note.contains("could not be written")));
}

#[tokio::test]
async fn a_disk_that_is_too_slow_is_not_waited_for() {
    let directory = tempfile::tempdir().expect("tempdir");
    let core = core();
    let shared = Arc::new(Shared {
        core,
        path: directory.path().join("slow"),
        state: Mutex::new(Recording { state: RecordingState::Running, bytes: 0, note: None }),
    });
    // Nobody reads.
    let (queue, _parts) = mpsc::channel(WAITING_PARTS_MAX);
    let room = Arc::new(Semaphore::new(WAITING_BYTES_MAX));
    let recorder = Recorder { queue: Mutex::new(Some(queue)), room, began: Instant::now(), shared };
    for _ in 0..100 {
        recorder.output(&vec![b'x'; 1 << 20]);
    }
    assert!(recorder.shared.note().is_some_and(|note| note.contains("too slow")));
    assert!(recorder.room.available_permits() < 1 << 20, "it held what fits");
}

#[test]
fn the_oldest_recordings_make_room_but_none_that_is_being_written() {
    let directory = tempfile::tempdir().expect("tempdir");
    let at = |name: &str| directory.path().join(name);
    let mut open = Vec::new();
    for (age, name) in [(50, "a.cast"), (40, "b.cast"), (30, "c.cast"), (20, "d.cast"), (10, "other.txt")] {
        let file = File::create(at(name)).expect("create");
        file.set_len(1000).expect("length");
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).expect("age");
        if name == "a.cast" {
            flock(&file, FlockOperation::NonBlockingLockExclusive).expect("lock");
            open.push(file);
        }
    }
    prune(directory.path(), 2500);
    let left = ["a.cast", "b.cast", "c.cast", "d.cast", "other.txt"].map(|name| at(name).exists());
    assert_eq!(left, [true, false, true, true, true]);
}

proptest! {
    #[test]
    fn text_cut_anywhere_is_joined_and_what_is_none_is_replaced(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..60),
            "[a漢é😀\r\n]{0,20}".prop_map(String::into_bytes),
        ],
        size in 1_usize..9,
    ) {
        let mut text = Text::default();
        let mut all = String::new();
        for part in bytes.chunks(size) {
            all.extend(text.push(part));
        }
        all.extend(text.finish());
        prop_assert_eq!(all, String::from_utf8_lossy(&bytes));
    }
}
