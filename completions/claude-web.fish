# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_claude_web_global_optspecs
    string join \n data-dir= h/help V/version
end

function __fish_claude_web_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_claude_web_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_claude_web_using_subcommand
    set -l cmd (__fish_claude_web_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c claude-web -n "__fish_claude_web_needs_command" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_needs_command" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_needs_command" -s V -l version -d 'Print version'
complete -c claude-web -n "__fish_claude_web_needs_command" -f -a "serve" -d 'Run the server'
complete -c claude-web -n "__fish_claude_web_needs_command" -f -a "sessions" -d 'List, stop and inspect the sessions of the running server'
complete -c claude-web -n "__fish_claude_web_needs_command" -f -a "token" -d 'Access tokens of the running server'
complete -c claude-web -n "__fish_claude_web_needs_command" -f -a "url" -d 'Print an address with a new access token'
complete -c claude-web -n "__fish_claude_web_needs_command" -f -a "doctor" -d 'Check what claude-web needs on this machine'
complete -c claude-web -n "__fish_claude_web_needs_command" -f -a "completions" -d 'Print the completions of a shell'
complete -c claude-web -n "__fish_claude_web_needs_command" -f -a "man" -d 'Print the manual page'
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l root -d 'Directory that holds every session\'s working directory [default: the current directory]' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l port -d 'TCP port; 0 takes any free one [default: 8443]' -r
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l lan -d 'Listen on every address of this machine, not only on loopback' -r -f -a "true\t''
false\t''"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l bind -d 'Listen on this address too; may be repeated' -r
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l host -d 'Answer to this name too, and put it into the certificate; may be repeated' -r
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l tls-cert -d 'PEM certificate chain to use instead of our own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l tls-key -d 'PEM private key of that certificate' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l claude -d 'The claude program to run [default: the first one found]' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l claude-config-dir -d 'CLAUDE_CONFIG_DIR of the sessions' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l shell -d 'Shell of terminal sessions [default: $SHELL, else /bin/sh]' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l max-sessions -d 'Sessions that may run at the same time [default: 20]' -r
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l on-disconnect -d 'What happens to a session without viewers [default: kill]' -r -f -a "kill\t'It is stopped'
finish\t'A running turn may end first'
keep\t'Only the idle timeout applies'"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l disconnect-grace -d 'How long a session waits for a viewer to come back [default: 60s]' -r
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l idle-timeout -d 'How long a session may do nothing before it is stopped; 0 for ever [default: 30m]' -r
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l allow-bypass -d 'Let sessions use the permission mode that asks nothing' -r -f -a "true\t''
false\t''"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l clean-env -d 'Give sessions only a short list of environment variables' -r -f -a "true\t''
false\t''"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l env -d 'Variable to add to that list; may be repeated' -r
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l json -d 'Print one line of JSON on stdout when connections are accepted, and nothing for people' -r -f -a "true\t''
false\t''"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l no-qr -d 'Print no QR code; --no-qr=false prints one always' -r -f -a "true\t''
false\t''"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l open -d 'Open the page in the browser of this machine' -r -f -a "true\t''
false\t''"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l log-level -d 'How much is logged to stderr [default: warn]' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l log-format -d 'How a log line looks [default: text]' -r -f -a "text\t'For people'
json\t'One object a line'"
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and not __fish_seen_subcommand_from list kill logs attach export" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and not __fish_seen_subcommand_from list kill logs attach export" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and not __fish_seen_subcommand_from list kill logs attach export" -f -a "list" -d 'List the sessions'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and not __fish_seen_subcommand_from list kill logs attach export" -f -a "kill" -d 'Stop sessions; returns when their processes are gone'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and not __fish_seen_subcommand_from list kill logs attach export" -f -a "logs" -d 'Print what a session\'s program wrote to standard error'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and not __fish_seen_subcommand_from list kill logs attach export" -f -a "attach" -d 'Show a terminal session in this terminal'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and not __fish_seen_subcommand_from list kill logs attach export" -f -a "export" -d 'Write a chat as Markdown, HTML or JSON'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from list" -l json -d 'Print all that is known, as a JSON array'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from list" -l all -d 'List ended sessions too'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from kill" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from kill" -l all -d 'Stop every running session'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from kill" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from logs" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from logs" -l json -d 'Print the lines with their times, as they came, as JSON'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l detach-key -d 'The key that detaches, such as ctrl-] or ctrl-q' -r
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from attach" -l drive -d 'Take the size over from whoever sets it'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from attach" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from export" -l format -d 'What to write; the end of the output file\'s name decides when this is not given, else md' -r -f -a "md\t'Markdown'
html\t'One page without scripts'
json\t'The session and its events'
jsonl\t'The events, one per line'"
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from export" -s o -l output -d 'File to write; - is standard output' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from export" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from export" -l force -d 'Overwrite the file when it is there'
complete -c claude-web -n "__fish_claude_web_using_subcommand sessions; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c claude-web -n "__fish_claude_web_using_subcommand token; and not __fish_seen_subcommand_from new" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand token; and not __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand token; and not __fish_seen_subcommand_from new" -f -a "new" -d 'Print a new access token'
complete -c claude-web -n "__fish_claude_web_using_subcommand token; and __fish_seen_subcommand_from new" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand token; and __fish_seen_subcommand_from new" -l replace -d 'End every other access token, and what was opened with it'
complete -c claude-web -n "__fish_claude_web_using_subcommand token; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand url" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand url" -l no-qr -d 'Print no QR code'
complete -c claude-web -n "__fish_claude_web_using_subcommand url" -l json -d 'Print the addresses and the token as JSON'
complete -c claude-web -n "__fish_claude_web_using_subcommand url" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand doctor" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand doctor" -l json -d 'Print the checks as a JSON array'
complete -c claude-web -n "__fish_claude_web_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand completions" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand completions" -s h -l help -d 'Print help'
complete -c claude-web -n "__fish_claude_web_using_subcommand man" -l data-dir -d 'Directory of certificate and state; each is an instance of its own' -r -F
complete -c claude-web -n "__fish_claude_web_using_subcommand man" -s h -l help -d 'Print help'
