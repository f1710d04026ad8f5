/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_reading.h"

#include "collector/store/derived_shelf.h"
#include "collector/store/kept_figures.h"
#include "common/civil.h"
#include "common/clock.h"

#define STEP_LINKS 2048 /* some ten milliseconds where all is kept */
#define STEP_US 1000000 /* where slots have to be read it takes longer */
#define SHELF_LEAST 16 /* for fewer, statements a link are as quick */

void sla_reading_end(struct sla_reading *reading)
{
	if (!reading->open)
		return;
	shelf_free(reading->ledger->shelf);
	reading->ledger->shelf = NULL;
	ledger_read_end(reading->ledger);
	reading->open = false;
}

/* What is kept of these links; not where they are few, or lie far apart. */
static int fill_shelf(struct sla_reading *reading, const struct registry_link *links, size_t count,
	struct err *err)
{
	struct shelf_range range = {links[0].id, links[count - 1].id, {0, 0}, 0};
	int32_t offset_s = links[0].offset_s;
	int r;

	if (count < SHELF_LEAST || (uint64_t)(range.last_link - range.first_link) > 2 * count)
		return 0;
	r = civil_month(reading->month, offset_s, &range.seconds.from, &range.seconds.to, err);
	if (r < 0)
		return r;
	range.month = kept_month_number(range.seconds.from, offset_s);
	/* the same month in the other zones, and what decides beside it */
	range.seconds.from -= DAY_S;
	range.seconds.to += DAY_S;
	return shelf_load(reading->ledger->db, &range, &reading->ledger->shelf, err);
}

static bool goes_on(struct sla_reading *reading)
{
	return reading->open && reading->links++ < STEP_LINKS &&
		clock_boot_us() - reading->began_us < STEP_US;
}

int sla_reading_next(struct sla_reading *reading, const struct registry_link *links, size_t count,
	struct err *err)
{
	int r;

	if (!reading->ledger || goes_on(reading))
		return 0;
	sla_reading_end(reading);
	r = ledger_read_begin(reading->ledger, err);
	if (r < 0)
		return r;
	reading->open = true;
	reading->links = 1;
	reading->began_us = clock_boot_us();
	if (!reading->in_order)
		return 0;
	return fill_shelf(reading, links, count < STEP_LINKS ? count : STEP_LINKS, err);
}
