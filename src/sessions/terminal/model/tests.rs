mod skim;

use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn model(cols: u16, rows: u16) -> Model {
    Model::new(cols, rows, &ModelSettings::default())
}

fn fed(cols: u16, rows: u16, output: &str) -> Model {
    let mut model = model(cols, rows);
    model.feed(output.as_bytes());
    model
}

fn answers(output: &str) -> String {
    String::from_utf8(fed(80, 24, output).answers()).expect("text")
}

/// A model that was given the snapshot of another.
fn copied(original: &Model) -> Model {
    let (cols, rows) = (original.state.cols, original.state.rows);
    let mut copy = model(u16::try_from(cols).expect("small"), u16::try_from(rows).expect("small"));
    copy.feed(&original.snapshot());
    copy
}

/// The screen as text, rows divided by `/`.
fn screen(model: &Model) -> String {
    let grid = model.state.grid_ref();
    let rows: Vec<_> = grid.lines.iter().skip(grid.base()).map(|row| model.state.text(row)).collect();
    rows.join("/").trim_end_matches('/').to_owned()
}

/// What is seen of a cell, with links and marks spelled out.
fn seen(state: &State, row: &cell::Row, at: usize) -> String {
    let mut cell = row.get(at);
    let other = row.get(at + 1);
    if cell.width() == 2 && (other.width() != 0 || other.has_content()) {
        cell = Cell::null(cell.attributes);
    }
    let mut text = String::new();
    state.cell_text(cell, &mut text);
    let attributes = cell.attributes;
    let underline = sgr::parameters(attributes);
    // Nothing with attributes comes back as spaces, and a half that was left alone as nothing.
    let nothing = text.is_empty() && (cell.width() == 1 || at == 0 || row.get(at - 1).width() != 2);
    if nothing && attributes != attributes.erased() {
        text = " ".to_owned();
    }
    // A mark alone takes a column, whatever its width says.
    let alone = cell.has_content() && cell.width() == 0;
    let width = if nothing || alone { 1 } else { cell.width() };
    let protected = attributes.bg & cell::bg::PROTECTED != 0;
    format!("{text:?} {width} {underline} {protected} {}", state.links.get(attributes.link))
}

fn grid_seen(state: &State, grid: &Grid) -> Vec<String> {
    let cells = |row: &cell::Row| (0..grid.cols).map(|at| seen(state, row, at)).collect::<Vec<_>>().join("|");
    let mut all: Vec<_> =
        grid.lines.iter().enumerate().map(|(at, row)| format!("{} {}", at > 0 && row.wrapped, cells(row))).collect();
    let saved = grid.saved;
    let y = saved.y.clamp(0, grid.rows.cast_signed() - 1);
    let pen = sgr::parameters(Attributes { fg: saved.fg, bg: saved.bg & !cell::bg::EXTENDED, ..Attributes::default() });
    all.push(format!("saved {} {y} {pen} {:?}", saved.x.min(grid.cols - 1), saved.charset));
    let stops: Vec<_> = (0..grid.cols).filter(|at| grid.tabs.get(*at) == Some(&true)).collect();
    all.push(format!("region {} {} tabs {stops:?}", grid.top, grid.bottom));
    all
}

/// Everything a viewer could see or a program could find out.
fn everything(model: &Model) -> Vec<String> {
    let state = &model.state;
    let mut all = grid_seen(state, &state.normal);
    if let Some(alternate) = &state.alternate {
        all.extend(grid_seen(state, alternate));
    }
    let grid = state.grid_ref();
    let link = state.links.get(state.attributes.link);
    all.push(format!("cursor {} {} {} {link}", grid.x, grid.y, sgr::parameters(state.attributes)));
    all.push(format!(
        "{:?} {:?} {:?} {:?}",
        state.modes, state.charsets.designated, state.charsets.level, state.palette
    ));
    all.push(state.title.clone());
    all
}

#[track_caller]
fn survives(output: &str) {
    let original = fed(20, 5, output);
    assert_eq!(everything(&copied(&original)), everything(&original), "{output:?}");
}

