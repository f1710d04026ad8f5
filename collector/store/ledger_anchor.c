/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_anchor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/pack.h"

#define DAY_US (86400LL * 1000000)
#define ANCHOR_BYTES_MAX 72 /* eight varints */
#define SOURCE_DISPUTED 8

struct before { /* what an item is told from */
	uint64_t mono_us;
	int64_t apart_us;
};

static void pack_anchor(struct pack *pack, const struct kept_anchor *anchor, struct before *before)
{
	int64_t apart_us = anchor->utc_us - (int64_t)anchor->mono_us;

	pack_varint(pack, anchor->key.run);
	pack_varint(pack, anchor->key.sequence);
	pack_signed(pack, (int64_t)(anchor->mono_us - before->mono_us));
	pack_signed(pack, apart_us - before->apart_us);
	pack_varint(pack, anchor->error_us);
	pack_u8(pack, (uint8_t)(anchor->source | (anchor->disputed ? SOURCE_DISPUTED : 0)));
	pack_signed(pack, anchor->received_us - anchor->utc_us);
	*before = (struct before){anchor->mono_us, apart_us};
}

static void unpack_anchor(
	struct unpack *unpack, struct kept_anchor *ret_anchor, struct before *before)
{
	uint8_t source;

	ret_anchor->key.run = (uint32_t)unpack_varint(unpack);
	ret_anchor->key.sequence = (uint32_t)unpack_varint(unpack);
	before->mono_us += (uint64_t)unpack_signed(unpack);
	before->apart_us += unpack_signed(unpack);
	ret_anchor->mono_us = before->mono_us;
	ret_anchor->utc_us = before->apart_us + (int64_t)before->mono_us;
	ret_anchor->error_us = unpack_varint(unpack);
	source = unpack_u8(unpack);
	ret_anchor->source = source & (SOURCE_DISPUTED - 1);
	ret_anchor->disputed = source & SOURCE_DISPUTED;
	ret_anchor->received_us = ret_anchor->utc_us + unpack_signed(unpack);
}

/* ---- a day's row in memory */

struct day {
	struct kept_anchor *items;
	size_t count, room;
};

