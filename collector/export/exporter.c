/* SPDX-License-Identifier: Apache-2.0 */
/*
 * While one batch is on its way the next ones are read; an answer that comes meanwhile sends the
 * next one on its way at once:
 *
 *	sent	          |--- 1 ---||- 2 -||--- 3 ---|
 *	read	|-- 1 --||-- 2 --||-- 3 --||-- 4 --|
 */
#include "collector/export/exporter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/parcel.h"
#include "collector/export/checks.h"
#include "collector/export/delivery.h"
#include "common/log.h"

#define PARCELS 3 /* one on its way, one ready, one being read */

struct exporter {
	char *state;
	struct ledger_db *ledger;
	struct tags *tags;
	struct influx *influx;
	struct aside *aside;
	struct delivery *delivery;
	struct checks *checks;
	uint64_t lines; /* a batch */
	int64_t position;
	uint64_t unknown, unremoved, unremovable; /* points; of links, of the store, for good */
	struct parcel parcels[PARCELS];
	unsigned first, count; /* those that were read, as a ring */
	bool sending; /* the first is on its way */
	int moved; /* rows, in this step */
	int failed; /* while the next one was read; `err` says why */
	struct err err;
};

static struct parcel *parcel_at(struct exporter *exporter, unsigned place)
{
	return &exporter->parcels[(exporter->first + place) % PARCELS];
}

/* ---- sending */

/* Lines alone can be on their way while something else is done. */
static void begin_first(struct exporter *exporter)
{
	const struct parcel *parcel = parcel_at(exporter, 0);

	if (exporter->sending || !exporter->count || parcel->removes || !parcel->line_count)
		return;
	delivery_begin(exporter->delivery, (const char *)buf_peek(&parcel->lines),
		buf_length(&parcel->lines));
	exporter->sending = true;
}

static void advance(struct exporter *exporter)
{
	const struct parcel *done = parcel_at(exporter, 0);

	exporter->position = done->end;
	exporter->unknown += done->unknown;
	exporter->unremoved += done->unremoved;
	exporter->moved += done->rows;
	exporter->first = (exporter->first + 1) % PARCELS;
	exporter->count--;
}

/* Waits for the answer. */
static int end_first(struct exporter *exporter, struct err *err)
{
	int r = delivery_end(exporter->delivery, err);

	exporter->sending = false;
	return r < 0 ? r : checks_after(exporter->checks, parcel_at(exporter, 0), err);
}

static void meanwhile(void *arg)
{
	struct exporter *exporter = arg;

	if (!exporter->sending)
		return;
	delivery_turn(exporter->delivery);
	if (delivery_runs(exporter->delivery))
		return;
	exporter->failed = end_first(exporter, &exporter->err);
	if (exporter->failed == 0) {
		advance(exporter);
		begin_first(exporter);
	}
}

static int send_some(struct exporter *exporter, const struct influx_points *points, size_t count,
	struct err *err)
{
	int r = influx_delete(exporter->influx, points, count, err);

	if (r != -EBADMSG)
		return r;
	log_warn("export: %zu points could not be removed, of link %" PRId64 " at @%" PRId64
		 " first: %s",
		count, points->link, points->from_s, err->text);
	exporter->unremovable += count;
	return 0;
}

static int send_removals(struct exporter *exporter, struct err *err)
{
	const struct parcel *parcel = parcel_at(exporter, 0);
	int r = 0;

	if (!influx_removes(exporter->influx)) { /* found out since it was read */
		exporter->unremoved += parcel->removed_count;
		return 0;
	}
	for (size_t i = 0; r == 0 && i < parcel->removed_count; i += INFLUX_DELETE_MAX) {
		size_t rest = parcel->removed_count - i;
		r = send_some(exporter, &parcel->removed[i],
			rest < INFLUX_DELETE_MAX ? rest : INFLUX_DELETE_MAX, err);
	}
	return r;
}

/* ---- reading */

/* Rows, or 0. */
static int read_next(struct exporter *exporter, struct err *err)
{
	struct parcel *parcel = parcel_at(exporter, exporter->count);
	const struct parcel_source source = {exporter->ledger, exporter->tags,
		exporter->count ? parcel_at(exporter, exporter->count - 1)->end
				: exporter->position,
		exporter->lines, influx_removes(exporter->influx), meanwhile, exporter};
	int r = parcel_fill(parcel, &source, err);

	if (r < 0 || !parcel->rows)
		return r;
	/* the first ones may have left meanwhile: it stands behind those that are left */
	exporter->count++;
	return parcel->rows;
}

