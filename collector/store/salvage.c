/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/salvage.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_anchor.h"
#include "collector/store/ledger_page.h"
#include "collector/store/rescue.h"
#include "common/file.h"
#include "proto/codec.h"

/* Anchors first, so that each slot is placed once. The numbers are kept in the ledger. */
enum stage {
	STAGE_ANCHORS,
	STAGE_MARKS,
	STAGE_DROPPED,
	STAGE_SAMPLES,
	STAGE_PAGES,
	STAGE_CONFLICTS,
	STAGE_REJECTED,
	STAGE_END
};

struct boot {
	int64_t id;
	uint32_t agent;
	uint8_t boot[BOOT_BYTES];
	bool placed;
	int64_t from_s, to_s;
};

struct salvage {
	struct rescue rescue;
	struct ledger_db *view;
	struct boot *boots; /* by id */
	size_t boot_count, boot_room;
	int64_t holes; /* before it was opened */
	enum stage stage;
	struct rescue_key key, here; /* behind the row being given; of it */
	/* the row being given */
	struct kept_anchor *anchors; /* of a boot */
	size_t anchor_count, anchor_room;
	const struct bundle *bundle; /* of a page; NULL: none */
	uint32_t agent, run;
	size_t at; /* the next of its anchors or slots */
	struct buf bytes;
	struct rescue_key run_key;
};

/* ---- boots */

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

static struct boot *find_boot(const struct salvage *salvage, int64_t id)
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
	qsort(salvage->boots, salvage->boot_count, sizeof(*salvage->boots), by_id);
	return r;
}

static int load_boots(struct salvage *salvage)
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

/* ---- life */

static int begin(struct salvage *salvage, const struct mending *mending)
{
	salvage->stage = (enum stage)mending->stage;
	salvage->key.parts = mending->stage == STAGE_ANCHORS || mending->stage == STAGE_PAGES ? 1
											      : 3;
	memcpy(salvage->key.part, mending->part, sizeof(mending->part));
	salvage->here = salvage->key;
	salvage->holes = mending->holes;
	salvage->run_key.parts = 3;
	buf_init(&salvage->bytes, RECORD_MAX);
	return load_boots(salvage);
}

int salvage_open(const char *state, const struct mending *mending, struct salvage **ret_salvage,
	struct err *err)
{
	struct salvage *salvage = calloc(1, sizeof(*salvage));
	char path[PATH_MAX];
	int r = 0;

	if (!salvage || file_join(path, sizeof(path), state, mending->aside) < 0)
		r = err_errno(err, -ENOMEM, "%s", state);
	if (r == 0)
		r = db_open(path, DB_READ, &salvage->rescue.db, err);
	if (r == 0 &&
		(ledger_db_wrap(salvage->rescue.db, &salvage->view) < 0 ||
			begin(salvage, mending) < 0))
		r = err_errno(err, -ENOMEM, "%s", path);
	if (r < 0) {
		salvage_close(salvage);
		return r;
	}
	*ret_salvage = salvage;
	return 0;
}

void salvage_close(struct salvage *salvage)
{
	if (!salvage)
		return;
	ledger_db_close(salvage->view);
	db_close(salvage->rescue.db);
	free(salvage->boots);
	free(salvage->anchors);
	buf_done(&salvage->bytes);
	free(salvage);
}

bool salvage_is_beside(const struct salvage *salvage)
{
	return salvage->stage == STAGE_CONFLICTS;
}

bool salvage_row_ends(const struct salvage *salvage)
{
	if (salvage->stage == STAGE_PAGES)
		return !salvage->bundle || salvage->at >= bundle_count(salvage->bundle);
	return salvage->stage != STAGE_ANCHORS || salvage->at >= salvage->anchor_count;
}

void salvage_tell(const struct salvage *salvage, struct mending *mending)
{
	const struct rescue_key *at = salvage_row_ends(salvage) ? &salvage->key : &salvage->here;

	mending->stage = salvage->stage;
	memcpy(mending->part, at->part, sizeof(mending->part));
	mending->holes = salvage->holes + salvage->rescue.holes;
}

/* ---- records */

static void next_stage(struct salvage *salvage)
{
	salvage->stage++;
	salvage->key = (struct rescue_key){
		.parts = salvage->stage == STAGE_ANCHORS || salvage->stage == STAGE_PAGES ? 1 : 3};
	salvage->here = salvage->key;
	salvage->at = 0;
}

