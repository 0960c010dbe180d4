use super::*;
use crate::sessions::ModelSettings;
use proptest::prelude::*;

fn model(cols: u16, rows: u16) -> Model {
    Model::new(cols, rows, &ModelSettings::default())
}

fn screen(model: &Model) -> Vec<String> {
    let (columns, rows) = model.size();
    (0..rows).map(|y| model.screen_row(y, columns).text).collect()
}

/// A local terminal, played by a model, and a painter that draws into it.
struct Rig {
    painter: Painter,
    local: Model,
    written: Vec<u8>,
}

impl Rig {
    fn new(cols: u16, rows: u16) -> Self {
        let mut rig =
            Self { painter: Painter::new((cols.into(), rows.into())), local: model(cols, rows), written: Vec::new() };
        rig.local.feed(b"before\r\n$ attach\r\n");
        let entered = rig.painter.enter();
        rig.local.feed(&entered);
        rig
    }

    fn paint(&mut self, model: &Model) {
        self.paint_with(model, Frame { status: None, title: "t" });
    }

    fn paint_with(&mut self, model: &Model, frame: Frame<'_>) {
        let drawn = self.painter.paint(model, frame);
        self.local.feed(&drawn);
        self.written.extend_from_slice(&drawn);
    }
}

#[test]
fn the_local_terminal_shows_what_the_model_shows() {
    let mut rig = Rig::new(20, 5);
    let mut session = model(20, 5);
    for part in [
        "\x1b[31mred\x1b[0m\r\n",
        "漢字 e\u{301} ok\r\n",
        "1\r\n2\r\n3\r\n4\x1b[2;4H",
        "\x1b[?1049h\x1b[Halt",
        "\x1b[?1049l",
    ] {
        session.feed(part.as_bytes());
        rig.paint(&session);
        assert_eq!(screen(&rig.local), screen(&session), "{part:?}");
        assert_eq!(rig.local.cursor(), session.cursor(), "{part:?}");
        assert_eq!(rig.local.is_alternate(), session.is_alternate());
    }
}

#[test]
fn what_scrolls_off_goes_to_the_local_scrollback_after_what_was_there() {
    let mut rig = Rig::new(20, 4);
    let mut session = model(20, 4);
    for line in 0..30 {
        session.feed(format!("line {line}\r\n").as_bytes());
        if line % 7 == 0 {
            rig.paint(&session);
        }
    }
    rig.paint(&session);
    let off: Vec<_> = rig.local.scrolled_rows(100, 20).map(|row| row.text).collect();
    assert_eq!(off[..2], ["before", "$ attach"]);
    let lines: Vec<_> = (0..27).map(|line| format!("line {line}")).collect();
    assert_eq!(off[off.len() - 27..], lines);
}

#[test]
fn rows_that_scrolled_off_before_the_alternate_screen_are_not_lost() {
    let mut rig = Rig::new(20, 4);
    let mut session = model(20, 4);
    rig.paint(&session);
    session.feed(b"a\r\nb\r\nc\r\nd\r\ne\x1b[?1049h");
    rig.paint(&session);
    session.feed(b"\x1b[?1049l");
    rig.paint(&session);
    assert_eq!(rig.local.scrolled_rows(1, 20).map(|row| row.text).collect::<Vec<_>>(), ["a"]);
    assert_eq!(screen(&rig.local), ["b", "c", "d", "e"]);
}

#[test]
fn a_smaller_window_shows_the_part_with_the_cursor_and_nothing_else() {
    let mut session = model(40, 10);
    session.feed(b"\x1b[?1002h\x1b[?1006h");
    for y in 1..=10 {
        session.feed(format!("\x1b[{y};1H{y} {}", "x".repeat(37)).as_bytes());
    }
    let mut rig = Rig::new(8, 4);
    rig.paint(&session);
    assert_eq!(screen(&rig.local), ["7 xxxxxx", "8 xxxxxx", "9 xxxxxx", "10 xxxxx"]);
    assert_eq!(rig.local.switches().mouse, 0, "no click on another row than is seen");
    session.feed(b"\x1b[1;1H");
    rig.paint(&session);
    assert_eq!(screen(&rig.local), ["1 xxxxxx", "2 xxxxxx", "3 xxxxxx", "4 xxxxxx"]);
    assert_eq!(rig.local.switches().mouse, 1002);
    let mut wide = Rig::new(60, 12);
    wide.paint(&session);
    assert_eq!(screen(&wide.local)[..10], screen(&session)[..]);
}

#[test]
fn everything_switched_on_is_taken_back() {
    let mut rig = Rig::new(20, 4);
    let mut session = model(20, 4);
    session.feed(b"\x1b[?1049h\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1004h\x1b[?1h\x1b=\x1b[?25l\x1b[4 q\x1b[31mred");
    rig.paint(&session);
    assert_ne!(rig.local.switches(), Switches::default());
    let left = rig.painter.leave();
    rig.local.feed(&left);
    assert_eq!(rig.local.switches(), Switches::default());
    assert!(!rig.local.is_alternate() && rig.local.cursor().2);
    rig.local.feed(b"$ ");
    assert_eq!(screen(&rig.local).concat(), "$ ");
}