/* What cannot be read now fails again, and is said, when its turn comes. */
static void read_ahead(struct exporter *exporter)
{
	struct err err;

	while (exporter->sending && exporter->count < PARCELS && read_next(exporter, &err) > 0)
		meanwhile(exporter);
}

/* A damaged ledger.db is set aside and made anew: the old handle would read the old file on. */
static void open_again(struct exporter *exporter)
{
	struct ledger_db *ledger;
	struct err err;

	if (ledger_db_open(exporter->state, &ledger, &err) < 0)
		return; /* the next step says why */
	ledger_db_close(exporter->ledger);
	exporter->ledger = ledger;
}

static int send_first(struct exporter *exporter, struct err *err)
{
	const struct parcel *parcel = parcel_at(exporter, 0);
	int r = 0;

	begin_first(exporter);
	if (exporter->sending) {
		read_ahead(exporter);
		if (exporter->failed < 0)
			*err = exporter->err;
		if (!exporter->sending)
			return exporter->failed; /* else all that was on its way has arrived */
		r = end_first(exporter, err);
	} else if (parcel->removes) {
		r = send_removals(exporter, err);
	}
	if (r == 0)
		advance(exporter);
	return r;
}

int exporter_step(struct exporter *exporter, struct err *err)
{
	int r;

	exporter->moved = exporter->failed = 0;
	checks_before(exporter->checks);
	r = tags_refresh(exporter->tags, err);
	if (r == 0 && !exporter->count)
		r = read_next(exporter, err);
	if (r == -EBADMSG)
		open_again(exporter);
	if (r < 0 || !exporter->count)
		return r;
	r = send_first(exporter, err);
	if (r == 0)
		return exporter->moved;
	exporter->count = 0; /* all of it will be read and sent again */
	checks_reset(exporter->checks);
	return r;
}

/* ---- life */

static int open_parts(struct exporter *exporter, const char *state,
	const struct exporter_settings *settings, struct err *err)
{
	int r;

	exporter->state = strdup(state);
	if (!exporter->state)
		return err_errno(err, -ENOMEM, "%s", state);
	r = ledger_db_open(state, &exporter->ledger, err);
	if (r == 0)
		r = tags_open(state, &exporter->tags, err);
	if (r == 0)
		r = influx_open(&settings->influx, settings->stop, settings->stop_arg,
			&exporter->influx, err);
	if (r < 0)
		return r;
	exporter->aside = aside_new(state);
	exporter->checks = checks_new(exporter->influx);
	exporter->delivery = delivery_new(exporter->influx, exporter->aside, settings->batch);
	return exporter->aside && exporter->checks && exporter->delivery
		? 0
		: err_errno(err, -ENOMEM, "%s", state);
}

int exporter_open(const char *state, const struct exporter_settings *settings,
	struct exporter **ret_exporter, struct err *err)
{
	struct exporter *exporter = calloc(1, sizeof(*exporter));
	int r;

	if (!exporter)
		return err_errno(err, -ENOMEM, "%s", state);
	for (unsigned i = 0; i < PARCELS; i++)
		parcel_init(&exporter->parcels[i]);
	exporter->lines = settings->batch;
	exporter->position = settings->position;
	r = open_parts(exporter, state, settings, err);
	if (r < 0) {
		exporter_close(exporter);
		return r;
	}
	*ret_exporter = exporter;
	return 0;
}

void exporter_close(struct exporter *exporter)
{
	if (!exporter)
		return;
	delivery_free(exporter->delivery);
	checks_free(exporter->checks);
	aside_free(exporter->aside);
	influx_close(exporter->influx);
	tags_close(exporter->tags);
	ledger_db_close(exporter->ledger);
	free(exporter->state);
	for (unsigned i = 0; i < PARCELS; i++)
		parcel_done(&exporter->parcels[i]);
	free(exporter);
}

/* ---- how it goes */

int64_t exporter_position(const struct exporter *exporter)
{
	return exporter->position;
}

struct exporter_counts exporter_counts(const struct exporter *exporter)
{
	struct delivery_counts sent = delivery_counts(exporter->delivery);

	return (struct exporter_counts){
		.points = sent.points,
		.refused = sent.refused + exporter->unknown + exporter->unremovable,
		.partial = sent.partial,
		.dropped = checks_dropped(exporter->checks),
		.unremoved = exporter->unremoved,
	};
}

uint32_t exporter_retry_after_s(const struct exporter *exporter)
{
	return influx_retry_after_s(exporter->influx);
}

const char *exporter_warning(const struct exporter *exporter)
{
	return checks_warning(exporter->checks);
}
