/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "collector/ledger/month.h"
#include "line_maker.h"

#define WITA 28800
#define MONDAY 1767542400 /* 2026-01-05 00:00 in WITA is a Monday */
#define DAY 86400
#define HOUR 3600

static void hours_are_read_and_written_back(void **state)
{
	static const char *const texts[] = {"always", "08:00-16:00", "00:00-24:00", "22:00-06:30",
		"mon-fri@08:00-16:00,sat@08:00-12:00", "fri-mon@00:00-00:01", "sun@23:59-24:00",
		"mon-sun@01:00-02:00"};
	struct service service;
	char text[SERVICE_TEXT_BYTES];

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(service_parse(texts[i], &service), 0);
		service_format(&service, text);
		assert_string_equal(text, i == 7 ? "01:00-02:00" : texts[i]);
	}
}

static void what_is_no_hours_is_refused(void **state)
{
	static const char *const texts[] = {"", "8:00-16:00", "08:00", "08:00-", "08:00-16:00,",
		"08:00-08:00", "24:00-08:00", "08:00-00:00", "08:60-09:00", "08:00-24:01",
		"mon08:00-09:00", "mon-@08:00-09:00", "monday@08:00-09:00", "08:00-16:00 ",
		"Mon@08:00-09:00", "0a:00-09:00", "always,08:00-09:00", "-1:00-09:00"};
	struct service service = {.count = 7};
	char many[512] = "00:00-00:01";

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(service_parse(texts[i], &service), -EINVAL);
	for (int i = 1; i < SERVICE_WINDOWS_MAX; i++)
		strcat(many, ",00:00-00:01");
	assert_int_equal(service_parse(many, &service), 0);
	service.count = 7;
	strcat(many, ",00:00-00:01");
	assert_int_equal(service_parse(many, &service), -EINVAL);
	assert_int_equal(service.count, 7);
}

static struct spans spans_of(const char *text, int64_t from, int64_t to)
{
	struct service service;
	struct spans spans = {0};

	assert_int_equal(service_parse(text, &service), 0);
	assert_int_equal(service_spans(&service, &(struct span){from, to}, WITA, &spans), 0);
	return spans;
}

static void expect_span(const struct spans *spans, size_t i, int64_t from, int64_t to)
{
	assert_true(i < spans->count);
	assert_int_equal(spans->items[i].from, MONDAY + from);
	assert_int_equal(spans->items[i].to, MONDAY + to);
}

static void hours_are_local_and_by_weekday(void **state)
{
	struct spans spans = spans_of(
		"mon-tue@08:00-16:00,sun@10:00-11:00", MONDAY - DAY, MONDAY + 3 * DAY);

	assert_int_equal(spans.count, 3);
	expect_span(&spans, 0, -14 * HOUR, -13 * HOUR);
	expect_span(&spans, 1, 8 * HOUR, 16 * HOUR);
	expect_span(&spans, 2, DAY + 8 * HOUR, DAY + 16 * HOUR);
	spans_done(&spans);
}

static void a_night_belongs_to_the_day_on_which_it_begins(void **state)
{
	struct spans spans = spans_of("sun@22:00-06:00", MONDAY, MONDAY + DAY);

	assert_int_equal(spans.count, 1);
	expect_span(&spans, 0, 0, 6 * HOUR);
	spans_done(&spans);
	spans = spans_of("sat-mon@22:00-06:00", MONDAY, MONDAY + DAY);
	assert_int_equal(spans.count, 2);
	expect_span(&spans, 0, 0, 6 * HOUR);
	expect_span(&spans, 1, 22 * HOUR, 24 * HOUR);
	spans_done(&spans);
}

static void windows_that_overlap_are_one(void **state)
{
	struct spans spans = spans_of("08:00-12:00,11:00-13:00,13:00-14:00", MONDAY, MONDAY + DAY);

	assert_int_equal(spans.count, 1);
	expect_span(&spans, 0, 8 * HOUR, 14 * HOUR);
	spans_done(&spans);
	spans = spans_of("00:00-24:00", MONDAY - 5, MONDAY + 9 * DAY);
	assert_int_equal(spans.count, 1);
	expect_span(&spans, 0, -5, 9 * DAY);
	spans_done(&spans);
}

