/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/shelf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void clear_paper(struct shelf *shelf, enum shelf_paper which)
{
	free(shelf->papers[which].key);
	shelf->papers[which].key = NULL;
	packed_done(&shelf->papers[which].packed);
}

void shelf_done(struct shelf *shelf)
{
	for (size_t i = 0; i < OPEN_EDITIONS; i++)
		edition_free(shelf->places[i].edition);
	for (int i = 0; i < PAPERS; i++)
		clear_paper(shelf, i);
}

/* ---- editions */

struct shelf_place *shelf_find(struct shelf *shelf, const char *month)
{
	for (size_t i = 0; i < OPEN_EDITIONS; i++) {
		struct edition *edition = shelf->places[i].edition;

		if (edition && !strcmp(edition->about.month, month))
			return &shelf->places[i];
	}
	return NULL;
}

static void clear_place(struct shelf_place *place)
{
	edition_free(place->edition);
	*place = (struct shelf_place){0};
}

/* What was asked for longest ago; NULL: nothing is held. */
static struct shelf_place *oldest_place(struct shelf *shelf)
{
	struct shelf_place *oldest = NULL;

	for (size_t i = 0; i < OPEN_EDITIONS; i++) {
		struct shelf_place *place = &shelf->places[i];

		if (place->edition && (!oldest || place->used < oldest->used))
			oldest = place;
	}
	return oldest;
}

static struct shelf_place *empty_place(struct shelf *shelf)
{
	for (size_t i = 0; i < OPEN_EDITIONS; i++) {
		if (!shelf->places[i].edition)
			return &shelf->places[i];
	}
	return NULL;
}

static size_t bytes_held(const struct shelf *shelf)
{
	size_t bytes = 0;

	for (size_t i = 0; i < OPEN_EDITIONS; i++)
		bytes += shelf->places[i].edition ? shelf->places[i].edition->bytes : 0;
	return bytes;
}

struct shelf_place *shelf_put(struct shelf *shelf, struct edition *edition)
{
	struct shelf_place *place = shelf_find(shelf, edition->about.month);

	if (place)
		clear_place(place);
	while ((place = oldest_place(shelf)) &&
		(!empty_place(shelf) || bytes_held(shelf) + edition->bytes > OPEN_BYTES_MAX))
		clear_place(place);
	place = empty_place(shelf);
	place->edition = edition;
	return place;
}

void shelf_use(struct shelf *shelf, struct shelf_place *place)
{
	place->used = ++shelf->uses;
}

/* ---- papers */

const struct packed *shelf_paper(const struct shelf *shelf, enum shelf_paper which, const char *key)
{
	const char *kept = shelf->papers[which].key;

	return kept && !strcmp(kept, key) ? &shelf->papers[which].packed : NULL;
}

int shelf_keep(
	struct shelf *shelf, enum shelf_paper which, const char *key, const struct buf *bytes)
{
	int r;

	clear_paper(shelf, which);
	r = packed_make(bytes, &shelf->papers[which].packed);
	if (r < 0)
		return r;
	shelf->papers[which].key = strdup(key);
	if (shelf->papers[which].key)
		return 0;
	clear_paper(shelf, which);
	return -ENOMEM;
}
