#!/bin/sh
# Everything that can be said about the code without running the product. Usage: check.sh FOLDER-OF-PROGRAMS
# Each question is asked even if an earlier one failed; what a failed one said is shown at once.
bin=$1
failed=
ask() {
    what=$1
    shift
    printf '== %-26s' "$what"
    began=$(date +%s)
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        echo "ok ($(($(date +%s) - began)) s)"
    else
        echo "FAILED ($(($(date +%s) - began)) s)"
        cat "$log"
        failed="$failed, $what"
    fi
    rm -f "$log"
}
ask "format" "$bin/ruff" format --check -q .
ask "lint" "$bin/ruff" check -q .
ask "types" "$bin/mypy"
ask "imports" "$bin/lint-imports" --no-cache
ask "settings and migrations" "$bin/python" setup/consistent.py
ask "architecture" "$bin/python" -m pytest -q tests/architecture
ask "generated documents" "$bin/python" -m docs.make --check
ask "web" sh setup/npm.sh run check --silent
[ -z "$failed" ] || echo "== To put right: ${failed#, }   (make fix does what a machine can)"
[ -z "$failed" ]
