//! The shape of the command line.

use super::*;
use clap::Command as Clap;

fn built() -> Clap {
    let mut command = command();
    command.build();
    command
}

fn flags_of_serve() -> Vec<(String, String)> {
    let command = built();
    let serve = command.find_subcommand("serve").expect("serve");
    let long = |arg: &clap::Arg| Some((arg.get_long()?.to_owned(), arg.get_env()?.to_str()?.to_owned()));
    serve.get_arguments().filter_map(long).collect()
}

#[test]
fn the_definition_holds() {
    command().debug_assert();
}

#[test]
fn every_flag_of_serve_is_a_variable_and_a_key() {
    let flags = flags_of_serve();
    assert_eq!(flags.len(), 23, "{flags:?}");
    // The parser names every key it knows when it meets one it does not.
    let keys = toml::from_str::<crate::config::Settings>("no-such-key = 1").unwrap_err().to_string();
    for (flag, variable) in flags {
        assert_eq!(variable, format!("CLAUDE_WEB_{}", flag.replace('-', "_").to_uppercase()));
        assert!(keys.contains(&format!("`{flag}`")), "{flag}: {keys}");
    }
}

#[test]
fn arguments_are_taken_or_refused() {
    let takes = |line: &str| Cli::try_parse_from(line.split(' ')).map_err(|error| error.to_string());
    for line in [
        "claude-web serve",
        "claude-web serve --lan --json --no-qr --open",
        "claude-web serve --lan=false --bind 10.0.0.1 --bind ::1 --env A,B --env C",
        "claude-web serve --data-dir /x --on-disconnect finish --disconnect-grace 0 --idle-timeout never",
        "claude-web --data-dir /x sessions list --all --json",
        "claude-web sessions kill 0f5b 0f5c",
        "claude-web sessions kill --all",
        "claude-web sessions logs 0f5b1c2d --json --data-dir /x",
        "claude-web sessions attach 0f5b1c2d --drive --detach-key ctrl-a",
        "claude-web token new --replace",
        "claude-web url --no-qr --json",
        "claude-web doctor --json",
        "claude-web completions zsh",
        "claude-web man",
    ] {
        assert!(takes(line).is_ok(), "{line}: {:?}", takes(line));
    }
    for line in [
        "claude-web",
        "claude-web start",
        "claude-web serve extra",
        "claude-web serve --lan false",
        "claude-web serve --port 65536",
        "claude-web serve --port=-1",
        "claude-web serve --bind example.net",
        "claude-web serve --host https://example.net",
        "claude-web serve --tls-cert c.pem",
        "claude-web serve --tls-key k.pem",
        "claude-web serve --max-sessions 0",
        "claude-web serve --on-disconnect explode",
        "claude-web serve --idle-timeout 30",
        "claude-web serve --env A=b",
        "claude-web serve --log-level loud",
        "claude-web serve --token secret",
        "claude-web serve --por 1",
        "claude-web sessions",
        "claude-web sessions kill",
        "claude-web sessions kill abc",
        "claude-web sessions kill --all 0f5b",
        "claude-web sessions logs",
        "claude-web sessions attach",
        "claude-web sessions attach 0f5b --detach-key ctrl-m",
        "claude-web token",
        "claude-web completions powershell",
    ] {
        assert!(takes(line).is_err(), "{line}");
    }
}
