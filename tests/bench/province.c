/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/province.h"

#include <errno.h>
#include <stdlib.h>

#define STEP_S 60

struct waiting { /* a router, and the record that it tells next */
	struct router router;
	struct router_told told;
	struct record record;
	bool over;
};

struct province {
	struct nature nature;
	size_t count;
	struct waiting **items;
};

static void province_free(struct province *province)
{
	for (size_t i = 0; i < province->count; i++)
		free(province->items[i]);
	free(province->items);
	free(province);
}

static int add_router(struct province *province, const struct province_plan *plan, uint32_t agent)
{
	struct waiting *waiting = calloc(1, sizeof(*waiting));
	struct router_plan one = {
		.nature = &province->nature,
		.seed = plan->seed,
		.agent = agent,
		.from_s = plan->from_s,
		.to_s = plan->to_s,
		.report_s = plan->report_s,
	};

	if (!waiting)
		return -ENOMEM;
	province->items[province->count++] = waiting;
	router_init(&waiting->router, &one);
	waiting->over = !router_next(&waiting->router, &waiting->record, &waiting->told);
	return 0;
}

static int province_new(const struct province_plan *plan, struct province **ret_province)
{
	struct province *province = calloc(1, sizeof(*province));
	uint32_t first = plan->only ? plan->only : 1, last = plan->only ? plan->only : plan->links;
	int r = 0;

	if (!province)
		return -ENOMEM;
	province->items = calloc(last - first + 1, sizeof(*province->items));
	if (!province->items)
		r = -ENOMEM;
	nature_init(&province->nature);
	for (uint32_t agent = first; r == 0 && agent <= last; agent++)
		r = add_router(province, plan, agent);
	if (r < 0)
		province_free(province);
	else
		*ret_province = province;
	return r;
}

/* Everything of one router that has arrived by now. */
static int deliver(struct waiting *waiting, int64_t now_s, province_each each, void *arg)
{
	uint32_t agent = waiting->router.plan.agent;
	int r = 0;

	while (r == 0 && !waiting->over && waiting->told.arrives_s <= now_s) {
		r = each(arg, agent, &waiting->told, &waiting->record);
		waiting->over = !router_next(&waiting->router, &waiting->record, &waiting->told);
	}
	return r;
}

int province_live(const struct province_plan *plan, province_each each, void *arg)
{
	struct province *province;
	size_t over = 0;
	int r = province_new(plan, &province);

	if (r < 0)
		return r;
	for (int64_t now_s = plan->from_s; r == 0 && over < province->count; now_s += STEP_S) {
		over = 0;
		for (size_t i = 0; r == 0 && i < province->count; i++) {
			r = deliver(province->items[i], now_s, each, arg);
			over += province->items[i]->over;
		}
	}
	province_free(province);
	return r;
}