/* What was kept as bytes must still be a record: what rotted is lost, and no word of the agent's. */
static bool is_sound(struct salvage *salvage, const uint8_t *bytes, size_t length)
{
	return bytes && length <= RECORD_MAX &&
		codec_record_decode(bytes, length, salvage->view->record, NULL) == 0;
}

static bool fits(int64_t number)
{
	return number > 0 && number <= UINT32_MAX;
}

static int give_bytes(struct salvage *salvage, const struct journal_record *about,
	const void *bytes, size_t length, struct journal_record *ret_record)
{
	int r;

	buf_clear(&salvage->bytes);
	r = buf_append(&salvage->bytes, bytes, length);
	if (r < 0)
		return r;
	*ret_record = *about;
	ret_record->record = buf_peek(&salvage->bytes);
	ret_record->record_length = length;
	return 1;
}

static int give_encoded(struct salvage *salvage, const struct journal_record *about,
	struct journal_record *ret_record)
{
	int r;

	buf_clear(&salvage->bytes);
	r = codec_record_encode(salvage->view->record, &salvage->bytes);
	if (r < 0)
		return r;
	*ret_record = *about;
	ret_record->record = buf_peek(&salvage->bytes);
	ret_record->record_length = buf_length(&salvage->bytes);
	return 1;
}

/* ---- rows that are records: agent, run, sequence, received_us, via_wan, reject code, record */

static const char *const rows[] = {
	[STAGE_MARKS] = "SELECT agent, run, sequence, received_us, '', 0, record FROM mark"
			" WHERE (agent, run, sequence) >= (?, ?, ?)"
			" ORDER BY agent, run, sequence LIMIT 1",
	[STAGE_DROPPED] = "SELECT agent, run, sequence, received_us, '', 0, record FROM dropped"
			  " WHERE (agent, run, sequence) >= (?, ?, ?)"
			  " ORDER BY agent, run, sequence LIMIT 1",
	[STAGE_SAMPLES] = "SELECT agent, run, sequence, received_us, '', 0, record FROM sample"
			  " WHERE (agent, run, sequence) >= (?, ?, ?)"
			  " ORDER BY agent, run, sequence LIMIT 1",
	[STAGE_CONFLICTS] = "SELECT agent, run, sequence, received_us, via_wan, 0, record"
			    " FROM conflict WHERE (agent, run, sequence) >= (?, ?, ?)"
			    " ORDER BY agent, run, sequence LIMIT 1",
	[STAGE_REJECTED] = "SELECT agent, run, sequence, received_us, '', code, record"
			   " FROM rejected WHERE (agent, run, sequence) >= (?, ?, ?)"
			   " ORDER BY agent, run, sequence LIMIT 1",
};

static const char *const contents[STAGE_END] = {
	[STAGE_CONFLICTS] = "SELECT agent, run, sequence, received_us, via_wan, 0, record"
			    " FROM conflict WHERE agent = ? AND run = ? AND sequence = ?"
			    " ORDER BY hash LIMIT 1 OFFSET ?",
	[STAGE_REJECTED] = "SELECT agent, run, sequence, received_us, '', code, record"
			   " FROM rejected WHERE agent = ? AND run = ? AND sequence = ?"
			   " ORDER BY hash LIMIT 1 OFFSET ?",
};

/* 1; 0: that row says nothing any more. */
static int give_row(struct salvage *salvage, struct query *q, struct journal_record *ret_record)
{
	struct journal_record about = {.agent = (uint32_t)query_get_number(q, 0),
		.key = {(uint32_t)query_get_number(q, 1), (uint32_t)query_get_number(q, 2)},
		.received_utc_us = query_get_number(q, 3),
		.reject_code = (uint8_t)query_get_number(q, 5)};
	size_t length;
	const void *bytes = query_get_bytes(q, 6, &length);

	query_copy_text(q, 4, about.wan, sizeof(about.wan));
	if (!fits(query_get_number(q, 0)) || !fits(query_get_number(q, 1)) ||
		!fits(query_get_number(q, 2)) ||
		(about.reject_code ? length > RECORD_MAX : !is_sound(salvage, bytes, length))) {
		salvage->rescue.holes++;
		return 0;
	}
	return give_bytes(salvage, &about, bytes, length, ret_record);
}

