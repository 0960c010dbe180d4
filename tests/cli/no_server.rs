//! What the subcommands say when no server runs.

use crate::support::Machine;
use std::fs;
use std::os::unix::net::UnixListener;

const TALKERS: [&[&str]; 7] = [
    &["sessions", "list"],
    &["sessions", "list", "--json"],
    &["sessions", "kill", "0f5b"],
    &["sessions", "kill", "--all"],
    &["sessions", "logs", "0f5b"],
    &["token", "new"],
    &["url"],
];

#[test]
fn without_a_server_the_exit_code_is_3() {
    let machine = Machine::new();
    for args in TALKERS {
        let ran = machine.run(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(3), ""), "{args:?}: {ran:?}");
        assert!(ran.stderr.starts_with("error: no server is running: nothing answers at "), "{ran:?}");
        assert!(ran.stderr.contains("hint: start one with `claude-web serve`"), "{ran:?}");
    }
}

#[test]
fn a_socket_a_killed_server_left_behind_is_no_server() {
    let machine = Machine::new();
    let run = machine.home().join("state/run");
    fs::create_dir_all(&run).expect("runtime directory");
    drop(UnixListener::bind(run.join("control.sock")).expect("socket"));
    let data_dir = machine.path("state");
    for args in TALKERS {
        let ran = machine.run(&[args, &["--data-dir", &data_dir]].concat());
        assert_eq!(ran.code, Some(3), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(&machine.path("state/run/control.sock")), "{ran:?}");
    }
}

#[test]
fn the_data_directory_of_variable_and_file_is_where_the_server_is_looked_for() {
    let machine = Machine::new();
    machine.config("data-dir = \"~/by-file\"\n");
    let by_file = machine.run(&["sessions", "list"]);
    assert!(by_file.stderr.contains(&machine.path("by-file/run/control.sock")), "{by_file:?}");
    let by_variable = machine.run_with(&["url"], &[("CLAUDE_WEB_DATA_DIR", "by-variable")]);
    assert!(by_variable.stderr.contains(&machine.path("work/by-variable/run/control.sock")), "{by_variable:?}");
}