#[test]
fn the_prompt_comes_below_what_was_drawn() {
    let mut rig = Rig::new(20, 4);
    let mut session = model(20, 4);
    session.feed(b"one\r\ntwo");
    rig.paint(&session);
    let left = rig.painter.leave();
    rig.local.feed(&left);
    rig.local.feed(b"$ ");
    assert_eq!(screen(&rig.local), ["one", "two", "$ ", ""]);
}

#[test]
fn a_status_is_over_the_screen_and_goes() {
    let mut rig = Rig::new(20, 3);
    let mut session = model(20, 3);
    session.feed(b"1\r\n2\r\n3\x1b[1;2H");
    rig.paint_with(&session, Frame { status: Some("a note\x1b[2J of many words"), title: "t" });
    assert_eq!(screen(&rig.local)[2], "\x1b[0;7m a note of many wo… \x1b[0m");
    session.feed(b"\x1b[3;1H");
    rig.paint_with(&session, Frame { status: Some("a note"), title: "t" });
    assert_eq!(screen(&rig.local)[2], "3", "never over the cursor");
    rig.paint(&session);
    assert_eq!(screen(&rig.local), screen(&session));
}

#[test]
fn a_bell_rings_once() {
    let mut rig = Rig::new(20, 3);
    let mut session = model(20, 3);
    session.feed(b"\x07");
    rig.paint(&session);
    rig.paint(&session);
    assert_eq!(rig.local.bells(), 1);
}

/// Sequences that ask, write to the clipboard, name files or set keys.
const REACHING_OUT: &[&str] = &[
    "\x1b[c",
    "\x1b[>c",
    "\x1b[=c",
    "\x1b[5n",
    "\x1b[6n",
    "\x1b[?6n",
    "\x1b[?1$p",
    "\x1b[4$p",
    "\x1b[18t",
    "\x1b[21t",
    "\x1b[>q",
    "\x1b[?u",
    "\x1b[>1u",
    "\x1b[>4;2m",
    "\x1b[x",
    "\x1bP$qm\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b]4;1;?\x07",
    "\x1b]10;?\x07",
    "\x1b]11;?\x1b\\",
    "\x1b]52;c;QUJD\x07",
    "\x1b]52;c;?\x07",
    "\x1b]9;note\x07",
    "\x1b]50;font\x07",
    "\x1b]777;notify;a;b\x07",
    "\x1b]1337;File=:QUJD\x07",
    "\x1b_Gi=1,a=q;AAAA\x1b\\",
    "\x1bPtmux;\x1b\x1b[c\x1b\\",
    "\x1b[3J",
    "\x1bc",
    "\x1b[!p",
    "\x1b[5i",
    "\x1b]2;title\x07",
    "\x1bZ",
    "\x05",
    "\x1b]0;a\x1b[cb\x07",
];

/// What may be written: characters, and the few sequences of the painter.
fn obeys(written: &[u8]) -> Result<(), String> {
    let text = String::from_utf8(written.to_vec()).map_err(|error| error.to_string())?;
    for sequence in text.split('\x1b').skip(1) {
        let fine = match sequence.chars().next() {
            Some('[') => {
                let end = sequence.find(|c: char| ('@'..='~').contains(&c) && c != '[').unwrap_or(0);
                let (parameters, last) = (&sequence[1..end], &sequence[end..=end]);
                matches!(last, "m" | "G" | "H" | "K" | "J")
                    && parameters.chars().all(|c| c.is_ascii_digit() || ";:".contains(c))
                    && !(last == "J" && parameters != "2")
                    || matches!(last, "h" | "l") && parameters.starts_with('?')
                    || last == "q" && parameters.ends_with(' ')
            }
            Some(']') => sequence.starts_with("]2;"),
            Some(c) => "\\=>".contains(c),
            None => false,
        };
        if !fine {
            return Err(sequence.to_owned());
        }
    }
    let other = text.chars().find(|c| c.is_control() && !matches!(c, '\x1b' | '\n' | '\x07'));
    other.map_or(Ok(()), |c| Err(format!("{c:?}")))
}

proptest! {
    #[test]
    fn nothing_a_program_prints_reaches_out_of_it(
        parts in prop::collection::vec(prop_oneof![
            prop::sample::select(REACHING_OUT).prop_map(|text| text.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..20),
            "[a-z\r\n漢é]{0,12}".prop_map(String::into_bytes),
        ], 1..40),
        size in 1_usize..50,
    ) {
        let mut rig = Rig::new(12, 5);
        let mut session = model(12, 5);
        rig.paint(&session);
        for piece in parts.concat().chunks(size) {
            session.feed(piece);
            rig.paint(&session);
        }
        prop_assert_eq!(obeys(&rig.written), Ok(()));
        prop_assert!(rig.local.answers().is_empty());
        prop_assert_eq!(rig.local.cursor(), session.cursor());
        prop_assert_eq!(screen(&rig.local), screen(&session));
    }
}
