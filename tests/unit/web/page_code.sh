#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs page.test.mjs against the page's sources: page_code.sh BUILT_PAGE_FOLDER TEST_FOLDER.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$1/npm"
for module in format words choice; do
	node_modules/.bin/esbuild "src/$module.ts" --bundle --format=esm --log-level=warning \
		--outfile="$folder/$module.mjs"
done
cp "$2/page.test.mjs" "$folder/"
node --test "$folder/"
