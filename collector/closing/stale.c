/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/closing/stale.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct list {
	struct stale_month *items; /* by month */
	size_t count, room;
};

static int add(void *arg, const struct closed_month *closed)
{
	struct list *list = arg;

	/* the later revision in the place of the earlier one */
	if (closed->revision) {
		list->items[list->count - 1].closed = *closed;
		return 0;
	}
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		struct stale_month *items = realloc(list->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = (struct stale_month){.closed = *closed};
	return 0;
}

static int mark(void *arg, const struct closed_touch *touch)
{
	struct list *list = arg;

	for (size_t i = 0; i < list->count; i++) {
		if (!strcmp(list->items[i].closed.month, touch->month))
			list->items[i].records_since_s = touch->since_s;
	}
	return 0;
}

int stale_months(struct registry *registry, struct ledger_db *ledger,
	int (*each)(void *arg, const struct stale_month *month), void *arg, struct err *err)
{
	struct list list = {0};
	int r = closed_months(ledger, NULL, add, &list, err);

	if (r == -ENOMEM)
		err_errno(err, r, "list of closed months");
	if (r == 0)
		r = closed_touches(ledger, mark, &list, err);
	for (size_t i = 0; r == 0 && i < list.count; i++) {
		struct stale_month *month = &list.items[i];

		r = registry_changed_since(registry, month->closed.registry_sequence,
			month->closed.span, &month->changes, err);
		if (r == 0)
			r = each(arg, month);
	}
	free(list.items);
	return r;
}
