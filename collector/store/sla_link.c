/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_link.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "common/civil.h"

/* Items gathered from a list, one by one. */
struct list {
	void *items;
	size_t count, room;
};

static void *list_add(struct list *list, size_t size)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 8;
		void *items = realloc(list->items, room * size);
		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	return (char *)list->items + size * list->count++;
}

static int add_link(void *arg, const struct registry_link *link)
{
	struct registry_link *item = list_add(arg, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *link;
	return 0;
}

int sla_links(struct registry *registry, const struct registry_filter *filter,
	struct registry_link **ret_links, size_t *ret_count, struct err *err)
{
	struct list list = {0};
	int r = registry_links(registry, filter, add_link, &list, err);

	if (r < 0) {
		free(list.items);
		return r;
	}
	*ret_links = list.items;
	*ret_count = list.count;
	return 0;
}

static int add_contract(void *arg, const struct registry_contract *contract)
{
	struct registry_contract *item = list_add(arg, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *contract;
	return 0;
}

static int add_exclusion(void *arg, const struct registry_exclusion *entry)
{
	struct exclusion *item = list_add(arg, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = registry_exclusion_rule(entry);
	return 0;
}

static int load_decisions(struct sla_case *sla_case, struct registry *registry, struct err *err)
{
	struct list contracts = {0}, exclusions = {0};
	int r = registry_contracts(registry, sla_case->link.id, add_contract, &contracts, err);

	if (r == 0)
		r = registry_exclusions(
			registry, sla_case->link.id, add_exclusion, &exclusions, err);
	sla_case->contracts = contracts.items;
	sla_case->contract_count = contracts.count;
	sla_case->exclusions = exclusions.items;
	sla_case->exclusion_count = exclusions.count;
	return r;
}

static int load_line(struct sla_case *sla_case, struct ledger_db *ledger, struct err *err)
{
	struct history history = {0};
	int r = 0;

	if (ledger)
		r = ledger_history_load(ledger,
			&(struct ledger_span){sla_case->link.id, INT64_MIN, SPAN_FOREVER}, &history,
			err);
	if (r == 0) {
		r = line_build(&history, &sla_case->line);
		if (r < 0)
			err_errno(err, r, "timeline of link %" PRId64, sla_case->link.id);
	}
	ledger_history_done(&history);
	return r;
}

/* The earlier of the first contract and the first slot. */
static int64_t begin_of(const struct sla_case *sla_case)
{
	int64_t begins = sla_case->contract_count ? sla_case->contracts[0].from_s : INT64_MAX;

	if (sla_case->line.slot_count && sla_case->line.slots[0].from < begins)
		begins = sla_case->line.slots[0].from;
	return begins;
}

int sla_case_load(struct sla_case *ret_case, const struct sla_source *source,
	const struct registry_link *link, const struct sla_query *query, struct err *err)
{
	struct sla_case sla_case = {.link = *link};
	int r = civil_month(
		query->month, link->offset_s, &sla_case.period.from, &sla_case.period.to, err);

	if (r < 0)
		return r;
	sla_case.period.offset_s = link->offset_s;
	sla_case.period.as_of = query->as_of_s < sla_case.period.to ? query->as_of_s
								    : sla_case.period.to;
	r = load_decisions(&sla_case, source->registry, err);
	if (r == 0)
		r = load_line(&sla_case, source->ledger, err);
	if (r < 0) {
		sla_case_done(&sla_case);
		return r;
	}
	sla_case.begins = begin_of(&sla_case);
	*ret_case = sla_case;
	return 0;
}

void sla_case_done(struct sla_case *sla_case)
{
	free(sla_case->contracts);
	free(sla_case->exclusions);
	line_done(&sla_case->line);
}

int sla_case_compute(const struct sla_case *sla_case, const struct registry_contract *contract,
	struct states *ret_states, struct month_row *ret_row, struct err *err)
{
	const struct exclusions exclusions = {sla_case->exclusions, sla_case->exclusion_count};
	const struct span span = {contract->from_s, contract->to_s};
	const struct month_period *period = &sla_case->period;
	struct states states = {0};
	const struct month_case month_case = {&span, &contract->terms, &states, &exclusions};
	int r;

	if (span.from >= period->as_of || span.to <= period->from)
		return -ENODATA;
	r = states_compute(&sla_case->line, &contract->terms, sla_case->begins, &states);
	if (r == 0)
		r = month_compute(period, &month_case, ret_row);
	if (r < 0) {
		states_done(&states);
		if (r != -ENODATA)
			err_errno(err, r, "link %" PRId64 ", contract %" PRId64, sla_case->link.id,
				contract->id);
		return r;
	}
	*ret_states = states;
	return 0;
}
