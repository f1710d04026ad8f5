/* SPDX-License-Identifier: Apache-2.0 */
/* A page's slots in memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_page.h"
#include "proto/codec.h"

#define MISSED_MOST 8

struct bundle {
	int64_t id; /* of the page; 0: nothing is in it */
	uint32_t slots; /* as its row said: one that is not packed grows */
	bool packed;
	struct page *page; /* packed */
	uint8_t *bytes; /* not packed: the body */
	size_t length, bytes_room;
	struct bundle_item *items;
	size_t *at; /* not packed: where each begins in the body */
	size_t count, room;
};

void bundle_free(struct bundle *bundle)
{
	if (!bundle)
		return;
	page_free(bundle->page);
	free(bundle->bytes);
	free(bundle->items);
	free(bundle->at);
	free(bundle);
}

void bundle_forget(struct ledger_db *db)
{
	struct bundle_shelf *pages = &db->pages;

	for (int i = 0; i < BUNDLES_FEW; i++) {
		if (pages->kept[i])
			pages->kept[i]->id = 0;
	}
	for (int i = BUNDLES_FEW; i < BUNDLES_MAX; i++) {
		bundle_free(pages->kept[i]);
		pages->kept[i] = NULL;
	}
	pages->next = pages->more = pages->missed = 0;
	memset(pages->gone, 0, sizeof(pages->gone));
}

static int make_room(struct bundle *bundle, size_t count)
{
	struct bundle_item *items;
	size_t *at, room = bundle->room ? bundle->room : 64;

	if (count <= bundle->room)
		return 0;
	while (room < count)
		room *= 2;
	items = realloc(bundle->items, room * sizeof(*items));
	if (!items)
		return -ENOMEM;
	bundle->items = items;
	at = realloc(bundle->at, room * sizeof(*at));
	if (!at)
		return -ENOMEM;
	bundle->at = at;
	bundle->room = room;
	return 0;
}

/* ---- as they came */

static int read_entries(struct bundle *bundle)
{
	struct hot_entry entry;
	size_t at = 0, began = 0;
	int r;

	while ((r = hot_next(bundle->bytes, bundle->length, &at, &entry)) > 0) {
		r = make_room(bundle, bundle->count + 1);
		if (r < 0)
			return r;
		bundle->at[bundle->count] = began;
		bundle->items[bundle->count++] = (struct bundle_item){
			.sequence = entry.sequence,
			.length_ms = entry.length_ms,
			.start_us = entry.start_us,
			.received_us = entry.received_us,
			.disputed = entry.disputed,
			.evidence = entry.evidence,
		};
		began = at;
	}
	return r;
}

static int fill_hot(struct bundle *bundle, const void *body, size_t length)
{
	if (length > bundle->bytes_room) {
		uint8_t *bytes = realloc(bundle->bytes, length);
		if (!bytes)
			return -ENOMEM;
		bundle->bytes = bytes;
		bundle->bytes_room = length;
	}
	if (length)
		memcpy(bundle->bytes, body, length);
	bundle->length = length;
	return read_entries(bundle);
}

/* ---- packed */

static int fill_packed(struct bundle *bundle, struct ledger_db *db, const void *body, size_t length)
{
	struct slot *slot = &db->record->slot;
	struct page_slot beside;
	int r;

	if (!db->zstd)
		db->zstd = zstd_new();
	if (db->zstd && !db->columns)
		db->columns = page_columns_new(db->zstd);
	if (!bundle->page)
		bundle->page = page_new();
	if (!db->columns || !bundle->page)
		return -ENOMEM;
	r = page_unpack(bundle->page, db->columns, body, length);
	if (r == 0)
		r = make_room(bundle, page_count(bundle->page));
	for (size_t i = 0; r == 0 && i < page_count(bundle->page); i++) {
		page_get(bundle->page, i, &beside, slot);
		bundle->items[bundle->count++] = (struct bundle_item){
			.sequence = beside.sequence,
			.length_ms = slot->length_ms,
			.start_us = slot->start_us,
			.received_us = beside.received_us,
			.disputed = beside.disputed,
			.evidence = evidence_of(slot),
		};
	}
	return r;
}

static int fill(
	struct bundle *bundle, struct ledger_db *db, const struct page_ref *ref, struct err *err)
{
	struct query q;
	size_t length;
	int failed = 0, found, r;

