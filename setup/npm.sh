#!/bin/sh
# Run npm in web/ with the Node that the local environment brought from PyPI; the machine's own is not looked at.
set -eu
cd "$(dirname "$0")/.."
venv=${BULOU_VENV:-.venv}
PATH="$(cd "$venv/bin" && pwd):$PATH"
export PATH
cd web
exec npm "$@"
