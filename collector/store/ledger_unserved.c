/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_unserved.h"

#include <errno.h>
#include <stdlib.h>

#include "collector/store/ledger_private.h"
#include "collector/store/ledger_sample.h"
#include "collector/store/served.h"
#include "common/scratch.h"
#include "proto/codec.h"

#define US_PER_S INT64_C(1000000)
#define MOVED_S 60 /* a test that has another place now: anchors correct some seconds */

struct looker {
	struct ledger_writer *writer;
	const struct ledger_span *day;
	const char *state;
	struct flag *old; /* as they were; taken: kind 0 */
	size_t old_count, old_room;
	struct err *err;
};

/* ---- what was flagged before */

static int add_old(void *arg, const struct ledger_flag *flag)
{
	struct looker *looker = arg;

	/* one that begins before the day is the day before's */
	if (flag->flag.kind != FLAG_SPEED_UNSERVED || flag->flag.from_s < looker->day->from_s)
		return 0;
	if (looker->old_count == looker->old_room) {
		size_t room = looker->old_room ? looker->old_room * 2 : 8;
		struct flag *items = realloc(looker->old, room * sizeof(*items));
		if (!items)
			return err_errno(looker->err, -ENOMEM, "flags of a link");
		looker->old = items;
		looker->old_room = room;
	}
	looker->old[looker->old_count++] = flag->flag;
	return 0;
}

/* The test's own flag, by what it said: the nearest one; NULL: it had none. */
static struct flag *find_old(struct looker *looker, const struct flag *flag)
{
	struct flag *found = NULL;

	for (size_t i = 0; i < looker->old_count; i++) {
		struct flag *old = &looker->old[i];
		int64_t apart = llabs(old->from_s - flag->from_s);

		if (old->kind == flag->kind && old->said == flag->said &&
			old->count == flag->count && apart <= MOVED_S &&
			(!found || apart < llabs(found->from_s - flag->from_s)))
			found = old;
	}
	return found;
}

static int forget(struct looker *looker)
{
	struct query q;

	db_query(&q, looker->writer->db,
		"DELETE FROM flag WHERE link = ? AND day_s = ? AND kind = ?");
	query_number(&q, looker->day->link);
	query_number(&q, looker->day->from_s);
	query_number(&q, FLAG_SPEED_UNSERVED);
	return query_run(&q, looker->err);
}

/* ---- the tests */

/* A test from the endpoint beside this collector, which noted what it sent. */
static int see_test(void *arg, const struct ledger_sample *sample)
{
	struct looker *looker = arg;
	SCRATCH struct record record;
	const struct speed_run *down = &record.speed.down;
	struct flag flag = {.kind = FLAG_SPEED_UNSERVED, .from_s = sample->at_us / US_PER_S};
	struct flag *old;
	struct served served;
	bool noted, unserved;

	/* what is kept was sound */
	if (codec_record_decode(sample->record, sample->record_length, &record, NULL) != 0 ||
		record.speed.outcome != SPEED_DONE || !down->nonce)
		return 0;
	/* whose word it is nobody knows: it raises none */
	noted = !sample->disputed &&
		served_find(looker->state, down->nonce, flag.from_s, &served) == 0 && served.down;
	unserved = crosscheck_unserved(down, noted ? served.bytes : 0, &flag.said);
	flag.to_s = flag.from_s + 1 + down->duration_ms / 1000;
	flag.count = down->kbps;
	old = find_old(looker, &flag);
	if (noted ? !unserved : !old)
		return 0;
	flag.seen = noted ? served.bytes : old->seen;
	if (old)
		old->kind = 0;
	return flag_put(looker->writer, looker->day, &flag, looker->err);
}

int unserved_keep(struct ledger_writer *writer, const struct ledger_span *day, const char *state,
	struct err *err)
{
	const struct sample_query tests = {*day, RECORD_SPEED};
	struct looker looker = {.writer = writer, .day = day, .state = state, .err = err};
	int r = ledger_flags(ledger_writer_view(writer), day, add_old, &looker, err);

	if (r == 0)
		r = forget(&looker);
	if (r == 0)
		r = ledger_samples(ledger_writer_view(writer), &tests, see_test, &looker, err);
	free(looker.old);
	return r;
}
