/* SPDX-License-Identifier: Apache-2.0 */
/*
 * While one batch is on its way the next one is read:
 *
 *	present	|- fill -|--- sent ---|
 *	ahead	          |- fill -|  |--- sent ---|
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
	struct parcel batches[2], *present, *ahead;
};

static void meanwhile(void *arg)
{
	struct exporter *exporter = arg;

	delivery_turn(exporter->delivery);
}

static int fill(struct exporter *exporter, struct parcel *parcel, int64_t after, struct err *err)
{
	const struct parcel_source source = {
		exporter->ledger, exporter->tags, after, exporter->lines, meanwhile, exporter};

	return parcel_fill(parcel, &source, err);
}

/* ---- sending */

static int send_lines(struct exporter *exporter, struct err *err)
{
	struct parcel *parcel = exporter->present;
	struct err ahead_err;
	int r;

	delivery_begin(exporter->delivery, (const char *)buf_peek(&parcel->lines),
		buf_length(&parcel->lines));
	/* what cannot be read now fails again, and is said, when its turn comes */
	if (fill(exporter, exporter->ahead, parcel->end, &ahead_err) < 0)
		exporter->ahead->rows = 0;
	r = delivery_end(exporter->delivery, err);
	return r < 0 ? r : checks_after(exporter->checks, parcel, err);
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
	const struct parcel *parcel = exporter->present;
	int r = 0;

	if (!influx_removes(exporter->influx)) {
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

static int send_present(struct exporter *exporter, struct err *err)
{
	exporter->ahead->rows = 0;
	if (exporter->present->removes)
		return send_removals(exporter, err);
	return exporter->present->line_count ? send_lines(exporter, err) : 0;
}

static int advance(struct exporter *exporter)
{
	struct parcel *done = exporter->present;
	int rows = done->rows;

	exporter->position = done->end;
	exporter->unknown += done->unknown;
	done->rows = 0;
	exporter->present = exporter->ahead;
	exporter->ahead = done;
	return rows;
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

int exporter_step(struct exporter *exporter, struct err *err)
{
	int r;

	checks_before(exporter->checks);
	r = tags_refresh(exporter->tags, err);
	if (r == 0 && !exporter->present->rows)
		r = fill(exporter, exporter->present, exporter->position, err);
	if (r == -EBADMSG)
		open_again(exporter);
	if (r < 0 || !exporter->present->rows)
		return r;
	r = send_present(exporter, err);
	if (r == 0)
		return advance(exporter);
	exporter->present->rows = 0; /* all of it will be read and sent again */
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
	parcel_init(&exporter->batches[0]);
	parcel_init(&exporter->batches[1]);
	exporter->present = &exporter->batches[0];
	exporter->ahead = &exporter->batches[1];
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
	parcel_done(&exporter->batches[0]);
	parcel_done(&exporter->batches[1]);
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