#[test]
fn prints_wraps_and_scrolls() {
    let model = fed(5, 3, "abcdefgh\r\none\r\ntwo\r\nthree");
    assert_eq!(screen(&model), "one/two/three");
    assert_eq!(model.last_line(), "three");
    assert_eq!(model.state.normal.base(), 2);
    assert!(model.state.normal.lines[1].wrapped);
}

#[test]
fn wide_and_combining_characters() {
    assert_eq!(screen(&fed(5, 3, "漢字漢e\u{301}")), "漢字/漢e\u{301}");
    assert_eq!(screen(&fed(9, 3, "漢字\x1b[2Gx")), "x字");
}

#[test]
fn repeats_what_was_printed_last() {
    assert_eq!(screen(&fed(9, 2, "ab\x1b[3b")), "abbbb");
    assert_eq!(screen(&fed(9, 2, "ab\x1b[m\x1b[3b")), "ab");
}

#[test]
fn regions_scroll_and_origin_counts_from_them() {
    assert_eq!(screen(&fed(5, 5, "1\r\n2\r\n3\r\n4\r\n5\x1b[2;4r\x1b[4;1H\n")), "1/3/4//5");
    assert_eq!(screen(&fed(5, 5, "\x1b[2;4r\x1b[?6hx")), "/x");
}

#[test]
fn alternate_screen_comes_and_goes() {
    let mut model = fed(9, 3, "shell\x1b[?1049h\x1b[Heditor");
    assert_eq!(screen(&model), "editor");
    model.feed(b"\x1b[?1049lx");
    assert_eq!(screen(&model), "shellx");
}

#[test]
fn lines_are_laid_out_anew_when_the_width_changes() {
    let mut model = fed(10, 4, "abcdefghijklmno\r\nx");
    model.resize(5, 4);
    assert_eq!(screen(&model), "abcde/fghij/klmno/x");
    model.resize(20, 4);
    assert_eq!(screen(&model), "abcdefghijklmno/x");
}

#[test]
fn wide_characters_at_the_margin_survive_changes_of_size() {
    let output = "漢🚀漢a漢".as_bytes();
    for (cols, new_cols, new_rows, cut) in (2..6)
        .flat_map(|cols| (2..8).map(move |new_cols| (cols, new_cols)))
        .flat_map(|(cols, new_cols)| (2..5).map(move |rows| (cols, new_cols, rows)))
        .flat_map(|(cols, new_cols, rows)| (0..=output.len()).map(move |cut| (cols, new_cols, rows, cut)))
    {
        let mut original = model(cols, 2);
        original.feed(&output[..cut]);
        original.resize(new_cols, new_rows);
        original.feed(&output[cut..]);
        let name = format!("{cols} columns, {new_cols}x{new_rows} after {cut}");
        assert_eq!(everything(&copied(&original)), everything(&original), "{name}");
    }
}

#[test]
fn questions_are_answered_once() {
    assert_eq!(answers("\x1b[c\x1b[0c\x1b[1c"), "\x1b[?1;2c\x1b[?1;2c");
    assert_eq!(answers("\x1b[>c\x1b[=c"), "\x1b[>0;276;0c\x1bP!|00000000\x1b\\");
    assert_eq!(answers("\x1b[5nab\x1b[6n\x1b[?6n"), "\x1b[0n\x1b[1;3R\x1b[?1;3R");
    assert_eq!(
        answers("\x1b[?2004h\x1b[?2004$p\x1b[?25$p\x1b[4$p\x1b[?99$p"),
        "\x1b[?2004;1$y\x1b[?25;1$y\x1b[4;2$y\x1b[?99;0$y"
    );
    assert_eq!(answers("\x1b[>q"), format!("\x1bP>|claude-web({})\x1b\\", env!("CARGO_PKG_VERSION")));
    assert_eq!(answers("\x1b[1;31m\x1bP$qm\x1b\\\x1bP$qr\x1b\\"), "\x1bP1$r0;1;31m\x1b\\\x1bP1$r1;24r\x1b\\");
    assert_eq!(answers("\x1b[14t\x1b[16t\x1b[18t"), "\x1b[4;384;640t\x1b[6;16;8t\x1b[8;24;80t");
    assert_eq!(
        answers("\x1b]11;?\x07\x1b]4;1;?;231;?\x07"),
        concat!(
            "\x1b]11;rgb:1e1e/1d1d/1a1a\x1b\\",
            "\x1b]4;1;rgb:f2f2/8f8f/8585\x1b\\\x1b]4;231;rgb:ffff/ffff/ffff\x1b\\"
        )
    );
    assert_eq!(answers("\x1b]10;#fff\x07\x1b]10;?\x07"), "\x1b]10;rgb:f0f0/f0f0/f0f0\x1b\\");
    let mut model = fed(80, 24, "\x1b[5n");
    assert_eq!(model.answers(), b"\x1b[0n");
    assert_eq!(model.answers(), b"");
}

