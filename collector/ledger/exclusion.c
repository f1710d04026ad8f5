/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/exclusion.h"

#include <string.h>

static const char *const reason_names[EXCLUSION_REASON_COUNT] = {
	[EXCLUSION_MAINTENANCE] = "maintenance",
	[EXCLUSION_FORCE_MAJEURE] = "force-majeure",
	[EXCLUSION_POWER] = "power",
	[EXCLUSION_CUSTOMER] = "customer",
};

const char *exclusion_reason_name(enum exclusion_reason reason)
{
	return reason < EXCLUSION_REASON_COUNT ? reason_names[reason] : "?";
}

int exclusion_reason_parse(const char *name)
{
	for (int i = 0; i < EXCLUSION_REASON_COUNT; i++) {
		if (!strcmp(name, reason_names[i]))
			return i;
	}
	return -1;
}

int64_t exclusion_from(const struct exclusion *exclusion, const struct terms *terms)
{
	int64_t announced = exclusion->entered + (int64_t)terms->notice_s;

	if (exclusion->reason == EXCLUSION_MAINTENANCE && announced > exclusion->from)
		return announced;
	return exclusion->from;
}

bool exclusion_reaches_down(const struct exclusion *exclusion)
{
	return exclusion->reason == EXCLUSION_MAINTENANCE ||
		(exclusion->reason != EXCLUSION_POWER && exclusion->confirmed);
}

/* Adds the runs of one state (and cause, unless negative) within [from, to). */
static int add_runs(const struct states *states, const struct span *within, enum state state,
	int cause, struct spans *ret)
{
	for (size_t i = 0; i < states->count; i++) {
		const struct state_run *run = &states->runs[i];
		if (run->from >= within->to)
			break;
		if (run->to <= within->from || run->state != state ||
			(cause >= 0 && run->cause != cause))
			continue;
		int64_t from = run->from > within->from ? run->from : within->from;
		int64_t to = run->to < within->to ? run->to : within->to;
		int failed = spans_add(ret, from, to);
		if (failed)
			return failed;
	}
	return 0;
}

/* Force majeure and customer: without a second officer and a document no D second goes. */
static int add_decided(const struct exclusion *exclusion, const struct states *states,
	const struct span *within, struct spans *ret)
{
	struct spans whole = {0}, down = {0}, rest = {0};
	int failed = spans_add(&whole, within->from, within->to);
	if (!failed && !exclusion_reaches_down(exclusion))
		failed = add_runs(states, within, STATE_D, -1, &down);
	if (!failed)
		failed = spans_subtract(&whole, &down, &rest);
	for (size_t i = 0; !failed && i < rest.count; i++)
		failed = spans_add(ret, rest.items[i].from, rest.items[i].to);
	spans_done(&rest);
	spans_done(&down);
	spans_done(&whole);
	return failed;
}

static int add_one(const struct exclusion *exclusion, const struct terms *terms,
	const struct states *states, const struct span *period, struct spans *ret)
{
	struct span within = {exclusion_from(exclusion, terms), exclusion->to};
	if (within.from < period->from)
		within.from = period->from;
	if (within.to > period->to)
		within.to = period->to;
	if (exclusion->revoked || within.from >= within.to)
		return 0;
	switch (exclusion->reason) {
	case EXCLUSION_POWER: return add_runs(states, &within, STATE_N, UNKNOWN_POWER, ret);
	case EXCLUSION_FORCE_MAJEURE:
	case EXCLUSION_CUSTOMER: return add_decided(exclusion, states, &within, ret);
	default: return spans_add(ret, within.from, within.to);
	}
}

/* The contract's own rule, power = exclude: all but the gaps that are left to a person. */
static int add_power_rule(const struct states *states, const struct span *period, struct spans *ret)
{
	struct spans power = {0}, clear = {0};
	int failed = add_runs(states, period, STATE_N, UNKNOWN_POWER, &power);
	if (!failed)
		failed = spans_subtract(&power, &states->power_person, &clear);
	for (size_t i = 0; !failed && i < clear.count; i++)
		failed = spans_add(ret, clear.items[i].from, clear.items[i].to);
	spans_done(&clear);
	spans_done(&power);
	return failed;
}

int exclusions_spans(const struct exclusions *exclusions, const struct terms *terms,
	const struct states *states, const struct span *period, struct spans *ret)
{
	int failed = 0;
	for (size_t i = 0; !failed && i < exclusions->count; i++)
		failed = add_one(&exclusions->items[i], terms, states, period, ret);
	if (!failed && terms->power == POWER_EXCLUDE)
		failed = add_power_rule(states, period, ret);
	return failed;
}
