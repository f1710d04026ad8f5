/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/heartbeat.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/beat.h"
#include "common/ask.h"
#include "common/log.h"

#define MS_PER_S 1000

struct heartbeat {
	struct desk *desk;
	struct beat *beat;
	char *state;
	unsigned every_ms;
	bool skipping; /* said already why no beat is sent */
	pthread_t thread;
	bool started;
};

static bool stop(void *arg)
{
	return desk_stopping(arg);
}

/* Whether ingest takes records and makes them durable; words if not. */
static int check_ingest(const struct heartbeat *heartbeat, struct err *err)
{
	const char *trouble;
	uint8_t *bytes;
	size_t length;
	json_t *status;
	int r = ask_status(heartbeat->state, "journal/ingest.sock", &bytes, &length, err);

	if (r < 0)
		return r;
	status = json_loadb((const char *)bytes, length, 0, NULL);
	free(bytes);
	trouble = json_string_value(json_object_get(status, "cannot_write"));
	if (!json_is_object(status))
		r = err_set(err, -EPROTO, "ingest's status is no JSON object");
	else if (trouble)
		r = err_set(err, -EIO, "ingest cannot write: %s", trouble);
	json_decref(status);
	return r;
}

static int check_ledger(const struct heartbeat *heartbeat, struct err *err)
{
	char fault[ERR_TEXT_BYTES];

	desk_get_fault(heartbeat->desk, fault);
	return fault[0] ? err_set(err, -EIO, "the ledger stands still: %s", fault) : 0;
}

/* One line when beats begin to be missing, one when they come again. */
static void conclude(struct heartbeat *heartbeat, int result, const struct err *err)
{
	if (result < 0 && desk_stopping(heartbeat->desk))
		return; /* it was us who ended the request */
	if (result < 0 && !heartbeat->skipping)
		log_warn("heartbeat: none sent: %s", err->text);
	if (result == 0 && heartbeat->skipping)
		log_info("heartbeat: goes on");
	heartbeat->skipping = result < 0;
}

static void *run(void *arg)
{
	struct heartbeat *heartbeat = arg;
	struct err err = {0};

	do {
		int r = check_ledger(heartbeat, &err);

		if (r == 0)
			r = check_ingest(heartbeat, &err);
		if (r == 0)
			r = beat_send(heartbeat->beat, &err);
		conclude(heartbeat, r, &err);
	} while (!desk_wait_ms(heartbeat->desk, heartbeat->every_ms));
	return NULL;
}

static int start(struct heartbeat *heartbeat, const struct settings *settings, struct err *err)
{
	int r = beat_open(settings->heartbeat_url, stop, heartbeat->desk, &heartbeat->beat, err);

	if (r < 0)
		return r;
	r = pthread_create(&heartbeat->thread, NULL, run, heartbeat);
	if (r)
		return err_errno(err, -r, "thread of the heartbeat");
	heartbeat->started = true;
	return 0;
}

int heartbeat_start(const char *state, const struct settings *settings, struct desk *desk,
	struct heartbeat **ret_heartbeat, struct err *err)
{
	struct heartbeat *heartbeat;
	int r;

	if (!settings->heartbeat_url[0])
		return 0;
	heartbeat = calloc(1, sizeof(*heartbeat));
	if (!heartbeat)
		return err_errno(err, -ENOMEM, "heartbeat");
	heartbeat->desk = desk;
	heartbeat->every_ms = (unsigned)settings->heartbeat_s * MS_PER_S;
	heartbeat->state = strdup(state);
	r = heartbeat->state ? start(heartbeat, settings, err)
			     : err_errno(err, -ENOMEM, "heartbeat");
	if (r < 0) {
		heartbeat_end(heartbeat);
		return r;
	}
	*ret_heartbeat = heartbeat;
	return 0;
}

void heartbeat_end(struct heartbeat *heartbeat)
{
	if (!heartbeat)
		return;
	if (heartbeat->started)
		pthread_join(heartbeat->thread, NULL);
	beat_close(heartbeat->beat);
	free(heartbeat->state);
	free(heartbeat);
}