#[test]
fn the_page_cannot_write_kitty_keys_so_the_question_stays_open() {
    assert_eq!(answers("\x1b[?u"), "");
}

#[test]
fn snapshots_ask_nothing() {
    let output = "\x1b[5ntext\x1b]4;1;#123456\x07\x1b]11;#abc\x07\x1b[?1049h\x1b[2;4r\x1b[3g\x1b[5G\x1bH\x1b7\x1b[c";
    assert_eq!(copied(&fed(20, 5, output)).answers(), b"");
}

#[test]
fn snapshots_hold_what_is_not_seen() {
    for output in [
        "plain\r\ntext\r\n\r\n\r\n\r\n\r\nmore",
        "0123456789012345678901234567890",
        "漢字漢字漢字漢字漢字漢",
        "0123456789012345678漢",
        "0123456789012345678\x1b[41m漢\x1b[m",
        "\x1b[44m\x1b[2Kblue\x1b[49m\x1b[3;3Hred\x1b[38;2;1;2;3;48;5;200;4:3;58;5;9mx",
        "\x1b]8;id=1;https://example.org/a;b\x1b\\link\x1b]8;;\x1b\\ none",
        "\x1b[2;4r\x1b[?6h\x1b[2;2H",
        "\x1b7\x1b[31m\x1b[3;3H\x1b7\x1b[m\x1b[5;5H",
        "\x1b(0\x0fqqq",
        "\x1b)0\x0eqqq",
        "\x1b7\x1b(0q\x1b8",
        "\x1b[?1h\x1b=\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[?25l\x1b[5 q\x1b[4h\x1b[20h\x1b[?7l\x1b[?45h",
        "\x1b]2;a title\x07\x1b]4;3;rgb:1/2/3\x07\x1b]12;#aabbcc\x07",
        "shell\x1b[?1049h\x1b[2;3r\x1b[Hfull\x1b[3;3H\x1b7",
        "\x1b[?1049h\x1b[3;3H\x1b7\x1b[?1049lback",
        "\x1b[3g\x1b[4G\x1bH\x1b[9G\x1bH\x1b[1G",
        "\x1b[1\"qsafe\x1b[0\"q not",
        "\x1b[?2026hhalf",
    ] {
        survives(output);
    }
}

#[test]
fn sequences_and_characters_go_on_after_a_snapshot() {
    let output =
        "a\x1b[1;3\n1mb漢\x1b]2;ti\u{e4}tle\x1b\\\x1bP$qm\x1b\\\x1b[?25le\u{301}\x1b[4b\x1b_x\x1b\\y".as_bytes();
    let mut whole = model(20, 5);
    whole.feed(output);
    for cut in 0..=output.len() {
        let mut first = model(20, 5);
        first.feed(&output[..cut]);
        let mut second = copied(&first);
        second.feed(&output[cut..]);
        assert_eq!(everything(&second), everything(&whole), "cut at {cut}");
    }
}

#[test]
fn bytes_may_come_one_by_one() {
    let output = "\x1b[31mré\u{1f680}\x1b]0;t\x07\u{9b}2Jx\x1b[38;5;9m漢".as_bytes();
    let mut whole = model(20, 5);
    whole.feed(output);
    let mut single = model(20, 5);
    output.iter().for_each(|byte| single.feed(&[*byte]));
    assert_eq!(everything(&single), everything(&whole));
}

