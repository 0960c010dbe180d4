//! What the model leaves out.

use super::*;

/// Lines of a seed: most plain, some with colours, some without a carriage return.
fn lines_of(seed: u64, count: usize, colours: bool) -> String {
    let mut state = seed.max(1);
    let mut next = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let mut text = String::new();
    for number in 0..count {
        if colours && next(3000) == 0 {
            text.push_str("\u{1b}[3");
            text.push(char::from(b'0' + u8::try_from(next(8)).expect("small")));
            text.push('m');
        }
        let length = usize::try_from(next(120)).expect("small");
        text.extend((0..length).map(|at| char::from(b'!' + u8::try_from((number + at) % 90).expect("small"))));
        text.push_str(if next(10) == 0 { "\n" } else { "\r\n" });
    }
    text
}

#[test]
fn what_a_flood_of_lines_leaves_out_makes_no_difference() {
    let mut left_out = 0;
    for seed in 1..6u64 {
        let begin =
            ["", "\u{1b}[31;4mred\u{1b}7", "\u{1b}[?1049h", "\u{1b}[5;9r", "\u{1b}[4h\u{1b}(0"][seed as usize % 5];
        let mut whole = fed(80, 24, begin);
        let mut skimmed = fed(80, 24, begin);
        // What has scrolled off the page's terminal has to be full first.
        for model in [&mut whole, &mut skimmed] {
            model.feed(lines_of(seed, 5_100, false).as_bytes());
        }
        let flood = lines_of(seed + 100, 9_000, seed % 3 == 0);
        let pieces: Vec<Bytes> = flood.as_bytes().chunks(64 << 10).map(Bytes::copy_from_slice).collect();
        let skipped = skimmed.skim(&pieces);
        left_out += skipped;
        whole.feed(flood.as_bytes());
        skimmed.feed(&flood.as_bytes()[skipped..]);
        assert_eq!(everything(&skimmed), everything(&whole), "seed {seed}, {skipped} bytes left out");
    }
    assert!(left_out > 1 << 19, "{left_out}");
    // Only one line begins at the left, and what is left out ends there.
    let (mut whole, mut skimmed) = (fed(80, 24, ""), fed(80, 24, ""));
    for model in [&mut whole, &mut skimmed] {
        model.feed(format!("{}stale", "x\r\n".repeat(5_100)).as_bytes());
    }
    let flood = format!("{}\r\n{}", "y".repeat(9_000), "z\n".repeat(2_100));
    let skipped = skimmed.skim(&[Bytes::from(flood.clone())]);
    assert_eq!(skipped, 9_002);
    whole.feed(flood.as_bytes());
    skimmed.feed(&flood.as_bytes()[skipped..]);
    assert_eq!(everything(&skimmed), everything(&whole));
    let asks = [Bytes::from_static(b"\x1b[6n"), Bytes::from(lines_of(1, 9_000, false))];
    assert_eq!(fed(80, 24, "").skim(&asks), 0, "nothing is left out that is answered");
    assert_eq!(fed(80, 24, "\u{1b}[").skim(&asks[1..]), 0, "or that ends a sequence");
}
