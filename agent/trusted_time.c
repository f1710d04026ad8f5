/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/trusted_time.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "agent/build_time.h"
#include "common/file.h"
#include "proto/limits.h"

#define FILE_NAME "time"
#define FILE_BYTES_MAX 32
#define US_PER_S 1000000
#define WRITE_EVERY_S 86400
/* As long as a certificate lives: a later time would only lock the router out. */
#define AHEAD_MAX_S (10 * 365 * 86400LL)

struct trusted_time {
	char path[PATH_MAX];
	int64_t known_s; /* it was that late at `known_at_us`; 0: nothing is known */
	uint64_t known_at_us; /* monotonic; 0 for what an earlier run knew */
	int64_t written_s;
};

/* Neither a file of nonsense nor a collector with a clock of its own must lock the router out. */
static bool is_plausible(int64_t utc_s)
{
	return utc_s >= UTC_MIN_US / US_PER_S && utc_s < BUILD_TIME_S + AHEAD_MAX_S;
}

static int64_t read_known(const char *path)
{
	uint8_t *bytes;
	size_t length;
	int64_t known_s;
	char *end;

	if (file_read(path, FILE_BYTES_MAX, &bytes, &length, NULL) < 0)
		return 0;
	known_s = strtoll((char *)bytes, &end, 10);
	if (end == (char *)bytes || *end != '\n' || !is_plausible(known_s))
		known_s = 0;
	free(bytes);
	return known_s;
}

int trusted_time_open(const char *folder, struct trusted_time **ret_time, struct err *err)
{
	struct trusted_time *time = calloc(1, sizeof(*time));
	int status = time ? file_join(time->path, sizeof(time->path), folder, FILE_NAME) : -ENOMEM;

	if (status < 0) {
		free(time);
		return err_errno(err, status, "%s", folder);
	}
	time->known_s = time->written_s = read_known(time->path);
	*ret_time = time;
	return 0;
}

int64_t trusted_time_build_s(void)
{
	return BUILD_TIME_S;
}

int64_t trusted_time_at(const struct trusted_time *time, uint64_t boot_us, int64_t system_s)
{
	int64_t latest_s = time->known_s;

	if (time->known_at_us && boot_us > time->known_at_us)
		latest_s += (int64_t)((boot_us - time->known_at_us) / US_PER_S);
	if (latest_s < BUILD_TIME_S)
		latest_s = BUILD_TIME_S;
	return latest_s > system_s ? latest_s : system_s;
}

int trusted_time_learn(struct trusted_time *time, uint64_t boot_us, int64_t utc_s, struct err *err)
{
	char text[FILE_BYTES_MAX];
	int length, status;

	if (!is_plausible(utc_s) || utc_s < time->known_s)
		return 0;
	time->known_s = utc_s;
	time->known_at_us = boot_us;
	if (utc_s < time->written_s + WRITE_EVERY_S)
		return 0;
	length = snprintf(text, sizeof(text), "%" PRId64 "\n", utc_s);
	status = file_replace(time->path, text, (size_t)length, 0640, err);
	/* Also after a failure: a full flash is not asked again at every answer. */
	time->written_s = utc_s;
	return status;
}

void trusted_time_close(struct trusted_time *time)
{
	free(time);
}
