/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/flags_open.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/inbox_private.h"
#include "collector/store/ledger_flag.h"

#define DAY_SECONDS 86400

struct item {
	char id[REGISTRY_ITEM_BYTES];
	int64_t link, day_s;
	bool dismissed;
};

struct gathering {
	struct registry *registry;
	struct item *items;
	size_t count, room;
	struct registry_link link; /* of the last flag */
	struct err *err;
};

static int see_flag(void *arg, const struct ledger_flag *told)
{
	struct gathering *gathering = arg;
	struct item item = {.link = told->link};
	int r = 0;

	if (gathering->link.id != told->link)
		r = registry_link_get(
			gathering->registry, told->link, &gathering->link, gathering->err);
	if (r < 0)
		return r == -ENOENT ? 0 : r; /* nobody will ask */
	item.day_s = inbox_flag_day(told->flag.from_s, -gathering->link.offset_s);
	snprintf(item.id, sizeof(item.id), "%s-" INBOX_FLAG_ID, inbox_kind_names[INBOX_WITNESS],
		told->link, (int)told->flag.kind, item.day_s);
	for (size_t i = gathering->count; i > 0 && gathering->items[i - 1].day_s == item.day_s; i--)
		if (strcmp(gathering->items[i - 1].id, item.id) == 0)
			return 0;
	if (gathering->count == gathering->room) {
		size_t room = gathering->room ? 2 * gathering->room : 16;
		struct item *items = realloc(gathering->items, room * sizeof(*items));

		if (!items)
			return err_errno(gathering->err, -ENOMEM, "flags of witnesses");
		gathering->items = items;
		gathering->room = room;
	}
	gathering->items[gathering->count++] = item;
	return 0;
}

static int see_dismissal(void *arg, const struct registry_dismissal *dismissal)
{
	struct gathering *gathering = arg;

	for (size_t i = 0; !dismissal->revoked_s && i < gathering->count; i++)
		if (strcmp(gathering->items[i].id, dismissal->item) == 0)
			gathering->items[i].dismissed = true;
	return 0;
}

int flags_open(const struct sla_source *source, int64_t link, int64_t now_s,
	struct flags_open *ret_open, struct err *err)
{
	const struct ledger_span lately = {
		link, now_s - (int64_t)FLAGS_OPEN_DAYS * DAY_SECONDS, now_s};
	struct gathering gathering = {.registry = source->registry, .err = err};
	struct flags_open open = {.count = 0};
	int r = source->ledger ? ledger_flags(source->ledger, &lately, see_flag, &gathering, err)
			       : 0;

	if (r == 0 && gathering.count)
		r = registry_dismissals(source->registry, see_dismissal, &gathering, err);
	for (size_t i = 0; i < gathering.count; i++) {
		const struct item *item = &gathering.items[i];

		if (item->dismissed)
			continue;
		open.count++;
		if (item->day_s >= open.day_s) {
			open.link = item->link;
			open.day_s = item->day_s;
		}
	}
	free(gathering.items);
	if (r == 0)
		*ret_open = open;
	return r;
}
