/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_figures.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/store/derived_shelf.h"
#include "collector/store/kept_figures.h"
#include "collector/store/ledger_private.h"
#include "common/crc32c.h"

#define US_PER_S 1000000LL

struct gatherer { /* of one day's slots */
	struct tally *tally;
	const struct spans *up; /* of that day */
	size_t at; /* first of them that ends after the present slot's beginning */
	struct err *err;
};

int figures_up(const struct states *states, const struct month_row *row, struct spans *ret_up)
{
	struct spans all = {0};
	int failed = 0;

	for (size_t i = 0; !failed && i < states->count; i++) {
		const struct state_run *run = &states->runs[i];
		if (run->state == STATE_U && run->to > row->segment_from &&
			run->from < row->segment_to)
			failed = spans_add(&all, run->from, run->to);
	}
	if (!failed)
		failed = spans_intersect(&all, &row->counted, ret_up);
	spans_done(&all);
	return failed;
}

/* ---- from slots */

static bool is_up(const struct gatherer *gatherer, int64_t second)
{
	const struct spans *up = gatherer->up;

	for (size_t i = gatherer->at; i < up->count && up->items[i].from <= second; i++) {
		if (second < up->items[i].to)
			return true;
	}
	return false;
}

/* Slots come by their beginning, so the U seconds before it are done with. */
static int gather_slot(void *arg, const struct ledger_slot *row)
{
	struct gatherer *gatherer = arg;
	const struct spans *up = gatherer->up;
	const struct slot *slot = row->slot;
	int failed = 0;

	while (gatherer->at < up->count && up->items[gatherer->at].to <= row->from_s)
		gatherer->at++;
	for (size_t i = 0; !failed && i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		const struct target *target = &slot->targets[probe->target];
		int64_t sent_us = row->start_utc_us + probe->offset_ms * 1000LL;
		int64_t sent_s = sent_us / US_PER_S - (sent_us % US_PER_S < 0);
		if (!evidence_publishes(slot, probe) || sent_s < row->from_s ||
			sent_s >= row->to_s || !is_up(gatherer, sent_s))
			continue;
		failed = tally_add(gatherer->tally,
			crc32c(0, target->address.bytes, target->address.length),
			probe->outcome == OUTCOME_ANSWERED, probe->rtt_us);
	}
	return failed ? err_errno(gatherer->err, failed, "figures of a link") : 0;
}

/* ---- by days */

static int gather_day(struct figures *figures, const struct figures_of *of, int64_t day_s,
	const struct spans *up, struct err *err)
{
	struct gatherer gatherer = {.tally = of->tally, .up = up, .err = err};
	const struct ledger_span span = {
		of->link->id, up->items[0].from, up->items[up->count - 1].to};
	const struct kept_key key = {of->link->id, day_s};
	struct figures *day;
	int r = kept_day_get(of->ledger->db, &key, up, figures, err);

	if (r != 0)
		return r < 0 ? r : 0;
	r = ledger_slots(of->ledger, &span, gather_slot, &gatherer, err);
	if (r < 0)
		return r;
	day = malloc(sizeof(*day));
	if (!day)
		return err_errno(err, -ENOMEM, "figures of a link");
	figures_init(day);
	tally_end_day(of->tally, day);
	figures_merge(figures, day);
	if (of->keep_days)
		r = kept_day_put(of->ledger->db, &key, up, day, err);
	free(day);
	return r;
}

static int clip(const struct spans *up, const struct span *within, struct spans *ret)
{
	struct spans limits = {0};
	int failed = spans_add(&limits, within->from, within->to);

	if (!failed)
		failed = spans_intersect(up, &limits, ret);
	spans_done(&limits);
	return failed;
}

int figures_gather_days(struct figures *figures, const struct figures_of *of,
	const struct spans *up, const struct span *days, struct err *err)
{
	int r = 0;

	for (int64_t day_s = days->from; r == 0 && day_s < days->to; day_s += DAY_S) {
		const struct span day = {day_s, day_s + DAY_S};
		struct spans own = {0};
		r = clip(up, &day, &own);
		if (r < 0)
			err_errno(err, r, "figures of a link");
		else if (own.count)
			r = gather_day(figures, of, day_s, &own, err);
		spans_done(&own);
	}
	return r;
}

/* 1: there was a row for the month, summed up to month->to_s; 0: there is none. */
static int gather_month(const struct figures_of *of, const struct kept_key *key,
	const struct spans *up, struct kept_month *month, struct err *err)
{
	const struct shelf_month *rows;
	size_t count;

	if (shelf_find_months(of->ledger->shelf, key->link, &rows, &count) < 0)
		return kept_month_get(of->ledger->db, key, up, month, err);
	for (size_t i = 0; i < count; i++) {
		if (kept_hash(up, rows[i].to_s) != rows[i].hash)
			continue;
		month->to_s = rows[i].to_s;
		int failed = figures_decode(
			month->figures, rows[i].body.bytes, rows[i].body.length);
		return failed ? err_errno(err, failed, "figures of a link") : 1;
	}
	return 0;
}

int figures_gather(struct figures *figures, const struct figures_of *of, const struct spans *up,
	struct err *err)
{
	int32_t offset_s = of->link->offset_s;
	const struct kept_key key = {of->link->id, kept_month_number(of->month_s, offset_s)};
	struct kept_month month = {.figures = figures};
	struct span days;
	int r;

	if (!of->ledger || !up->count)
		return 0;
	r = gather_month(of, &key, up, &month, err);
	days.from = r > 0 ? month.to_s : kept_day_of(up->items[0].from, offset_s);
	days.to = up->items[up->count - 1].to;
	return r < 0 ? r : figures_gather_days(figures, of, up, &days, err);
}

void figures_publish(const struct figures *figures, struct sla_figures *ret_figures)
{
	struct sla_figures out = {.has_rtt = figures->rtt.total > 0, .has_loss = figures->sent > 0};

	if (out.has_rtt) {
		out.rtt_median_us = hist_percentile(&figures->rtt, 50);
		out.rtt_p95_us = hist_percentile(&figures->rtt, 95);
		out.pdv_p95_us = hist_percentile(&figures->pdv, 95);
	}
	if (out.has_loss)
		out.loss_ppm = (int64_t)(figures->lost * TERMS_PPM / figures->sent);
	*ret_figures = out;
}
