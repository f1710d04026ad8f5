#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs page*.test.mjs against the page's sources: page_code.sh BUILT_PAGE_FOLDER TEST_FOLDER.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$1/npm"
node_modules/.bin/esbuild --bundle --format=esm --log-level=warning --jsx=automatic \
	--jsx-import-source=preact --outdir="$folder" --out-extension:.js=.mjs \
	format=src/parts/format.ts describe=src/parts/describe.ts choice=src/wall/choice.ts \
	shown=src/live/shown.ts store=src/live/store.ts layout=src/wall/layout.ts \
	groups=src/wall/groups.ts clusters=src/map/clusters.ts router=src/shell/router.ts \
	words=src/parts/words.ts words-shell=src/shell/words.ts words-wall=src/wall/words.ts \
	words-map=src/map/words.ts words-report=src/report/words.ts \
	words-account=src/account/words.ts words-link=src/link/words.ts \
	words-explain=src/link/explain-words.ts words-outages=src/outages/words.ts \
	days=src/link/days.ts explanation=src/link/explanation.ts lines=src/link/lines.ts \
	standings=src/compare/standings.ts words-compare=src/compare/words.ts \
	marks=src/outages/marks.ts words-decide=src/decide/words.ts \
	words-own=src/account/own-words.ts words-provider=src/provider/words.ts \
	actions=src/decide/actions.ts \
	words-refusals=src/parts/refusals.ts refusals=src/parts/refusals.ts
cp "$2/../../../web/openapi/common.json" "$2/page.test.mjs" "$2/page_views.test.mjs" \
	"$2/page_decide.test.mjs" "$folder/"
node --test "$folder/"
