/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/ttr.h"

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* From a clock that started between the two moments to the outage's end. */
static struct ttr until_end(
	const struct outage *outage, int64_t earliest_s, int64_t latest_s, int64_t now_s)
{
	struct ttr ttr = {.running = outage->span_to == SPAN_FOREVER};
	int64_t first_end = outage->to == SPAN_FOREVER ? now_s : outage->to;
	int64_t last_end = ttr.running ? later(now_s, first_end) : outage->span_to;
	ttr.shortest_s = later(0, first_end - latest_s);
	ttr.longest_s = later(0, last_end - earliest_s);
	return ttr;
}

struct ttr ttr_from_start(const struct outage *outage, int64_t now_s)
{
	return until_end(outage, outage->span_from, outage->from, now_s);
}

struct ttr ttr_from_ticket(const struct outage *outage, int64_t ticket_s, int64_t now_s)
{
	return until_end(
		outage, later(outage->span_from, ticket_s), later(outage->from, ticket_s), now_s);
}
