/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/store/months.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static int keep_row(void *arg, const struct sla_row *row)
{
	struct rows *rows = arg;

	assert_true(rows->count < ROWS_MAX);
	rows->items[rows->count++] = *row;
	return 0;
}

struct rows rows_of(struct fixture *fixture, enum sla_by by, int64_t as_of_s)
{
	struct sla_query query = {.month = "2026-01", .as_of_s = as_of_s, .by = by};
	struct ledger_db *db = NULL;
	struct rows rows = {.count = 0};
	struct err err = {0};

	if (fixture->writer)
		assert_int_equal(ledger_db_open(fixture->state, &db, &err), 0);
	if (sla_rows(&(struct sla_source){fixture->registry, db}, &query, keep_row, &rows, &err))
		fail_msg("%s", err.text);
	ledger_db_close(db);
	for (size_t i = 0; i < rows.count; i++) {
		const struct month_row *month = &rows.items[i].month;
		assert_int_equal(month->u + month->d + month->n + month->e, month->s);
	}
	return rows;
}

static int keep_outage(void *arg, const struct sla_outage *outage)
{
	struct outages *outages = arg;

	assert_true(outages->count < ROWS_MAX);
	outages->items[outages->count++] = *outage;
	return 0;
}

static struct outages ask_outages(struct fixture *fixture, const struct sla_query *query)
{
	struct sla_source source = {fixture->registry, ledger_writer_view(fixture->writer)};
	struct outages outages = {.count = 0};
	struct err err = {0};

	if (sla_outages(&source, query, keep_outage, &outages, &err))
		fail_msg("%s", err.text);
	return outages;
}

struct outages outages_of(struct fixture *fixture, int64_t as_of_s)
{
	return ask_outages(fixture, &(struct sla_query){.month = "2026-01", .as_of_s = as_of_s});
}

struct outages all_outages_of(struct fixture *fixture, int64_t as_of_s)
{
	const struct sla_query query = {
		.month = "2026-01", .as_of_s = as_of_s, .excluded_too = true};

	return ask_outages(fixture, &query);
}

void measure(struct fixture *fixture, uint32_t agent, unsigned from, unsigned to, unsigned lost)
{
	struct sent *records = calloc(to - from + 1, sizeof(*records));
	size_t count = 0;

	records[count++] = sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S);
	for (unsigned i = from; i < to; i++)
		records[count++] = sent_slot(KEY(agent, 1, i + 2),
			(struct slot_plan){1, i * MINUTE_US, 60000, lost, 20000 + i * 100, NULL});
	fixture_take(fixture, records, count);
	free(records);
}

uint32_t measured_link(struct fixture *fixture, const char *desa, const char *provider)
{
	int64_t link = fixture_link(fixture, desa, provider);

	fixture_contract(fixture, link, T0, SPAN_FOREVER);
	return fixture_agent(fixture, link, T0);
}
