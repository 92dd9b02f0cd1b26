#!/bin/sh
# Make the local environment from the locked, hash-checked requirements. Usage: environment.sh VENV LOCK...
# What was installed is stamped inside the environment, lock by lock, so the second run takes no time.
set -eu
venv=$1
shift
if [ -L "$venv" ]; then
    exit 0 # a linked environment belongs to somebody else: use it as it is
fi
stamps="$venv/bulou"
print_of() { cksum <"$1" | tr ' ' -; }
stamp_of() { echo "$stamps/$(basename "$1").stamp"; }
stale=
for file in "$@" pyproject.toml; do
    [ "$(cat "$(stamp_of "$file")" 2>/dev/null)" = "$(print_of "$file")" ] || stale="$stale $file"
done
if [ -x "$venv/bin/python" ] && [ -z "$stale" ]; then
    exit 0
fi
began=$(date +%s)
if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    python=$(sh "$(dirname "$0")/find_python.sh")
    echo "== Making a local environment in $venv with $python (some seconds)"
    rm -rf "$venv"
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "$python has no venv module (Debian and Ubuntu keep it in a package of its own)." >&2
        echo "Install it, then run make again:   apt-get install python$version-venv" >&2
        exit 1
    fi
    "$python" -m venv "$venv"
    stale="$* pyproject.toml"
fi
mkdir -p "$stamps"
quiet=-qq
[ -t 1 ] && quiet=
for file in $stale; do
    if [ "$file" = pyproject.toml ]; then
        "$venv/bin/python" -m pip install $quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
    else
        echo "== Installing $(grep -c '==' "$file") packages from $file, each checked against its hash (up to a minute)"
        "$venv/bin/python" -m pip install $quiet --disable-pip-version-check --no-input --require-hashes --no-deps -r "$file"
    fi
    print_of "$file" >"$(stamp_of "$file")"
done
echo "== The environment is ready ($(($(date +%s) - began)) s)"
