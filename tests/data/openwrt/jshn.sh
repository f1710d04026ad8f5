# shellcheck shell=dash disable=SC2034 # read where it is sourced
# SPDX-License-Identifier: Apache-2.0
# A stand-in for libubox's jshn.sh: flat objects, read and written by a real parser of JSON.
json() { python3 -c "import json, sys; $1" "$2" "$3"; }
json_load() {
	JSHN_TEXT=$1
	json 'json.loads(sys.argv[1])' "$1" '' 2>/dev/null
}
json_get_var() {
	JSHN_VALUE=$(json 'print(json.loads(sys.argv[1]).get(sys.argv[2], ""))' "$JSHN_TEXT" "$2")
	eval "$1=\$JSHN_VALUE"
}
json_init() { JSHN_OUT=; }
json_add() { JSHN_OUT="${JSHN_OUT:+$JSHN_OUT,}\"$1\":$2"; }
json_add_boolean() { json_add "$1" "$([ "$2" = 1 ] && echo true || echo false)"; }
json_add_string() { json_add "$1" "$(json 'print(json.dumps(sys.argv[1]))' "$2" '')"; }
json_dump() { printf '{%s}\n' "$JSHN_OUT"; }
