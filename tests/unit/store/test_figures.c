/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of months: kept day by day while records come in any order, and made from all slots at
 * once. Both must say the same, whenever it is asked.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/store/derived.h"
#include "collector/store/kept_figures.h"
#include "collector/store/ledger_private.h"
#include "tests/unit/store/months.h"
#include "tests/unit/store/wall.h"

#define DAYS 4
#define SLOTS (DAYS * 1440)
#define DAY (24 * HOUR_S)

static uint32_t scatter(uint32_t number)
{
	return number * 2654435761u >> 16;
}

/* An hour is lost here and there, a round now and then; every answer takes its own time. */
static struct sent slot_of(struct wall *wall, unsigned number)
{
	unsigned lost = scatter(number / 60) % 9 ? scatter(number) % 40 == 0 : 6;
	struct slot_plan plan = {
		1, number * MINUTE_US, 60000, lost, 15000 + scatter(number) % 20000, NULL};
	struct sent sent = sent_slot(KEY(wall->agent, 1, number + 2), plan);

	sent.received_us = (T0 + number * 60 + 70) * US_PER_S;
	return sent;
}

static void take_hours(struct wall *wall, unsigned from, unsigned to, int64_t now_s)
{
	size_t count = (to - from) * 60;
	struct sent *slots = calloc(count, sizeof(*slots));

	for (size_t i = 0; i < count; i++)
		slots[i] = slot_of(wall, from * 60 + (unsigned)i);
	batch(wall, slots, count, now_s);
	free(slots);
}

static void exclude(struct wall *wall, int64_t from_s, int64_t to_s)
{
	struct registry_exclusion exclusion = {
		.scope = SCOPE_LINK,
		.reason = EXCLUSION_MAINTENANCE,
		.from_s = from_s,
		.to_s = to_s,
		.by = "Siti",
		.note = "mast painted",
	};
	struct err err = {0};
	int64_t id;

	snprintf(exclusion.value, sizeof(exclusion.value), "%" PRId64, wall->link);
	must(registry_exclusion_add(wall->fixture->registry, &exclusion, &id, &err), &err);
}

/* The same province, to which everything comes at once and where nothing is ever kept. */
static struct wall *twin_of(struct wall *wall)
{
	void *state;
	struct wall *twin;
	struct sent first = anchor(wall), *slots = calloc(SLOTS, sizeof(*slots));

	assert_int_equal(wall_setup(&state), 0);
	twin = state;
	assert_true(twin->link == wall->link && twin->agent == wall->agent);
	for (unsigned i = 0; i < SLOTS; i++)
		slots[i] = slot_of(wall, i);
	fixture_take(twin->fixture, &first, 1);
	fixture_take(twin->fixture, slots, SLOTS);
	free(slots);
	return twin;
}

static void expect_same_rows(struct wall *wall, struct wall *twin, int64_t as_of_s)
{
	static const enum sla_by bys[] = {SLA_BY_LINK, SLA_BY_DESA, SLA_BY_PROVIDER};

	for (size_t i = 0; i < sizeof(bys) / sizeof(*bys); i++) {
		struct rows kept = rows_of(wall->fixture, bys[i], as_of_s);
		struct rows made = rows_of(twin->fixture, bys[i], as_of_s);
		assert_int_equal(kept.count, 1);
		assert_int_equal(made.count, 1);
		const struct sla_figures *a = &kept.items[0].figures, *b = &made.items[0].figures;
		assert_true(a->has_rtt && a->has_loss);
		assert_int_equal(a->rtt_median_us, b->rtt_median_us);
		assert_int_equal(a->rtt_p95_us, b->rtt_p95_us);
		assert_int_equal(a->pdv_p95_us, b->pdv_p95_us);
		assert_int_equal(a->loss_ppm, b->loss_ppm);
		assert_int_equal(kept.items[0].month.u, made.items[0].month.u);
		assert_int_equal(kept.items[0].month.d, made.items[0].month.d);
		assert_int_equal(kept.items[0].month.n, made.items[0].month.n);
		assert_int_equal(kept.items[0].month.e, made.items[0].month.e);
	}
}

static void expect_same_always(struct wall *wall, struct wall *twin)
{
	expect_same_rows(wall, twin, T0 + DAYS * DAY);
	expect_same_rows(wall, twin, T0 + 2 * DAY);
	expect_same_rows(wall, twin, T0 + 2 * DAY + 12345);
	expect_same_rows(wall, twin, T0 + 31 * DAY);
}

static int64_t figured(struct wall *wall)
{
	struct derived_line line;
	struct err err = {0};

	must(derived_line(ledger_writer_view(wall->fixture->writer), wall->link, &line, &err),
		&err);
	return line.figured_s;
}

