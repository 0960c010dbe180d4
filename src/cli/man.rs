//! `claude-web man`: one page for the program and all its subcommands, made from the command line's own definition.

use super::exit::{CliError, Exit};
use super::{command, output};
use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

const DESCRIPTION: &str = "claude-web serves the Claude Code sessions of this machine to a browser, as chat or as \
terminal, over TLS and only to whoever has the access token. It listens on loopback unless it is told otherwise. The \
subcommands beside serve talk to the running server of the same user over a Unix socket.";

pub(super) fn run() -> Result<(), CliError> {
    Ok(output::data(&page()?)?)
}

fn page() -> Result<String, CliError> {
    let mut program = command();
    program.build();
    let mut out = Vec::new();
    let man = Man::new(program.clone()).manual("claude-web manual");
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    for command in leaves(&program) {
        roff.control("br", []).text([bold(&command.path), roman(" "), roman(arguments_of(command.command))]);
    }
    roff.control("SH", ["DESCRIPTION"]).text([roman(DESCRIPTION)]);
    roff.control("SH", ["COMMANDS"]);
    for command in leaves(&program) {
        described(&mut roff, &command);
    }
    roff.control("SH", ["OPTIONS OF EVERY COMMAND"]);
    for arg in program.get_arguments().filter(|arg| arg.is_global_set()) {
        option(&mut roff, arg);
    }
    values(&mut roff);
    exit_status(&mut roff);
    environment(&mut roff, &program);
    files(&mut roff);
    examples(&mut roff);
    roff.to_writer(&mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// A subcommand that does something, with its words.
struct Leaf<'a> {
    path: String,
    command: &'a Command,
}

fn leaves(program: &Command) -> Vec<Leaf<'_>> {
    fn below<'a>(path: &str, command: &'a Command, out: &mut Vec<Leaf<'a>>) {
        let path = format!("{path} {}", command.get_name());
        if command.has_subcommands() {
            command.get_subcommands().for_each(|inner| below(&path, inner, out));
        } else {
            out.push(Leaf { path, command });
        }
    }
    let mut out = Vec::new();
    program.get_subcommands().for_each(|command| below(program.get_name(), command, &mut out));
    out
}

fn own_arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| !arg.is_global_set() && !arg.is_hide_set() && arg.get_id() != "help")
}

fn arguments_of(command: &Command) -> String {
    let has_options = own_arguments(command).any(|arg| !arg.is_positional());
    let positional = own_arguments(command).filter(|arg| arg.is_positional()).map(|arg| {
        let many = arg.get_num_args().is_some_and(|count| count.max_values() > 1);
        format!("{}{}", value_name(arg), if many { "..." } else { "" })
    });
    let words: Vec<String> = has_options.then(|| "[OPTIONS]".to_owned()).into_iter().chain(positional).collect();
    words.join(" ")
}

fn described(roff: &mut Roff, leaf: &Leaf<'_>) {
    roff.control("SS", [leaf.path.as_str()]);
    roff.text([roman(leaf.command.get_about().map(ToString::to_string).unwrap_or_default() + ".")]);
    for arg in own_arguments(leaf.command) {
        option(roff, arg);
    }
}

fn option(roff: &mut Roff, arg: &Arg) {
    let mut head: Vec<Inline> = Vec::new();
    match arg.get_long() {
        Some(long) => head.push(bold(format!("--{long}"))),
        None => head.push(italic(value_name(arg))),
    }
    if arg.get_long().is_some() && arg.get_action().takes_values() {
        let optional = arg.get_num_args().is_some_and(|count| count.min_values() == 0);
        if optional {
            head.extend([roman("[="), italic(value_name(arg)), roman("]")]);
        } else {
            head.extend([roman(" "), italic(value_name(arg))]);
        }
    }
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let choices = arg.get_possible_values();
    let choices: Vec<&str> = choices.iter().map(|value| value.get_name()).collect();
    // A switch may be given as true or false; that is said once, for all of them.
    if !choices.is_empty() && !choices.contains(&"true") {
        text.push_str(&format!(" (one of {})", choices.join(", ")));
    }
    roff.control("TP", []).text(head).text([roman(text + ".")]);
}

