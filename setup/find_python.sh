#!/bin/sh
# Print a Python that is at least 3.11 and really runs. Names on the PATH are tried in turn, by running them: a pyenv
# shim, for one, exists for versions that are not selected and then fails.
fits='import sys; sys.exit(sys.version_info < (3, 11))'
for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$name" -c "$fits" 2>/dev/null; then
        "$name" -c 'import sys; print(sys.executable)'
        exit 0
    fi
done
for path in /usr/bin/python3 /usr/local/bin/python3 "$HOME"/.pyenv/versions/3.1[1-9]*/bin/python; do
    if [ -x "$path" ] && "$path" -c "$fits" 2>/dev/null; then
        echo "$path"
        exit 0
    fi
done
echo "Bulou needs Python 3.11 or newer, and none was found. Install one, or say where it is: make run PYTHON=/path/to/python3" >&2
exit 1
