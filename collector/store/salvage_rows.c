/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a damaged ledger that are records as they came: agent, run, sequence, received_us,
 * via_wan, reject code, record. */
#include <errno.h>
#include <string.h>

#include "collector/store/salvage_private.h"
#include "proto/codec.h"

/* What was kept as bytes must still be a record: what rotted is lost, no word of the agent's. */
static bool is_sound(struct salvage *salvage, const uint8_t *bytes, size_t length)
{
	return bytes && length <= RECORD_MAX &&
		codec_record_decode(bytes, length, salvage->view->record, NULL) == 0;
}

bool salvage_number_fits(int64_t number)
{
	return number > 0 && number <= UINT32_MAX;
}

int salvage_give_bytes(struct salvage *salvage, const struct journal_record *about,
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
	if (!salvage_number_fits(query_get_number(q, 0)) ||
		!salvage_number_fits(query_get_number(q, 1)) ||
		!salvage_number_fits(query_get_number(q, 2)) ||
		(about.reject_code ? length > RECORD_MAX : !is_sound(salvage, bytes, length))) {
		salvage->rescue.holes++;
		return 0;
	}
	return salvage_give_bytes(salvage, &about, bytes, length, ret_record);
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

int salvage_next_row(struct salvage *salvage, struct journal_record *ret_record)
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

/* A slot that was disputed says nothing any more without the content that disputed it. */
bool salvage_has_beside(const struct salvage *salvage, uint32_t sequence)
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
