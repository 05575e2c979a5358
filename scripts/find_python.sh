#!/bin/sh
# Prints the first Python that can make the environment: $PYTHON if set, else one of the usual
# names. A name that is on the path may still not run (a shim, or Python without venv): each is tried.

suitable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
        >/dev/null 2>&1
}

if [ -n "$PYTHON" ]; then
    candidates=$PYTHON
else
    candidates="python3 python3.13 python3.12 python3.11 python3.14 python"
fi

for candidate in $candidates; do
    if suitable "$candidate"; then
        echo "$candidate"
        exit 0
    fi
done
echo "No Python 3.11 to 3.14 with venv found (tried: $candidates)." >&2
echo "Install one, or name it: make PYTHON=/path/to/python3 ..." >&2
exit 1
