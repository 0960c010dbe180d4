//! What a settings file or a list of MCP servers says that matters.

use super::stored::LISTS;
use super::unreadable;
use crate::claude::describe::one_line;
use crate::protocol::{TrustItem, TrustItemKind};
use serde_json::{Map, Value};

/// What is shown of a command; the rest is covered by the hash and said to be missing.
const MAX_DETAIL_CHARS: usize = 2000;
const MAX_ENV_CHARS: usize = 200;

/// Settings that name a program. Others of their kind end in `Helper`.
const HELPERS: [&str; 8] = [
    "awsAuthRefresh",
    "awsCredentialExport",
    "gcpAuthRefresh",
    "statusLine",
    "subagentStatusLine",
    "fileSuggestion",
    "enabledPlugins",
    "extraKnownMarketplaces",
];
/// Settings that lower what is asked, beside those under `permissions`.
const LOWERING: [&str; 6] = [
    "enableAllProjectMcpServers",
    "enabledMcpjsonServers",
    "sandbox",
    "autoMode",
    "skipDangerousModePermissionPrompt",
    "skipAutoPermissionPrompt",
];

/// What a file says; when it cannot be understood, the item that says so. The CLI may be more lenient.
pub(super) fn settings(file: &str, contents: &[u8]) -> Result<Map<String, Value>, TrustItem> {
    match serde_json::from_slice(contents) {
        Ok(Value::Object(settings)) => Ok(settings),
        Ok(_) => Err(unreadable(file, "it is not a JSON object")),
        Err(error) => Err(unreadable(file, &format!("it is not JSON: {error}"))),
    }
}

/// The items of one file, which may be of either kind.
pub(super) fn of_settings(file: &str, settings: &Map<String, Value>) -> Vec<TrustItem> {
    let mut items = Items { file, list: Vec::new() };
    for (key, value) in settings {
        items.setting(key, value);
    }
    items.list
}

struct Items<'a> {
    file: &'a str,
    list: Vec<TrustItem>,
}

impl Items<'_> {
    fn add(&mut self, kind: TrustItemKind, detail: &str) {
        self.list.push(TrustItem { kind, file: self.file.to_owned(), detail: one_line(detail, MAX_DETAIL_CHARS) });
    }

    fn setting(&mut self, key: &str, value: &Value) {
        // Null, false and empty switch something off.
        if is_off(value) {
            return;
        }
        match key {
            "hooks" => self.hooks(value),
            "mcpServers" => self.mcp_servers(value),
            "env" => self.environment(value),
            "permissions" => self.permissions(value),
            "enabledPlugins" | "extraKnownMarketplaces" => self.each_name(TrustItemKind::Helper, key, value),
            _ if HELPERS.contains(&key) || key.ends_with("Helper") => {
                let command = value.get("command").unwrap_or(value);
                self.add(TrustItemKind::Helper, &format!("{key}: {}", plain(command)));
            }
            _ if LOWERING.contains(&key) => self.add(TrustItemKind::Permissions, &format!("{key}: {}", plain(value))),
            _ => {}
        }
    }

    /// `{event: [{matcher, hooks: [{type, command | url | prompt}]}]}`.
    fn hooks(&mut self, value: &Value) {
        let Value::Object(events) = value else { return self.odd(TrustItemKind::Hook, "hooks", value) };
        for (event, matchers) in events {
            let Value::Array(matchers) = matchers else {
                self.odd(TrustItemKind::Hook, event, matchers);
                continue;
            };
            for entry in matchers {
                let when = match entry.get("matcher").and_then(Value::as_str) {
                    Some(matcher) if !matcher.is_empty() => format!("{event}({matcher})"),
                    _ => event.clone(),
                };
                match entry.get("hooks") {
                    Some(Value::Array(hooks)) => {
                        for hook in hooks {
                            self.add(TrustItemKind::Hook, &format!("{when}: {}", hook_action(hook)));
                        }
                    }
                    _ => self.odd(TrustItemKind::Hook, &when, entry),
                }
            }
        }
    }

    fn mcp_servers(&mut self, value: &Value) {
        let Value::Object(servers) = value else { return self.odd(TrustItemKind::McpServer, "mcpServers", value) };
        for (name, server) in servers {
            self.add(TrustItemKind::McpServer, &format!("{name}: {}", server_action(server)));
        }
    }

    fn environment(&mut self, value: &Value) {
        let Value::Object(variables) = value else { return self.odd(TrustItemKind::Environment, "env", value) };
        for (name, value) in variables {
            let value = one_line(&plain(value), MAX_ENV_CHARS);
            self.add(TrustItemKind::Environment, &format!("{name}={value}"));
        }
    }

    fn permissions(&mut self, value: &Value) {
        let Value::Object(permissions) = value else {
            return self.odd(TrustItemKind::Permissions, "permissions", value);
        };
        if let Some(mode) = permissions.get("defaultMode").filter(|mode| !is_off(mode))
            && !matches!(mode.as_str(), Some("default" | "plan"))
        {
            self.add(TrustItemKind::Permissions, &format!("defaultMode: {}", plain(mode)));
        }
        for key in LISTS {
            match permissions.get(key) {
                Some(Value::Array(rules)) => {
                    for rule in rules {
                        self.add(TrustItemKind::Permissions, &format!("{key}: {}", plain(rule)));
                    }
                }
                Some(other) if !is_off(other) => self.odd(TrustItemKind::Permissions, key, other),
                _ => {}
            }
        }
    }

    fn each_name(&mut self, kind: TrustItemKind, key: &str, value: &Value) {
        let Value::Object(names) = value else { return self.odd(kind, key, value) };
        for (name, setting) in names.iter().filter(|(_, setting)| !is_off(setting)) {
            let more = if setting.is_object() { format!(" {setting}") } else { String::new() };
            self.add(kind, &format!("{key}: {name}{more}"));
        }
    }

    /// Not the shape expected; shown whole, since the CLI may understand it.
    fn odd(&mut self, kind: TrustItemKind, name: &str, value: &Value) {
        self.add(kind, &format!("{name}: {}", plain(value)));
    }
}

