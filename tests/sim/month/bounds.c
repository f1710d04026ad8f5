/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/month/bounds.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/fail.h"

#define JOINT_S 2 /* rounding where one slot ends and the next begins */

/* ---- runs of a flag */

struct run {
	size_t from, to;
};

/* The next run of seconds that are `value`, at or after run->to. */
static bool next_run(const uint8_t *flags, size_t count, uint8_t value, struct run *run)
{
	const uint8_t *found;

	if (run->to >= count)
		return false;
	found = memchr(flags + run->to, value, count - run->to);
	if (!found)
		return false;
	run->from = (size_t)(found - flags);
	found = memchr(found, !value, count - run->from);
	run->to = found ? (size_t)(found - flags) : count;
	return true;
}

static size_t less(size_t second, size_t by)
{
	return second > by ? second - by : 0;
}

static size_t more(size_t second, size_t by, size_t count)
{
	return second + by < count ? second + by : count;
}

/* Each run of `value` grows by so much on both sides. */
static void widen(uint8_t *flags, size_t count, uint8_t value, size_t by)
{
	struct run run = {0, 0}, next;
	size_t before = 0; /* where the run before it ended */
	bool is_more = next_run(flags, count, value, &run);

	while (is_more) {
		size_t from = less(run.from, by), to = more(run.to, by, count);

		next = run;
		is_more = next_run(flags, count, value, &next);
		from = from > before ? from : before;
		to = is_more && next.from < to ? next.from : to;
		memset(flags + from, value, to - from);
		before = run.to;
		run = next;
	}
}

/* Turns bad into down: a run of bad of `down_s` begins it, one of good of `up_s` ends it. */
static void apply_window(uint8_t *bad, size_t count, size_t down_s, size_t up_s)
{
	bool is_down = false;
	size_t at = 0;

	while (at < count) {
		struct run run = {0, at};
		uint8_t value = bad[at];

		next_run(bad, count, value, &run);
		if (value && run.to - at >= down_s)
			is_down = true;
		if (!value && (run.to - at >= up_s || run.to == count))
			is_down = false; /* after the end nothing is known, and taken as good */
		memset(bad + at, is_down, run.to - at);
		at = run.to;
	}
}

/* ---- what was down, what was not known */

static bool is_charged(uint8_t net)
{
	return net != ACCOUNT_UP && net != DOWN_LOCAL;
}

static void flag_down(const struct account *account, uint8_t *flags)
{
	for (size_t i = 0; i < account->seconds; i++)
		flags[i] = is_charged(account->net[i]);
}

/* Nothing known, or a fault of the house. */
static void flag_unknown(const struct account *account, uint8_t *flags)
{
	for (size_t i = 0; i < account->seconds; i++)
		flags[i] = !account->known[i] || account->net[i] == DOWN_LOCAL;
}

/* ---- the bounds */

/* A hole of at most the bridge between two bad stretches is bad. */
static void bridge(struct bounds *bounds, const uint8_t *unknown)
{
	struct run run = {0, 0};

	while (next_run(bounds->may_d, bounds->seconds, 0, &run)) {
		size_t length = run.to - run.from;

		if (run.from && run.to < bounds->seconds && length <= BOUNDS_BRIDGE_S &&
			memchr(unknown + run.from, 1, length))
			memset(bounds->may_d + run.from, 1, length);
	}
}

static void find_may_d(struct bounds *bounds, const struct account *account, const uint8_t *unknown)
{
	flag_down(account, bounds->may_d);
	widen(bounds->may_d, bounds->seconds, 1, bounds->edge_s);
	bridge(bounds, unknown);
	apply_window(bounds->may_d, bounds->seconds, BOUNDS_WINDOW_S, BOUNDS_WINDOW_S);
}

/* What is so short need not make any slot bad. */
static void drop_short(uint8_t *flags, size_t count, size_t length_s)
{
	struct run run = {0, 0};

	while (next_run(flags, count, 1, &run))
		if (run.to - run.from < length_s)
			memset(flags + run.from, 0, run.to - run.from);
}

/* A slot in which the house's own fault begins or ends may be booked under it. */
static void find_must_d(struct bounds *bounds, const struct account *account, uint8_t *unknown)
{
	flag_down(account, bounds->must_d);
	widen(unknown, bounds->seconds, 1, BOUNDS_SLOT_S);
	for (size_t i = 0; i < bounds->seconds; i++)
		bounds->must_d[i] &= !unknown[i];
	drop_short(bounds->must_d, bounds->seconds, bounds->short_s);
	apply_window(bounds->must_d, bounds->seconds, bounds->sure_s,
		BOUNDS_WINDOW_S - 2 * bounds->edge_s);
	widen(bounds->must_d, bounds->seconds, 0, bounds->edge_s);
}

