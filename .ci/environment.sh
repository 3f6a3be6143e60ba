# Sourced by ./segue and ./test. Sets $python to an interpreter that can run the clone, making the environment if needed.
#
# An environment is finished when it holds a copy of the lock it was made from (`ready-run`, `ready-dev`): written last, compared
# byte by byte. INVARIANT: the copy is removed before anything in the environment changes, so an interrupted set-up is never
# taken for a finished one. Everything said here goes to stderr; stdout belongs to the verb.

say() { printf 'segue: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

# environment run|dev: the environment of the root folder $root, with the run-time or also the test packages.
environment() {
    home=$root/.venv
    if ! is_ready "$1"; then
        choose_home
        is_ready "$1" || make_under_lock "$1"
    fi
    python=$home/bin/python
}

is_ready() {
    [ -x "$home/bin/python" ] && cmp -s "$(lock_of "$1")" "$home/ready-$1"
}

lock_of() {
    case $1 in
        run) printf %s "$root/requirements.lock" ;;
        dev) printf %s "$root/requirements-dev.lock" ;;
    esac
}

# The clone's own .venv, unless this user cannot write it or somebody else made it: then a folder in the user's cache.
choose_home() {
    if [ -w "$root" ]; then
        [ -e "$home" ] || return 0
        [ -w "$home" ] && [ -e "$home/made-by-segue" ] && return 0
    fi
    cache=${XDG_CACHE_HOME:-${HOME:?is needed to find a place for the environment}/.cache}
    name=$(printf %s "$root" | cksum) || exit 2
    home=$cache/segue/venv-${name%% *}
    mkdir -p "$cache/segue" || die "cannot make $cache/segue; set XDG_CACHE_HOME to a folder you can write"
}

# --- one set-up at a time --------------------------------------------------------------------------------------------
# The lock is a symbolic link whose target names its owner: made in one step, so it is never seen without an owner.

make_under_lock() {
    lock=$home.lock
    me=$(uname -n):$$
    trap release_lock EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    take_lock
    is_ready "$1" || (make "$1") || exit $?
    release_lock
    trap - EXIT HUP INT TERM
}

take_lock() {
    waited=0
    until ln -s "$me" "$lock" 2>/dev/null; do
        [ -w "${lock%/*}" ] || die "cannot write ${lock%/*}"
        owner=$(readlink "$lock" 2>/dev/null) # nothing: it was freed just now
        if [ -n "$owner" ] && ! is_alive "$owner"; then
            take_over "$owner" && return 0
        fi
        [ "$waited" -ne 1 ] || say "waiting for another set-up of $home"
        [ "$waited" -lt 900 ] || die "gave up waiting for $lock ($owner); remove it if that set-up is not running"
        waited=$((waited + 1))
        sleep 1
    done
}

# Only a process of this machine can be seen to be gone.
is_alive() {
    [ "${1%:*}" = "${me%:*}" ] || return 0
    kill -0 "${1##*:}" 2>/dev/null || [ -d "/proc/${1##*:}" ]
}

# Two waiters may find the same dead owner: the folder lets one of them in, and the owner is read again inside.
take_over() {
    mkdir "$lock.takeover" 2>/dev/null || return 1
    if [ "$(readlink "$lock")" = "$1" ]; then
        rm -f "$lock"
        ln -s "$me" "$lock" 2>/dev/null
    fi
    rmdir "$lock.takeover"
    [ "$(readlink "$lock")" = "$me" ]
}

release_lock() {
    [ "$(readlink "$lock" 2>/dev/null)" != "$me" ] || rm -f "$lock"
}

# --- making it -------------------------------------------------------------------------------------------------------

make() {
    cd "$root" || exit 2 # uv and pip read settings from the current folder: the clone's, not the author's
    unset PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT
    # uv brings its own list of authorities; a firm's own is in the system's, where there is one.
    [ ! -e /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS-true}"
    started=$(date +%s)
    if ! is_ready run; then
        make_empty
    else
        say "adding what the tests need to $home"
    fi
    rm -f "$home/ready-dev"
    install "$(lock_of "$1")"
    add_clone_to_path
    "$home/bin/python" -I -m compileall -q src tui grammar >/dev/null 2>&1 || : # a clone that cannot be written still runs
    for kind in run $([ "$1" = run ] || echo dev); do
        cp "$(lock_of "$kind")" "$home/ready-$kind.part" && mv "$home/ready-$kind.part" "$home/ready-$kind" || exit 2
    done
    say "ready after $(($(date +%s) - started)) s"
}

has_uv() { command -v uv >/dev/null 2>&1; }

make_empty() {
    find_python
    if ! has_uv; then
        [ -n "$base" ] || die "needs Python 3.11 or newer${found:+ (python3 here is $found)}: install it, or install uv"
        "$base" -I -c 'import ensurepip, venv' 2>/dev/null ||
            die "this Python cannot make environments: run \`apt-get install python3-venv\` (or install uv), then try again"
    fi
    say "setting up $home (once; this takes a while)"
    clear_home || die "cannot write $home"
    if has_uv; then
        uv venv --quiet --allow-existing --python "${base:->=3.11}" "$home" >&2 || die "uv could not make $home"
    else
        "$base" -I -m venv "$home" >&2 || die "python -m venv could not make $home"
    fi
}

# Moved before it is deleted, marked before it is named: killed at any point, no half of it looks like an environment of ours or
# like somebody else's.
clear_home() {
    rm -rf "$home.old" "$home.new" && mkdir "$home.new" && : >"$home.new/made-by-segue" || return 1
    [ ! -e "$home" ] || mv "$home" "$home.old" || return 1
    mv "$home.new" "$home" && rm -rf "$home.old"
}

# $base: an interpreter of 3.11 or newer, or nothing.
find_python() {
    base= found=
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        version=$("$name" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        found=${found:-$version}
        if [ "${version%%.*}" -eq 3 ] && [ "${version#*.}" -ge 11 ]; then
            base=$(command -v "$name")
            return
        fi
    done
}

install() {
    if has_uv; then
        uv pip install --quiet --python "$home/bin/python" --no-deps --require-hashes --compile-bytecode -r "$1" >&2
    else
        "$home/bin/python" -I -m pip install -qq --disable-pip-version-check --no-input \
            --no-deps --require-hashes -r "$1" >&2
    fi || die "the packages of ${1##*/} could not be installed; what was said above tells why. Nothing is left half done: try again"
}

# Python joins a relative line of a .pth file to the folder it stands in, so a clone may be moved with its .venv.
add_clone_to_path() {
    packages=$("$home/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))') || exit 2
    clone=$root
    [ "$home" != "$root/.venv" ] || clone=../../../..
    printf '%s\n' "$clone/src" "$clone" >"$packages/segue-clone.pth" || exit 2
}
