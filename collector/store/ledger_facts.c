/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_facts.h"

#include <string.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_page.h"
#include "proto/codec.h"

/* run, sequence, received_us, via_wan, reject code, record. Anchors come first, so that whoever
 * takes the records in this order places each slot once. */
static const char *const selects[] = {
	"SELECT run, sequence, received_us, '', 0, record FROM mark WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, '', 0, record FROM dropped WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, '', 0, record FROM sample WHERE agent = ?"
	" ORDER BY run, sequence",
	"SELECT run, sequence, received_us, via_wan, 0, record FROM conflict WHERE agent = ?"
	" ORDER BY run, sequence, hash",
	"SELECT run, sequence, received_us, '', code, record FROM rejected WHERE agent = ?"
	" ORDER BY run, sequence, hash",
};

#define FACTS_BEFORE_SLOTS 3 /* of these */

struct fact_walk {
	uint32_t agent;
	int (*each)(void *arg, const struct journal_record *record);
	void *arg;
};

static int give(const struct fact_walk *walk, struct query *q)
{
	struct journal_record record = {
		.agent = walk->agent,
		.key = {(uint32_t)query_get_number(q, 0), (uint32_t)query_get_number(q, 1)},
		.received_utc_us = query_get_number(q, 2),
		.reject_code = (uint8_t)query_get_number(q, 4),
	};

	query_copy_text(q, 3, record.wan, sizeof(record.wan));
	record.record = query_get_bytes(q, 5, &record.record_length);
	return walk->each(walk->arg, &record);
}

static int walk_select(
	const struct fact_walk *walk, struct db *db, const char *select, struct err *err)
{
	struct query q;
	int stop = 0, r;

	db_query(&q, db, select);
	query_number(&q, walk->agent);
	while (!stop && query_next(&q) > 0)
		stop = give(walk, &q);
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

/* ---- what has no row of its own: its record is made of what is kept */

struct fact_boot {
	const struct fact_walk *walk;
	struct ledger_db *db;
	struct err *err;
	int64_t boot;
	uint8_t id[BOOT_BYTES];
};

static int give_encoded(struct fact_boot *boot, struct journal_record *journal)
{
	struct buf bytes;
	int r;

	buf_init(&bytes, RECORD_MAX);
	r = codec_record_encode(boot->db->record, &bytes);
	if (r < 0) {
		err_errno(boot->err, r, "record of agent %u", journal->agent);
	} else {
		journal->record = buf_peek(&bytes);
		journal->record_length = buf_length(&bytes);
		r = boot->walk->each(boot->walk->arg, journal);
	}
	buf_done(&bytes);
	return r;
}

static int give_anchor(void *arg, const struct kept_anchor *anchor)
{
	struct fact_boot *boot = arg;
	struct record *record = boot->db->record;
	struct journal_record journal = {.agent = boot->walk->agent,
		.key = anchor->key,
		.received_utc_us = anchor->received_us};

	memset(&record->anchor, 0, sizeof(record->anchor));
	record->kind = RECORD_ANCHOR;
	memcpy(record->anchor.boot, boot->id, BOOT_BYTES);
	record->anchor.mono_us = anchor->mono_us;
	record->anchor.utc_us = anchor->utc_us;
	record->anchor.error_us = anchor->error_us;
	record->anchor.source = anchor->source;
	return give_encoded(boot, &journal);
}

static int give_anchors(struct fact_boot *boot)
{
	return anchors_each(boot->db->db, boot->boot, give_anchor, boot, boot->err);
}

static int give_page(void *arg, const struct page_ref *ref)
{
	struct fact_boot *boot = arg;
	const struct bundle *bundle;
	struct page_slot beside;
	int r = bundle_load(boot->db, ref, &bundle, boot->err);

	for (size_t i = 0; r == 0 && i < bundle_count(bundle); i++) {
		struct journal_record journal = {.agent = boot->walk->agent, .key = {ref->run, 0}};
		r = bundle_slot(bundle, i, boot->db->record, &beside, boot->err);
		if (r < 0)
			break;
		journal.key.sequence = beside.sequence;
		journal.received_utc_us = beside.received_us;
		memcpy(journal.wan, beside.via_wan, sizeof(journal.wan));
		journal.record = bundle_record(bundle, i, &journal.record_length);
		r = journal.record ? boot->walk->each(boot->walk->arg, &journal)
				   : give_encoded(boot, &journal);
	}
	return r;
}

static int give_pages(struct fact_boot *boot)
{
	struct page_query query = {.boot = boot->boot, .stretch = {0, MONO_MAX_US}};

	return pages_each(boot->db->db, &query, give_page, boot, boot->err);
}

static int walk_boots(const struct fact_walk *walk, struct ledger_db *db,
	int (*give_boot)(struct fact_boot *boot), struct err *err)
{
	struct fact_boot boot = {.walk = walk, .db = db, .err = err};
	struct query q;
	size_t length;
	int stop = 0, r;

	db_query(&q, db->db, "SELECT id, boot FROM boot WHERE agent = ? ORDER BY first_run, id");
	query_number(&q, walk->agent);
	while (!stop && query_next(&q) > 0) {
		const void *id = query_get_bytes(&q, 1, &length);
		boot.boot = query_get_number(&q, 0);
		if (length == BOOT_BYTES)
			memcpy(boot.id, id, length);
		stop = give_boot(&boot);
	}
	r = query_end(&q, stop < 0 ? NULL : err);
	return stop ? stop : r;
}

int ledger_facts(struct ledger_db *db, uint32_t agent,
	int (*each)(void *arg, const struct journal_record *record), void *arg, struct err *err)
{
	struct fact_walk walk = {agent, each, arg};
	int r = walk_boots(&walk, db, give_anchors, err);

	for (size_t i = 0; r == 0 && i < FACTS_BEFORE_SLOTS; i++)
		r = walk_select(&walk, db->db, selects[i], err);
	if (r == 0)
		r = walk_boots(&walk, db, give_pages, err);
	for (size_t i = FACTS_BEFORE_SLOTS; r == 0 && i < sizeof(selects) / sizeof(*selects); i++)
		r = walk_select(&walk, db->db, selects[i], err);
	return r;
}