#[test]
fn a_reset_takes_back_what_a_program_left_on() {
    let model = fed(20, 5, "\x1b[?1049h\x1b[?1003h\x1b[?2004h\x1b[?25l\x1bc\x1b[?25h");
    assert_eq!(model.state.modes, Modes::default());
    assert!(model.state.alternate.is_none());
}

/// Memory stays flat, and time is counted in steps a person would not notice.
#[track_caller]
fn bears(mut model: Model, piece: &[u8], times: usize) -> Model {
    let start = Instant::now();
    for _ in 0..times {
        model.feed(piece);
    }
    let took = start.elapsed();
    assert!(took < Duration::from_secs(60), "{took:?}");
    let bounded = model.weight_bytes() + model.state.links.bytes() + model.state.combined.bytes();
    assert!(bounded < 8 << 20, "{bounded} bytes");
    assert!(model.parser.unfinished().len() < 32 << 10);
    assert!(model.state.answers.len() <= 8 << 10);
    assert!(model.state.title.len() <= 1 << 10);
    model
}

#[test]
fn strings_without_end_take_no_memory() {
    for begin in ["\x1b]2;", "\x1bPq", "\x1b_", "\x1bX", "\x1b]8;;"] {
        let model = bears(fed(80, 24, begin), &[b'x'; 1 << 16], 160);
        let mut copy = copied(&model);
        copy.feed(b"more\x1b\\text");
        assert_eq!(screen(&copy), "text");
        assert_eq!(copy.title(), "");
    }
}

#[test]
fn hostile_sequences_are_bounded() {
    let many = format!("\x1b[{}m", "1;".repeat(1_000_000));
    let many_subordinate = format!("\x1b[4{}m", ":3".repeat(1_000_000));
    let mut pieces = vec![(many, 1), (many_subordinate, 1)];
    for last in "@ABCDEFGHIJKLMPSTXZ`abdefghlmnrstu".chars() {
        pieces.push((format!("x\x1b[2147483647{last}\x1b[99999999999999999999;99999999999{last}"), 4));
    }
    pieces.push(("\x1b[?2026hx".to_owned(), 10_000));
    pieces.push(("\x07\x1b]2;title\x07".to_owned(), 10_000));
    pieces.push(("\x1b[c\x1b[6n\x1b]4;1;?\x07".to_owned(), 10_000));
    pieces.push(("\u{301}".to_owned(), 10_000));
    pieces.push(("\x1b[?1049h\x1b[?1049l".to_owned(), 1_000));
    for (piece, times) in pieces {
        bears(fed(80, 24, "text"), piece.as_bytes(), times);
    }
}

#[test]
fn texts_of_cells_are_bounded() {
    let mut model = model(80, 24);
    for number in 0..60_000 {
        let mark = char::from_u32(0x300 + number % 0x60).expect("a mark");
        let other = char::from_u32(0x300 + number / 0x60 % 0x60).expect("a mark");
        model.feed(format!("\x1b]8;;https://example.org/{number}\x07a{mark}{other}\x1b]8;;\x07").as_bytes());
    }
    let model = bears(model, b"", 1);
    assert!(!model.last_line().is_empty());
}

#[test]
fn scrollback_is_bounded_by_rows_and_bytes() {
    let limits = Limits { lines: 100, bytes: 20 << 10 };
    let mut model = Model::new(80, 24, &ModelSettings { limits, ..ModelSettings::default() });
    model.feed("x\r\n".repeat(1000).as_bytes());
    assert_eq!(model.state.normal.base(), 100);
    model.feed(format!("{}\r\n", "y".repeat(79)).repeat(1000).as_bytes());
    assert!(model.state.normal.base() < 20);
    assert!(model.weight_bytes() < 128 << 10);
}

