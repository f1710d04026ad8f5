/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_chosen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proto/codec.h"

struct reader { /* of one settlement */
	struct ledger_db *db;
	const struct sources *sources;
	const struct settled *settled;
	const struct boot_anchors *anchors;
	struct chosen *chosen;
};

int chosen_add(struct chosen *chosen, const struct chosen_slot *slot)
{
	if (chosen->count == chosen->room) {
		size_t room = chosen->room ? chosen->room * 2 : 64;
		struct chosen_slot *items = realloc(chosen->items, room * sizeof(*items));
		if (!items)
			return -ENOMEM;
		chosen->items = items;
		chosen->room = room;
	}
	chosen->items[chosen->count++] = *slot;
	return 0;
}

static bool same_key(const struct chosen_slot *a, const struct chosen_slot *b)
{
	return a->settled == b->settled && a->run == b->run && a->sequence == b->sequence;
}

/* Where each binding of its WAN to the link has it. */
static int place(struct reader *reader, const struct slot *slot, struct chosen_slot *chosen)
{
	const struct bundle_item item = {.start_us = slot->start_us, .length_ms = slot->length_ms};
	int failed = 0;

	for (size_t i = 0; !failed && i < reader->sources->binding_count; i++) {
		const struct link_binding *binding = &reader->sources->bindings[i];
		const struct source source = {.binding = i};
		if (binding->agent != chosen->agent || strcmp(binding->wan, slot->wan) != 0 ||
			!source_place(&source, reader->sources, reader->anchors, &item,
				&chosen->placed) ||
			chosen->placed.at.from < reader->settled->from_s ||
			chosen->placed.at.to > reader->settled->to_s)
			continue;
		chosen->binding = i;
		failed = chosen_add(reader->chosen, chosen);
	}
	return failed;
}

static int take_row(struct reader *reader, struct query *q)
{
	struct chosen *chosen = reader->chosen;
	struct record *record = reader->db->record;
	struct chosen_slot slot = {.settled = reader->settled,
		.agent = reader->settled->agent,
		.run = (uint32_t)query_get_number(q, 0),
		.sequence = (uint32_t)query_get_number(q, 1)};
	bool twice = false;
	size_t length, hash_length;
	const void *bytes = query_get_bytes(q, 3, &length);
	const void *hash = query_get_bytes(q, 2, &hash_length);

	if (codec_record_decode(bytes, length, record, NULL) != 0 || record->kind != RECORD_SLOT ||
		hash_length != sizeof(slot.hash) ||
		memcmp(record->slot.boot, reader->settled->boot, BOOT_BYTES) != 0)
		return 0;
	for (size_t i = chosen->count; i > 0 && same_key(&chosen->items[i - 1], &slot); i--)
		twice = chosen->items[i - 1].twice = true;
	if (twice)
		return 0;
	memcpy(slot.hash, hash, sizeof(slot.hash));
	slot.evidence = evidence_of(&record->slot);
	return place(reader, &record->slot, &slot);
}

static int read_contents(struct reader *reader, struct err *err)
{
	const struct settled *settled = reader->settled;
	struct query q;
	int failed = 0, r;

	db_query(&q, reader->db->db,
		"SELECT run, sequence, hash, record FROM conflict WHERE agent = ?"
		" AND instr(record, ?) > 0 ORDER BY run, sequence, hash");
	query_number(&q, settled->agent);
	query_bytes(&q, settled->boot, sizeof(settled->boot));
	while (!failed && query_next(&q) > 0)
		failed = take_row(reader, &q);
	r = query_end(&q, failed ? NULL : err);
	return failed ? err_errno(err, failed, "settled slots of a link") : r;
}

static bool measures(const struct sources *sources, uint32_t agent)
{
	for (size_t i = 0; i < sources->binding_count; i++) {
		if (sources->bindings[i].agent == agent)
			return true;
	}
	return false;
}

int chosen_load(struct ledger_db *db, const struct sources *sources, const struct ledger_span *span,
	struct chosen *ret_chosen, struct err *err)
{
	struct chosen chosen = {0};
	struct reader reader = {.db = db, .sources = sources, .chosen = &chosen};
	int r = settlements_load(db->db, &chosen.settlements, err);

