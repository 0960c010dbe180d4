//! Command lines that make no sense, and the help that says which do.

use crate::support::Machine;

#[test]
fn usage_errors_exit_2_and_say_what_was_wrong() {
    let machine = Machine::new();
    for (args, said) in [
        (&["--nonsense"][..], "unexpected argument '--nonsense'"),
        (&["nonsense"], "unrecognized subcommand 'nonsense'"),
        (&["serve", "--port", "99999"], "invalid value '99999' for '--port <PORT>'"),
        (&["serve", "--idle-timeout", "30"], "a length of time is a number with its unit"),
        (&["serve", "--host", "https://a"], "a host is a name"),
        (&["serve", "--on-disconnect", "explode"], "[possible values: kill, finish, keep]"),
        (&["serve", "--tls-cert", "c.pem"], "--tls-key <FILE>"),
        (&["sessions", "kill"], "<ID>..."),
        (&["sessions", "kill", "abc"], "at least its first 4 characters"),
        (&["sessions", "kill", "--all", "abcd"], "cannot be used with"),
        (&["sessions", "export", "abcd", "--format", "pdf"], "[possible values: md, html, json, jsonl]"),
        (&["sessions", "export"], "<ID>"),
        (&["sessions", "attach"], "<ID>"),
        (&["sessions", "attach", "abcd", "--detach-key", "ctrl-m"], "this key is needed for typing"),
        (&["completions", "tcsh"], "[possible values: bash, zsh, fish]"),
    ] {
        let ran = machine.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(said), "{args:?}: {ran:?}");
        assert_eq!(ran.stdout, "", "{args:?}");
    }
}

#[test]
fn a_bad_variable_is_a_usage_error_too() {
    let ran = Machine::new().run_with(&["serve"], &[("CLAUDE_WEB_PORT", "many")]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("invalid value 'many' for '--port <PORT>'"), "{ran:?}");
}

#[test]
fn help_and_version_go_to_stdout_and_are_success() {
    let machine = Machine::new();
    for args in [&["--help"][..], &["serve", "--help"], &["sessions", "kill", "-h"], &["--version"]] {
        let ran = machine.run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{args:?}");
        assert!(!ran.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn no_flag_takes_a_secret() {
    // Every user of the machine can read the arguments of a program.
    let help = Machine::new().run(&["serve", "--help"]).stdout;
    for word in ["--token", "--password", "--secret", "--api-key"] {
        assert!(!help.contains(word), "{word}");
    }
}

#[test]
fn a_closed_pipe_is_success() {
    let machine = Machine::new();
    for args in [&["man"][..], &["completions", "bash"], &["--help"], &["serve", "--help"]] {
        let (reader, writer) = std::io::pipe().expect("pipe");
        drop(reader);
        let output = machine.command(args).stdout(writer).output().expect("runs");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{args:?}: {output:?}");
    }
}
