#!/bin/sh
# Installs the Emacs that the tests drive, with Eglot, where it is missing.
set -eu

if emacs --batch --eval "(progn (require 'package) (package-initialize) (require 'eglot))" \
    >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "the tests in Emacs need it with Eglot: install both" >&2
    exit 1
fi
echo "installing emacs"
timeout 300 apt-get update -qq
DEBIAN_FRONTEND=noninteractive timeout 600 \
    apt-get install -qq -y --no-install-recommends emacs-nox elpa-eglot >/dev/null
