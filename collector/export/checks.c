/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/checks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/export/counters.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/log.h"

#define FIND_EVERY_US (600 * 1000000ULL)
#define WARNING_US (3600 * 1000000ULL) /* what was dropped is said for an hour */
#define WORDS_MAX 200

struct checks {
	struct influx *influx;
	bool known; /* the counters below were read */
	bool none; /* it has no such counters */
	bool sent; /* something, since they were read */
	uint64_t looked_us, found_us, warned_us; /* 0: never */
	struct counters counters;
	uint64_t dropped;
	int64_t from_s, to_s; /* of what was sent since the counters were read */
	char warning[ERR_TEXT_BYTES];
};

struct checks *checks_new(struct influx *influx)
{
	struct checks *checks = calloc(1, sizeof(*checks));

	if (!checks)
		return NULL;
	checks->influx = influx;
	checks->from_s = INT64_MAX;
	return checks;
}

void checks_free(struct checks *checks)
{
	free(checks);
}

void checks_reset(struct checks *checks)
{
	checks->none = false;
	checks->found_us = 0;
}

/* ---- VictoriaMetrics */

static void warn(struct checks *checks, const struct counters *since, uint64_t sum, uint64_t now_us)
{
	char words[WORDS_MAX], from[CIVIL_TIME_BYTES] = "", to[CIVIL_TIME_BYTES] = "";

	counters_words(since, words, sizeof(words));
	civil_format(checks->from_s, from);
	civil_format(checks->to_s, to);
	snprintf(checks->warning, sizeof(checks->warning),
		"VictoriaMetrics dropped %" PRIu64
		" rows that it had taken: %s; points of %s to %s "
		"were sent meanwhile",
		sum, words, from, to);
	log_warn("export: %s", checks->warning);
	checks->warned_us = now_us;
	checks->dropped += sum;
}

static void look(struct checks *checks, uint64_t now_us)
{
	struct counters now, since;
	struct err err = {0};
	const char *page;
	int r = influx_counters(checks->influx, &page, &err);

	checks->looked_us = now_us;
	checks->none = r == -ENOENT;
	if (r < 0)
		return; /* the next write will find out whether the store is there */
	influx_is_victoria(checks->influx);
	counters_read(page, &now);
	if (checks->known && checks->sent) {
		uint64_t sum = counters_since(&checks->counters, &now, &since);
		if (sum)
			warn(checks, &since, sum, now_us);
	}
	checks->counters = now;
	checks->known = true;
	checks->sent = false;
	checks->from_s = INT64_MAX;
	checks->to_s = 0;
}

void checks_before(struct checks *checks)
{
	uint64_t now_us = clock_boot_us();

	if (checks->warning[0] && now_us - checks->warned_us > WARNING_US)
		checks->warning[0] = '\0';
	if (checks->none)
		return;
	if (!checks->known || (checks->sent && now_us - checks->looked_us > CHECK_EVERY_US))
		look(checks, now_us);
}

/* ---- InfluxDB 1.x */

/* Who may write and not ask is believed. */
static int find(struct checks *checks, const struct influx_points *sample, struct err *err)
{
	char time[CIVIL_TIME_BYTES];
	enum influx_found found;

	if (influx_find(checks->influx, sample, &found, err) < 0)
		return 0;
	civil_format(sample->from_s, time);
	if (found == INFLUX_IN_1970)
		return err_set(err, -EAGAIN,
			"points land in 1970: their precision is lost on the way to the store "
			"(link %" PRId64 ", %s)",
			sample->link, time);
	if (found == INFLUX_NOWHERE)
		log_warn("export: the store took a point of link %" PRId64
			 " at %s and does not have it",
			sample->link, time);
	return 0;
}

int checks_after(struct checks *checks, const struct parcel *parcel, struct err *err)
{
	uint64_t now_us = clock_boot_us();
	int r;

	checks->sent = true;
	if (parcel->from_s < checks->from_s)
		checks->from_s = parcel->from_s;
	if (parcel->to_s > checks->to_s)
		checks->to_s = parcel->to_s;
	if (!parcel->sample.link || (checks->found_us && now_us - checks->found_us < FIND_EVERY_US))
		return 0;
	r = find(checks, &parcel->sample, err);
	if (r == 0)
		checks->found_us = now_us;
	return r;
}

uint64_t checks_dropped(const struct checks *checks)
{
	return checks->dropped;
}

const char *checks_warning(const struct checks *checks)
{
	return checks->warning;
}
