/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/status.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/civil.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/json.h"

#define FILE_NAME "status.json"
#define FILE_BYTES_MAX 8192
#define US_PER_S 1000000

/* ---- writing */

static int build(const struct status *status, struct buf *out)
{
	const struct uplink_figures *uplink = &status->uplink;
	struct json json;

	json_init(&json, out);
	json_object(&json, NULL);
	json_number(&json, "pid", getpid());
	json_number(&json, "run", status->run);
	json_number(&json, "written_utc_us", status->written_utc_us);
	json_number(&json, "slot_s", status->slot_s);
	json_text(&json, "slot", status->slot);
	json_bool(&json, "connected", uplink->open);
	json_text(&json, "collector", uplink->collector);
	json_text(&json, "trouble", uplink->words);
	json_number(&json, "acknowledged", (int64_t)uplink->acked);
	json_number(&json, "acknowledged_utc_us", uplink->acked_utc_us);
	json_number(&json, "rejected", (int64_t)uplink->rejected);
	json_number(&json, "waiting", (int64_t)status->spool.waiting);
	json_number(&json, "dropped", (int64_t)status->spool.lost);
	json_number(&json, "spool_bytes", (int64_t)status->spool.bytes);
	json_object_end(&json);
	return json_end(&json);
}

/* Renamed into place, never synced: it is of use only while the agent runs. */
static int replace(const char *path, const struct buf *bytes)
{
	char temporary[PATH_MAX];
	FILE *file;
	size_t written;

	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary))
		return -ENAMETOOLONG;
	file = fopen(temporary, "we");
	if (!file)
		return -errno;
	written = fwrite(buf_peek(bytes), 1, buf_length(bytes), file);
	if (fclose(file) != 0 || written != buf_length(bytes))
		return -EIO;
	return rename(temporary, path) < 0 ? -errno : 0;
}

int status_write(const struct status *status, const char *folder, struct err *err)
{
	char path[PATH_MAX];
	struct buf bytes;
	int failed = file_join(path, sizeof(path), folder, FILE_NAME);

	if (failed < 0)
		return err_errno(err, failed, "%s", folder);
	buf_init(&bytes, FILE_BYTES_MAX);
	failed = build(status, &bytes);
	if (failed == 0)
		failed = replace(path, &bytes);
	buf_done(&bytes);
	return failed < 0 ? err_errno(err, failed, "%s", path) : 0;
}

/* ---- reading back: of our own flat object a key's value is found by its name */

static const char *find(const char *json, const char *key)
{
	char quoted[64];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	at = strstr(json, quoted);
	return at ? at + strlen(quoted) : NULL;
}

static long long number(const char *json, const char *key)
{
	const char *at = find(json, key);

	return at ? strtoll(at, NULL, 10) : 0;
}

/* Copies a text without its escapes' backslashes. */
static const char *text(const char *json, const char *key, char *ret_text, size_t size)
{
	const char *at = find(json, key);
	size_t length = 0;

	if (at)
		at += strspn(at, " ");
	if (at && *at == '"')
		at++;
	while (at && *at && *at != '"' && length + 1 < size) {
		if (*at == '\\' && at[1])
			at++;
		ret_text[length++] = *at++;
	}
	ret_text[length] = '\0';
	return ret_text;
}

static void print_uplink(const char *json, FILE *out)
{
	char collector[128], trouble[ERR_TEXT_BYTES], when[CIVIL_TIME_BYTES];
	const char *connected = find(json, "connected");

	text(json, "collector", collector, sizeof(collector));
	text(json, "trouble", trouble, sizeof(trouble));
	if (connected && strncmp(connected + strspn(connected, " "), "true", 4) == 0)
		fprintf(out, "collector:  connected to %s\n", collector);
	else
		fprintf(out, "collector:  not connected to %s%s%s\n", collector,
			*trouble ? ": " : "", trouble);
	if (number(json, "acknowledged_utc_us")) {
		civil_format(number(json, "acknowledged_utc_us") / US_PER_S, when);
		fprintf(out, "reported:   %lld records acknowledged, the last at %s\n",
			number(json, "acknowledged"), when);
	} else {
		fprintf(out, "reported:   nothing acknowledged since this start\n");
	}
	if (number(json, "rejected"))
		fprintf(out, "rejected:   %lld records that the collector will never take\n",
			number(json, "rejected"));
}

static void print_words(const char *json, FILE *out)
{
	long long age_s = (clock_utc_us() - number(json, "written_utc_us")) / US_PER_S;
	long long slot_s = number(json, "slot_s");
	char slot[256];

	/* Written once a slot, and when its last round is over. */
	if (age_s > 2 * slot_s + 15)
		fprintf(out, "agent:      wrote this %lld s ago: it does not run, or hangs\n",
			age_s);
	else
		fprintf(out, "agent:      runs (process %lld, start number %lld)\n",
			number(json, "pid"), number(json, "run"));
	fprintf(out, "last slot:  %s\n", text(json, "slot", slot, sizeof(slot)));
	print_uplink(json, out);
	fprintf(out, "spool:      %lld records wait, %lld KiB\n", number(json, "waiting"),
		(number(json, "spool_bytes") + 1023) / 1024);
	if (number(json, "dropped"))
		fprintf(out, "dropped:    %lld records, because the spool was full or damaged\n",
			number(json, "dropped"));
}

int status_print(const char *folder, FILE *out, struct err *err)
{
	char path[PATH_MAX];
	uint8_t *bytes;
	size_t length;
	int failed = file_join(path, sizeof(path), folder, FILE_NAME);

	if (failed < 0)
		return err_errno(err, failed, "%s", folder);
	failed = file_read(path, FILE_BYTES_MAX, &bytes, &length, err);
	if (failed == -ENOENT)
		return err_set(err, failed,
			"%s: not there: the agent does not run, or has not finished a slot", path);
	if (failed < 0)
		return failed;
	print_words((char *)bytes, out);
	free(bytes);
	return 0;
}
