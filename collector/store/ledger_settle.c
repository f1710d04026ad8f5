/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a batch: what moved is placed anew, and what the outbox said too early is taken
 * back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/derived_private.h"
#include "collector/store/ledger_private.h"
#include "proto/codec.h"

static int by_id(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void sort_unique(struct ledger_writer *writer)
{
	size_t kept = 0;

	if (writer->moved_count)
		qsort(writer->moved, writer->moved_count, sizeof(*writer->moved), by_id);
	for (size_t i = 0; i < writer->moved_count; i++) {
		if (!kept || writer->moved[kept - 1] != writer->moved[i])
			writer->moved[kept++] = writer->moved[i];
	}
	writer->moved_count = kept;
}

int slot_read(struct ledger_writer *writer, int64_t id, struct slot_row *ret_row, struct err *err)
{
	struct slot_row row = {.id = id, .slot = &writer->record->slot};
	struct query q;
	int found, r, decoded = 0;

	db_query(&q, writer->db,
		"SELECT agent, run, sequence, boot, received_us, disputed, record FROM slot_hot"
		" WHERE id = ?");
	query_number(&q, id);
	found = query_next(&q);
	if (found > 0) {
		size_t length;
		const void *record = query_get_bytes(&q, 6, &length);
		row.agent = (uint32_t)query_get_number(&q, 0);
		row.key.run = (uint32_t)query_get_number(&q, 1);
		row.key.sequence = (uint32_t)query_get_number(&q, 2);
		row.boot = query_get_number(&q, 3);
		row.received_us = query_get_number(&q, 4);
		row.disputed = query_get_number(&q, 5) != 0;
		decoded = codec_record_decode(record, length, writer->record, err);
	}
	r = query_end(&q, decoded ? NULL : err);
	if (r < 0)
		return r;
	if (decoded)
		return decoded < 0 ? decoded : -EBADMSG;
	if (!found)
		return -ENOENT;
	*ret_row = row;
	return 0;
}

/* First all are taken up, then all are put down: one may move to where another one was. */
static int place_moved(struct ledger_writer *writer, struct err *err)
{
	struct slot_row row;
	int r = 0;

	for (size_t i = 0; r == 0 && i < writer->moved_count; i++)
		r = unplace_slot(writer, writer->moved[i], err);
	for (size_t i = 0; r == 0 && i < writer->moved_count; i++) {
		r = slot_read(writer, writer->moved[i], &row, err);
		if (r == -ENOENT)
			r = 0;
		else if (r == 0)
			r = place_slot(writer, &row, err);
	}
	writer->moved_count = 0;
	return r;
}

/* A slot left its link: what the link's targets ever answered must be asked of those that stay. */
static int recount_ever(struct ledger_writer *writer, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"WITH lost AS (SELECT DISTINCT g.link FROM gone AS g WHERE NOT EXISTS"
		"  (SELECT 1 FROM piece AS p WHERE p.slot = g.slot AND p.link = g.link))"
		" UPDATE link_ever SET ever ="
		"  coalesce((SELECT max(ever & 2) | max(ever & 4) | max(ever & 8) | max(ever & 16)"
		"   FROM piece AS p WHERE p.link = link_ever.link), 0)"
		" WHERE link IN (SELECT link FROM lost)");
	return query_run(&q, err);
}

static int say_gone(struct ledger_writer *writer, struct err *err)
{
	struct query q;

	/* kind and an empty payload: outbox.c */
	db_query(&q, writer->db,
		"INSERT INTO outbox(kind, link, at_s, payload)"
		" SELECT DISTINCT ?, g.link, g.from_s, x'' FROM gone AS g WHERE NOT EXISTS"
		" (SELECT 1 FROM piece AS p WHERE p.link = g.link AND p.from_s = g.from_s)"
		" ORDER BY g.link, g.from_s");
	query_number(&q, OUTBOX_GONE);
	return query_run(&q, err);
}

int ledger_settle(struct ledger_writer *writer, struct err *err)
{
	int r;

	sort_unique(writer);
	r = place_moved(writer, err);
	if (r == 0)
		r = recount_ever(writer, err);
	if (r == 0)
		r = say_gone(writer, err);
	if (r == 0)
		r = db_run(writer->db, "DELETE FROM gone", err);
	return r < 0 ? r : derived_settle(writer, err);
}
