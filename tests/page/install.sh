#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings what the tests in a browser need into a folder: install.sh FOLDER. Only when it is missing.
set -eu
source=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
exec 9>"$1/lock" # several tests may begin at once
flock 9
cp "$source"/*.mjs "$source/package.json" "$source/package-lock.json" "$source/.npmrc" "$1/"
cd "$1"
stamp=$(sha256sum package-lock.json)
[ "$(cat installed 2>/dev/null)" = "$stamp" ] && exit 0
npm ci --ignore-scripts --loglevel=error >log 2>&1 || { cat log >&2; exit 1; }
echo "$stamp" >installed
