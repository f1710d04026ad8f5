/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/exporting.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "collector/export/exporter.h"
#include "collector/export/store_settings.h"
#include "common/backoff.h"
#include "common/log.h"

#define IDLE_MS 500
#define BACKOFF_FLOOR_MS 500
#define BACKOFF_CEILING_MS 60000
#define RETRY_AFTER_MAX_MS (600 * 1000ULL) /* a server that asks for more may be mistaken */

struct exporting {
	struct desk *desk;
	struct exporter *exporter;
	struct backoff backoff;
	int64_t rows_max;
	uint64_t failures;
	bool failing;
	pthread_t thread;
	bool started;
};

static bool stop(void *arg)
{
	return desk_stopping(arg);
}

static void tell(struct exporting *exporting, const char *error)
{
	struct exporter_counts counts = exporter_counts(exporting->exporter);
	struct desk_export export = {
		.on = true,
		.position = exporter_position(exporting->exporter),
		.rows_max = exporting->rows_max,
		.points = counts.points,
		.refused = counts.refused,
		.partial = counts.partial,
		.dropped = counts.dropped,
		.unremoved = counts.unremoved,
		.tries_failed = exporting->failures,
	};

	snprintf(export.error, sizeof(export.error), "%s", error);
	snprintf(export.warning, sizeof(export.warning), "%s",
		exporter_warning(exporting->exporter));
	desk_put_export(exporting->desk, &export);
}

/* As long as we would wait by ourselves, or as long as the server wants us to. */
static unsigned wait_ms(struct exporting *exporting)
{
	uint64_t asked_ms = exporter_retry_after_s(exporting->exporter) * 1000ULL;
	uint32_t dice = 0, own_ms;

	if (getrandom(&dice, sizeof(dice), GRND_NONBLOCK) < 0)
		dice = (uint32_t)exporting->failures * 2654435761u;
	own_ms = backoff_next(&exporting->backoff, dice);
	if (asked_ms > RETRY_AFTER_MAX_MS)
		asked_ms = RETRY_AFTER_MAX_MS;
	return asked_ms > own_ms ? (unsigned)asked_ms : own_ms;
}

/* One line when it begins to fail, one when it goes on. How long to wait. */
static unsigned conclude(struct exporting *exporting, int result, const struct err *err)
{
	if (result >= 0) {
		if (exporting->failing)
			log_info("export: goes on");
		exporting->failing = false;
		backoff_reset(&exporting->backoff);
		tell(exporting, "");
		return result ? 0 : IDLE_MS;
	}
	if (desk_stopping(exporting->desk))
		return 0; /* it was us who ended the request */
	exporting->failures++;
	if (!exporting->failing)
		log_warn("export: waits: %s", err->text);
	exporting->failing = true;
	tell(exporting, err->text);
	return wait_ms(exporting);
}

static void *run(void *arg)
{
	struct exporting *exporting = arg;
	struct err err = {0};
	unsigned pause_ms = 0;

	while (!desk_wait_ms(exporting->desk, pause_ms))
		pause_ms = conclude(exporting, exporter_step(exporting->exporter, &err), &err);
	return NULL;
}

static int open_exporter(struct exporting *exporting, const char *state,
	const struct settings *settings, struct err *err)
{
	struct exporter_settings wanted = {
		.batch = (unsigned)settings->export_batch,
		.stop = stop,
		.stop_arg = exporting->desk,
	};
	struct desk_export export;
	struct store_settings store;
	int r = store_settings_read(settings, &store, err);

	if (r < 0)
		return r;
	wanted.influx = store.influx;
	desk_get_export(exporting->desk, &export);
	wanted.position = export.position;
	r = exporter_open(state, &wanted, &exporting->exporter, err);
	store_settings_done(&store);
	return r;
}

static int start(struct exporting *exporting, const char *state, const struct settings *settings,
	struct err *err)
{
	int r;

	if (!settings->export_url[0])
		return 0;
	r = open_exporter(exporting, state, settings, err);
	if (r < 0)
		return r;
	tell(exporting, "");
	r = pthread_create(&exporting->thread, NULL, run, exporting);
	if (r)
		return err_errno(err, -r, "thread of the exporter");
	exporting->started = true;
	log_info("export: to %s, from row %lld of the outbox", settings->export_url,
		(long long)exporter_position(exporting->exporter));
	return 0;
}

int exporting_start(const char *state, const struct settings *settings, struct desk *desk,
	struct exporting **ret_exporting, struct err *err)
{
	struct exporting *exporting = calloc(1, sizeof(*exporting));
	int r;

	if (!exporting)
		return err_errno(err, -ENOMEM, "exporter");
	exporting->desk = desk;
	exporting->rows_max = settings->export_outbox_rows;
	backoff_init(&exporting->backoff, BACKOFF_FLOOR_MS, BACKOFF_CEILING_MS);
	r = start(exporting, state, settings, err);
	if (r < 0) {
		exporting_end(exporting);
		return r;
	}
	*ret_exporting = exporting;
	return 0;
}

void exporting_end(struct exporting *exporting)
{
	if (!exporting)
		return;
	if (exporting->started)
		pthread_join(exporting->thread, NULL);
	exporter_close(exporting->exporter);
	free(exporting);
}
