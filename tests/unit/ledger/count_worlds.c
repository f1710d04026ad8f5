/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts months with the real code: a world as JSON a line in, {"links": [[row]], "desa": row} a
 * line out. For second_count.py, which counts the same months another way.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/ledger/desa.h"
#include "worked_terms.h"
#include "world.h"

static void print_seconds(const struct month_row *row)
{
	printf("\"s\":%" PRId64 ",\"e\":%" PRId64 ",\"u\":%" PRId64 ",\"d\":%" PRId64
	       ",\"n\":%" PRId64 ",\"outages\":%u,\"longest_s\":%" PRId64,
		row->s, row->e, row->u, row->d, row->n, row->outages, row->longest_s);
}

/* Those that have any. */
static void print_causes(const struct month_row *row)
{
	const char *between = "";
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++) {
		if (!row->d_by[i])
			continue;
		printf("%s\"d_%s\":%" PRId64, between, down_cause_name((enum down_cause)i),
			row->d_by[i]);
		between = ",";
	}
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++) {
		if (!row->n_by[i])
			continue;
		printf("%s\"n_%s\":%" PRId64, between, unknown_cause_name((enum unknown_cause)i),
			row->n_by[i]);
		between = ",";
	}
}

static void print_row(const struct month_row *row)
{
	char low[MONTH_PERCENT_BYTES];
	month_percent(row->u, row->s - row->e, low);
	putchar('{');
	print_seconds(row);
	printf(",\"segment_start\":%" PRId64 ",\"segment_end\":%" PRId64
	       ",\"high_loss_intervals\":%u,\"a_low\":\"%s\",\"verdict\":\"%s\",\"causes\":{",
		row->segment_from, row->segment_to, row->high_loss_intervals, low,
		verdict_name(row->verdict));
	print_causes(row);
	putchar('}');
	if (row->has_restitution)
		printf(",\"restitution_low\":%" PRId64 ",\"restitution_high\":%" PRId64,
			row->restitution_low, row->restitution_high);
	putchar('}');
}

struct counting {
	struct month_period period;
	struct world_link link;
	struct line line;
	struct desa *desa;
	bool again; /* the link has a row already */
};

static int count_contract(struct counting *counting, const json_t *contract)
{
	struct terms terms = worked_terms(contract);
	struct span span = {
		worked_integer(contract, "from", 0), worked_integer(contract, "to", SPAN_FOREVER)};
	struct exclusions exclusions = {counting->link.exclusions, counting->link.exclusion_count};
	struct states states = {0};
	struct month_row row;
	const struct month_case month_case = {&span, &terms, &states, &exclusions};
	int failed = states_compute(&counting->line, &terms, counting->link.begins, &states);
	if (!failed)
		failed = month_compute(&counting->period, &month_case, &row);
	if (!failed) {
		if (counting->again)
			putchar(',');
		counting->again = true;
		print_row(&row);
		failed = desa_contract(counting->desa, &states, &row);
		month_row_done(&row);
	}
	states_done(&states);
	return failed == -ENODATA ? 0 : failed;
}

static int count_link(struct counting *counting, const json_t *input)
{
	json_t *contract;
	size_t i;
	int failed;
	putchar('[');
	counting->again = false;
	world_link_read(input, &counting->link);
	failed = line_build(&counting->link.history, &counting->line);
	if (!failed)
		failed = desa_link(counting->desa);
	json_array_foreach((json_t *)counting->link.contracts, i, contract)
	{
		if (!failed)
			failed = count_contract(counting, contract);
	}
	line_done(&counting->line);
	world_link_done(&counting->link);
	putchar(']');
	return failed;
}

static int count_world(const json_t *world)
{
	struct counting counting = {.period = worked_period(world), .desa = desa_new()};
	struct month_row row = {0};
	json_t *input;
	size_t i;
	int failed = 0;
	printf("{\"links\":[");
	json_array_foreach(json_object_get(world, "links"), i, input)
	{
		if (i)
			putchar(',');
		if (!failed)
			failed = count_link(&counting, input);
	}
	if (!failed)
		failed = desa_count(counting.desa, &row);
	printf("],\"desa\":{");
	print_seconds(&row);
	printf("}}\n");
	fflush(stdout);
	desa_free(counting.desa);
	return failed;
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	int failed = 0;
	while (!failed && getline(&line, &size, stdin) > 0) {
		json_error_t error;
		json_t *world = json_loads(line, 0, &error);
		failed = world ? count_world(world) : -EINVAL;
		json_decref(world);
	}
	free(line);
	return failed != 0;
}
