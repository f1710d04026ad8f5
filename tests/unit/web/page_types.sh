#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The page's types hold: page_types.sh BUILT_PAGE_FOLDER.
set -eu
cd "$1/npm"
exec node_modules/.bin/tsc --noEmit -p .
