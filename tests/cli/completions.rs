//! The committed completions are those of this command line.

use crate::support::{Machine, repository};
use std::fs;

#[test]
fn completions_are_current() {
    let machine = Machine::new();
    for (shell, file) in [("bash", "claude-web.bash"), ("zsh", "_claude-web"), ("fish", "claude-web.fish")] {
        let ran = machine.run(&["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{shell}");
        let path = repository("completions").join(file);
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            fs::create_dir_all(repository("completions")).expect("completions");
            fs::write(&path, &ran.stdout).expect("write");
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == ran.stdout,
            "completions/{file} is stale: UPDATE_GENERATED=1 cargo test --test cli completions"
        );
    }
}
