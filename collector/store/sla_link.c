/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/sla_link.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/derived.h"
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

/* Contracts and exclusions of the link, as its own. */
static int copy_decisions(struct sla_case *sla_case, const struct sla_book *book)
{
	size_t count;
	const struct registry_contract *contracts = sla_book_contracts(
		book, sla_case->link.id, &count);
	struct registry_contract *own = malloc((count + 1) * sizeof(*own));
	struct exclusion *exclusions = NULL;
	int failed;

	if (!own)
		return -ENOMEM;
	failed = sla_book_exclusions(
		book, &sla_case->link, &exclusions, &sla_case->exclusion_count);
	if (failed) {
		free(own);
		return failed;
	}
	if (count)
		memcpy(own, contracts, count * sizeof(*own));
	sla_case->contracts = own;
	sla_case->contract_count = count;
	sla_case->exclusions = exclusions;
	return 0;
}

int sla_case_open(struct sla_case *ret_case, const struct sla_book *book,
	const struct registry_link *link, const struct sla_query *query, struct err *err)
{
	struct sla_case sla_case = {.link = *link, .first_s = SPAN_FOREVER};
	struct month_period *period = &sla_case.period;
	int r = civil_month(query->month, link->offset_s, &period->from, &period->to, err);

	if (r < 0)
		return r;
	period->offset_s = link->offset_s;
	period->as_of = query->as_of_s < period->to ? query->as_of_s : period->to;
	r = copy_decisions(&sla_case, book);
	if (r < 0)
		return err_errno(err, r, "contracts of link %" PRId64, link->id);
	*ret_case = sla_case;
	return 0;
}

int sla_case_load(struct sla_case *ret_case, const struct sla_source *source,
	const struct registry_link *link, const struct sla_query *query, struct err *err)
{
	struct sla_book *book;
	int r = sla_book_open(source->registry, link, 1, &book, err);

	if (r < 0)
		return r;
	r = sla_case_open(ret_case, book, link, query, err);
	if (r == 0)
		ret_case->ledger = source->ledger;
	sla_book_close(book);
	return r;
}

void sla_case_done(struct sla_case *sla_case)
{
	free((void *)sla_case->contracts);
	free((void *)sla_case->exclusions);
}

/* Nothing was ever heard: all of it is silence. */
static int silent_states(const struct derived_of *of, struct states *ret_states)
{
	const struct line nothing = {0};

	return states_compute(&nothing, of->terms, of->contract_s, ret_states);
}

static int load_states(struct sla_case *sla_case, const struct terms *terms,
	struct states *ret_states, struct err *err)
{
	const struct derived_of of = {sla_case->link.id, sla_case->contracts[0].from_s, terms};
	const struct span month = {sla_case->period.from, sla_case->period.to};
	struct derived derived;
	int r;

	if (!sla_case->ledger) {
		r = silent_states(&of, ret_states);
		return r < 0 ? err_errno(err, r, "states of link %" PRId64, of.link) : 0;
	}
	r = derived_get(sla_case->ledger, &of, &month, &derived, err);
	if (r < 0)
		return r;
	*ret_states = derived.states;
	sla_case->first_s = derived.first_s;
	return 0;
}

int sla_case_compute(struct sla_case *sla_case, const struct registry_contract *contract,
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
	r = load_states(sla_case, &contract->terms, &states, err);
	if (r < 0)
		return r;
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
