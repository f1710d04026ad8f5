/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the table `page`. */
#include "collector/store/ledger_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/crc32c.h"

#define PAGE_COLUMNS                                                                       \
	"id, boot, run, wan, packed, start_us, end_us, received_from, received_to, slots," \
	" unbound, ever"

static void read_ref(struct query *q, struct page_ref *ret_ref)
{
	struct page_ref ref = {
		.id = query_get_number(q, 0),
		.boot = query_get_number(q, 1),
		.run = (uint32_t)query_get_number(q, 2),
		.packed = query_get_number(q, 4) != 0,
		.at = {(uint64_t)query_get_number(q, 5), (uint64_t)query_get_number(q, 6)},
		.received_from = query_get_number(q, 7),
		.received_to = query_get_number(q, 8),
		.slots = (uint32_t)query_get_number(q, 9),
		.unbound = (uint32_t)query_get_number(q, 10),
		.ever = (uint8_t)query_get_number(q, 11),
	};

	query_copy_text(q, 3, ref.wan, sizeof(ref.wan));
	*ret_ref = ref;
}

static int each_of_kind(struct db *db, const struct page_query *query,
	int (*each)(void *arg, const struct page_ref *ref), void *arg, struct err *err)
{
	const struct mono_span *stretch = &query->stretch;
	uint64_t reach_us = PAGE_REACH_US(query->packed);
	struct page_ref ref;
	struct query q;
	int stop = 0, r;

	db_query(&q, db,
		"SELECT " PAGE_COLUMNS " FROM page WHERE boot = ? AND packed = ? AND start_us >= ?"
		" AND start_us <= ? AND end_us >= ? ORDER BY start_us");
	query_number(&q, query->boot);
	query_number(&q, query->packed);
	query_number(&q, stretch->from_us > reach_us ? (int64_t)(stretch->from_us - reach_us) : 0);
	query_number(&q, (int64_t)stretch->to_us);
	query_number(&q, (int64_t)stretch->from_us);
	while (!stop && query_next(&q) > 0) {
		read_ref(&q, &ref);
		if (!query->wan || !strcmp(ref.wan, query->wan))
			stop = each(arg, &ref);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

int pages_each(struct db *db, const struct page_query *query,
	int (*each)(void *arg, const struct page_ref *ref), void *arg, struct err *err)
{
	struct page_query own = *query;
	int r;

	own.packed = true;
	r = each_of_kind(db, &own, each, arg, err);
	own.packed = false;
	return r ? r : each_of_kind(db, &own, each, arg, err);
}

int page_refs_add(struct page_refs *refs, const struct page_ref *ref)
{
	if (refs->count == refs->room) {
		size_t room = refs->room ? refs->room * 2 : 16;
		struct page_ref *items = realloc(refs->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		refs->items = items;
		refs->room = room;
	}
	refs->items[refs->count++] = *ref;
	return 0;
}

static int add_ref(void *arg, const struct page_ref *ref)
{
	return page_refs_add(arg, ref);
}

int pages_load(
	struct db *db, const struct page_query *query, struct page_refs *ret_refs, struct err *err)
{
	int r = pages_each(db, query, add_ref, ret_refs, err);

	if (r == -ENOMEM)
		err_errno(err, r, "pages of a boot");
	return r;
}

int page_ref_get(struct db *db, int64_t id, struct page_ref *ret_ref, struct err *err)
{
	struct query q;
	int found, r;

	db_query(&q, db, "SELECT " PAGE_COLUMNS " FROM page WHERE id = ?");
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0)
		read_ref(&q, ret_ref);
	r = query_end(&q, err);
	return r < 0 ? r : found > 0 ? 0 : -ENOENT;
}

int64_t page_crc(uint32_t run, const void *body, size_t length)
{
	return crc32c(run, body, length);
}

static void bind_ref(struct query *q, const struct page_ref *ref, const struct buf *body)
{
	query_number(q, ref->boot);
	query_number(q, ref->run);
	query_text(q, ref->wan);
	query_number(q, ref->packed);
	query_number(q, (int64_t)ref->at.from_us);
	query_number(q, (int64_t)ref->at.to_us);
	query_number(q, ref->received_from);
	query_number(q, ref->received_to);
	query_number(q, ref->slots);
	query_number(q, ref->unbound);
	query_number(q, ref->ever);
	query_number(q, page_crc(ref->run, buf_peek(body), buf_length(body)));
	query_bytes(q, buf_peek(body), buf_length(body));
}

int page_insert(struct db *db, const struct page_ref *ref, const struct buf *body, int64_t *ret_id,
	struct err *err)
{
	struct query q;
	int r;

	db_query(&q, db,
		"INSERT INTO page(boot, run, wan, packed, start_us, end_us, received_from,"
		" received_to, slots, unbound, ever, crc, body)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_ref(&q, ref, body);
	r = query_run(&q, err);
	if (r == 0 && ret_id)
		*ret_id = db_last_id(db);
	return r;
}

int page_update(struct db *db, const struct page_ref *ref, const struct buf *body, struct err *err)
{
	struct query q;

	db_query(&q, db,
		"UPDATE page SET boot = ?, run = ?, wan = ?, packed = ?, start_us = ?, end_us = ?,"
		" received_from = ?, received_to = ?, slots = ?, unbound = ?, ever = ?, crc = ?,"
		" body = ?"
		" WHERE id = ?");
	bind_ref(&q, ref, body);
	query_number(&q, ref->id);
	return query_run(&q, err);
}

int page_delete(struct db *db, int64_t id, struct err *err)
{
	struct query q;

	db_query(&q, db, "DELETE FROM page WHERE id = ?");
	query_number(&q, id);
	return query_run(&q, err);
}

int page_put_unbound(struct db *db, int64_t id, uint32_t unbound, struct err *err)
{
	struct query q;

	db_query(&q, db, "UPDATE page SET unbound = ?1 WHERE id = ?2 AND unbound <> ?1");
	query_number(&q, unbound);
	query_number(&q, id);
	return query_run(&q, err);
}
