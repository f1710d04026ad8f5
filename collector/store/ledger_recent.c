/* SPDX-License-Identifier: Apache-2.0 */
/* The wall's figures of a link: its last few slots. */
#include <stdlib.h>

#include "collector/store/ledger_private.h"

#define ANSWERS_MAX (RECENT_SLOTS * SLOT_ROUNDS_MAX) /* one scheduled probe a round */

struct answers {
	uint32_t rtt_us[ANSWERS_MAX];
	size_t count, sent;
};

static void collect(struct answers *answers, const uint8_t *samples, size_t length)
{
	struct sample sample;

	for (size_t at = 0; at + SAMPLE_BYTES <= length; at += SAMPLE_BYTES) {
		sample_unpack(samples + at, &sample);
		answers->sent++;
		if (sample.answered && answers->count < ANSWERS_MAX)
			answers->rtt_us[answers->count++] = sample.rtt_us;
	}
}

static int by_value(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

static void conclude(struct answers *answers, struct ledger_recent *recent)
{
	if (answers->count) {
		qsort(answers->rtt_us, answers->count, sizeof(*answers->rtt_us), by_value);
		/* nearest rank */
		recent->rtt_us = (int32_t)answers->rtt_us[(answers->count - 1) / 2];
	}
	if (answers->sent)
		recent->loss_ppm = (int32_t)((answers->sent - answers->count) * TERMS_PPM /
			answers->sent);
}

int ledger_recent(
	struct ledger_db *db, int64_t link, struct ledger_recent *ret_recent, struct err *err)
{
	struct ledger_recent recent = {.rtt_us = LIVE_NONE, .loss_ppm = LIVE_NONE};
	struct answers answers = {.count = 0};
	struct query q;
	int r;

	db_query(&q, db->db,
		"SELECT from_s, to_s, length_ms, received_us, samples FROM piece WHERE link = ?"
		" ORDER BY from_s DESC LIMIT ?");
	query_number(&q, link);
	query_number(&q, RECENT_SLOTS);
	while (query_next(&q) > 0) {
		size_t length;
		const uint8_t *samples = query_get_bytes(&q, 4, &length);
		uint32_t length_ms = (uint32_t)query_get_number(&q, 2);
		int64_t received_us = query_get_number(&q, 3);
		if (!recent.slots++) {
			recent.from_s = query_get_number(&q, 0);
			recent.to_s = query_get_number(&q, 1);
		}
		if (length_ms > recent.length_ms)
			recent.length_ms = length_ms;
		if (received_us > recent.received_us)
			recent.received_us = received_us;
		collect(&answers, samples, length);
	}
	r = query_end(&q, err);
	if (r < 0)
		return r;
	conclude(&answers, &recent);
	*ret_recent = recent;
	return 0;
}
