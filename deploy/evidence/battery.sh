#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# UPS or battery, as key=value lines: from NUT (upsc) if it serves a UPS, otherwise from the kernel
# (/sys/class/power_supply). Needs nothing else.
#
# To name the UPS, put `UPS=name@host` into /etc/pantau/battery.conf (default: the first that
# `upsc -l` lists).

CONF=${CONF:-/etc/pantau/battery.conf}
SUPPLIES=${SUPPLIES:-/sys/class/power_supply}
UPS=
# shellcheck source=/dev/null
[ -r "$CONF" ] && . "$CONF"

say() {
	[ -n "$2" ] && echo "$1=$2"
	return 0
}

ask_nut() {
	[ -n "$UPS" ] || UPS=$(upsc -l 2>/dev/null | head -n 1)
	[ -n "$UPS" ] || return 1
	answer=$(upsc "$UPS" 2>/dev/null) || return 1
	for name in ups.status battery.charge battery.voltage battery.runtime input.voltage \
		ups.load; do
		say "$name" "$(echo "$answer" | sed -n "s/^$name: *//p")"
	done
}

# Microvolts as volts with two digits behind the point.
volts() {
	case "$1" in
	'' | *[!0-9]*) return 0 ;;
	esac
	printf '%d.%02d\n' $(($1 / 1000000)) $(($1 / 10000 % 100))
}

value() {
	cat "$1" 2>/dev/null
}

# Keys begin with the supply's name, in small letters: "bat0.volts".
ask_kernel() {
	found=1
	for supply in "$SUPPLIES"/*; do
		[ -r "$supply/type" ] || continue
		found=0
		name=$(basename "$supply" | tr '[:upper:]' '[:lower:]' |
			tr -c 'a-z0-9_.\n-' '_' | cut -c 1-20)
		say "$name.type" "$(value "$supply/type")"
		say "$name.status" "$(value "$supply/status")"
		say "$name.online" "$(value "$supply/online")"
		say "$name.percent" "$(value "$supply/capacity")"
		say "$name.volts" "$(volts "$(value "$supply/voltage_now")")"
	done
	return "$found"
}

if command -v upsc >/dev/null 2>&1 && ask_nut; then
	exit 0
fi
ask_kernel || exit 2 # neither a UPS nor a battery
