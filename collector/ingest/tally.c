/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 8

void tally_init(struct tally *tally)
{
	memset(tally, 0, sizeof(*tally));
}

void tally_done(struct tally *tally)
{
	free(tally->ends);
	tally_init(tally);
}

static int make_room(struct tally *tally)
{
	size_t room = tally->room ? tally->room * 2 : ROOM_MIN;
	struct seglog_pos *grown;

	if (tally->count < tally->room)
		return 0;
	grown = reallocarray(tally->ends, room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	tally->ends = grown;
	tally->room = room;
	return 0;
}

int tally_note(struct tally *tally, struct seglog_pos pos)
{
	size_t at = tally->count;
	int r;

	while (at > 0 && tally->ends[at - 1].segment > pos.segment)
		at--;
	if (at > 0 && tally->ends[at - 1].segment == pos.segment) {
		tally->ends[at - 1] = pos;
		return 0;
	}
	r = make_room(tally);
	if (r < 0)
		return r;
	memmove(tally->ends + at + 1, tally->ends + at, (tally->count - at) * sizeof(*tally->ends));
	tally->ends[at] = pos;
	tally->count++;
	return 0;
}

void tally_forget(struct tally *tally, struct seglog_pos below)
{
	size_t gone = 0;

	while (gone < tally->count && tally->ends[gone].segment < below.segment)
		gone++;
	tally->count -= gone;
	if (gone > 0)
		memmove(tally->ends, tally->ends + gone, tally->count * sizeof(*tally->ends));
}

uint64_t tally_behind(const struct tally *tally, struct seglog_pos pos)
{
	uint64_t records = 0;

	for (size_t i = 0; i < tally->count; i++) {
		const struct seglog_pos *end = &tally->ends[i];

		if (end->segment > pos.segment)
			records += end->record;
		else if (end->segment == pos.segment && end->record > pos.record)
			records += end->record - pos.record;
	}
	return records;
}
