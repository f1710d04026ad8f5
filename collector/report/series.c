/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ledger/evidence.h"
#include "collector/store/ledger_sample.h"
#include "common/err.h"
#include "common/scratch.h"
#include "proto/codec.h"

#define US_PER_S 1000000
#define MS_PER_S 1000
#define BITS 8
#define MIDDLE 50
#define UPPER 95
#define TARGETS_MAX 64 /* different ones in a step; those beyond are left out of PDV */

const char *const series_metrics[] = {
	[SERIES_RTT] = "rtt",
	[SERIES_LOSS] = "loss",
	[SERIES_PDV] = "pdv",
	[SERIES_DOWN] = "down",
	[SERIES_UP] = "up",
	[SERIES_RX] = "rx",
	[SERIES_TX] = "tx",
	[SERIES_COUNT] = NULL,
};

struct target_least { /* the least RTT to a target within the step */
	struct address address;
	uint32_t least_us;
};

struct value {
	uint32_t value;
	uint32_t target; /* place in the targets; PDV alone */
};

struct step {
	int64_t at_s;
	bool open;
	struct value *values;
	size_t count, room;
	struct target_least targets[TARGETS_MAX];
	size_t target_count;
	uint64_t sent, lost, bytes, ms, busiest;
};

struct walk {
	const struct series_query *query;
	int (*each)(void *arg, const struct series_point *point);
	void *arg;
	struct err *err;
	struct step step;
};

/* ---- the end of a step */

static int compare_values(const void *left, const void *right)
{
	uint32_t a = ((const struct value *)left)->value, b = ((const struct value *)right)->value;

	return a < b ? -1 : a > b;
}

/* Nearest rank (RFC 2330 section 11.3); the values are sorted. */
static int64_t percentile(const struct step *step, unsigned percent)
{
	size_t rank = (step->count * percent + 99) / 100;

	return step->values[rank ? rank - 1 : 0].value;
}

static void above_least(struct step *step)
{
	for (size_t i = 0; i < step->count; i++)
		step->values[i].value -= step->targets[step->values[i].target].least_us;
}

static struct series_point of_values(struct step *step, enum series_metric metric)
{
	struct series_point point = {.at_s = step->at_s, .count = (int64_t)step->count};
	bool greatest = metric == SERIES_DOWN || metric == SERIES_UP;

	if (metric == SERIES_PDV)
		above_least(step);
	qsort(step->values, step->count, sizeof(*step->values), compare_values);
	point.low = step->values[0].value;
	point.middle = percentile(step, MIDDLE);
	point.high = greatest ? step->values[step->count - 1].value : percentile(step, UPPER);
	return point;
}

static struct series_point of_sums(const struct step *step, enum series_metric metric)
{
	struct series_point point = {.at_s = step->at_s};

	if (metric == SERIES_LOSS) {
		point.count = (int64_t)step->sent;
		point.middle = (int64_t)(step->lost * US_PER_S / step->sent); /* ppm */
		point.low = point.high = point.middle;
	} else {
		point.count = (int64_t)(step->ms / MS_PER_S);
		point.low = point.middle = (int64_t)(step->bytes * BITS * MS_PER_S / step->ms);
		point.high = (int64_t)step->busiest;
	}
	return point;
}

static int end_step(struct walk *walk)
{
	struct step *step = &walk->step;
	struct series_point point;
	int stop = 0;

	if (step->count || step->sent || step->ms) {
		point = step->count ? of_values(step, walk->query->metric)
				    : of_sums(step, walk->query->metric);
		stop = walk->each(walk->arg, &point);
	}
	*step = (struct step){.values = step->values, .room = step->room};
	return stop;
}

/* The step that holds the second is the open one afterwards. */
static int reach(struct walk *walk, int64_t second)
{
	const struct series_query *query = walk->query;
	int64_t from_s = query->span.from_s;
	int64_t at_s = from_s + (second - from_s) / query->step_s * query->step_s;
	int stop = 0;

	if (walk->step.open && walk->step.at_s == at_s)
		return 0;
	if (walk->step.open)
		stop = end_step(walk);
	walk->step.open = true;
	walk->step.at_s = at_s;
	return stop;
}

static int add_value(struct walk *walk, uint32_t value, uint32_t target)
{
	struct step *step = &walk->step;

	if (step->count == step->room) {
		size_t room = step->room ? 2 * step->room : 1024;
		struct value *larger = reallocarray(step->values, room, sizeof(*larger));

		if (!larger)
			return err_errno(walk->err, -ENOMEM, "series");
		step->values = larger;
		step->room = room;
	}
	step->values[step->count++] = (struct value){value, target};
	return 0;
}

