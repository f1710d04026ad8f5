/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/report/sla_parse.h"
#include "collector/report/sla_report.h"

#define COLUMNS_MAX 128

struct printed { /* a table of one row, cut up */
	char text[8192];
	const char *keys[COLUMNS_MAX], *cells[COLUMNS_MAX];
	size_t count;
};

/* No cell of these rows needs quotes. */
static size_t cut(char *line, const char **ret_cells)
{
	size_t count = 0;

	for (char *cell; (cell = strsep(&line, ","));)
		ret_cells[count++] = cell;
	return count;
}

static void print(enum sla_by by, const struct sla_row *row, struct printed *ret)
{
	struct table *table = sla_report_new(by);
	struct buf out;
	char *second, *end;

	sla_report_add(table, by, row);
	buf_init(&out, sizeof(ret->text) - 1);
	assert_int_equal(table_render_csv(table, &out), 0);
	memcpy(ret->text, buf_peek(&out), buf_length(&out));
	ret->text[buf_length(&out)] = '\0';
	second = strchr(ret->text, '\n');
	*second++ = '\0';
	end = strchr(second, '\n');
	*end = '\0';
	ret->count = cut(ret->text, ret->keys);
	assert_int_equal(cut(second, ret->cells), ret->count);
	buf_done(&out);
	table_free(table);
}

static int64_t draw(int64_t below)
{
	return (int64_t)((uint64_t)random() % (uint64_t)below);
}

static void draw_figures(struct sla_figures *figures)
{
	figures->has_rtt = draw(2);
	figures->rtt_median_us = draw(1000000);
	figures->rtt_p95_us = draw(1000000);
	figures->pdv_p95_us = draw(1000000);
	figures->has_loss = draw(2);
	figures->loss_ppm = draw(1000000);
	figures->speed_tests = draw(100);
	figures->has_down = draw(2);
	figures->down_median_kbps = draw(1000000);
	figures->has_up = draw(2);
	figures->up_median_kbps = draw(1000000);
}

static void draw_row(struct sla_row *row)
{
	struct month_row *month = &row->month;

	*row = (struct sla_row){.period = "2026-06",
		.as_of_s = 1782835200 - draw(1000),
		.revision = "Revisi ke-2",
		.desa = "64.08.05.2001",
		.kecamatan = "64.08.05",
		.kabupaten = "64.08",
		.provider = "PT Uji"};
	row->link = draw(100);
	row->contract = draw(100);
	row->has_target = draw(2);
	row->target_ppm = row->has_target ? (uint32_t)draw(1000001) : 0;
	row->has_verdict = draw(2);
	month->verdict = row->has_verdict ? (enum verdict)draw(4) : VERDICT_MET;
	month->segment_from = 1780243200 + draw(100);
	month->segment_to = 1782835200 - draw(100);
	month->s = draw(2592000);
	month->e = draw(1000);
	month->u = draw(2000000);
	month->d = draw(20000);
	month->n = draw(20000);
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++)
		month->n_by[i] = draw(100);
	for (int i = 0; i < DOWN_CAUSE_COUNT; i++)
		month->d_by[i] = draw(100);
	month->outages = (uint32_t)draw(100);
	month->longest_s = draw(10000);
	month->high_loss_intervals = (uint32_t)draw(100);
	month->has_restitution = draw(2);
	month->restitution_low = month->has_restitution ? draw(1000000) : 0;
	month->restitution_high = month->has_restitution ? draw(1000000000) : 0;
	draw_figures(&row->figures);
	row->links_met = (uint32_t)draw(1000);
	row->links_missed = (uint32_t)draw(1000);
	row->links_undecided = (uint32_t)draw(1000);
	row->links_never = (uint32_t)draw(1000);
}

/* Every column that is printed is known, and says the same when it is printed again. */
static void what_is_printed_is_read_back(void **state)
{
	static struct printed printed, again;

	srandom(42);
	for (int i = 0; i < 2000; i++) {
		enum sla_by by = (enum sla_by)draw(SLA_BY_PROVIDER + 1);
		static struct sla_row row, parsed;
		struct err err = {0};

		draw_row(&row);
		print(by, &row, &printed);
		const struct sla_cells cells = {printed.keys, printed.cells, printed.count};
		if (sla_row_parse(&cells, &parsed, &err) < 0)
			fail_msg("%s", err.text);
		print(by, &parsed, &again);
		for (size_t k = 0; k < printed.count; k++) {
			if (strcmp(printed.cells[k], again.cells[k]) != 0)
				fail_msg("%s: %s, then %s", printed.keys[k], printed.cells[k],
					again.cells[k]);
		}
	}
}

static void what_is_no_row_is_refused(void **state)
{
	static const struct {
		const char *key, *cell;
	} wrong[] = {{"none", "1"}, {"s", "-1"}, {"s", "1e3"}, {"s", "1234567890123456789"},
		{"as_of", "today"}, {"outages", ""}, {"outages", "4294967296"}, {"target", "99.5"},
		{"target", "99.500001"}, {"target", "1000.000000"}, {"verdict", "GAGAL"},
		{"desa", "64.08.05.2001.64.08.05"}, {"restitution_low", " 1"}};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const struct sla_cells cells = {&wrong[i].key, &wrong[i].cell, 1};
		struct sla_row row;
		struct err err = {0};

		if (sla_row_parse(&cells, &row, &err) != -EINVAL)
			fail_msg("%s = %s was taken", wrong[i].key, wrong[i].cell);
		assert_non_null(strstr(err.text, wrong[i].key));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_is_read_back),
		cmocka_unit_test(what_is_no_row_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
