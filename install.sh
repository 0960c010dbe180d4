#!/bin/sh
# Installs claude-web: the program, its shell completions and its man page.
# Run it with --help to see what it takes.

set -eu

REPO_CLAUDE_PACKAGE=@anthropic-ai/claude-code
MANIFEST=share/claude-web/install-manifest

usage() {
    cat <<'EOF'
Installs claude-web from a release archive, or from the source this script stands in.

usage: install.sh [--prefix DIR] [--archive FILE|URL] [--version V] [--yes]
       install.sh --uninstall [--prefix DIR]

  --prefix DIR        where to: DIR/bin, DIR/share (default: ~/.local)
  --archive FILE|URL  this release archive; a download needs URL.sha256 beside it
  --version V         which release, with CLAUDE_WEB_RELEASE_URL (default: the newest)
  --yes               answer yes: install Claude Code through npm when it is missing
  --uninstall         remove exactly what an earlier run put under the prefix
  --help              this text

environment:
  CLAUDE_WEB_RELEASE_URL  directory that holds claude-web-VERSION-OS-ARCH.tar.gz, each with
                          .sha256 beside it, and a file "latest" with the newest VERSION

Without --archive and CLAUDE_WEB_RELEASE_URL it runs "cargo build --release --locked".
EOF
}

say() { printf '%s\n' "$*"; }
warn() { printf 'install.sh: %s\n' "$*" >&2; }

# fail ATTEMPT REASON ADVICE: what was attempted, what was wrong, what to do next.
fail() {
    printf 'install.sh: could not %s\n  reason: %s\n  next:   %s\n' "$1" "$2" "$3" >&2
    exit 1
}

usage_error() {
    printf 'install.sh: %s\nTry: install.sh --help\n' "$1" >&2
    exit 2
}

work=
part=
cleanup() {
    [ -z "$part" ] || rm -f "$part"
    [ -z "$work" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- command line ----------------------------------------------------------------------------------------------

prefix=${HOME:+$HOME/.local}
archive=
version=
assume_yes=no
action=install

while [ $# -gt 0 ]; do
    case $1 in
    --prefix | --archive | --version)
        [ -n "${2-}" ] || usage_error "$1 needs a value"
        case $1 in
        --prefix) prefix=$2 ;;
        --archive) archive=$2 ;;
        --version) version=${2#v} ;;
        esac
        shift 2
        ;;
    --prefix=*) prefix=${1#*=} && shift ;;
    --archive=*) archive=${1#*=} && shift ;;
    --version=*) version=${1#*=} && version=${version#v} && shift ;;
    --yes | -y) assume_yes=yes && shift ;;
    --uninstall) action=uninstall && shift ;;
    --help | -h) usage && exit 0 ;;
    *) usage_error "unknown argument: $1" ;;
    esac
done