/* Several contents may be kept under one key: the others, by their digest. 1; 0. */
static int next_content(struct salvage *salvage, struct journal_record *ret_record)
{
	struct query q;
	int r = 0;

	while (r == 0 && salvage->at > 0) {
		db_query(&q, salvage->rescue.db, contents[salvage->stage]);
		for (int i = 0; i < 3; i++)
			query_number(&q, salvage->here.part[i]);
		query_number(&q, (int64_t)salvage->at);
		if (query_next(&q) > 0) {
			r = give_row(salvage, &q, ret_record);
			salvage->at++;
		} else {
			salvage->at = 0;
		}
		query_end(&q, NULL);
	}
	return r;
}

static int next_row(struct salvage *salvage, struct journal_record *ret_record)
{
	struct query q;
	int r = contents[salvage->stage] ? next_content(salvage, ret_record) : 0;

	while (r == 0) {
		r = rescue_next(&salvage->rescue, rows[salvage->stage], &salvage->key, &q);
		if (r <= 0)
			return 0;
		salvage->here = salvage->key;
		salvage->here.part[2]--;
		salvage->at = 1;
		r = give_row(salvage, &q, ret_record);
		query_end(&q, NULL);
		if (r == 0 && contents[salvage->stage])
			r = next_content(salvage, ret_record);
	}
	return r;
}

/* ---- anchors, boot by boot */

static int keep_anchor(void *arg, const struct kept_anchor *anchor)
{
	struct salvage *salvage = arg;

	if (salvage->anchor_count == salvage->anchor_room) {
		size_t room = salvage->anchor_room ? salvage->anchor_room * 2 : 64;
		struct kept_anchor *anchors = realloc(salvage->anchors, room * sizeof(*anchors));
		if (!anchors)
			return -ENOMEM;
		salvage->anchors = anchors;
		salvage->anchor_room = room;
	}
	salvage->anchors[salvage->anchor_count++] = *anchor;
	return 0;
}

static int give_anchor(
	struct salvage *salvage, const struct boot *boot, struct journal_record *ret_record)
{
	const struct kept_anchor *anchor = &salvage->anchors[salvage->at++];
	struct record *record = salvage->view->record;
	const struct journal_record about = {
		.agent = boot->agent, .key = anchor->key, .received_utc_us = anchor->received_us};

	memset(&record->anchor, 0, sizeof(record->anchor));
	record->kind = RECORD_ANCHOR;
	memcpy(record->anchor.boot, boot->boot, BOOT_BYTES);
	record->anchor.mono_us = anchor->mono_us;
	record->anchor.utc_us = anchor->utc_us;
	record->anchor.error_us = anchor->error_us;
	record->anchor.source = anchor->source;
	return give_encoded(salvage, &about, ret_record);
}

/* The first boot at or behind the key. */
static const struct boot *next_boot(const struct salvage *salvage)
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

static int next_anchor(struct salvage *salvage, struct journal_record *ret_record)
{
	const struct boot *boot;
	int r;

	for (;;) {
		if (salvage->at < salvage->anchor_count) {
			r = give_anchor(
				salvage, find_boot(salvage, salvage->here.part[0]), ret_record);
			if (r == 1 || r == -ENOMEM)
				return r;
			salvage->rescue.holes++;
			continue;
		}
		boot = next_boot(salvage);
		salvage->anchor_count = salvage->at = 0;
		if (!boot)
			return 0;
		salvage->here.part[0] = boot->id;
		salvage->key.part[0] = boot->id + 1;
		r = anchors_each(salvage->rescue.db, boot->id, keep_anchor, salvage, NULL);
		if (r == -ENOMEM)
			return r;
		salvage->rescue.holes += r < 0;
	}
}

/* ---- pages */

