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

int own_read(struct registry *registry, const struct principal *who, struct own *ret_own,
	struct err *err)
{
	struct own own = {.all = scope_is_all(who)};
	struct registry_filter filter = {0};
	int r;

	if (own.all) {
		*ret_own = own;
		return 0;
	}
	if (who->role == USER_PROVIDER)
		filter.provider = who->provider;
	else
		filter.kabupaten = who->kabupaten;
	r = registry_links(registry, &filter, add_link, &own, err);
	if (r < 0) {
		own_done(&own);
		return r == -ENOMEM ? err_errno(err, r, "links") : r;
	}
	*ret_own = own;
	return 0;
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
