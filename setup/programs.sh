#!/bin/sh
# See that the system programs the tests use are there; install what is missing where that is allowed, otherwise say
# what will be skipped. Never fails: a test that lacks its program says so itself.
set -u
any() {
    for path in "$@"; do
        [ -e "$path" ] && return 0
    done
    return 1
}
found_postgres() { any /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb || command -v initdb >/dev/null 2>&1; }
found_chromium() { any /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; }
found_fuse() { any /usr/lib/*/libfuse3.so.* /lib/*/libfuse3.so.* /usr/lib/*/libfuse.so.2* /lib/*/libfuse.so.2* /usr/lib64/libfuse*.so.*; }
found_java() { command -v java >/dev/null 2>&1 && command -v javac >/dev/null 2>&1; }

wanted=
found_postgres || wanted="$wanted postgresql"
found_chromium || wanted="$wanted chromium"
found_fuse || wanted="$wanted fuse3"
found_java || wanted="$wanted default-jdk-headless"
[ -n "$wanted" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "== Installing$wanted with apt-get (a minute or two)"
    began=$(date +%s)
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    # shellcheck disable=SC2086
    if apt-get update -q >"$log" 2>&1 && apt-get install -q -y --no-install-recommends $wanted </dev/null >>"$log" 2>&1; then
        echo "== Installed ($(($(date +%s) - began)) s)"
    else
        tail -20 "$log" >&2
    fi
    rm -f "$log"
fi
found_postgres || echo "!! SKIPPED: the tests on PostgreSQL. There is no PostgreSQL server here: apt-get install postgresql"
found_chromium || echo "!! SKIPPED: the journeys in a browser. There is no Chromium here: apt-get install chromium"
found_fuse || echo "!! SKIPPED: the power-cut tests. There is no libfuse here: apt-get install fuse3"
found_java || echo "!! SKIPPED: the tests with the engine of ODK Collect. There is no JDK here: apt-get install default-jdk-headless"
exit 0