static int open_page(struct salvage *salvage)
{
	static const char sql[] = "SELECT id, boot, run, packed, slots FROM page WHERE id >= ?"
				  " ORDER BY id LIMIT 1";
	const struct boot *boot;
	struct page_ref ref = {0};
	struct query q;
	int r;

	salvage->bundle = NULL;
	salvage->at = 0;
	salvage->here = salvage->key;
	if (rescue_next(&salvage->rescue, sql, &salvage->key, &q) <= 0)
		return 0;
	ref.id = query_get_number(&q, 0);
	ref.boot = query_get_number(&q, 1);
	ref.run = (uint32_t)query_get_number(&q, 2);
	ref.packed = query_get_number(&q, 3) != 0;
	ref.slots = (uint32_t)query_get_number(&q, 4);
	query_end(&q, NULL);
	boot = find_boot(salvage, ref.boot);
	r = boot ? bundle_load(salvage->view, &ref, &salvage->bundle, NULL) : -EBADMSG;
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		salvage->bundle = NULL;
		salvage->rescue.holes++;
		return 1;
	}
	salvage->agent = boot->agent;
	salvage->run = ref.run;
	return 1;
}

/* A slot that was disputed says nothing any more without the content that disputed it. */
static bool has_beside(const struct salvage *salvage, uint32_t sequence)
{
	struct query q;
	int found;

	db_query(&q, salvage->rescue.db, contents[STAGE_CONFLICTS]);
	query_number(&q, salvage->agent);
	query_number(&q, salvage->run);
	query_number(&q, sequence);
	query_number(&q, 0);
	found = query_next(&q);
	if (found > 0) {
		size_t length;
		const uint8_t *bytes = query_get_bytes(&q, 6, &length);
		if (!bytes || codec_record_decode(bytes, length, salvage->view->record, NULL) != 0)
			found = 0;
	}
	query_end(&q, NULL);
	return found > 0;
}

static int give_slot(struct salvage *salvage, size_t i, struct journal_record *ret_record)
{
	struct journal_record about = {.agent = salvage->agent, .key = {salvage->run, 0}};
	const uint8_t *bytes;
	struct page_slot beside = {0};
	size_t length;
	int r = 0;

	if (bundle_item(salvage->bundle, i)->disputed &&
		!has_beside(salvage, bundle_item(salvage->bundle, i)->sequence))
		return -EBADMSG;
	r = bundle_slot(salvage->bundle, i, salvage->view->record, &beside, NULL);
	if (r < 0 || !fits(salvage->run) || !fits(beside.sequence))
		return -EBADMSG;
	about.key.sequence = beside.sequence;
	about.received_utc_us = beside.received_us;
	memcpy(about.wan, beside.via_wan, sizeof(about.wan));
	bytes = bundle_record(salvage->bundle, i, &length);
	if (bytes)
		return give_bytes(salvage, &about, bytes, length, ret_record);
	return give_encoded(salvage, &about, ret_record);
}

static int next_slot(struct salvage *salvage, struct journal_record *ret_record)
{
	int r;

	for (;;) {
		while (salvage->bundle && salvage->at < bundle_count(salvage->bundle)) {
			r = give_slot(salvage, salvage->at++, ret_record);
			if (r == 1 || r == -ENOMEM)
				return r;
			salvage->rescue.holes++;
		}
		r = open_page(salvage);
		if (r <= 0)
			return r;
	}
}

int salvage_next(struct salvage *salvage, struct journal_record *ret_record)
{
	int r = 0;

	while (salvage->stage < STAGE_END) {
		if (salvage->stage == STAGE_ANCHORS)
			r = next_anchor(salvage, ret_record);
		else if (salvage->stage == STAGE_PAGES)
			r = next_slot(salvage, ret_record);
		else
			r = next_row(salvage, ret_record);
		if (r)
			return r;
		next_stage(salvage);
	}
	return 0;
}

int salvage_run_next(struct salvage *salvage, struct salvage_run *ret_run)
{
	static const char sql[] = "SELECT agent, run, boot, records FROM agent_run"
				  " WHERE (agent, run, boot) >= (?, ?, ?)"
				  " ORDER BY agent, run, boot LIMIT 1";
	const struct boot *boot;
	struct query q;

	if (rescue_next(&salvage->rescue, sql, &salvage->run_key, &q) <= 0)
		return 0;
	boot = find_boot(salvage, query_get_number(&q, 2));
	*ret_run = (struct salvage_run){.agent = (uint32_t)query_get_number(&q, 0),
		.run = (uint32_t)query_get_number(&q, 1),
		.records = query_get_number(&q, 3),
		.placed = boot && boot->placed,
		.from_s = boot ? boot->from_s : 0,
		.to_s = boot ? boot->to_s : 0};
	query_end(&q, NULL);
	return 1;
}
