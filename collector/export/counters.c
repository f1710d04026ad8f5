/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/counters.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX (1ULL << 53) /* more than any process lives to count; a double holds it */
#define STARTED "process_start_time_seconds "

static const struct {
	const char *name, *label; /* how a line begins, and what it holds; NULL: anything */
	enum drop drop;
} known[] = {
	{"vm_rows_invalid_total{", "type=\"influx\"", DROP_INVALID},
	{"vm_rows_ignored_total{", "reason=\"small_timestamp\"", DROP_OLD},
	{"vm_rows_ignored_total{", "reason=\"big_timestamp\"", DROP_FUTURE},
	{"vm_rows_ignored_total{", NULL, DROP_OTHER},
	{"vm_hourly_series_limit_rows_dropped_total", NULL, DROP_OTHER},
	{"vm_daily_series_limit_rows_dropped_total", NULL, DROP_OTHER},
	{"vm_concurrent_addrows_dropped_rows_total", NULL, DROP_OTHER},
	{"vm_rpc_rows_dropped_on_overload_total", NULL, DROP_OTHER}, /* of a cluster's vminsert */
};

static const char *const words[DROP_COUNT] = {
	[DROP_INVALID] = "that it cannot read",
	[DROP_OLD] = "older than its retention",
	[DROP_FUTURE] = "too far in the future",
	[DROP_OTHER] = "for other reasons",
};

static int has(const char *line, size_t length, const char *text)
{
	return !text || memmem(line, length, text, strlen(text)) != NULL;
}

/* They write 1.5e+06 too; what is no count of rows or seconds is none. */
static uint64_t count_of(const char *text)
{
	double value = strtod(text, NULL);

	return value > 0 && value < (double)COUNT_MAX ? (uint64_t)value : 0;
}

/* One line: NAME{LABELS} VALUE */
static void read_line(const char *line, size_t length, struct counters *counters)
{
	const char *value = memrchr(line, ' ', length);

	if (value && length > strlen(STARTED) && !memcmp(line, STARTED, strlen(STARTED)))
		counters->started_s = count_of(value);
	for (size_t i = 0; value && i < sizeof(known) / sizeof(*known); i++) {
		size_t begins = strlen(known[i].name);
		if (length < begins || memcmp(line, known[i].name, begins) != 0 ||
			!has(line, length, known[i].label))
			continue;
		counters->dropped[known[i].drop] += count_of(value);
		return;
	}
}

void counters_read(const char *page, struct counters *ret_counters)
{
	*ret_counters = (struct counters){0};
	while (*page) {
		size_t length = strcspn(page, "\n");
		read_line(page, length, ret_counters);
		page += length + (page[length] == '\n');
	}
}

uint64_t counters_since(
	const struct counters *before, const struct counters *now, struct counters *ret_since)
{
	bool same = before->started_s == now->started_s;
	uint64_t sum = 0;

	*ret_since = *now;
	for (int i = 0; i < DROP_COUNT; i++) {
		if (same && before->dropped[i] <= now->dropped[i])
			ret_since->dropped[i] -= before->dropped[i];
		sum += ret_since->dropped[i];
	}
	return sum;
}

void counters_words(const struct counters *since, char *ret_words, size_t size)
{
	size_t at = 0;

	ret_words[0] = '\0';
	for (int i = 0; i < DROP_COUNT && at < size; i++) {
		if (since->dropped[i])
			at += (size_t)snprintf(ret_words + at, size - at, "%s%" PRIu64 " %s",
				at ? ", " : "", since->dropped[i], words[i]);
	}
}