static int day_add(struct day *day, const struct kept_anchor *anchor)
{
	if (day->count == day->room) {
		size_t room = day->room ? day->room * 2 : 32;
		struct kept_anchor *items = realloc(day->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		day->items = items;
		day->room = room;
	}
	day->items[day->count++] = *anchor;
	return 0;
}

static int day_unpack(struct day *day, const void *bytes, size_t length)
{
	struct before before = {0};
	struct unpack unpack;
	int r = 0;

	unpack_init(&unpack, bytes, length);
	while (r == 0 && unpack.at < length) {
		struct kept_anchor anchor;
		unpack_anchor(&unpack, &anchor, &before);
		r = unpack.failed ? -EBADMSG : day_add(day, &anchor);
	}
	return r;
}

static int64_t day_of(uint64_t mono_us)
{
	return (int64_t)(mono_us / DAY_US);
}

static int day_load(struct db *db, int64_t boot, int64_t number, struct day *day, struct err *err)
{
	struct query q;
	size_t length;
	int failed = 0, r;

	db_query(&q, db, "SELECT body FROM anchor_day WHERE boot = ? AND day = ?");
	query_number(&q, boot);
	query_number(&q, number);
	if (query_next(&q) > 0) {
		const void *bytes = query_get_bytes(&q, 0, &length);
		failed = day_unpack(day, bytes, length);
	}
	r = query_end(&q, failed ? NULL : err);
	return failed ? err_errno(err, failed, "anchors of a boot") : r;
}

static int day_save(
	struct db *db, int64_t boot, int64_t number, const struct day *day, struct err *err)
{
	struct before before = {0};
	uint8_t *bytes = malloc(day->count * ANCHOR_BYTES_MAX + 1);
	struct pack pack;
	struct query q;
	int r;

	if (!bytes)
		return err_errno(err, -ENOMEM, "anchors of a boot");
	pack_init(&pack, bytes, day->count * ANCHOR_BYTES_MAX);
	for (size_t i = 0; i < day->count; i++)
		pack_anchor(&pack, &day->items[i], &before);
	db_query(&q, db, "INSERT OR REPLACE INTO anchor_day(boot, day, body) VALUES (?, ?, ?)");
	query_number(&q, boot);
	query_number(&q, number);
	query_bytes(&q, bytes, pack.length);
	r = query_run(&q, err);
	free(bytes);
	return r;
}

/* ---- all of a boot */

int anchors_each(struct db *db, int64_t boot,
	int (*each)(void *arg, const struct kept_anchor *anchor), void *arg, struct err *err)
{
	struct day day = {0};
	struct query q;
	size_t length;
	int stop = 0, r;

	db_query(&q, db, "SELECT body FROM anchor_day WHERE boot = ? ORDER BY day");
	query_number(&q, boot);
	while (!stop && query_next(&q) > 0) {
		const void *bytes = query_get_bytes(&q, 0, &length);
		day.count = 0;
		stop = day_unpack(&day, bytes, length);
		if (stop)
			err_errno(err, stop, "anchors of a boot");
		for (size_t i = 0; !stop && i < day.count; i++)
			stop = each(arg, &day.items[i]);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	free(day.items);
	return stop ? stop : r;
}

int anchors_last(struct db *db, int64_t boot, uint64_t *ret_mono_us, struct err *err)
{
	struct day day = {0};
	struct query q;
	int64_t number = -1;
	int r;

	*ret_mono_us = 0;
	db_query(&q, db, "SELECT day FROM anchor_day WHERE boot = ? ORDER BY day DESC LIMIT 1");
	query_number(&q, boot);
	if (query_next(&q) > 0)
		number = query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r == 0 && number >= 0)
		r = day_load(db, boot, number, &day, err);
	for (size_t i = 0; i < day.count; i++) {
		if (day.items[i].mono_us > *ret_mono_us)
			*ret_mono_us = day.items[i].mono_us;
	}
	free(day.items);
	return r;
}

int anchors_add(struct db *db, int64_t boot, const struct kept_anchor *anchor, struct err *err)
{
	struct day day = {0};
	int r = day_load(db, boot, day_of(anchor->mono_us), &day, err);

	if (r == 0 && day_add(&day, anchor) < 0)
		r = err_errno(err, -ENOMEM, "anchors of a boot");
	if (r == 0)
		r = day_save(db, boot, day_of(anchor->mono_us), &day, err);
	free(day.items);
	return r;
}

struct search {
	struct record_key key;
	struct kept_anchor *ret_anchor;
};

static bool is_key(const struct kept_anchor *anchor, struct record_key key)
{
	return anchor->key.run == key.run && anchor->key.sequence == key.sequence;
}

static int match(void *arg, const struct kept_anchor *anchor)
{
	struct search *search = arg;

	if (!is_key(anchor, search->key))
		return 0;
	*search->ret_anchor = *anchor;
	return 1;
}

int anchors_find(struct db *db, int64_t boot, struct record_key key, struct kept_anchor *ret_anchor,
	struct err *err)
{
	struct search search = {key, ret_anchor};
	int r = anchors_each(db, boot, match, &search, err);

	return r < 0 ? r : r ? 0 : -ENOENT;
}

int anchors_replace(struct db *db, int64_t boot, const struct kept_anchor *anchor,
	const struct kept_anchor *with, struct err *err)
{
	struct day day = {0};
	size_t kept = 0;
	int r = day_load(db, boot, day_of(anchor->mono_us), &day, err);

	for (size_t i = 0; i < day.count; i++) {
		if (!is_key(&day.items[i], anchor->key))
			day.items[kept++] = day.items[i];
		else if (with)
			day.items[kept++] = *with;
	}
	day.count = kept;
	if (r == 0)
		r = day_save(db, boot, day_of(anchor->mono_us), &day, err);
	free(day.items);
	return r;
}
