/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/exporting.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "collector/export/exporter.h"
#include "common/backoff.h"
#include "common/file.h"
#include "common/log.h"

#define SECRET_MAX 4096 /* bytes of a file with a password or a token */
#define IDLE_MS 500
#define BACKOFF_FLOOR_MS 500
#define BACKOFF_CEILING_MS 60000

struct exporting {
	struct desk *desk;
	struct exporter *exporter;
	struct backoff backoff;
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
		.points = counts.points,
		.refused = counts.refused,
		.tries_failed = exporting->failures,
	};

	snprintf(export.error, sizeof(export.error), "%s", error);
	desk_put_export(exporting->desk, &export);
}

/* One line when it begins to fail, one when it goes on. How long to wait. */
static unsigned conclude(struct exporting *exporting, int result, const struct err *err)
{
	uint32_t dice = 0;

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
	if (getrandom(&dice, sizeof(dice), GRND_NONBLOCK) < 0)
		dice = (uint32_t)exporting->failures * 2654435761u;
	return backoff_next(&exporting->backoff, dice);
}

static void *run(void *arg)
{
	struct exporting *exporting = arg;
	struct err err = {0};
	unsigned wait_ms = 0;

	while (!desk_wait_ms(exporting->desk, wait_ms))
		wait_ms = conclude(exporting, exporter_step(exporting->exporter, &err), &err);
	return NULL;
}

/* The first line of a file; "" for no file. Caller frees. */
static int read_secret(const char *path, char **ret_secret, struct err *err)
{
	uint8_t *bytes = NULL;
	size_t length;
	int r = 0;

	if (!path[0]) {
		*ret_secret = strdup("");
		return *ret_secret ? 0 : err_errno(err, -ENOMEM, "[export]");
	}
	r = file_read(path, SECRET_MAX, &bytes, &length, err);
	if (r < 0)
		return r;
	bytes[strcspn((char *)bytes, "\r\n")] = '\0';
	*ret_secret = (char *)bytes;
	return 0;
}

static int open_exporter(struct exporting *exporting, const char *state,
	const struct settings *settings, struct err *err)
{
	struct desk_export export;
	char *password = NULL, *token = NULL;
	int r = read_secret(settings->export_password_file, &password, err);

	if (r == 0)
		r = read_secret(settings->export_token_file, &token, err);
	if (r == 0) {
		struct exporter_settings wanted = {
			.influx =
				{
					.api = settings->export_api == EXPORT_API_2 ? INFLUX_V2
										    : INFLUX_V1,
					.url = settings->export_url,
					.database = settings->export_database,
					.organisation = settings->export_org,
					.user = settings->export_user,
					.password = password,
					.token = token,
				},
			.batch = (unsigned)settings->export_batch,
			.stop = stop,
			.stop_arg = exporting->desk,
		};
		desk_get_export(exporting->desk, &export);
		wanted.position = export.position;
		r = exporter_open(state, &wanted, &exporting->exporter, err);
	}
	free(password);
	free(token);
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