static void always_and_nothing(void **state)
{
	struct spans spans = spans_of("always", MONDAY - 7, MONDAY + 7);

	assert_int_equal(spans_total(&spans), 14);
	spans_done(&spans);
	spans = spans_of("sun@10:00-11:00", MONDAY, MONDAY + DAY);
	assert_int_equal(spans.count, 0);
	spans = spans_of("00:00-24:00", MONDAY, MONDAY);
	assert_int_equal(spans.count, 0);
}

/* A row of the week that begins on MONDAY, from a text of minutes. */
static int row_of(const char *line_text, struct terms *terms, struct month_row *ret_row)
{
	struct month_period week = {MONDAY, MONDAY + 7 * DAY, MONDAY + 7 * DAY, WITA};
	struct span contract = {0, SPAN_FOREVER};
	struct exclusions none = {0};
	struct states states = {0};
	struct month_case month_case = {&contract, terms, &states, &none};
	struct line line;
	int failed;

	line_make(&line, MONDAY, line_text);
	assert_int_equal(states_compute(&line, terms, MONDAY, &states), 0);
	failed = month_compute(&week, &month_case, ret_row);
	states_done(&states);
	line_done(&line);
	return failed;
}

static void hours_clip_a_run_and_never_cut_it(void **state)
{
	struct terms terms;
	struct month_row row;

	terms_init(&terms);
	terms.fee_rupiah = 700000;
	assert_int_equal(service_parse("08:00-09:00", &terms.service), 0);
	/* four minutes within the hour, of an outage of ten: W is reached outside of it */
	assert_int_equal(row_of("g536 b10 g1000", &terms, &row), 0);
	assert_int_equal(row.s, 7 * HOUR);
	assert_int_equal(row.d, 240);
	assert_int_equal(row.u, HOUR - 240);
	assert_int_equal(row.n, 6 * HOUR);
	assert_int_equal(row.outages, 1);
	assert_int_equal(row.longest_s, 240);
	assert_int_equal(row.segment_to - row.segment_from, 7 * DAY);
	/* Z is the contracted hours: 700,000 * (240 + 6 * 3600) / (7 * 3600) */
	assert_int_equal(row.restitution_high, 606666);
	month_row_done(&row);
	/* a night's outage is none, a high-loss interval counts where it begins */
	assert_int_equal(row_of("g300 b60 g119 b2 g10 b2 g2000", &terms, &row), 0);
	assert_int_equal(row.d, 0);
	assert_int_equal(row.outages, 0);
	assert_int_equal(row.high_loss_intervals, 1);
	month_row_done(&row);
}

static void hours_that_have_not_come_yet_are_not_judged(void **state)
{
	struct terms terms;
	struct month_row row;

	terms_init(&terms);
	assert_int_equal(service_parse("sun@08:00-09:00", &terms.service), 0);
	assert_int_equal(row_of("g60", &terms, &row), 0);
	assert_int_equal(row.s, HOUR);
	month_row_done(&row);
	struct month_period week = {MONDAY, MONDAY + 7 * DAY, MONDAY + 6 * DAY, WITA};
	struct span contract = {0, SPAN_FOREVER};
	struct exclusions none = {0};
	struct states states = {0};
	struct month_case month_case = {&contract, &terms, &states, &none};
	struct line line;
	line_make(&line, MONDAY, "g60");
	assert_int_equal(states_compute(&line, &terms, MONDAY, &states), 0);
	assert_int_equal(month_compute(&week, &month_case, &row), 0);
	assert_int_equal(row.s, 0);
	assert_int_equal(row.verdict, VERDICT_NOT_JUDGED);
	month_row_done(&row);
	states_done(&states);
	line_done(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_are_read_and_written_back),
		cmocka_unit_test(what_is_no_hours_is_refused),
		cmocka_unit_test(hours_are_local_and_by_weekday),
		cmocka_unit_test(a_night_belongs_to_the_day_on_which_it_begins),
		cmocka_unit_test(windows_that_overlap_are_one),
		cmocka_unit_test(always_and_nothing),
		cmocka_unit_test(hours_clip_a_run_and_never_cut_it),
		cmocka_unit_test(hours_that_have_not_come_yet_are_not_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