	if (r == 0)
		r = doubts_load(db->db, span->link, &chosen.settlements, &chosen.doubts, err);
	for (size_t i = 0; r == 0 && i < chosen.settlements.count; i++) {
		reader.settled = &chosen.settlements.items[i];
		if (!reader.settled->boot_row || reader.settled->from_s >= span->to_s ||
			reader.settled->to_s <= span->from_s ||
			!measures(sources, reader.settled->agent))
			continue;
		r = anchor_cache_get(
			db->anchors, db->db, reader.settled->boot_row, &reader.anchors, err);
		if (r == 0 && reader.anchors->count)
			r = read_contents(&reader, err);
	}
	if (r < 0)
		chosen_done(&chosen);
	else
		*ret_chosen = chosen;
	return r;
}

void chosen_done(struct chosen *chosen)
{
	settlements_done(&chosen->settlements);
	doubts_done(&chosen->doubts);
	free(chosen->items);
	*chosen = (struct chosen){0};
}

static int by_key(const void *left, const void *right)
{
	const struct chosen_slot *a = left, *b = right;

	if (a->settled != b->settled)
		return a->settled < b->settled ? -1 : 1;
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Its key came with other contents. */
static enum chosen_say ask_key(
	struct chosen *chosen, const struct chosen_key *key, const struct settled *settled)
{
	const struct chosen_slot wanted = {
		.settled = settled, .run = key->run, .sequence = key->sequence};
	struct chosen_slot *other = NULL;

	if (chosen->count)
		other = bsearch(&wanted, chosen->items, chosen->count, sizeof(wanted), by_key);
	if (settled->boot_row != key->boot)
		return other && !other->twice ? CHOSEN_HIDDEN : CHOSEN_DISPUTED;
	if (other)
		other->twice = true;
	return other ? CHOSEN_DISPUTED : CHOSEN_COUNTS;
}

enum chosen_say chosen_ask(
	struct chosen *chosen, const struct chosen_key *key, const struct span *at)
{
	bool doubted = chosen->doubts.count && doubts_cover(&chosen->doubts, key->agent, at);
	const struct settled *settled;

	if (!doubted && !key->disputed)
		return CHOSEN_COUNTS;
	settled = settlements_find(&chosen->settlements, key->agent, at->from, at->to);
	if (!settled)
		return CHOSEN_DISPUTED;
	/* the other device's word is kept, and counts nowhere */
	if (doubted && settled->boot_row && settled->boot_row != key->boot)
		return CHOSEN_HIDDEN;
	if (key->disputed)
		return ask_key(chosen, key, settled);
	return settled->boot_row ? CHOSEN_COUNTS : CHOSEN_DISPUTED;
}

int chosen_read(struct ledger_db *db, const struct chosen_slot *slot, struct page_slot *ret_beside,
	struct err *err)
{
	struct page_slot beside = {.sequence = slot->sequence};
	struct query q;
	size_t length;
	int failed = -ENOENT, r;

	db_query(&q, db->db,
		"SELECT record, received_us, via_wan FROM conflict WHERE agent = ? AND run = ?"
		" AND sequence = ? AND hash = ?");
	query_number(&q, slot->agent);
	query_number(&q, slot->run);
	query_number(&q, slot->sequence);
	query_bytes(&q, slot->hash, sizeof(slot->hash));
	if (query_next(&q) > 0) {
		const void *bytes = query_get_bytes(&q, 0, &length);
		failed = codec_record_decode(bytes, length, db->record, NULL) ? -EBADMSG : 0;
		beside.received_us = query_get_number(&q, 1);
		query_copy_text(&q, 2, beside.via_wan, sizeof(beside.via_wan));
	}
	r = query_end(&q, failed ? NULL : err);
	if (r == 0 && failed)
		r = err_errno(err, failed, "a content of agent %u", slot->agent);
	if (r == 0)
		*ret_beside = beside;
	return r;
}