[ -n "$prefix" ] || usage_error "there is no HOME; say where to install with --prefix DIR"
case $prefix in
/*) ;;
*) prefix=$(pwd)/$prefix ;;
esac
case $prefix in
*"
"*) usage_error "the prefix must not contain a line break" ;;
esac
[ "$prefix" = / ] || prefix=${prefix%/}

# ---- uninstall -------------------------------------------------------------------------------------------------

# Paths in the manifest are relative to the prefix; anything else was not written by us.
is_ours() {
    [ "$1" != . ] || return 0
    case /$1/ in
    //* | */../* | */./*) return 1 ;;
    esac
}

uninstall() {
    manifest=$prefix/$MANIFEST
    [ -f "$manifest" ] || fail "uninstall from $prefix" "there is no $manifest" \
        "name the prefix it was installed under: install.sh --uninstall --prefix DIR"
    removed=0
    while read -r kind path; do
        is_ours "$path" || fail "uninstall from $prefix" "the manifest names \"$path\", which is not under the prefix" \
            "look at $manifest; nothing outside the prefix is removed"
        [ "$kind" = file ] || continue
        [ -e "$prefix/$path" ] || [ -L "$prefix/$path" ] || continue
        rm -f "$prefix/$path" || fail "remove $prefix/$path" "the system refused, see above" "run it as the owner of $prefix"
        removed=$((removed + 1))
    done <"$manifest"
    # Directories deepest first, and only those that were made for us and are empty now.
    directories=$(sed -n 's/^dir //p' "$manifest" | LC_ALL=C sort -r)
    rm -f "$manifest"
    printf '%s\n' "$directories" | while IFS= read -r path; do
        [ -z "$path" ] || rmdir "$prefix/$path" 2>/dev/null || :
    done
    # "." stands for the prefix itself, when it was made for us.
    case "
$directories
" in
    *"
.
"*) rmdir "$prefix" 2>/dev/null || : ;;
    esac
    say "Removed claude-web from $prefix ($removed files). Its configuration and data were left alone."
}

# ---- where the binary comes from --------------------------------------------------------------------------------

platform() {
    case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    *) fail "choose a release" "there are releases for Linux and macOS, this is $(uname -s)" "build from source: run install.sh inside a clone" ;;
    esac
    case $(uname -m) in
    x86_64 | amd64) arch=x86_64 ;;
    aarch64 | arm64) arch=aarch64 ;;
    *) fail "choose a release" "there are releases for x86_64 and aarch64, this is $(uname -m)" "build from source: run install.sh inside a clone" ;;
    esac
}

is_url() {
    case $1 in
    http://* | https://*) return 0 ;;
    *) return 1 ;;
    esac
}

# download URL FILE: over https only; plain http is for this machine itself.
download() {
    case $1 in
    https://* | http://127.0.0.1[:/]* | http://localhost[:/]*) ;;
    *) fail "download $1" "it is not https" "use an https URL" ;;
    esac
    if command -v curl >/dev/null 2>&1; then
        curl -fsSL --retry 2 -o "$2" "$1" || fail "download $1" "curl said so above" "check the URL and the network, then run install.sh again"
    elif command -v wget >/dev/null 2>&1; then
        wget -q -O "$2" "$1" || fail "download $1" "wget could not" "check the URL and the network, then run install.sh again"
    else
        fail "download $1" "neither curl nor wget is there" "install one of them, or download it by other means and use --archive FILE"
    fi
}

sha256_of() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum <"$1" | cut -d ' ' -f 1
    elif command -v shasum >/dev/null 2>&1; then
        shasum -a 256 <"$1" | cut -d ' ' -f 1
    else
        fail "check the archive" "neither sha256sum nor shasum is there" "install one of them"
    fi
}

# verify FILE SUMFILE NAME
verify() {
    wanted=$(sed -n '1s/[[:space:]].*//;1p' "$2" | tr 'A-F' 'a-f')
    case $wanted in
    *[!0-9a-f]* | '') fail "check $3" "its .sha256 holds no checksum" "download both files again" ;;
    esac
    [ ${#wanted} -eq 64 ] || fail "check $3" "its .sha256 holds no SHA-256" "download both files again"
    found=$(sha256_of "$1")
    [ "$found" = "$wanted" ] || fail "check $3" "the checksum is $found, it should be $wanted" \
        "download it again; if it stays so, do not use it"
    say "Checksum verified: $wanted"
}

release_url() {
    base=${CLAUDE_WEB_RELEASE_URL%/}
    platform
    if [ -z "$version" ]; then
        download "$base/latest" "$work/latest"
        version=$(sed -n '1p' "$work/latest")
    fi
    case $version in
    *[!0-9A-Za-z.+-]* | '') fail "choose a release" "\"$version\" is not a version" "name one with --version" ;;
    esac
    archive=$base/claude-web-$version-$os-$arch.tar.gz
}

