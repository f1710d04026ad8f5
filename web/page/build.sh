#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bundles the page: build.sh SOURCE_FOLDER OUTPUT_FOLDER [STAMP]. Its files are in
# OUTPUT_FOLDER/files; STAMP is written when they are there, and STAMP.d says what they hang on.
# Packages are installed beside them, never in the source tree, and only when the lock file changed.
set -eu

built_in=$PWD
source=$(cd "$1" && pwd)
mkdir -p "$2"
output=$(cd "$2" && pwd)
work="$output/npm"
files="$output/files"

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
rm -rf "$work/src" "$files"
cp -r "$source/src" "$work/src"

# app.js is what the first view needs; what a view loads later is a chunk named by its content.
cd "$work"
node_modules/.bin/esbuild app=src/main.tsx --bundle --splitting --minify --format=esm \
	--target=es2020 --jsx=automatic --jsx-import-source=preact --legal-comments=none \
	--charset=utf8 --log-level=warning --outdir="$files" '--chunk-names=part-[name]-[hash]'
node_modules/.bin/esbuild app="$source/style/app.css" --bundle --minify --target=es2020 \
	--log-level=warning --outdir="$files"
cp "$source/static/icon.svg" "$source/static/publik.css" "$files/"
# What app.js will ask for is asked for at once.
preload=$(grep -Eo 'from"\./part-[^"]+' "$files/app.js" | sort -u |
	sed 's|from"\.\(/.*\)|<link rel="modulepreload" href="\1">|')
awk -v preload="$preload" '{ print } /app\.css/ && preload { print preload }' \
	"$source/static/index.html" >"$files/index.html"
[ $# -ge 3 ] || exit 0
cd "$built_in"
{
	printf '%s:' "$3"
	find "$source" -type f -not -path '*/node_modules/*' | sed 's/ /\\ /g; s/^/ /' | tr -d '\n'
} >"$3.d"
cksum "$files"/* >"$3"