	bundle->id = 0;
	bundle->count = 0;
	bundle->packed = ref->packed;
	db_query(&q, db->db, "SELECT body, crc FROM page WHERE id = ?");
	query_number(&q, ref->id);
	found = query_next(&q);
	if (found > 0) {
		const void *body = query_get_bytes(&q, 0, &length);
		int64_t crc = query_get_number(&q, 1);
		if (crc >= 0 && crc != page_crc(ref->run, body, length))
			failed = -EBADMSG;
		else
			failed = ref->packed ? fill_packed(bundle, db, body, length)
					     : fill_hot(bundle, body, length);
	}
	r = query_end(&q, failed ? NULL : err);
	if (r == 0 && !failed && !found)
		failed = -ENOENT;
	if (failed)
		return err_errno(err, failed, "page %lld of the ledger", (long long)ref->id);
	return r;
}

static struct bundle *find_kept(struct ledger_db *db, const struct page_ref *ref)
{
	for (int i = 0; i < BUNDLES_MAX; i++) {
		struct bundle *bundle = db->pages.kept[i];
		if (bundle && bundle->id == ref->id && bundle->slots == ref->slots &&
			bundle->packed == ref->packed)
			return bundle;
	}
	return NULL;
}

/* Who reads side by side more pages than are kept has each of them put out just before it is asked
 * for again: then more are kept. Who reads one page after the other, and once more, has not. */
static void note_missed(struct bundle_shelf *pages, int64_t id)
{
	bool again = false;

	for (int i = 0; i < BUNDLES_MAX; i++)
		again |= pages->gone[i] == id;
	pages->missed = again ? pages->missed + 1 : 0;
	if (pages->missed < MISSED_MOST || BUNDLES_FEW + pages->more == BUNDLES_MAX)
		return;
	pages->more++;
	pages->missed = 0;
}

/* The place of the page that was read longest ago; NULL: out of memory. */
static struct bundle *make_place(struct bundle_shelf *pages, int64_t id)
{
	struct bundle **place;

	note_missed(pages, id);
	place = &pages->kept[pages->next++ % (BUNDLES_FEW + pages->more)];
	if (!*place)
		*place = calloc(1, sizeof(**place));
	if (*place && (*place)->id)
		pages->gone[pages->gone_next++ % BUNDLES_MAX] = (*place)->id;
	return *place;
}

int bundle_load(struct ledger_db *db, const struct page_ref *ref, const struct bundle **ret_bundle,
	struct err *err)
{
	struct bundle *bundle = find_kept(db, ref);
	int r = 0;

	if (!bundle) {
		bundle = make_place(&db->pages, ref->id);
		r = bundle ? fill(bundle, db, ref, err)
			   : err_errno(err, -ENOMEM, "page of the ledger");
		if (r < 0)
			return r;
		bundle->id = ref->id;
		bundle->slots = ref->slots;
	}
	*ret_bundle = bundle;
	return 0;
}

/* ---- out */

size_t bundle_count(const struct bundle *bundle)
{
	return bundle->count;
}

const struct bundle_item *bundle_item(const struct bundle *bundle, size_t i)
{
	return &bundle->items[i];
}

static void read_entry(const struct bundle *bundle, size_t i, struct hot_entry *ret_entry)
{
	size_t at = bundle->at[i];

	hot_next(bundle->bytes, bundle->length, &at, ret_entry); /* it was read before */
}

int bundle_slot(const struct bundle *bundle, size_t i, struct record *ret_record,
	struct page_slot *ret_beside, struct err *err)
{
	struct hot_entry entry = {0};
	int r;

	ret_record->kind = RECORD_SLOT;
	if (bundle->packed) {
		page_get(bundle->page, i, ret_beside, &ret_record->slot);
		return 0;
	}
	read_entry(bundle, i, &entry);
	r = codec_record_decode(entry.record, entry.record_length, ret_record, err);
	if (r)
		return r < 0 ? r : -EBADMSG;
	ret_beside->sequence = entry.sequence;
	ret_beside->received_us = entry.received_us;
	ret_beside->disputed = entry.disputed;
	memcpy(ret_beside->via_wan, entry.via_wan, sizeof(entry.via_wan));
	return 0;
}

const uint8_t *bundle_record(const struct bundle *bundle, size_t i, size_t *ret_length)
{
	struct hot_entry entry = {0};

	if (bundle->packed)
		return NULL;
	read_entry(bundle, i, &entry);
	*ret_length = entry.record_length;
	return entry.record;
}

const uint8_t *bundle_body(const struct bundle *bundle, size_t *ret_length)
{
	*ret_length = bundle->length;
	return bundle->bytes;
}

int bundle_to_page(
	const struct bundle *bundle, struct page *page, struct record *scratch, struct err *err)
{
	struct page_slot beside;
	int r = 0;

	for (size_t i = 0; r == 0 && i < bundle->count; i++) {
		r = bundle_slot(bundle, i, scratch, &beside, err);
		if (r < 0)
			return r;
		r = page_add(page, &beside, &scratch->slot);
		if (r < 0)
			err_errno(err, r, "page of the ledger");
	}
	return r;
}
