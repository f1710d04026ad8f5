#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The modem's signal and registration (4G, 5G), as key=value lines. Asks the first of these that is
# there: uqmi (OpenWrt, QMI), mmcli (ModemManager), or the modem itself with AT commands.
#
#   uqmi needs DEVICE (default /dev/cdc-wdm0) and OpenWrt's jsonfilter or nothing more;
#   AT commands need TTY (default /dev/ttyUSB2), with rights to read and write it.
#
# To set them, put `DEVICE=...` or `TTY=...` into /etc/pantau/modem.conf.

CONF=${CONF:-/etc/pantau/modem.conf}
DEVICE=/dev/cdc-wdm0
TTY=/dev/ttyUSB2
# shellcheck source=/dev/null
[ -r "$CONF" ] && . "$CONF"

# key value: printed if there is a value
say() {
	[ -n "$2" ] && echo "$1=$2"
	return 0
}

# The value of "name": in JSON that has each name once; text or number.
json() {
	sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\{0,1\}\([^",}]*\).*/\1/p' | head -n 1 |
		sed 's/[[:space:]]*$//'
}

ask_uqmi() {
	signal=$(uqmi -s -d "$DEVICE" -t 2000 --get-signal-info) || return 1
	serving=$(uqmi -s -d "$DEVICE" -t 2000 --get-serving-system)
	say technology "$(echo "$signal" | json type)"
	say rssi_dbm "$(echo "$signal" | json rssi)"
	say rsrp_dbm "$(echo "$signal" | json rsrp)"
	say rsrq_db "$(echo "$signal" | json rsrq)"
	say snr_db "$(echo "$signal" | json snr)"
	say registration "$(echo "$serving" | json registration)"
	say operator "$(echo "$serving" | json plmn_description)"
	say roaming "$(echo "$serving" | json roaming)"
}

# The value of "name: value" as mmcli --output-keyvalue prints it; -- stands for none.
keyvalue() {
	sed -n 's/^'"$1"'[[:space:]]*: *\(.*\)$/\1/p' | head -n 1 | grep -v '^--$'
}

ask_mmcli() {
	modem=$(mmcli -m any --output-keyvalue) || return 1
	mmcli -m any --signal-setup=30 >/dev/null 2>&1
	signal=$(mmcli -m any --signal-get --output-keyvalue)
	technology='modem\.generic\.access-technologies\.value\[1\]'
	say technology "$(echo "$modem" | keyvalue "$technology")"
	say quality_percent "$(echo "$modem" | keyvalue 'modem\.generic\.signal-quality\.value')"
	say state "$(echo "$modem" | keyvalue 'modem\.generic\.state')"
	say registration "$(echo "$modem" | keyvalue 'modem\.3gpp\.registration-state')"
	say operator "$(echo "$modem" | keyvalue 'modem\.3gpp\.operator-name')"
	say rssi_dbm "$(echo "$signal" | keyvalue 'modem\.signal\.lte\.rssi')"
	say rsrp_dbm "$(echo "$signal" | keyvalue 'modem\.signal\.lte\.rsrp')"
	say rsrq_db "$(echo "$signal" | keyvalue 'modem\.signal\.lte\.rsrq')"
	say snr_db "$(echo "$signal" | keyvalue 'modem\.signal\.lte\.snr')"
}

# What the modem says to AT+CSQ, AT+CEREG? and AT+COPS?, in one go; 1 s is enough for all three.
talk() {
	exec 3<>"$TTY" || return 1
	[ -c "$TTY" ] && stty -F "$TTY" 115200 raw -echo 2>/dev/null
	printf 'AT+CSQ\r\nAT+CEREG?\r\nAT+COPS?\r\n' >&3
	cat <&3 &
	listener=$!
	sleep 1
	kill "$listener" 2>/dev/null
	exec 3<&-
}

registration_word() {
	case "$1" in
	0) echo idle ;;
	1) echo registered ;;
	2) echo searching ;;
	3) echo denied ;;
	5) echo roaming ;;
	*) echo unknown ;;
	esac
}

tell_at() {
	csq=$(sed -n 's/^+CSQ: *\([0-9]*\),.*/\1/p')
	# 3GPP TS 27.007: 0 is -113 dBm, each step 2 dB, 99 is not known
	[ -n "$csq" ] && [ "$csq" -le 31 ] && say rssi_dbm $((csq * 2 - 113))
	return 0
}

ask_at() {
	said=$(talk | tr -d '\r') || return 1
	[ -n "$said" ] || return 1
	echo "$said" | tell_at
	status=$(echo "$said" | sed -n 's/^+CEREG: *[0-9],\([0-9]\).*/\1/p')
	[ -n "$status" ] && say registration "$(registration_word "$status")"
	say operator "$(echo "$said" | sed -n 's/^+COPS: *[0-9],[0-9],"\([^"]*\)".*/\1/p')"
}

if command -v uqmi >/dev/null 2>&1 && [ -e "$DEVICE" ]; then
	ask_uqmi
elif command -v mmcli >/dev/null 2>&1; then
	ask_mmcli
elif [ -e "$TTY" ]; then
	ask_at
else
	exit 2 # no modem that this knows how to ask
fi