static bool are_alike(
	const struct account *account, const uint8_t *unknown, size_t one, size_t other)
{
	return unknown[one] == unknown[other] &&
		is_charged(account->net[one]) == is_charged(account->net[other]);
}

/* Unknown seconds leave their neighbours open up to the next run that decides. */
static void find_may_n(struct bounds *bounds, const struct account *account, uint8_t *unknown)
{
	const size_t decisive_s = BOUNDS_WINDOW_S + 2 * bounds->edge_s;
	size_t count = bounds->seconds, at = 0;
	bool is_open = false;

	widen(unknown, count, 1, bounds->edge_s);
	memcpy(bounds->may_n, unknown, count);
	while (at < count) { /* to the right */
		size_t from = at;

		while (at < count && are_alike(account, unknown, at, from))
			at++;
		if (unknown[from])
			is_open = true;
		else if (at - from >= decisive_s)
			is_open = false;
		if (is_open)
			memset(bounds->may_n + from, 1, at - from);
	}
	while (at > 0) { /* to the left */
		size_t to = at;

		while (at > 0 && are_alike(account, unknown, at - 1, to - 1))
			at--;
		if (unknown[to - 1])
			is_open = true;
		else if (to - at >= decisive_s)
			is_open = false;
		if (is_open)
			memset(bounds->may_n + at, 1, to - at);
	}
	widen(bounds->may_n, count, 1, bounds->edge_s);
}

/* ---- causes of N */

static void allow(struct bounds *bounds, const struct run *run, size_t by, unsigned why)
{
	size_t to = more(run->to, by, bounds->seconds);

	for (size_t i = less(run->from, by); i < to; i++)
		bounds->allowed[i] |= (uint16_t)why;
}

/* Whatever was at work in a hole may name all of it. */
static void find_causes(struct bounds *bounds, const struct account *account)
{
	struct run run = {0, 0};

	for (size_t i = 0; i < bounds->seconds; i++) {
		if (bounds->may_n[i])
			bounds->allowed[i] = ACCOUNT_BIT(UNKNOWN_EDGE);
	}
	while (next_run(account->known, bounds->seconds, 0, &run)) {
		unsigned why = 0;

		for (size_t i = run.from; i < run.to; i++)
			why |= account->why[i];
		if (!why && run.to - run.from > JOINT_S)
			bounds->missing += run.to - run.from;
		allow(bounds, &run, bounds->edge_s, why);
	}
	for (size_t i = 0; i < bounds->seconds;) {
		size_t from = i;

		while (i < bounds->seconds && account->net[i] == DOWN_LOCAL)
			i++;
		if (i > from)
			allow(bounds, &(struct run){from, i}, BOUNDS_SLOT_S + bounds->edge_s,
				ACCOUNT_BIT(UNKNOWN_LOCAL));
		else
			i++;
	}
}

static void measure_place(struct bounds *bounds, const struct place *place)
{
	bounds->short_s = place->slot_s + 2 * place->round_s + 2 * BOUNDS_ROUNDING_S;
	bounds->edge_s = place->slot_s / 2 + place->round_s + BOUNDS_ROUNDING_S +
		(place->has_ntp ? 0 : BOUNDS_DRIFT_S);
	bounds->sure_s = place->is_odd ? BOUNDS_WINDOW_S + bounds->short_s : BOUNDS_SURE_S;
}

void bounds_init(struct bounds *bounds, const struct account *account, const struct story *story)
{
	size_t count = account->seconds;
	uint8_t *unknown = malloc(count);

	*bounds = (struct bounds){
		.seconds = count,
		.may_d = malloc(count),
		.must_d = malloc(count),
		.may_n = malloc(count),
		.allowed = calloc(count, sizeof(*bounds->allowed)),
	};
	if (!unknown || !bounds->may_d || !bounds->must_d || !bounds->may_n || !bounds->allowed)
		sim_fail(story->seed, "no memory");
	measure_place(bounds, &story->place);
	flag_unknown(account, unknown);
	find_may_d(bounds, account, unknown);
	find_must_d(bounds, account, unknown);
	find_may_n(bounds, account, unknown);
	find_causes(bounds, account);
	free(unknown);
}

void bounds_done(struct bounds *bounds)
{
	free(bounds->may_d);
	free(bounds->must_d);
	free(bounds->may_n);
	free(bounds->allowed);
}
