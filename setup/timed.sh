#!/bin/sh
# Say what is being checked, check it quietly, and say how long it took; on failure show everything it said.
# Usage: timed.sh "what" command...
what=$1
shift
printf '== %-26s' "$what"
began=$(date +%s)
log=$(mktemp)
if "$@" >"$log" 2>&1; then
    echo "ok ($(($(date +%s) - began)) s)"
    rm -f "$log"
else
    status=$?
    echo "FAILED ($(($(date +%s) - began)) s)"
    cat "$log"
    rm -f "$log"
    exit $status
fi
