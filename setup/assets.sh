#!/bin/sh
# Build the office's scripts into bulou/office/static/office/built, and the phone's app into bulou/field/static/field/built.
set -eu
cd "$(dirname "$0")/.."
began=$(date +%s)
lock=$(cksum <web/package-lock.json | tr ' ' -)
if [ "$(cat web/node_modules/.bulou-lock 2>/dev/null)" != "$lock" ]; then
    echo "== Fetching what builds the web assets (about half a minute)"
    sh setup/npm.sh ci --silent --no-progress
    echo "$lock" >web/node_modules/.bulou-lock
fi
echo "== Building the web assets (some seconds)"
sh setup/npm.sh run build --silent
touch bulou/office/static/office/built/* bulou/field/static/field/built/*
echo "== The web assets are ready ($(($(date +%s) - began)) s)"