#[test]
fn sizes_are_clamped_and_many_changes_are_borne() {
    let mut model = model(1, 0);
    model.feed("漢字ab\r\n".repeat(50).as_bytes());
    for step in 0..1000_u16 {
        model.resize(step * 7 % 300, step * 13 % 200);
        model.feed("漢字 text that wraps around\r\n".as_bytes());
    }
    model.resize(10_000, 10_000);
    bears(model, "漢字 text\r\n".as_bytes(), 1000);
}

fn pieces() -> impl Strategy<Value = Vec<String>> {
    let text = prop_oneof![
        "[a-z ]{1,30}",
        "[漢字🚀é]{1,8}",
        Just("e\u{301}".to_owned()),
        Just("\r\n".to_owned()),
        "[\r\n\t\u{8}]{1,3}"
    ];
    let counted = (1..40_u32, "[ABCDEFGHIJKLMPSTXZ@`bde]").prop_map(|(count, last)| format!("\x1b[{count}{last}"));
    let placed = (1..30_u32, 1..30_u32, "[Hr]").prop_map(|(one, two, last)| format!("\x1b[{one};{two}{last}"));
    let pen = "(0|1|2|3|4|4:3|7|9|3[0-79]|4[0-79]|9[0-7]|38;5;[0-9]{1,2}|48;2;1;2;[0-9]|58;5;3|53)(;(1|7|31|49))?";
    let pen = pen.prop_map(|pen| format!("\x1b[{pen}m"));
    let mode = "(1|6|7|25|45|66|1000|1003|1004|1006|2004|2026|1049|47)[hl]"
        .prop_map(|mode| format!("\x1b[24m\x0f\x1b(B\x1b[?{mode}"));
    let other = prop::sample::select(vec![
        "\x1b[24m\x0f\x1b(B\x1b7",
        "\x1b[24m\x0f\x1b(B\x1b8",
        "\x1bM",
        "\x1bH",
        "\x1b[3g",
        "\x1b(0",
        "\x1b)0\x0e",
        "\x0f",
        "\x1b(B",
        "\x1b]8;;https://example.org\x07a\x1b]8;;\x07",
        "\x1b]2;t\x07",
        "\x1b]4;1;#112233\x07",
        "\x1b[2 q",
        "\x1b[!p",
        "\x1bc",
        "\x1b#8",
        "\x1b[1\"q",
        "\x1b[3J",
        "\x1b]4;1",
        "\x1b[3",
        "\u{9b}1",
    ])
    .prop_map(str::to_owned);
    let piece = prop_oneof![5 => text, 3 => counted, 2 => placed, 2 => pen, 1 => mode, 2 => other];
    prop::collection::vec(piece, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_model_fed_with_a_snapshot_equals_the_one_it_is_of(
        cols in 2..40_u16, rows in 2..12_u16, pieces in pieces(), share in 0.0..1.0, resized in prop::option::of((2..50_u16, 2..14_u16)),
    ) {
        let output = pieces.concat();
        let cut = (output.len() as f64 * share) as usize;
        let mut original = model(cols, rows);
        original.feed(&output.as_bytes()[..cut]);
        if let Some((cols, rows)) = resized {
            original.resize(cols, rows);
        }
        original.feed(&output.as_bytes()[cut..]);
        // Behind a last column that was erased the cursor only comes by printing a space there.
        let grid = original.state.grid_ref();
        let last = grid.lines[grid.base() + grid.y].get(grid.cols - 1);
        prop_assume!(grid.x < grid.cols || last.has_content() || last.width() == 0);
        let (copy, original) = (everything(&copied(&original)), everything(&original));
        let different = copy.iter().zip(&original).position(|(copy, original)| copy != original);
        let different = different.map(|at| (&copy[at], &original[at]));
        prop_assert!(different.is_none() && copy.len() == original.len(), "copy and original: {:#?}", different);
    }

    #[test]
    fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..2000), cols in 1..40_u16, rows in 1..20_u16) {
        let mut model = model(cols, rows);
        model.feed(&bytes);
        model.resize(rows, cols);
        model.feed(&bytes);
        let _ = (model.snapshot(), model.last_line(), model.answers());
    }
}
