# shellcheck shell=dash
# SPDX-License-Identifier: Apache-2.0
# Stand-ins for OpenWrt's /lib/functions.sh and procd: the UCI file is read for real, the calls of
# procd are written to $PROCD_LOG. config_load calls the callbacks as OpenWrt does: config_cb for
# each section and once more without arguments at the end.

config_load() {
	local word name value old
	while IFS= read -r line; do
		# shellcheck disable=SC2086 # the words of a line of UCI
		eval "set -- $(echo "$line" | sed 's/^[[:space:]]*#.*//')"
		word=$1 name=$2 value=$3
		case $word in
		config)
			section=$value
			config_cb "$name" "$value"
			;;
		option)
			eval "CONFIG_${section}_${name}=\$value"
			option_cb "$name" "$value"
			;;
		list)
			eval "old=\${CONFIG_${section}_${name}}"
			eval "CONFIG_${section}_${name}=\${old:+\$old }\$value"
			list_cb "$name" "$value"
			;;
		esac
	done <"$UCI_FOLDER/$1"
	config_cb
}

config_get() { eval "$1=\${CONFIG_${2}_${3}:-$4}"; }

config_get_bool() {
	local raw
	eval "raw=\${CONFIG_${2}_${3}:-$4}"
	case $raw in
	1 | on | true | yes | enabled) eval "$1=1" ;;
	*) eval "$1=0" ;;
	esac
}

procd_open_instance() { echo open >>"$PROCD_LOG"; }
procd_set_param() { echo "$*" >>"$PROCD_LOG"; }
procd_close_instance() { echo close >>"$PROCD_LOG"; }
procd_add_jail() { echo "jail $*" >>"$PROCD_LOG"; }
procd_add_jail_mount() { for path in "$@"; do echo "mount $path"; done >>"$PROCD_LOG"; }
procd_add_jail_mount_rw() { for path in "$@"; do echo "mount_rw $path"; done >>"$PROCD_LOG"; }
logger() {
	shift 4 # -t TAG -p PRIORITY
	echo "log $*" >>"$PROCD_LOG"
}
procd_add_reload_trigger() { echo "trigger $*" >>"$PROCD_LOG"; }
extra_command() { :; }