binary_from_archive() {
    name=${archive##*/}
    if is_url "$archive"; then
        say "Downloading $archive"
        download "$archive" "$work/archive.tar.gz"
        download "$archive.sha256" "$work/archive.sha256"
        verify "$work/archive.tar.gz" "$work/archive.sha256" "$name"
        file=$work/archive.tar.gz
    else
        [ -f "$archive" ] || fail "read $archive" "there is no such file" "name the archive with its full path"
        file=$archive
        if [ -f "$archive.sha256" ]; then
            verify "$archive" "$archive.sha256" "$name"
        else
            warn "there is no $name.sha256 beside the archive: it was not checked"
        fi
    fi
    mkdir "$work/archive"
    tar -xzf "$file" -C "$work/archive" || fail "unpack $name" "it is not a readable .tar.gz" "download it again"
    binary=
    for candidate in "$work"/archive/claude-web "$work"/archive/*/claude-web; do
        if [ -f "$candidate" ] && [ ! -L "$candidate" ]; then
            binary=$candidate
            break
        fi
    done
    [ -n "$binary" ] || fail "install from $name" "there is no claude-web in it" "use a claude-web release archive"
    chmod 755 "$binary"
}

# The directory of this script, when it is a source tree of claude-web. Piped into sh there is none.
source_directory() {
    case $0 in
    */*) directory=${0%/*} ;;
    *) directory=. ;;
    esac
    directory=$(CDPATH='' cd -- "$directory" && pwd)
    [ -f "$directory/Cargo.toml" ] && grep -q '^name = "claude-web"' "$directory/Cargo.toml" && printf '%s\n' "$directory"
}

binary_from_source() {
    source_dir=$(source_directory) || fail "find something to install" "install.sh does not stand in the source of claude-web, and no archive was named" \
        "use --archive FILE|URL, set CLAUDE_WEB_RELEASE_URL, or run install.sh inside a clone"
    cargo=$(command -v cargo) || cargo=${CARGO_HOME:-${HOME:-}/.cargo}/bin/cargo
    [ -x "$cargo" ] || fail "build claude-web from $source_dir" "cargo was not found" \
        "install Rust (rustup.rs, or your system's package \"cargo\"), or use --archive FILE|URL"
    target=${CARGO_TARGET_DIR:-$source_dir/target}
    say "Building claude-web in $source_dir; the first time takes some minutes"
    (unset CARGO_BUILD_TARGET && "$cargo" build --release --locked --manifest-path "$source_dir/Cargo.toml" --target-dir "$target") ||
        fail "build claude-web" "cargo said so above" \
            "if it missed a linker or cc, install a C compiler (Debian: build-essential, macOS: xcode-select --install) and run install.sh again"
    binary=$target/release/claude-web
    [ -x "$binary" ] || fail "find the built binary" "there is no $binary" "look at cargo's output above"
}

# ---- putting things in place ------------------------------------------------------------------------------------

# Notes in the new manifest which directories did not exist before, so that uninstall can take them away.
make_directory() {
    missing=
    path=$1
    while [ ! -d "$prefix/$path" ]; do
        missing="dir $path
$missing"
        [ "$path" = . ] && break
        case $path in
        */*) path=${path%/*} ;;
        *) path=. ;;
        esac
    done
    [ -n "$missing" ] || return 0
    mkdir -p "$prefix/$1" || fail "make $prefix/$1" "the system refused, see above" "choose another place with --prefix DIR"
    printf '%s' "$missing" >>"$work/manifest"
}

# place SOURCE PATH MODE: written beside its name, then renamed, so that no half file is ever there.
place() {
    make_directory "${2%/*}"
    [ ! -d "$prefix/$2" ] || fail "write $prefix/$2" "a directory of that name is in the way" "move it away and run install.sh again"
    part=$prefix/${2%/*}/.claude-web.$$.part
    if ! { cp "$1" "$part" && chmod "$3" "$part" && mv -f "$part" "$prefix/$2"; }; then
        fail "write $prefix/$2" "the system refused, see above" "choose another place with --prefix DIR"
    fi
    part=
    printf 'file %s\n' "$2" >>"$work/manifest"
}

# generate NAME ARGUMENT...: a file that the program writes about itself.
generate() {
    name=$1
    shift
    "$binary" "$@" >"$work/$name" || fail "write $name" "\"claude-web $*\" failed" "this is a fault in claude-web; report it"
}

install_files() {
    said=$("$binary" --version 2>&1) || fail "run the new claude-web" "$said" "it may be built for another system: this is $(uname -sm)"
    # Everything is made before anything is placed.
    for shell in bash zsh fish; do
        generate "completions.$shell" completions "$shell"
    done
    generate claude-web.1 man
    : >"$work/manifest"
    [ ! -f "$prefix/$MANIFEST" ] || cat "$prefix/$MANIFEST" >>"$work/manifest"
    place "$binary" bin/claude-web 755
    place "$work/completions.bash" share/bash-completion/completions/claude-web 644
    place "$work/completions.zsh" share/zsh/site-functions/_claude-web 644
    place "$work/completions.fish" share/fish/vendor_completions.d/claude-web.fish 644
    place "$work/claude-web.1" share/man/man1/claude-web.1 644
    make_directory "${MANIFEST%/*}"
    LC_ALL=C sort -u "$work/manifest" >"$work/manifest.sorted"
    place "$work/manifest.sorted" "$MANIFEST" 644
    say "Installed $said in $prefix"
}

tell_path() {
    case :$PATH: in
    *":$prefix/bin:"*) say "Start it with: claude-web serve" ;;
    *)
        say "$prefix/bin is not on your PATH. Add this line to your shell's startup file:"
        # shellcheck disable=SC2016 # $PATH is for the reader's shell
        say "  export PATH=\"$prefix/bin:\$PATH\""
        say "or start it with: $prefix/bin/claude-web serve"
        ;;
    esac
}

# ---- Claude Code ------------------------------------------------------------------------------------------------

has_claude() {
    command -v claude >/dev/null 2>&1 || [ -x "${HOME:-}/.local/bin/claude" ] || [ -x "${HOME:-}/.claude/local/claude" ]
}

offer_claude() {
    has_claude && return 0
    say "Claude Code (the command \"claude\") was not found; claude-web needs it to run sessions."
    if ! command -v npm >/dev/null 2>&1; then
        say "Install Node.js 18 or newer, then: npm install -g $REPO_CLAUDE_PACKAGE"
        return 0
    fi
    if [ "$assume_yes" != yes ]; then
        if [ ! -t 0 ]; then
            say "Install it with: npm install -g $REPO_CLAUDE_PACKAGE (or run install.sh with --yes)"
            return 0
        fi
        printf 'Install it now with "npm install -g %s"? [y/N] ' "$REPO_CLAUDE_PACKAGE"
        read -r answer || answer=
        case $answer in
        [Yy] | [Yy][Ee][Ss]) ;;
        *)
            say "Not installed. Later: npm install -g $REPO_CLAUDE_PACKAGE"
            return 0
            ;;
        esac
    fi
    npm install -g "$REPO_CLAUDE_PACKAGE" || fail "install Claude Code with npm (claude-web itself is installed)" "npm said so above" \
        "see its message; without the right to write there, set a prefix: npm config set prefix ~/.local"
}

# ---- main -------------------------------------------------------------------------------------------------------

if [ "$action" = uninstall ]; then
    uninstall
    exit 0
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/claude-web-install.XXXXXX")
[ -n "$archive" ] || [ -z "${CLAUDE_WEB_RELEASE_URL:-}" ] || release_url
if [ -n "$archive" ]; then
    binary_from_archive
else
    binary_from_source
fi
install_files
tell_path
offer_claude
