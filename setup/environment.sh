#!/bin/sh
# Make the local environment from the locked, hash-checked requirements. Usage: environment.sh VENV LOCK...
# A stamp of the locks is kept inside the environment, so the second run takes no time.
set -eu
venv=$1
shift
locks=$*
if [ -L "$venv" ]; then
    exit 0 # a linked environment belongs to somebody else: use it as it is
fi
# shellcheck disable=SC2086
wanted=$(cat $locks pyproject.toml | cksum | tr ' ' -)
stamp="$venv/bulou-$(echo "$locks" | tr -c 'a-z\n' -).stamp"
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
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
fi
quiet=-qq
[ -t 1 ] && quiet=
for lock in $locks; do
    echo "== Installing $(grep -c '==' "$lock") packages from $lock, each checked against its hash (up to a minute)"
    "$venv/bin/python" -m pip install $quiet --disable-pip-version-check --no-input --require-hashes --no-deps -r "$lock"
done
"$venv/bin/python" -m pip install -q --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
echo "$wanted" >"$stamp"
echo "== The environment is ready ($(($(date +%s) - began)) s)"
