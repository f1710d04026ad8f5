/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/gazetteer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/report/monthly/clean.h"
#include "common/clock.h"

#define ROOM_FIRST 256

struct reading {
	struct gazetteer *gazetteer;
	struct err *err;
};

/* Room for one more item. */
static int make_room(void **items, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : ROOM_FIRST;
	void *more;

	if (count < *room)
		return 0;
	more = reallocarray(*items, wanted, size);
	if (!more)
		return -ENOMEM;
	*items = more;
	*room = wanted;
	return 0;
}

/* ---- reading */

static int add_region(void *arg, const struct region *region)
{
	struct gazetteer *gazetteer = arg;
	struct region *place;
	int r = make_room((void **)&gazetteer->regions, gazetteer->region_count,
		&gazetteer->region_room, sizeof(*gazetteer->regions));

	if (r < 0)
		return r;
	place = &gazetteer->regions[gazetteer->region_count++];
	*place = *region;
	clean_text(place->name);
	return 0;
}

static int add_promise(void *arg, const struct registry_contract *contract)
{
	struct gazetteer *gazetteer = arg;
	int r;

	if (contract->from_s < gazetteer->first_contract_s)
		gazetteer->first_contract_s = contract->from_s;
	if (gazetteer->as_of_s < contract->from_s || gazetteer->as_of_s >= contract->to_s)
		return 0;
	r = make_room((void **)&gazetteer->promises, gazetteer->promise_count,
		&gazetteer->promise_room, sizeof(*gazetteer->promises));
	if (r < 0)
		return r;
	gazetteer->promises[gazetteer->promise_count++] = (struct gazetteer_promise){
		contract->link, contract->kbps_down, contract->kbps_up, contract->terms.target_ppm};
	return 0;
}

/* The board is ordered by desa, so each provinsi comes once. */
static int read_regions(const struct books *books, struct gazetteer *gazetteer, struct err *err)
{
	char last[REGION_CODE_BYTES] = "", provinsi[REGION_CODE_BYTES];
	int r = 0;

	for (size_t i = 0; r == 0 && i < gazetteer->board.count; i++) {
		region_parent(gazetteer->board.rows[i].link.desa, REGION_PROVINSI, provinsi);
		if (!strcmp(provinsi, last))
			continue;
		strcpy(last, provinsi);
		r = registry_regions(books->registry, provinsi, add_region, gazetteer, err);
	}
	return r;
}

static int read_all(const struct books *books, struct gazetteer *gazetteer, struct err *err)
{
	const struct registry_filter everything = {0};
	int r;

	gazetteer->as_of_s = clock_utc_us() / 1000000;
	gazetteer->first_contract_s = SPAN_FOREVER;
	r = registry_sequence(books->registry, &gazetteer->registry_sequence, err);
	if (r == 0)
		r = registry_home(books->registry, &gazetteer->home, err);
	if (r == 0)
		r = board_read(books, &everything, &gazetteer->board, err);
	if (r == 0)
		r = registry_contracts(books->registry, 0, add_promise, gazetteer, err);
	if (r == 0)
		r = read_regions(books, gazetteer, err);
	for (size_t i = 0; i < gazetteer->board.count; i++)
		clean_text(gazetteer->board.rows[i].link.provider);
	clean_text(gazetteer->home.province);
	return r == -ENOMEM ? err_errno(err, r, "the open data's register") : r;
}

int gazetteer_read(const struct books *books, struct gazetteer **ret_gazetteer, struct err *err)
{
	struct gazetteer *gazetteer = calloc(1, sizeof(*gazetteer));
	int r;

	if (!gazetteer)
		return err_errno(err, -ENOMEM, "the open data's register");
	r = read_all(books, gazetteer, err);
	if (r < 0) {
		gazetteer_free(gazetteer);
		return r;
	}
	*ret_gazetteer = gazetteer;
	return 0;
}

void gazetteer_free(struct gazetteer *gazetteer)
{
	if (!gazetteer)
		return;
	board_done(&gazetteer->board);
	free(gazetteer->regions);
	free(gazetteer->promises);
	free(gazetteer);
}

/* ---- asking */

static int by_code(const void *key, const void *item)
{
	return strcmp(key, ((const struct region *)item)->code);
}

const struct region *gazetteer_region(const struct gazetteer *gazetteer, const char *code)
{
	return gazetteer->region_count ? bsearch(code, gazetteer->regions, gazetteer->region_count,
						 sizeof(*gazetteer->regions), by_code)
				       : NULL;
}

const char *gazetteer_name(const struct gazetteer *gazetteer, const char *code)
{
	const struct region *region = gazetteer_region(gazetteer, code);

	return region ? region->name : "";
}

static int by_link(const void *key, const void *item)
{
	int64_t link = *(const int64_t *)key,
		other = ((const struct gazetteer_promise *)item)->link;

	return (link > other) - (link < other);
}

const struct gazetteer_promise *gazetteer_promise(const struct gazetteer *gazetteer, int64_t link)
{
	return gazetteer->promise_count
		? bsearch(&link, gazetteer->promises, gazetteer->promise_count,
			  sizeof(*gazetteer->promises), by_link)
		: NULL;
}

size_t gazetteer_links(
	const struct gazetteer *gazetteer, const char *desa, const struct board_row **ret_rows)
{
	const struct board *board = &gazetteer->board;
	size_t low = 0, high = board->count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(board->rows[middle].link.desa, desa) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	end = low;
	while (end < board->count && !strcmp(board->rows[end].link.desa, desa))
		end++;
	*ret_rows = board->rows + low;
	return end - low;
}

/* ---- searching */

static char lower(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool begins(const char *text, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!text[i] || lower(text[i]) != lower(word[i]))
			return false;
	}
	return true;
}

static bool holds(const char *text, const char *word, size_t length)
{
	for (; *text; text++) {
		if (begins(text, word, length))
			return true;
	}
	return false;
}

bool gazetteer_matches(
	const struct gazetteer *gazetteer, const struct region *desa, const char *words)
{
	char kecamatan[REGION_CODE_BYTES], kabupaten[REGION_CODE_BYTES];

	region_parent(desa->code, REGION_KECAMATAN, kecamatan);
	region_parent(desa->code, REGION_KABUPATEN, kabupaten);
	const char *const names[] = {desa->name, desa->code, gazetteer_name(gazetteer, kecamatan),
		gazetteer_name(gazetteer, kabupaten)};

	while (*(words += strspn(words, " \t"))) {
		size_t length = strcspn(words, " \t");
		bool found = false;

		for (size_t i = 0; !found && i < sizeof(names) / sizeof(*names); i++)
			found = holds(names[i], words, length);
		if (!found)
			return false;
		words += length;
	}
	return true;
}
