/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/sample_report.h"

#include <errno.h>

#include "common/civil.h"
#include "proto/names.h"

#define US_PER_S 1000000

const char *const sample_kinds[] = {
	[SAMPLES_HTTP] = "http",
	[SAMPLES_SPEED] = "speed",
	[SAMPLES_OBSERVATION] = "observation",
	[SAMPLES_DNS] = "dns",
	[SAMPLES_START] = "start",
	[SAMPLES_COUNT] = NULL,
};

static const struct kind {
	const struct table_column *columns;
	int (*rows)(const struct sample_rows *rows, struct err *err);
} kinds[SAMPLES_COUNT] = {
	[SAMPLES_HTTP] = {http_columns, http_rows},
	[SAMPLES_SPEED] = {speed_columns, speed_rows},
	[SAMPLES_OBSERVATION] = {observation_columns, observation_rows},
	[SAMPLES_DNS] = {dns_columns, dns_rows},
	[SAMPLES_START] = {start_columns, start_rows},
};

int sample_list_fill(struct ledger_db *ledger, struct sample_list *list, struct err *err)
{
	const struct kind *kind = &kinds[list->kind];
	struct sample_rows rows = {list, ledger};
	int r = 0;

	list->total = 0;
	list->table = table_new(kind->columns);
	if (!list->table)
		return err_errno(err, -ENOMEM, "samples of a link");
	if (ledger)
		r = kind->rows(&rows, err);
	if (r < 0) {
		table_free(list->table);
		list->table = NULL;
	}
	return r;
}

bool sample_row_begin(struct sample_list *list, int64_t at_us)
{
	char text[CIVIL_TIME_BYTES];
	size_t index = list->total++;

	if (index < list->offset || index - list->offset >= list->limit)
		return false;
	civil_format_zone(at_us / US_PER_S, list->for_people ? list->offset_s : 0, text);
	table_text(list->table, text);
	return true;
}

void sample_put_some(struct table *table, uint64_t value)
{
	if (value)
		table_number(table, (int64_t)value);
	else
		table_empty(table);
}

void sample_put_disputed(struct table *table, bool disputed)
{
	if (disputed)
		table_text(table, "yes");
	else
		table_empty(table);
}

void sample_put_address(struct table *table, const struct address *address, uint16_t port)
{
	char text[NAMES_ADDRESS_BYTES];

	names_address(address, port, text);
	table_text(table, text);
}
