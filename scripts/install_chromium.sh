#!/bin/sh
# Installs Chromium where it is missing: the browser of the tests.
set -eu

if command -v "${CHROMIUM:-chromium}" >/dev/null; then
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "these tests need Chromium: install it, or name it in CHROMIUM" >&2
    exit 1
fi
echo "installing chromium"
timeout 300 apt-get update -qq
DEBIAN_FRONTEND=noninteractive timeout 600 \
    apt-get install -qq -y --no-install-recommends chromium >/dev/null
