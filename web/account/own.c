/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/own.h"

#include <errno.h>
#include <stdlib.h>

#include "web/account/scope.h"

#define ROOM_FIRST 64

static int add_link(void *arg, const struct registry_link *link)
{
	struct own *own = arg;

	if (own->count == own->room) {
		size_t room = own->room ? 2 * own->room : ROOM_FIRST;
		struct registry_link *links = realloc(own->links, room * sizeof(*links));

		if (!links)
			return -ENOMEM;
		own->links = links;
		own->room = room;
	}
	own->links[own->count++] = *link;
	return 0;
}

static bool is_open(const struct registry_filter *filter)
{
	return !filter->desa && !filter->kecamatan && !filter->kabupaten && !filter->provider &&
		!filter->link;
}

int own_find(struct registry *registry, const struct registry_filter *filter, struct own *ret_own,
	struct err *err)
{
	struct own own = {.all = is_open(filter)};
	int r = own.all ? 0 : registry_links(registry, filter, add_link, &own, err);

	if (r < 0) {
		own_done(&own);
		return r == -ENOMEM ? err_errno(err, r, "links") : r;
	}
	*ret_own = own;
	return 0;
}

int own_read(struct registry *registry, const struct principal *who, struct own *ret_own,
	struct err *err)
{
	struct registry_filter filter = {0};

	if (who->role == USER_PROVIDER)
		filter.provider = who->provider;
	else if (!scope_is_all(who))
		filter.kabupaten = who->kabupaten;
	return own_find(registry, &filter, ret_own, err);
}

static int by_id(const void *key, const void *element)
{
	const int64_t *id = key;
	const struct registry_link *link = element;

	return *id < link->id ? -1 : *id > link->id;
}

bool own_has_link(const struct own *own, int64_t link)
{
	return own->all ||
		(own->count &&
			bsearch(&link, own->links, own->count, sizeof(*own->links), by_id) != NULL);
}

bool own_is_reached(const struct own *own, const struct registry_exclusion *exclusion)
{
	for (size_t i = 0; i < own->count; i++) {
		if (registry_exclusion_reaches(exclusion, &own->links[i]))
			return true;
	}
	return own->all;
}

void own_done(struct own *own)
{
	free(own->links);
	*own = (struct own){0};
}
