//! Feeds a model from standard input and prints its snapshots, so that they can be held against the page's terminal.
//!
//! Lines: `new COLS ROWS`, `feed BASE64`, `resize COLS ROWS`, `snapshot` (prints BASE64), `answers` (prints BASE64).
//! With `speed PATH` as arguments it prints how fast it takes a file.

#![allow(clippy::print_stdout)]

use base64::prelude::{BASE64_STANDARD, Engine};
use claude_web::sessions::{Limits, Model, ModelSettings};
use std::time::Instant;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    // As much as the page keeps, so that all of it can be compared.
    let settings = ModelSettings { limits: Limits { lines: 5000, bytes: 256 << 20 }, ..ModelSettings::default() };
    if let [speed, path] = &arguments[..]
        && speed == "speed"
    {
        let bytes = std::fs::read(path).expect("readable");
        let mut model = Model::new(80, 24, &ModelSettings::default());
        let start = Instant::now();
        bytes.chunks(64 << 10).for_each(|chunk| model.feed(chunk));
        let seconds = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let snapshot = model.snapshot().len();
        println!(
            "{:.0} MB/s, {} KiB, snapshot of {} KiB in {:.1} ms",
            bytes.len() as f64 / 1e6 / seconds,
            model.weight_bytes() >> 10,
            snapshot >> 10,
            start.elapsed().as_secs_f64() * 1e3
        );
        return;
    }
    let mut model = Model::new(80, 24, &settings);
    for line in std::io::stdin().lines() {
        let line = line.expect("text");
        let words: Vec<_> = line.split(' ').collect();
        let size = |at: usize| words[at].parse().expect("a size");
        match words[0] {
            "new" => model = Model::new(size(1), size(2), &settings),
            "feed" => model.feed(&BASE64_STANDARD.decode(words[1]).expect("base64")),
            "resize" => model.resize(size(1), size(2)),
            "snapshot" => println!("{}", BASE64_STANDARD.encode(model.snapshot())),
            "answers" => println!("{}", BASE64_STANDARD.encode(model.answers())),
            other => panic!("unknown: {other}"),
        }
    }
}
