# SPDX-License-Identifier: Apache-2.0
# ./quickstart --demo: a whole province instead of one agent. Sourced by quickstart, whose functions
# of the same names these replace. Everything measured here is invented, and says so.
# shellcheck shell=bash disable=SC2034,SC2154 # the variables are quickstart's

history_days=3
live_once_s=60
once_limit_s=900 # history, and counting it, on two busy cores
settled_records=400 # behind: half a minute of the living province
banner='SIMULASI: penyedia, kontrak dan pengukuran di sini rekaan, bukan data nyata'

other=link other_is='without --demo'
own=(server agents link login token pantau.conf README links.csv contracts.csv table.csv begins
	memory receipts)

# ---- the first time: links, contracts, agents

make_province() {
	local begins folder
	begins=$(($(date +%s) - history_days * 86400))
	python3 deploy/quickstart/province.py "$state" "$begins" || return
	pantau init --no-admin "${at[@]}" || return
	pantau region import deploy/quickstart/province/*.csv "${at[@]}" || return
	pantau link import "$state/links.csv" "${at[@]}" || return
	pantau contract import "$state/contracts.csv" "${at[@]}" || return
	pantau agent issue --every-link --out "$state/agents" --from "@$begins" \
		--collector "127.0.0.1:$port" "${at[@]}" >"$state/table.csv" || return
	python3 deploy/quickstart/province.py --agents "$state/table.csv" "$state/agents/agents.csv" |
		while read -r folder; do rm -r "$state/agents/$folder"; done
	echo "$begins" >"$state/begins"
}

set_up() {
	local began=$SECONDS
	echo "Everything is kept in $state"
	if [ ! -s "$state/begins" ]; then
		(cd "$state" && rm -rf server agents login token memory receipts)
		make_province >"$state/log/setup.log" 2>&1 ||
			{ cat "$state/log/setup.log" >&2; die "cannot set up $state"; }
		echo "Set up the $(($(wc -l <"$state/links.csv") - 1)) desa and kelurahan of Kalimantan Timur" \
			"with their links, contracts and agents in $((SECONDS - began)) s."
	elif [ -s "$state/memory" ]; then
		echo "Goes on where it stopped, $(date -r "$state/memory" '+%F %T'): the time since is lived too."
	fi
	make_login || die "cannot make an account in $state"
	echo 'SIMULATION: the desa are real; providers, contracts, positions and all that is measured are'
	echo 'invented (deploy/quickstart/province.py, demo.scenario). Every page says so.'
}

configure() {
	printf '[collector]\nlisten = 127.0.0.1:%s\nclock = trusted\n[reflector]\nlisten =\n[web]\nlisten = 127.0.0.1:%s\nbanner = %s\n' \
		"$port" "$web_port" "$banner" >"$state/pantau.conf"
}

# ---- the history

behind() { # records that the ledger has still to read; empty: it does not say
	pantau status --json --config "$state/pantau.conf" "${at[@]}" 2>/dev/null |
		grep -o 'the ledger is [0-9]* records behind' | grep -o '[0-9]*'
}

caught_up() {
	local line
	line=$(grep ' agents are in the present' "$state/log/swarm.log" | tail -n 1)
	[[ $line =~ ([0-9]+)\ of\ ([0-9]+)\ agents ]] && [ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ]
}

show_history() {
	local line lag=$1
	line=$(grep ' agents are in the present' "$state/log/swarm.log" | tail -n 1)
	[[ $line =~ ([0-9]+\ of\ [0-9]+)\ agents.*\;\ ([0-9]+)\ slots ]] || return
	show history "${BASH_REMATCH[2]} slots measured; ${BASH_REMATCH[1]} agents are in the present; ${lag:-?} records to be counted"
}

await_history() {
	local lag=''
	until [ -n "$stopping" ]; do
		sleep 2.5
		check_alive
		lag=$(behind)
		show_history "$lag"
		caught_up && [ -n "$lag" ] && [ "$lag" -le $settled_records ] && break
		[ -z "$once" ] || [ $SECONDS -lt "$deadline" ] || die "the history is not in after $once_limit_s s"
	done
}

# ---- running

live_since=''

run() {
	local began=$SECONDS
	deadline=$((SECONDS + once_limit_s))
	start collector pantau-collector run --config "$state/pantau.conf" "${at[@]}"
	await_port "$port"
	start web pantau-web --config "$state/pantau.conf" "${at[@]}"
	await_port "$web_port"
	echo "The page: http://127.0.0.1:$web_port/    Logs: $state/log/    Ctrl-C stops."
	show_login
	[ -s "$state/memory" ] ||
		echo "The agents live through $history_days days first, as fast as the collector acknowledges."
	start swarm pantau-swarm --agents "$state/agents" --collector "127.0.0.1:$port" \
		--since "${history_days}d" --scenario deploy/quickstart/demo.scenario \
		--memory "$state/memory" --ledger "$state/receipts"
	await_history
	[ -z "$stopping" ] || return
	live_since=$SECONDS history_s=$((SECONDS - began))
	echo "The history was measured, sent and counted in $history_s s. Live from here on."
	[ -z "$once" ] || echo "Stops by itself in $live_once_s s."
	watch_states "$(<"$state/token")" &
	watch_pids+=($!)
}

show_counts() { # STATE=COUNT...
	local line='' state
	for state in "${!changes[@]}"; do line+=", ${changes[$state]} $state"; done
	[ -z "$line" ] || show links "now${line#,}"
	changes=()
}

watch_states() { # the page's own stream of events: how many links changed, not which
	local text began=$SECONDS
	local -A changes=()
	exec 3<>"/dev/tcp/127.0.0.1/$web_port" || return
	printf 'GET /api/v1/events HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n' "$1" >&3
	while true; do
		text=''
		read -r -t 2 text <&3 || [ $? -gt 128 ] || break
		[[ $text =~ \"link\":[0-9]+.*\"state\":\"([a-z]+)\" ]] && ((changes[${BASH_REMATCH[1]}]++))
		[ $((SECONDS - began)) -ge 5 ] && { show_counts; began=$SECONDS; }
	done
}

is_enough() { [ $((SECONDS - live_since)) -ge $live_once_s ]; }

finish() {
	local month outages
	month=$(TZ=UTC-8 date +%Y-%m)
	printf '\nStopping: the last acknowledgements take some seconds.\n'
	stop_all
	printf '\nSIMULATION. What the agents said:\n'
	tail -n 2 "$state/log/swarm.log"
	[ -z "$live_since" ] || echo "History in $history_s s."
	printf '\n$ %s sla --month %s --by provider %s\n' "$build/cli/pantau" "$month" "${at[*]}"
	pantau sla --month "$month" --by provider "${at[@]}"
	outages=$(pantau outages --month "$month" --format csv "${at[@]}" | tail -n +2 | wc -l)
	printf '\n%s outages in %s: pantau outages --month %s %s\n' "$outages" "$month" "$month" "${at[*]}"
}
