#!/bin/sh
# Resolve the dependencies of pyproject.toml for every platform, with hashes and without any registry's address.
set -eu
cd "$(dirname "$0")/.."
uv="${BULOU_VENV:-.venv}/bin/uv"
compile() { "$uv" pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --no-emit-index-url "$@"; }
compile pyproject.toml -o requirements/run.txt "$@"
compile --group build -c requirements/run.txt -o requirements/build.txt "$@"
compile --group dev -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt "$@"
