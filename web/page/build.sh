#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bundles the page: build.sh SOURCE_FOLDER OUTPUT_FOLDER. Packages are installed beside the output,
# never in the source tree, and only when the lock file changed.
set -eu

source=$(cd "$1" && pwd)
mkdir -p "$2"
output=$(cd "$2" && pwd)
work="$output/npm"

for program in node npm; do
	command -v "$program" >/dev/null || {
		echo "the page needs $program: apt-get install nodejs npm" >&2
		exit 1
	}
done

mkdir -p "$work"
for file in package.json package-lock.json .npmrc tsconfig.json; do
	cp "$source/$file" "$work/"
done
stamp="$(cat "$work/package.json" "$work/package-lock.json" | sha256sum) $(node --version)"
if [ "$(cat "$work/installed" 2>/dev/null)" != "$stamp" ]; then
	rm -f "$work/installed"
	if ! (cd "$work" && npm ci --ignore-scripts --loglevel=error) >"$work/log" 2>&1; then
		cat "$work/log" >&2
		echo "npm cannot install the page's packages: is its registry reachable?" >&2
		exit 1
	fi
	echo "$stamp" >"$work/installed"
fi
rm -rf "$work/src"
cp -r "$source/src" "$work/src"

cd "$work"
node_modules/.bin/esbuild src/main.tsx --bundle --minify --format=esm --target=es2020 \
	--jsx=automatic --jsx-import-source=preact --legal-comments=none --charset=utf8 \
	--log-level=warning --outfile="$output/app.js"
node_modules/.bin/esbuild "$source/static/app.css" --minify --target=es2020 --log-level=warning \
	--outfile="$output/app.css"
cp "$source/static/index.html" "$source/static/icon.svg" "$output/"