static void figures_kept_day_by_day_are_those_of_all_slots(void **state)
{
	struct wall *wall = *state, *twin;
	struct sent first = anchor(wall);

	batch(wall, &first, 1, T0 + 60);
	for (unsigned hour = 0; hour < 24 * DAYS; hour++)
		take_hours(wall, hour, hour + 1, T0 + (hour + 1) * HOUR_S + 30);
	batch(wall, NULL, 0, T0 + DAYS * DAY + 3600);
	assert_int_equal(figured(wall), T0 + DAYS * DAY);
	twin = twin_of(wall);
	expect_same_always(wall, twin);
	wall_teardown((void **)&twin);
}

static void a_late_day_is_summed_up_again(void **state)
{
	struct wall *wall = *state, *twin;
	struct sent first = anchor(wall);

	batch(wall, &first, 1, T0 + 60);
	for (unsigned hour = 0; hour < 24 * DAYS; hour++) {
		if (hour < 30 || hour >= 40) /* these were held back, over an excluded time too */
			take_hours(wall, hour, hour + 1, T0 + (hour + 1) * HOUR_S + 30);
	}
	batch(wall, NULL, 0, T0 + 40 * DAY);
	assert_true(figured(wall) > T0 + 31 * DAY);
	take_hours(wall, 35, 40, T0 + 40 * DAY);
	take_hours(wall, 30, 35, T0 + 40 * DAY);
	batch(wall, NULL, 0, T0 + 40 * DAY);
	assert_true(figured(wall) > T0 + 31 * DAY);
	twin = twin_of(wall);
	expect_same_always(wall, twin);
	wall_teardown((void **)&twin);
}

static void an_exclusion_takes_its_seconds_out(void **state)
{
	struct wall *wall = *state, *twin;
	struct sent first = anchor(wall);

	wall->fixture->now_s = T0 - 10 * DAY;
	exclude(wall, T0 + DAY + 5000, T0 + DAY + 9000);
	batch(wall, &first, 1, T0 + 60);
	for (unsigned hour = 0; hour < 24 * DAYS; hour++)
		take_hours(wall, hour, hour + 1, T0 + (hour + 1) * HOUR_S + 30);
	batch(wall, NULL, 0, T0 + 40 * DAY);
	exclude(wall, T0 + 2 * DAY - 7000, T0 + 2 * DAY + 7000);
	twin = twin_of(wall);
	twin->fixture->now_s = T0 - 10 * DAY;
	exclude(twin, T0 + DAY + 5000, T0 + DAY + 9000);
	exclude(twin, T0 + 2 * DAY - 7000, T0 + 2 * DAY + 7000);
	expect_same_always(wall, twin); /* before the ledger has followed */
	batch(wall, NULL, 0, T0 + 40 * DAY);
	expect_same_always(wall, twin);
	wall_teardown((void **)&twin);
}

/* So that the tests above compare two ways, and not one with itself. */
static void a_kept_month_is_what_is_printed(void **state)
{
	struct wall *wall = *state;
	struct sent first = anchor(wall);
	struct figures *other = malloc(sizeof(*other));
	struct ledger_writer *writer = wall->fixture->writer;
	struct query q;
	struct buf body;
	struct err err = {0};

	figures_init(other);
	other->sent = 1000;
	other->lost = 500;
	buf_init(&body, 65536);
	assert_int_equal(figures_encode(other, &body), 0);
	batch(wall, &first, 1, T0 + 60);
	take_hours(wall, 0, 48, T0 + 40 * DAY);
	batch(wall, NULL, 0, T0 + 40 * DAY);
	db_query(&q, writer->db, "UPDATE month SET body = ?");
	query_bytes(&q, buf_peek(&body), buf_length(&body));
	must(query_run(&q, &err), &err);
	struct rows rows = rows_of(wall->fixture, SLA_BY_LINK, T0 + 31 * DAY);
	assert_int_equal(rows.items[0].figures.loss_ppm, 500000);
	/* one slot more, and it is none of those seconds' any more */
	take_hours(wall, 48, 49, T0 + 40 * DAY);
	rows = rows_of(wall->fixture, SLA_BY_LINK, T0 + 31 * DAY);
	assert_true(rows.items[0].figures.loss_ppm != 500000);
	buf_done(&body);
	free(other);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, wall_setup, wall_teardown)
	const struct CMUnitTest tests[] = {
		CASE(figures_kept_day_by_day_are_those_of_all_slots),
		CASE(a_late_day_is_summed_up_again),
		CASE(an_exclusion_takes_its_seconds_out),
		CASE(a_kept_month_is_what_is_printed),
	};
#undef CASE

	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
