/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/timeline.h"

#include <errno.h>
#include <string.h>

#include "collector/store/sla_link.h"
#include "common/civil.h"

#define MONTH_BYTES 8

struct walk {
	const struct sla_source *source;
	const struct timeline_query *query;
	int (*each)(void *arg, const struct timeline_stretch *stretch);
	void *arg;
	struct err *err;
};

struct segment { /* a contract's part of a month */
	const struct registry_contract *contract;
	const struct states *states;
	const struct month_row *row;
};

static const char *cause_of(const struct state_run *run)
{
	if (run->state == STATE_D)
		return down_cause_name((enum down_cause)run->cause);
	if (run->state == STATE_N)
		return unknown_cause_name((enum unknown_cause)run->cause);
	return NULL;
}

/* Clipped to what was asked for. */
static int give(const struct walk *walk, const struct segment *segment,
	const struct timeline_stretch *stretch)
{
	const struct span *span = &walk->query->span;
	struct timeline_stretch clipped = *stretch;

	clipped.contract = segment->contract->id;
	if (clipped.from_s < span->from)
		clipped.from_s = span->from;
	if (clipped.to_s > span->to)
		clipped.to_s = span->to;
	return clipped.from_s < clipped.to_s ? walk->each(walk->arg, &clipped) : 0;
}

static int give_excluded(
	const struct walk *walk, const struct segment *segment, int64_t from_s, int64_t to_s)
{
	const struct timeline_stretch stretch = {.from_s = from_s, .to_s = to_s, .class = 'E'};

	return give(walk, segment, &stretch);
}

/* What of [from, to) counts has the class of its states; the rest of it is excluded. */
static int give_states(
	const struct walk *walk, const struct segment *segment, int64_t from_s, int64_t to_s)
{
	static const char classes[] = {[STATE_U] = 'U', [STATE_D] = 'D', [STATE_N] = 'N'};
	const struct state_run *end = segment->states->runs + segment->states->count;
	const struct state_run *run = states_at(segment->states, from_s);
	int stop = 0;

	for (; !stop && run && run < end && run->from < to_s; run++) {
		const struct timeline_stretch stretch = {
			.from_s = run->from > from_s ? run->from : from_s,
			.to_s = run->to < to_s ? run->to : to_s,
			.class = classes[run->state],
			.cause = cause_of(run),
		};

		stop = give(walk, segment, &stretch);
	}
	return stop;
}

static int give_period(
	const struct walk *walk, const struct segment *segment, const struct span *period)
{
	const struct spans *counted = &segment->row->counted;
	int64_t at_s = period->from;
	int stop = 0;

	for (size_t i = 0; !stop && i < counted->count && counted->items[i].from < period->to;
		i++) {
		const struct span *span = &counted->items[i];

		if (span->to <= at_s)
			continue;
		stop = give_excluded(walk, segment, at_s, span->from);
		at_s = span->from > at_s ? span->from : at_s;
		if (!stop)
			stop = give_states(
				walk, segment, at_s, span->to < period->to ? span->to : period->to);
		at_s = span->to < period->to ? span->to : period->to;
	}
	return stop ? stop : give_excluded(walk, segment, at_s, period->to);
}

static int give_contract(const struct walk *walk, struct sla_case *sla_case,
	const struct registry_contract *contract)
{
	struct states states = {NULL};
	struct month_row row = {0};
	const struct segment segment = {contract, &states, &row};
	int stop = sla_case_compute(sla_case, contract, &states, &row, walk->err);

	if (stop == -ENODATA)
		return 0;
	for (size_t i = 0; !stop && i < row.period.count; i++)
		stop = give_period(walk, &segment, &row.period.items[i]);
	month_row_done(&row);
	states_done(&states);
	return stop;
}

static int give_month(const struct walk *walk, const char *month)
{
	const struct sla_query query = {.month = month, .as_of_s = walk->query->as_of_s};
	struct sla_case sla_case;
	int stop = sla_case_load(&sla_case, walk->source, walk->query->link, &query, walk->err);

	if (stop)
		return stop;
	for (size_t i = 0; !stop && i < sla_case.contract_count; i++)
		stop = give_contract(walk, &sla_case, &sla_case.contracts[i]);
	sla_case_done(&sla_case);
	return stop;
}

int timeline_read(const struct sla_source *source, const struct timeline_query *query,
	int (*each)(void *arg, const struct timeline_stretch *stretch), void *arg, struct err *err)
{
	const struct walk walk = {source, query, each, arg, err};
	int64_t from_s, at_s = query->span.from;
	char month[MONTH_BYTES];
	int stop = 0;

	if (query->span.to - query->span.from > TIMELINE_SPAN_MAX_S)
		return err_set(err, -EINVAL, "more than %d days", TIMELINE_SPAN_MAX_S / 86400);
	while (!stop && source->ledger && at_s < query->span.to) {
		civil_month_name(at_s, query->link->offset_s, month);
		stop = give_month(&walk, month);
		if (!stop)
			stop = civil_month(month, query->link->offset_s, &from_s, &at_s, err);
	}
	return stop;
}
