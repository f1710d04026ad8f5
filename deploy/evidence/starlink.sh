#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The state of a Starlink dish, as key=value lines. The dish speaks gRPC at 192.168.100.1:9200; this
# needs the program grpcurl (github.com/fullstorydev/grpcurl) in PATH and a route to the dish
# (OpenWrt in front of a dish in bypass mode: a static route to 192.168.100.1/32 over the WAN).
# Without grpcurl it still tells whether the dish is there at all, by a TCP connection with nc.
#
# To ask another address, put `DISH=ADDRESS:PORT` into /etc/pantau/starlink.conf.

CONF=${CONF:-/etc/pantau/starlink.conf}
DISH=192.168.100.1:9200
# shellcheck source=/dev/null
[ -r "$CONF" ] && . "$CONF"

say() {
	[ -n "$2" ] && echo "$1=$2"
	return 0
}

# The value of "name": in the answer; text, number or true.
json() {
	echo "$answer" |
		sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\{0,1\}\([^",}]*\).*/\1/p' |
		head -n 1 | sed 's/[[:space:]]*$//'
}

# Names of the alerts that are on: "motorsStuck": true
alerts() {
	echo "$answer" |
		sed -n '/"alerts"/,/}/s/.*"\([A-Za-z0-9]*\)"[[:space:]]*:[[:space:]]*true.*/\1/p' |
		tr '\n' ' ' | sed 's/ $//'
}

outage() {
	echo "$answer" |
		sed -n '/"outage"/,/}/s/.*"cause"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p'
}

# -23.456 dB and the like, cut to three digits behind the point: what changes less is no news
short() {
	json "$1" | sed 's/\(\.[0-9]\{3\}\)[0-9]*/\1/'
}

if ! command -v grpcurl >/dev/null 2>&1; then
	if nc -w 3 "${DISH%:*}" "${DISH##*:}" </dev/null >/dev/null 2>&1; then
		say dish answers
	else
		say dish silent
	fi
	exit 0
fi

if ! answer=$(grpcurl -plaintext -max-time 3 -d '{"get_status":{}}' "$DISH" \
	SpaceX.API.Device.Device/Handle 2>/dev/null); then
	say dish silent
	exit 0
fi
say dish answers
say software "$(json softwareVersion)"
say hardware "$(json hardwareVersion)"
say uptime_s "$(json uptimeS)"
say outage "$(outage)"
say drop_rate "$(short popPingDropRate)"
say latency_ms "$(short popPingLatencyMs)"
say obstructed_fraction "$(short fractionObstructed)"
say snr_above_noise "$(json isSnrAboveNoiseFloor)"
say alerts "$(alerts)"
