#!/bin/sh
# install.sh, end to end, in a directory of its own: archives made here, a stub cargo, a stub npm, a server on loopback.
# Prints a line per case and, at the end, "N passed, N failed".

set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
installer=$(CDPATH='' cd -- "$here/../.." && pwd)/install.sh
base=$(mktemp -d "${TMPDIR:-/tmp}/claude-web-install-test.XXXXXX")
server=
passed=0
failed=0

finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    rm -rf "$base"
}
trap finish EXIT
trap 'exit 130' INT TERM

# ---- support ---------------------------------------------------------------------------------------------------

# The tools the installer may use, and nothing else of this machine: no cargo, no npm, no claude.
tools=$base/tools
mkdir "$tools"
for name in sh cat cp chmod mv rm rmdir mkdir mktemp tar gzip sed sort tr cut grep uname sha256sum shasum curl wget dirname ls pwd env; do
    found=$(command -v "$name" 2>/dev/null) || continue
    case $found in /*) ln -s "$found" "$tools/$name" ;; esac
done

# What is installed: a program that answers what the installer asks of it.
make_program() {
    cat >"$1" <<'PROGRAM'
#!/bin/sh
case $1 in
--version) echo "claude-web 9.9.9" ;;
completions) echo "# completion for $2" ;;
man) echo ".TH claude-web 1" ;;
*) exit 2 ;;
esac
PROGRAM
    chmod 755 "$1"
}

case $(uname -s) in Darwin) os=darwin ;; *) os=linux ;; esac
case $(uname -m) in aarch64 | arm64) arch=aarch64 ;; *) arch=x86_64 ;; esac
release=claude-web-9.9.9-$os-$arch
mkdir -p "$base/$release" "$base/releases"
make_program "$base/$release/claude-web"
archive=$base/releases/$release.tar.gz
tar -czf "$archive" -C "$base" "$release"
sum=$(sha256sum <"$archive" 2>/dev/null || shasum -a 256 <"$archive")
printf '%s  %s\n' "${sum%% *}" "$release.tar.gz" >"$archive.sha256"
echo 9.9.9 >"$base/releases/latest"

# run PATH-PREFIX ARGUMENT...: the installer with a small environment; sets $code and $output.
run() {
    extra=$1
    shift
    output=$(cd "$base" && env -i HOME="$base/home" PATH="$extra$tools" TMPDIR="$base/tmp" \
        ${CLAUDE_WEB_RELEASE_URL:+CLAUDE_WEB_RELEASE_URL="$CLAUDE_WEB_RELEASE_URL"} \
        sh "${script:-$installer}" "$@" </dev/null 2>&1)
    code=$?
}

fresh() {
    rm -rf "${base:?}/home" "$base/tmp" "$base/prefix" "$base/a prefix with 'quotes' and spaces"
    mkdir "$base/home" "$base/tmp"
    unset script CLAUDE_WEB_RELEASE_URL
}

problem=
expect() { [ "$1" = "$2" ] || problem="${problem}
    expected: $2
    got:      $1"; }
expect_output() { case $output in *"$1"*) ;; *) problem="${problem}
    the output does not say: $1" ;; esac; }
expect_file() { [ -f "$1" ] || problem="${problem}
    missing: $1"; }
expect_nothing() {
    if [ -e "$1" ]; then
        problem="${problem}
    left behind: $(find "$1")"
    fi
}

check() {
    fresh
    problem=
    "$2"
    [ -z "$(ls -A "$base/tmp")" ] || problem="${problem}
    temporary files left: $(ls -A "$base/tmp")"
    if [ -z "$problem" ]; then
        passed=$((passed + 1))
        echo "ok   $1"
    else
        failed=$((failed + 1))
        printf 'FAIL %s%s\n    exit code %s, output:\n%s\n' "$1" "$problem" "$code" "$output"
    fi
}

# ---- cases -----------------------------------------------------------------------------------------------------

archive_with_checksum() {
    run '' --prefix "$base/prefix" --archive "$archive"
    expect "$code" 0
    expect_output "Checksum verified"
    expect_output "Installed claude-web 9.9.9"
    expect_output "is not on your PATH"
    for file in bin/claude-web share/bash-completion/completions/claude-web share/zsh/site-functions/_claude-web \
        share/fish/vendor_completions.d/claude-web.fish share/man/man1/claude-web.1; do
        expect_file "$base/prefix/$file"
    done
    expect "$("$base/prefix/bin/claude-web" --version)" "claude-web 9.9.9"
    expect "$(cat "$base/prefix/share/fish/vendor_completions.d/claude-web.fish")" "# completion for fish"
}

default_prefix() {
    run "$base/home/.local/bin:" --archive "$archive"
    expect "$code" 0
    expect_file "$base/home/.local/bin/claude-web"
    expect_output "Start it with: claude-web serve"
}

bad_checksum() {
    cp "$archive" "$base/tmp.tar.gz"
    printf '%064d  x\n' 7 >"$base/tmp.tar.gz.sha256"
    run '' --prefix "$base/prefix" --archive "$base/tmp.tar.gz"
    expect "$code" 1
    expect_output "the checksum is"
    expect_output "do not use it"
    expect_nothing "$base/prefix"
    echo "not a checksum" >"$base/tmp.tar.gz.sha256"
    run '' --prefix "$base/prefix" --archive "$base/tmp.tar.gz"
    expect "$code" 1
    expect_output "holds no checksum"
    expect_nothing "$base/prefix"
}

broken_archive() {
    echo garbage >"$base/broken.tar.gz"
    run '' --prefix "$base/prefix" --archive "$base/broken.tar.gz"
    expect "$code" 1
    expect_output "could not unpack broken.tar.gz"
    run '' --prefix "$base/prefix" --archive "$base/nowhere.tar.gz"
    expect "$code" 1
    expect_output "there is no such file"
    (cd "$base" && echo x >other && tar -czf other.tar.gz other)
    run '' --prefix "$base/prefix" --archive "$base/other.tar.gz"
    expect "$code" 1
    expect_output "there is no claude-web in it"
    expect_nothing "$base/prefix"
}

program_of_another_system() {
    mkdir -p "$base/foreign"
    printf '#!/nowhere/at/all\n' >"$base/foreign/claude-web"
    chmod 755 "$base/foreign/claude-web"
    tar -czf "$base/foreign.tar.gz" -C "$base" foreign
    run '' --prefix "$base/prefix" --archive "$base/foreign.tar.gz"
    expect "$code" 1
    expect_output "could not run the new claude-web"
    expect_nothing "$base/prefix"
}

prefix_with_spaces() {
    odd="$base/a prefix with 'quotes' and spaces"
    run '' "--prefix=$odd" --archive "$archive"
    expect "$code" 0
    expect "$("$odd/bin/claude-web" --version)" "claude-web 9.9.9"
    run '' --uninstall --prefix "$odd"
    expect "$code" 0
    expect_nothing "$odd"
}

relative_prefix() {
    run '' --prefix prefix --archive "releases/$release.tar.gz"
    expect "$code" 0
    expect_file "$base/prefix/bin/claude-web"
}

uninstall_takes_only_ours() {
    mkdir -p "$base/prefix/bin" "$base/prefix/share/man"
    echo mine >"$base/prefix/bin/other"
    run '' --prefix "$base/prefix" --archive "$archive"
    run '' --prefix "$base/prefix" --archive "$archive"
    expect "$code" 0
    echo theirs >"$base/prefix/share/zsh/site-functions/_other"
    run '' --uninstall --prefix "$base/prefix"
    expect "$code" 0
    expect_output "5 files"
    expect "$(cd "$base/prefix" && find . | LC_ALL=C sort | tr '\n' ' ')" \
        ". ./bin ./bin/other ./share ./share/man ./share/zsh ./share/zsh/site-functions ./share/zsh/site-functions/_other "
    run '' --uninstall --prefix "$base/prefix"
    expect "$code" 1
    expect_output "could not uninstall"
}

uninstall_refuses_a_foreign_manifest() {
    mkdir -p "$base/prefix/share/claude-web"
    echo precious >"$base/home/precious"
    printf 'file ../home/precious\n' >"$base/prefix/share/claude-web/install-manifest"
    run '' --uninstall --prefix "$base/prefix"
    expect "$code" 1
    expect_file "$base/home/precious"
}

replace_is_atomic() {
    run '' --prefix "$base/prefix" --archive "$archive"
    before=$(ls -i "$base/prefix/bin/claude-web")
    ln "$base/prefix/bin/claude-web" "$base/tmp-running"
    run '' --prefix "$base/prefix" --archive "$archive"
    expect "$code" 0
    [ "$before" != "$(ls -i "$base/prefix/bin/claude-web")" ] || problem="${problem} the file in use was written into"
    expect "$(ls -A "$base/prefix/bin")" "claude-web"
    rm "$base/tmp-running"
}

unwritable_prefix() {
    echo file >"$base/prefix"
    run '' --prefix "$base/prefix" --archive "$archive"
    expect "$code" 1
    expect_output "could not make $base/prefix"
    expect_output "--prefix DIR"
    rm "$base/prefix"
}

download_with_checksum() {
    run '' --prefix "$base/prefix" --archive "$url/$release.tar.gz"
    expect "$code" 0
    expect_output "Checksum verified"
    expect_file "$base/prefix/bin/claude-web"
}

download_newest_release() {
    CLAUDE_WEB_RELEASE_URL=$url/
    run '' --prefix "$base/prefix"
    expect "$code" 0
    expect_output "Downloading $url/$release.tar.gz"
    expect_file "$base/prefix/bin/claude-web"
    run '' --prefix "$base/prefix" --version 8.0.0
    expect "$code" 1
    expect_output "could not download $url/claude-web-8.0.0-"
}

download_without_checksum() {
    cp "$archive" "$base/releases/unchecked.tar.gz"
    run '' --prefix "$base/prefix" --archive "$url/unchecked.tar.gz"
    expect "$code" 1
    expect_output "could not download $url/unchecked.tar.gz.sha256"
    expect_nothing "$base/prefix"
}

download_needs_https() {
    run '' --prefix "$base/prefix" --archive "http://example.invalid/$release.tar.gz"
    expect "$code" 1
    expect_output "it is not https"
}

make_source() {
    rm -rf "$base/source" "$base/stub"
    mkdir "$base/source" "$base/stub"
    cp "$installer" "$base/source/install.sh"
    printf '[package]\nname = "claude-web"\n' >"$base/source/Cargo.toml"
    script=$base/source/install.sh
}

build_from_source() {
    make_source
    cat >"$base/stub/cargo" <<STUB
#!/bin/sh
echo "\$*" >"$base/source/arguments"
mkdir -p "$base/source/target/release"
cp "$base/$release/claude-web" "$base/source/target/release/claude-web"
STUB
    chmod 755 "$base/stub/cargo"
    run "$base/stub:" --prefix "$base/prefix"
    expect "$code" 0
    expect "$(cut -d ' ' -f 1-3 "$base/source/arguments")" "build --release --locked"
    expect_file "$base/prefix/bin/claude-web"
    printf '#!/bin/sh\nexit 101\n' >"$base/stub/cargo"
    run "$base/stub:" --prefix "$base/prefix"
    expect "$code" 1
    expect_output "could not build claude-web"
}

missing_cargo() {
    make_source
    run '' --prefix "$base/prefix"
    expect "$code" 1
    expect_output "cargo was not found"
    expect_output "--archive FILE|URL"
    expect_nothing "$base/prefix"
}

nothing_to_install() {
    mkdir -p "$base/alone"
    cp "$installer" "$base/alone/install.sh"
    script=$base/alone/install.sh
    run '' --prefix "$base/prefix"
    expect "$code" 1
    expect_output "no archive was named"
}

make_npm() {
    mkdir -p "$base/npm"
    printf '#!/bin/sh\necho "$*" >>"%s/npm-calls"\nexit %s\n' "$base/home" "$1" >"$base/npm/npm"
    chmod 755 "$base/npm/npm"
}

claude_is_never_installed_unasked() {
    make_npm 0
    run "$base/npm:" --prefix "$base/prefix" --archive "$archive"
    expect "$code" 0
    expect_output "npm install -g @anthropic-ai/claude-code"
    expect_nothing "$base/home/npm-calls"
}

claude_with_yes() {
    make_npm 0
    run "$base/npm:" --prefix "$base/prefix" --archive "$archive" --yes
    expect "$code" 0
    expect "$(cat "$base/home/npm-calls")" "install -g @anthropic-ai/claude-code"
    make_npm 1
    run "$base/npm:" --prefix "$base/prefix" --archive "$archive" --yes
    expect "$code" 1
    expect_output "claude-web itself is installed"
}

claude_is_there() {
    make_npm 0
    mkdir -p "$base/home/.local/bin"
    make_program "$base/home/.local/bin/claude"
    run "$base/npm:" --prefix "$base/prefix" --archive "$archive" --yes
    expect "$code" 0
    expect_nothing "$base/home/npm-calls"
}

claude_without_npm() {
    run '' --prefix "$base/prefix" --archive "$archive" --yes
    expect "$code" 0
    expect_output "Install Node.js 18 or newer"
}

command_line() {
    run '' --help
    expect "$code" 0
    expect_output "usage: install.sh"
    run '' --wrong
    expect "$code" 2
    expect_output "unknown argument: --wrong"
    run '' --prefix
    expect "$code" 2
    expect_output "--prefix needs a value"
}

# ---- main ------------------------------------------------------------------------------------------------------

node - "$base/releases" >"$base/port" <<'SERVER' &
const http = require('node:http')
const fs = require('node:fs')
const path = require('node:path')
const server = http.createServer((request, response) => {
  const file = path.join(process.argv[2], path.basename(request.url))
  if (!fs.existsSync(file)) return response.writeHead(404).end()
  response.end(fs.readFileSync(file))
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
SERVER
server=$!
tries=0
while [ ! -s "$base/port" ] && [ $tries -lt 50 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
url=http://127.0.0.1:$(cat "$base/port")

check "an archive with its checksum" archive_with_checksum
check "the default prefix, on the PATH" default_prefix
check "a wrong checksum installs nothing" bad_checksum
check "a broken, missing or foreign archive" broken_archive
check "a program built for another system" program_of_another_system
check "a prefix with spaces and quotes; uninstall leaves nothing" prefix_with_spaces
check "a relative prefix" relative_prefix
check "uninstall takes only what was installed" uninstall_takes_only_ours
check "a manifest that names foreign files is refused" uninstall_refuses_a_foreign_manifest
check "the program is replaced, not written into" replace_is_atomic
check "a prefix that cannot be made" unwritable_prefix
check "a download with its checksum" download_with_checksum
check "the newest release, and one that is not there" download_newest_release
check "a download without checksum installs nothing" download_without_checksum
check "plain http is refused" download_needs_https
check "a build from source, and one that fails" build_from_source
check "cargo is missing" missing_cargo
check "neither source nor archive" nothing_to_install
check "Claude Code is never installed without a yes" claude_is_never_installed_unasked
check "Claude Code with --yes, and npm failing" claude_with_yes
check "Claude Code is there already" claude_is_there
check "Claude Code without npm" claude_without_npm
check "help and wrong arguments" command_line

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
