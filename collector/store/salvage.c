/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/salvage.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/salvage_private.h"
#include "common/file.h"
#include "proto/codec.h"

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
	return salvage_load_boots(salvage);
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

static int next_anchor(struct salvage *salvage, struct journal_record *ret_record)
{
	const struct boot *boot;
	int r;

	for (;;) {
		if (salvage->at < salvage->anchor_count) {
			r = give_anchor(salvage, salvage_find_boot(salvage, salvage->here.part[0]),
				ret_record);
			if (r == 1 || r == -ENOMEM)
				return r;
			salvage->rescue.holes++;
			continue;
		}
		boot = salvage_next_boot(salvage);
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
	boot = salvage_find_boot(salvage, ref.boot);
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

static int give_slot(struct salvage *salvage, size_t i, struct journal_record *ret_record)
{
	struct journal_record about = {.agent = salvage->agent, .key = {salvage->run, 0}};
	const uint8_t *bytes;
	struct page_slot beside = {0};
	size_t length;
	int r = 0;

	if (bundle_item(salvage->bundle, i)->disputed &&
		!salvage_has_beside(salvage, bundle_item(salvage->bundle, i)->sequence))
		return -EBADMSG;
	r = bundle_slot(salvage->bundle, i, salvage->view->record, &beside, NULL);
	if (r < 0 || !salvage_number_fits(salvage->run) || !salvage_number_fits(beside.sequence))
		return -EBADMSG;
	about.key.sequence = beside.sequence;
	about.received_utc_us = beside.received_us;
	memcpy(about.wan, beside.via_wan, sizeof(about.wan));
	bytes = bundle_record(salvage->bundle, i, &length);
	if (bytes)
		return salvage_give_bytes(salvage, &about, bytes, length, ret_record);
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
			r = salvage_next_row(salvage, ret_record);
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
	boot = salvage_find_boot(salvage, query_get_number(&q, 2));
	*ret_run = (struct salvage_run){.agent = (uint32_t)query_get_number(&q, 0),
		.run = (uint32_t)query_get_number(&q, 1),
		.records = query_get_number(&q, 3),
		.placed = boot && boot->placed,
		.from_s = boot ? boot->from_s : 0,
		.to_s = boot ? boot->to_s : 0};
	query_end(&q, NULL);
	return 1;
}
