/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_day.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/store/sla_lately.h"
#include "collector/store/sla_link.h"
#include "common/civil.h"

struct days {
	struct ledger_db *ledger; /* NULL: nothing was ever heard */
	struct sla_book *book;
	const struct span *stretch;
	struct lately lately;
};

/* The stretch as the period of a case; its month is never asked for. */
static void set_period(struct sla_case *sla_case, const struct span *stretch)
{
	sla_case->period.from = stretch->from;
	sla_case->period.to = sla_case->period.as_of = stretch->to;
}

static int add_contract(struct sla_case *sla_case, const struct registry_contract *contract,
	struct sla_day *day, struct err *err)
{
	struct states states = {0};
	struct month_row row = {0};
	int r = sla_case_compute(sla_case, contract, &states, &row, err);

	if (r == -ENODATA)
		return 0;
	if (r < 0)
		return r;
	day->u += row.u;
	day->d += row.d;
	day->n += row.n;
	day->e += row.e;
	month_row_done(&row);
	states_done(&states);
	return 0;
}

static void find_limits(
	const struct sla_case *sla_case, const struct span *stretch, struct sla_day *day)
{
	struct terms defaults;

	terms_init(&defaults);
	day->limits = defaults.limits;
	for (size_t i = 0; i < sla_case->contract_count; i++) {
		const struct registry_contract *contract = &sla_case->contracts[i];

		if (contract->from_s > stretch->to || contract->to_s <= stretch->to)
			continue;
		day->has_contract = true;
		day->limits = contract->terms.limits;
	}
}

int sla_day_count(
	struct sla_case *sla_case, const struct span *stretch, struct sla_day *day, struct err *err)
{
	int r = 0;

	day->link = sla_case->link.id;
	set_period(sla_case, stretch);
	find_limits(sla_case, stretch, day);
	for (size_t i = 0; r == 0 && i < sla_case->contract_count; i++)
		r = add_contract(sla_case, &sla_case->contracts[i], day, err);
	return r;
}

static int link_day(struct days *days, const struct registry_link *link, struct sla_day *ret_day,
	struct err *err)
{
	char month[CIVIL_TIME_BYTES];
	const struct sla_query query = {.month = month, .as_of_s = days->stretch->to};
	struct sla_day day = {0};
	struct sla_case sla_case;
	int r;

	civil_format(days->stretch->to, month);
	month[7] = '\0'; /* any month that is one: the period is set anew */
	r = sla_case_open(&sla_case, days->book, link, &query, err);
	if (r < 0)
		return r;
	sla_case.ledger = days->ledger;
	r = days->ledger ? ledger_read_begin(days->ledger, err) : 0;
	if (r == 0) {
		r = sla_day_count(&sla_case, days->stretch, &day, err);
		if (r == 0)
			r = lately_read(&days->lately, &sla_case, days->stretch, &day.lately, err);
		if (days->ledger)
			ledger_read_end(days->ledger);
	}
	sla_case_done(&sla_case);
	if (r == 0)
		*ret_day = day;
	return r;
}

static int each_link(struct days *days, const struct registry_link *links, size_t count,
	int (*each)(void *arg, const struct sla_day *day), void *arg)
{
	int stop = 0;

	for (size_t i = 0; !stop && i < count; i++) {
		struct sla_day day;

		if (link_day(days, &links[i], &day, NULL) == 0)
			stop = each(arg, &day);
	}
	return stop;
}

int sla_days(const struct sla_source *source, const struct span *stretch,
	int (*each)(void *arg, const struct sla_day *day), void *arg, struct err *err)
{
	const struct registry_filter all = {0};
	struct days days = {.ledger = source->ledger, .stretch = stretch};
	struct registry_link *links = NULL;
	size_t count = 0;
	int r = sla_links(source->registry, &all, &links, &count, err);

	if (r == 0 && lately_init(&days.lately) < 0)
		r = err_errno(err, -ENOMEM, "the last day");
	if (r == 0) {
		r = sla_book_open(source->registry, links, count, &days.book, err);
		if (r == 0)
			r = each_link(&days, links, count, each, arg);
		sla_book_close(days.book);
		lately_done(&days.lately);
	}
	free(links);
	return r;
}