fn value_name(arg: &Arg) -> String {
    let name = arg.get_value_names().and_then(<[_]>::first).map(ToString::to_string);
    name.unwrap_or_else(|| arg.get_id().as_str().to_uppercase())
}

fn item(roff: &mut Roff, head: &str, text: &str) {
    roff.control("TP", []).text([bold(head)]).text([roman(text)]);
}

fn values(roff: &mut Roff) {
    roff.control("SH", ["VALUES"]);
    item(roff, "TIME", "A number with its unit, such as 500ms, 60s, 30m, 2h, 1d or 1h30m; 0; or never.");
    item(
        roff,
        "BOOL",
        "true or false. A switch without a value is true; --lan=false takes back what a file or variable says.",
    );
    item(roff, "ID", "The id of a session, or at least its first four characters if no other id begins with them.");
}

fn exit_status(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]);
    for (exit, text) in Exit::ALL {
        item(roff, &(exit as u8).to_string(), text);
    }
    roff.control("PP", []).text([roman(
        "sessions attach gives the code of the program that ended, or 128 and the number of the signal that ended it; \
         0 when it was detached.",
    )]);
}

fn environment(roff: &mut Roff, program: &Command) {
    roff.control("SH", ["ENVIRONMENT"]);
    roff.text([roman(
        "A flag beats its variable, and the variable beats config.toml. Lists are separated by commas; a list replaces a list.",
    )]);
    let serve = program.find_subcommand("serve").into_iter().flat_map(own_arguments);
    let global = program.get_arguments().filter(|arg| arg.is_global_set());
    for arg in global.chain(serve) {
        if let (Some(variable), Some(long)) = (arg.get_env(), arg.get_long()) {
            item(roff, &variable.to_string_lossy(), &format!("The same as --{long}."));
        }
    }
    item(roff, "CLAUDE_WEB_CONFIG", "The configuration file to read instead of the one below; it has to be there.");
    item(roff, "XDG_RUNTIME_DIR", "Where the control socket is put, if only this user can enter it.");
    item(roff, "SHELL", "The shell of terminal sessions, unless --shell names one.");
    item(roff, "NO_COLOR", "When set, QR codes are drawn without colours.");
}

fn files(roff: &mut Roff) {
    roff.control("SH", ["FILES"]);
    item(
        roff,
        "~/.config/claude-web/config.toml",
        "Settings of serve. The keys are its flags without the dashes in front, for example on-disconnect = \"finish\". \
         Unknown keys are an error. Relative paths start at the file's directory. On macOS: \
         ~/Library/Application Support/claude-web/config.toml.",
    );
    item(
        roff,
        "~/.local/share/claude-web",
        "Certificate, key and state, for this user only. On macOS: ~/Library/Application Support/claude-web. \
         --data-dir names another. Recordings of terminals are in recordings/, up to 1 GiB; the oldest make room.",
    );
    item(
        roff,
        "$XDG_RUNTIME_DIR/claude-web/control.sock",
        "The control socket. Without XDG_RUNTIME_DIR, or with --data-dir, it is run/control.sock in the data directory.",
    );
}

fn examples(roff: &mut Roff) {
    roff.control("SH", ["EXAMPLES"]);
    item(roff, "claude-web serve --root ~/code", "Serve the projects below ~/code to the browsers of this machine.");
    item(
        roff,
        "claude-web serve --lan --on-disconnect finish",
        "Let a phone in the same network in; running turns end first.",
    );
    item(
        roff,
        "claude-web sessions attach 0f5b1c2d",
        "Show a terminal session in this terminal. Ctrl-] detaches and leaves it running; the title of the window says so.",
    );
    item(roff, "claude-web sessions kill --all", "Stop every session; returns when their processes are gone.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_command_flag_and_variable() {
        let page = page().expect("renders").replace('\\', "");
        let mut program = command();
        program.build();
        for leaf in leaves(&program) {
            assert!(page.contains(&leaf.path), "{}", leaf.path);
            for arg in own_arguments(leaf.command) {
                if let Some(long) = arg.get_long() {
                    assert!(page.contains(&format!("--{long}")), "{long}");
                }
                if let Some(variable) = arg.get_env() {
                    assert!(page.contains(&*variable.to_string_lossy()), "{variable:?}");
                }
            }
        }
    }
}
