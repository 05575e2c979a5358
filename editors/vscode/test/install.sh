#!/bin/sh
# Installs what the tests run: VS Code's server and the Node that it needs, here.
set -eu
cd "$(dirname "$0")"

echo "installing VS Code's server"
timeout 600 npm ci --loglevel=error
# By the npm that the machine is set up with, which may have to know a proxy: the Node that came with
# the packages has one of its own.
for folder in node_modules/code-server/lib/vscode node_modules/code-server/lib/vscode/extensions; do
    # Not `npm ci`: the lock file there is not quite that of its package. Nothing is compiled: what
    # is native there serves terminals and logs.
    (cd "$folder" && timeout 600 npm install --omit=dev --ignore-scripts --loglevel=error)
done
