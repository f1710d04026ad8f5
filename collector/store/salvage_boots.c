/* SPDX-License-Identifier: Apache-2.0 */
/* The boots of a damaged ledger: what its pages and anchors hang on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/salvage_private.h"

static int add_boot(struct salvage *salvage, const struct boot *boot)
{
	if (salvage->boot_count == salvage->boot_room) {
		size_t room = salvage->boot_room ? salvage->boot_room * 2 : 256;
		struct boot *boots = realloc(salvage->boots, room * sizeof(*boots));
		if (!boots)
			return -ENOMEM;
		salvage->boots = boots;
		salvage->boot_room = room;
	}
	salvage->boots[salvage->boot_count++] = *boot;
	return 0;
}

static bool read_boot(struct query *q, struct boot *ret_boot)
{
	size_t length;
	const void *id = query_get_bytes(q, 2, &length);
	int64_t agent = query_get_number(q, 1);

	if (!id || length != BOOT_BYTES || agent <= 0 || agent > UINT32_MAX)
		return false;
	*ret_boot = (struct boot){.id = query_get_number(q, 0),
		.agent = (uint32_t)agent,
		.placed = !query_is_null(q, 4),
		.from_s = query_get_number(q, 3),
		.to_s = query_get_number(q, 4)};
	memcpy(ret_boot->boot, id, BOOT_BYTES);
	return true;
}

static int by_id(const void *left, const void *right)
{
	const struct boot *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

const struct boot *salvage_find_boot(const struct salvage *salvage, int64_t id)
{
	const struct boot key = {.id = id};

	return bsearch(&key, salvage->boots, salvage->boot_count, sizeof(key), by_id);
}

/* What is unreadable in the table may still stand in its index. */
static int load_indexed(struct salvage *salvage)
{
	size_t known = salvage->boot_count;
	struct boot boot;
	struct query q;
	int r = 0;

	db_query_once(&q, salvage->rescue.db,
		"SELECT id, agent, boot, NULL, NULL FROM boot ORDER BY agent, boot");
	while (r == 0 && query_next(&q) > 0) {
		const struct boot *have = NULL;
		if (!read_boot(&q, &boot))
			continue;
		if (known)
			have = bsearch(&boot, salvage->boots, known, sizeof(boot), by_id);
		if (!have)
			r = add_boot(salvage, &boot);
	}
	query_end(&q, NULL);
	if (salvage->boot_count)
		qsort(salvage->boots, salvage->boot_count, sizeof(*salvage->boots), by_id);
	return r;
}

int salvage_load_boots(struct salvage *salvage)
{
	static const char sql[] =
		"SELECT id, agent, boot, from_s, to_s FROM boot WHERE id >= ? ORDER BY id LIMIT 1";
	struct rescue_key key = {.parts = 1};
	struct boot boot;
	struct query q;
	int r = 0;

	while (r == 0 && rescue_next(&salvage->rescue, sql, &key, &q) > 0) {
		if (read_boot(&q, &boot))
			r = add_boot(salvage, &boot);
		query_end(&q, NULL);
	}
	return r < 0 ? r : load_indexed(salvage);
}

const struct boot *salvage_next_boot(const struct salvage *salvage)
{
	size_t low = 0, high = salvage->boot_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (salvage->boots[middle].id < salvage->key.part[0])
			low = middle + 1;
		else
			high = middle;
	}
	return low < salvage->boot_count ? &salvage->boots[low] : NULL;
}
