/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/outage.h"

#include <errno.h>
#include <stdlib.h>

static int64_t run_end(const struct state_run *run, int64_t known_to)
{
	if (run->to != SPAN_FOREVER)
		return run->to;
	return known_to > run->from ? known_to : run->from;
}

/* The runs [first, after) are D and N without a U between them. False: there is no D in them. */
static bool gather(
	const struct state_run *runs, size_t count, int64_t known_to, struct outage *ret_outage)
{
	struct outage outage = {
		.span_from = runs[0].from,
		.span_to = runs[count - 1].to,
	};
	int64_t seconds[DOWN_CAUSE_COUNT] = {0}, most = 0;
	bool down = false;
	for (size_t i = 0; i < count; i++) {
		int64_t length = run_end(&runs[i], known_to) - runs[i].from;
		if (runs[i].state == STATE_N) {
			outage.unknown_s += length;
			continue;
		}
		if (!down)
			outage.from = runs[i].from;
		down = true;
		outage.to = runs[i].to;
		outage.down_s += length;
		seconds[runs[i].cause] += length;
	}
	for (size_t i = 0; i < count; i++) { /* in order of time, so that ties go to the earlier */
		if (runs[i].state == STATE_D && seconds[runs[i].cause] > most) {
			most = seconds[runs[i].cause];
			outage.cause = runs[i].cause;
		}
	}
	*ret_outage = outage;
	return down;
}

int outages_find(const struct states *states, int64_t known_to, struct outage **ret_outages,
	size_t *ret_count)
{
	struct outage *outages = calloc(states->count + 1, sizeof(*outages));
	size_t count = 0;
	if (!outages)
		return -ENOMEM;
	for (size_t i = 0; i < states->count;) {
		size_t after = i;
		while (after < states->count && states->runs[after].state != STATE_U)
			after++;
		if (after > i && gather(&states->runs[i], after - i, known_to, &outages[count]))
			count++;
		i = after > i ? after : i + 1;
	}
	*ret_outages = outages;
	*ret_count = count;
	return 0;
}

int64_t outage_down_within(
	const struct outage *outage, const struct states *states, const struct spans *within)
{
	int64_t total = 0;
	const struct state_run *run = states_at(states, outage->from);
	for (; run && run < states->runs + states->count && run->from < outage->to; run++) {
		if (run->state == STATE_D)
			total += spans_within(within, run->from, run->to);
	}
	return total;
}
