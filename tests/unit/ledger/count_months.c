/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts months with the real code: one case as JSON a line in, one JSON array of rows a line out.
 * For second_count.py, which counts the same months another way.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "worked_month.h"

static json_t *row_json(const struct month_row *row)
{
	char low[MONTH_PERCENT_BYTES];
	month_percent(row->u, row->s - row->e, low);
	json_t *json = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:s,s:s,s:i,s:i,s:I}",
		"segment_start", (json_int_t)row->segment_from, "segment_end",
		(json_int_t)row->segment_to, "s", (json_int_t)row->s, "e", (json_int_t)row->e, "u",
		(json_int_t)row->u, "d", (json_int_t)row->d, "n", (json_int_t)row->n, "a_low", low,
		"verdict", verdict_name(row->verdict), "high_loss_intervals",
		(int)row->high_loss_intervals, "outages", (int)row->outages, "longest_s",
		(json_int_t)row->longest_s);
	if (row->has_restitution) {
		json_object_set_new(json, "restitution_low", json_integer(row->restitution_low));
		json_object_set_new(json, "restitution_high", json_integer(row->restitution_high));
	}
	return json;
}

static int count(const json_t *input)
{
	struct worked_month worked;
	json_t *rows = json_array();
	worked_month_read(input, &worked);
	for (size_t i = 0; i < json_array_size(worked.contracts); i++) {
		struct month_row row = {0};
		int failed = worked_month_row(&worked, i, &row);
		if (failed && failed != -ENODATA)
			return failed;
		if (failed)
			continue;
		json_array_append_new(rows, row_json(&row));
		month_row_done(&row);
	}
	worked_month_done(&worked);
	json_dumpf(rows, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(rows);
	return 0;
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	while (getline(&line, &size, stdin) > 0) {
		json_error_t error;
		json_t *input = json_loads(line, 0, &error);
		int failed = input ? count(input) : -EINVAL;
		json_decref(input);
		if (failed)
			return 1;
	}
	free(line);
	return 0;
}
