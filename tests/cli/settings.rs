//! Settings `serve` does not take: exit 1, with what was attempted, what was wrong, and what to do.

use crate::support::Machine;
use std::fs;

#[test]
fn a_bad_root_exits_1_and_says_why() {
    let machine = Machine::new();
    fs::write(machine.home().join("work/file"), "").expect("file");
    for (root, why) in [("missing", "it does not exist"), ("file", "it is not a directory")] {
        let ran = machine.run(&["serve", "--root", root]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let path = machine.path(&format!("work/{root}"));
        assert_eq!(
            ran.stderr,
            format!(
                "error: cannot use {path} as the root directory: {why}\nhint: name an existing directory with --root\n"
            )
        );
    }
}

#[test]
fn an_unknown_key_is_named_with_its_file_and_line() {
    let machine = Machine::new();
    let file = machine.config("port = 9000\nprot = 1\n");
    let ran = machine.run(&["serve"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let said = format!("error: cannot use {}, line 2: unknown key `prot`, expected one of ", file.display());
    assert!(ran.stderr.starts_with(&said), "{ran:?}");
}

#[test]
fn claude_web_config_names_another_file_which_has_to_be_there() {
    let machine = Machine::new();
    machine.config("root = \"/nonexistent/from-the-default-file\"\n");
    let missing = machine.run_with(&["serve"], &[("CLAUDE_WEB_CONFIG", "missing.toml")]);
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(missing.stderr.contains(&machine.path("work/missing.toml")), "{missing:?}");
    fs::write(machine.home().join("work/other.toml"), "root = \"from-the-other-file\"\n").expect("other.toml");
    let other = machine.run_with(&["serve"], &[("CLAUDE_WEB_CONFIG", "other.toml")]);
    assert!(other.stderr.contains(&machine.path("work/from-the-other-file")), "{other:?}");
}

#[test]
fn a_flag_beats_the_variable_and_the_variable_beats_the_file() {
    let machine = Machine::new();
    machine.config("root = \"/nonexistent/file\"\n");
    let variable = [("CLAUDE_WEB_ROOT", "/nonexistent/variable")];
    let said = |path: &str| format!("error: cannot use /nonexistent/{path} as the root directory");
    let by_file = machine.run(&["serve"]);
    assert!(by_file.stderr.starts_with(&said("file")), "{by_file:?}");
    let by_variable = machine.run_with(&["serve"], &variable);
    assert!(by_variable.stderr.starts_with(&said("variable")), "{by_variable:?}");
    let by_flag = machine.run_with(&["serve", "--root", "/nonexistent/flag"], &variable);
    assert!(by_flag.stderr.starts_with(&said("flag")), "{by_flag:?}");
}

#[test]
fn a_socket_path_the_system_cannot_take_is_refused_before_anything_is_made() {
    let machine = Machine::new();
    let long = "x".repeat(120);
    let ran = machine.run(&["serve", "--data-dir", &long]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("hint: choose a shorter --data-dir"), "{ran:?}");
    assert!(!machine.home().join("work").join(long).exists());
}