/* ---- slots */

/* Its place among the step's targets; TARGETS_MAX: there is no room. */
static uint32_t find_target(struct step *step, const struct address *address, uint32_t rtt_us)
{
	size_t i = 0;

	while (i < step->target_count &&
		memcmp(&step->targets[i].address, address, sizeof(*address)) != 0)
		i++;
	if (i == step->target_count) {
		if (i == TARGETS_MAX)
			return TARGETS_MAX;
		step->targets[i] = (struct target_least){*address, rtt_us};
		step->target_count++;
	}
	if (rtt_us < step->targets[i].least_us)
		step->targets[i].least_us = rtt_us;
	return (uint32_t)i;
}

static int see_probe(struct walk *walk, const struct slot *slot, const struct probe *probe)
{
	bool answered = probe->outcome == OUTCOME_ANSWERED;
	uint32_t target = 0;

	if (walk->query->metric == SERIES_LOSS) {
		walk->step.sent++;
		walk->step.lost += !answered;
		return 0;
	}
	if (!answered)
		return 0;
	if (walk->query->metric == SERIES_PDV) {
		target = find_target(
			&walk->step, &slot->targets[probe->target].address, probe->rtt_us);
		if (target == TARGETS_MAX)
			return 0;
	}
	return add_value(walk, probe->rtt_us, target);
}

static void see_traffic(struct walk *walk, const struct slot *slot)
{
	uint64_t bytes = walk->query->metric == SERIES_RX ? slot->facts.rx_bytes
							  : slot->facts.tx_bytes;
	uint64_t rate;

	if (!slot->length_ms)
		return;
	rate = bytes * BITS * MS_PER_S / slot->length_ms;
	walk->step.bytes += bytes;
	walk->step.ms += slot->length_ms;
	if (rate > walk->step.busiest)
		walk->step.busiest = rate;
}

static int see_slot(void *arg, const struct ledger_slot *row)
{
	struct walk *walk = arg;
	const struct slot *slot = row->slot;
	int stop = 0;

	if (row->from_s < walk->query->span.from_s || row->disputed)
		return 0; /* it began before, or nobody knows which content counts */
	stop = reach(walk, row->from_s);
	if (walk->query->metric == SERIES_RX || walk->query->metric == SERIES_TX) {
		see_traffic(walk, slot);
		return stop;
	}
	for (size_t i = 0; !stop && i < slot->probe_count; i++)
		if (evidence_publishes(slot, &slot->probes[i]))
			stop = see_probe(walk, slot, &slot->probes[i]);
	return stop;
}

/* ---- speed tests */

static int see_speed(void *arg, const struct ledger_sample *sample)
{
	struct walk *walk = arg;
	SCRATCH struct record record;
	const struct speed_run *run;
	int stop;

	if (sample->disputed)
		return 0; /* nobody knows whether it is this link's */
	/* what is kept was sound */
	if (codec_record_decode(sample->record, sample->record_length, &record, NULL) != 0)
		return -EBADMSG;
	run = walk->query->metric == SERIES_DOWN ? &record.speed.down : &record.speed.up;
	if (!run->bytes)
		return 0; /* this direction was not measured */
	stop = reach(walk, sample->at_us / US_PER_S);
	return stop ? stop : add_value(walk, run->kbps, 0);
}

int series_read(struct ledger_db *ledger, const struct series_query *query,
	int (*each)(void *arg, const struct series_point *point), void *arg, struct err *err)
{
	struct walk walk = {.query = query, .each = each, .arg = arg, .err = err};
	int64_t length_s = query->span.to_s - query->span.from_s;
	int stop;

	if (query->step_s < 1 || length_s / query->step_s > SERIES_POINTS_MAX)
		return err_set(err, -EINVAL, "more than %d steps", SERIES_POINTS_MAX);
	if (query->metric == SERIES_DOWN || query->metric == SERIES_UP) {
		const struct sample_query samples = {query->span, RECORD_SPEED};

		stop = ledger_samples(ledger, &samples, see_speed, &walk, err);
	} else {
		stop = ledger_slots(ledger, &query->span, see_slot, &walk, err);
	}
	if (stop == 0)
		stop = end_step(&walk);
	free(walk.step.values);
	return stop;
}
