//! The manual page.

use crate::support::Machine;

#[test]
fn the_manual_has_exit_codes_files_and_variables() {
    let ran = Machine::new().run(&["man"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let page = ran.stdout.replace('\\', "");
    assert!(page.contains(".TH claude-web 1"), "{page}");
    for section in ["EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"] {
        assert!(page.contains(&format!(".SH \"{section}\"")) || page.contains(&format!(".SH {section}")), "{section}");
    }
    let after = page.split("EXIT STATUS").nth(1).expect("exit status");
    for code in 0..5 {
        assert!(after.contains(&format!(".TP\nfB{code}fR\n")), "{code}: {after}");
    }
    for word in ["CLAUDE_WEB_CONFIG", "CLAUDE_WEB_ROOT", "CLAUDE_WEB_DATA_DIR", "config.toml", "control.sock"] {
        assert!(page.contains(word), "{word}");
    }
}