fn hook_action(hook: &Value) -> String {
    for key in ["command", "url", "prompt"] {
        if let Some(action) = hook.get(key).and_then(Value::as_str) {
            let args = arguments(hook);
            return if key == "command" { format!("{action}{args}") } else { format!("{key} {action}") };
        }
    }
    hook.to_string()
}

fn server_action(server: &Value) -> String {
    let mut parts = Vec::new();
    if let Some(command) = server.get("command").and_then(Value::as_str) {
        parts.push(format!("{command}{}", arguments(server)));
    }
    if let Some(url) = server.get("url").and_then(Value::as_str) {
        parts.push(url.to_owned());
    }
    // Runs a program, too.
    if let Some(helper) = server.get("headersHelper").and_then(Value::as_str) {
        parts.push(format!("headersHelper: {helper}"));
    }
    if let Some(env) = server.get("env").filter(|env| env.as_object().is_some_and(|env| !env.is_empty())) {
        parts.push(format!("env: {env}"));
    }
    if parts.is_empty() { server.to_string() } else { parts.join(", ") }
}

fn arguments(value: &Value) -> String {
    let args = value.get("args").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    args.iter().map(|arg| format!(" {}", plain(arg))).collect()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_off(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => Map::is_empty(fields),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TrustItemKind::{Environment, Helper, Hook, McpServer, Permissions, Unreadable};
    use serde_json::json;

    fn of_file(file: &str, contents: &[u8]) -> Vec<TrustItem> {
        settings(file, contents).map_or_else(|item| vec![item], |settings| of_settings(file, &settings))
    }

    #[test]
    fn each_setting_that_matters_gives_an_item() {
        let hook = |action: Value| json!({ "hooks": { "PreToolUse": [{ "matcher": "Bash", "hooks": [action] }] } });
        let cases: Vec<(Value, Vec<(TrustItemKind, &str)>)> = vec![
            (hook(json!({ "type": "command", "command": "x.sh" })), vec![(Hook, "PreToolUse(Bash): x.sh")]),
            (
                hook(json!({ "type": "command", "command": "x", "args": ["-c", "y z"] })),
                vec![(Hook, "PreToolUse(Bash): x -c y z")],
            ),
            (
                hook(json!({ "type": "http", "url": "https://e.example" })),
                vec![(Hook, "PreToolUse(Bash): url https://e.example")],
            ),
            (hook(json!({ "type": "prompt", "prompt": "p" })), vec![(Hook, "PreToolUse(Bash): prompt p")]),
            (hook(json!({ "type": "new" })), vec![(Hook, "PreToolUse(Bash): {\"type\":\"new\"}")]),
            (
                json!({ "hooks": { "Stop": [{ "hooks": [{ "command": "a" }, { "command": "b\nc" }] }] } }),
                vec![(Hook, "Stop: a"), (Hook, "Stop: b⏎c")],
            ),
            (
                json!({ "hooks": { "Stop": "odd", "Stop2": [{ "hooks": [{ "command": "a" }] }] } }),
                vec![(Hook, "Stop: odd"), (Hook, "Stop2: a")],
            ),
            (json!({ "hooks": { "Stop": [] } }), vec![]),
            (
                json!({ "mcpServers": { "a": { "command": "npx", "args": ["-y", "p"], "env": { "K": "v" } } } }),
                vec![(McpServer, "a: npx -y p, env: {\"K\":\"v\"}")],
            ),
            (
                json!({ "mcpServers": { "b": { "type": "http", "url": "https://e", "headersHelper": "h" } } }),
                vec![(McpServer, "b: https://e, headersHelper: h")],
            ),
            (json!({ "apiKeyHelper": "/bin/key" }), vec![(Helper, "apiKeyHelper: /bin/key")]),
            (json!({ "otelHeadersHelper": "o" }), vec![(Helper, "otelHeadersHelper: o")]),
            (json!({ "awsAuthRefresh": "aws sso" }), vec![(Helper, "awsAuthRefresh: aws sso")]),
            (json!({ "awsCredentialExport": "e" }), vec![(Helper, "awsCredentialExport: e")]),
            (json!({ "statusLine": { "type": "command", "command": "s.sh" } }), vec![(Helper, "statusLine: s.sh")]),
            (json!({ "fileSuggestion": { "command": "f" } }), vec![(Helper, "fileSuggestion: f")]),
            (json!({ "enabledPlugins": { "a@m": true, "b@m": false } }), vec![(Helper, "enabledPlugins: a@m")]),
            (
                json!({ "extraKnownMarketplaces": { "m": { "source": "x" } } }),
                vec![(Helper, "extraKnownMarketplaces: m {\"source\":\"x\"}")],
            ),
            (
                json!({ "env": { "ANTHROPIC_BASE_URL": "https://evil", "N": 1 } }),
                vec![(Environment, "ANTHROPIC_BASE_URL=https://evil"), (Environment, "N=1")],
            ),
            (
                json!({ "permissions": { "defaultMode": "bypassPermissions" } }),
                vec![(Permissions, "defaultMode: bypassPermissions")],
            ),
            (json!({ "permissions": { "defaultMode": "plan", "deny": ["Bash"], "ask": ["Read"] } }), vec![]),
            (
                json!({ "permissions": { "allow": ["Bash(*)"], "additionalDirectories": ["/"] } }),
                vec![(Permissions, "allow: Bash(*)"), (Permissions, "additionalDirectories: /")],
            ),
            (json!({ "enableAllProjectMcpServers": true }), vec![(Permissions, "enableAllProjectMcpServers: true")]),
            (json!({ "enableAllProjectMcpServers": false, "apiKeyHelper": null, "env": {} }), vec![]),
            (json!({ "model": "opus", "theme": "dark", "$schema": "x" }), vec![]),
            (json!([]), vec![(Unreadable, "it is not a JSON object")]),
        ];
        for (settings, wanted) in cases {
            let items = of_file("f", settings.to_string().as_bytes());
            let found: Vec<_> = items.iter().map(|item| (item.kind, item.detail.as_str())).collect();
            assert_eq!(found, wanted, "{settings}");
        }
    }

    #[test]
    fn values_are_cut_and_made_visible() {
        let settings = json!({ "env": { "A": "x".repeat(500) }, "apiKeyHelper": "safe\u{202e}hs.live" });
        let items = of_file("f", settings.to_string().as_bytes());
        assert_eq!(items[0].detail, "apiKeyHelper: safe\u{fffd}hs.live");
        assert_eq!(items[1].detail.chars().count(), "A=".len() + 200);
        assert!(items[1].detail.ends_with('…'));
    }

    #[test]
    fn what_is_not_json_is_an_item() {
        for contents in [&b"{"[..], b"", b"\xff", b"// note\n{}", b"\xef\xbb\xbf{}"] {
            assert_eq!(of_file("f", contents)[0].kind, Unreadable, "{contents:?}");
        }
    }
}
