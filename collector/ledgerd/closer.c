/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/closer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/close.h"
#include "collector/store/closed_month.h"
#include "common/clock.h"
#include "common/log.h"

#define US_PER_S 1000000

struct closer {
	char *state;
	struct registry *registry; /* a handle of its own: long reads disturb nobody */
	int64_t seen; /* no wish waits up to this sequence of the registry */
};

int closer_new(const char *state, struct closer **ret_closer, struct err *err)
{
	struct closer *closer = calloc(1, sizeof(*closer));
	int r;

	if (!closer)
		return err_errno(err, -ENOMEM, "%s", state);
	closer->seen = -1;
	closer->state = strdup(state);
	r = closer->state ? registry_open(state, REGISTRY_READ, NULL, &closer->registry, err)
			  : err_errno(err, -ENOMEM, "%s", state);
	if (r < 0) {
		closer_free(closer);
		return r;
	}
	*ret_closer = closer;
	return 0;
}

void closer_free(struct closer *closer)
{
	if (!closer)
		return;
	registry_close(closer->registry);
	free(closer->state);
	free(closer);
}

struct search {
	struct ledger_db *db;
	struct registry_closing found;
	struct err *err;
};

static int look(void *arg, const struct closed_result *result)
{
	return 0;
}

/* Stops at the first wish that has no result. */
static int find_waiting(void *arg, const struct registry_closing *wish)
{
	struct search *search = arg;
	int done = closed_result_get(search->db, wish, look, NULL, search->err);

	if (done)
		return done < 0 ? done : 0;
	search->found = *wish;
	return 1;
}

static int execute(struct closer *closer, struct ledger_writer *writer,
	const struct closer_now *now, const struct registry_closing *wish, struct err *err)
{
	const struct closing_desk desk = {
		.state = closer->state,
		.registry = closer->registry,
		.writer = writer,
		.cursor = feed_cursor(now->feed),
		.now_s = clock_utc_us() / US_PER_S,
	};
	uint64_t began_us = clock_boot_us();
	int r = closing_execute(&desk, wish, err);

	if (r == 0)
		log_info("ledger: %s was to be closed by %s: done in %" PRIu64 " ms", wish->month,
			wish->by, (clock_boot_us() - began_us) / 1000);
	return r < 0 ? r : 1;
}

/* Everything that came before the wish is in the ledger: what waits next came after it, or nothing
 * waits. */
static int is_caught_up(
	const struct closer_now *now, const struct registry_closing *wish, struct err *err)
{
	struct journal_record record;
	struct feed_record waiting;
	int r = feed_peek(now->feed, &waiting, err);

	if (r < 0 || imports_wait(now->imports))
		return r < 0 ? r : 0;
	if (r == 0 || journal_record_decode(waiting.bytes, waiting.length, &record) < 0)
		return r == 0;
	return record.received_utc_us / US_PER_S > wish->entered_s;
}

/* ---- after the ledger was damaged */

struct doubt {
	const struct mender *mender;
	const struct registry_closing *wish;
};

static int find_earlier(void *arg, const struct registry_closing *wish)
{
	const struct doubt *doubt = arg;

	return wish->id <= doubt->wish->id && !strcmp(wish->month, doubt->wish->month) &&
		mender_doubts(doubt->mender, wish->entered_s);
}

/* Whether the month may have been issued, although no document is here: with what is left of the
 * records it must not be issued a second time with other numbers. */
static bool is_doubtful(struct closer *closer, struct ledger_writer *writer,
	const struct mender *mender, const struct registry_closing *wish)
{
	struct doubt doubt = {mender, wish};
	struct closed_month closed;

	if (registry_closings(closer->registry, find_earlier, &doubt, NULL) <= 0)
		return false;
	return closed_month_find(
		       ledger_writer_view(writer), wish->month, CLOSED_LATEST, &closed, NULL) != 0;
}

static int refuse(struct ledger_writer *writer, const struct closer_now *now,
	const struct registry_closing *wish, struct err *err)
{
	char words[400];
	const struct closed_result result = {.closing = wish->id,
		.entered_s = wish->entered_s,
		.failed = true,
		.words = words,
		.at_s = clock_utc_us() / US_PER_S};
	int r;

	snprintf(words, sizeof(words),
		"%s: ledger.db was damaged or gone, and an issued document of this month may have "
		"been in it: it is not here, and nothing is issued in its place. Restore ledger.db "
		"from a backup; the document that was handed out stays good (pantau verify).\n",
		wish->month);
	r = ledger_begin(writer, err);
	if (r == 0)
		r = closed_result_put(writer, &result, err);
	if (r == 0)
		r = ledger_commit(writer, feed_cursor(now->feed), err);
	if (r < 0)
		ledger_rollback(writer);
	else
		log_error("ledger: %s", words);
	return r < 0 ? r : 1;
}

int closer_step(struct closer *closer, struct ledger_writer *writer, const struct closer_now *now,
	struct err *err)
{
	struct search search = {.db = ledger_writer_view(writer), .err = err};
	int64_t sequence;
	int r = registry_sequence(closer->registry, &sequence, err);

	/* what was entered before the wish must be in the ledger, too */
	if (r < 0 || sequence == closer->seen || view_sequence(now->view) < sequence)
		return r;
	r = registry_closings(closer->registry, find_waiting, &search, err);
	if (r == 0)
		closer->seen = sequence;
	if (r <= 0)
		return r;
	r = is_caught_up(now, &search.found, err);
	if (r > 0 && is_doubtful(closer, writer, now->mender, &search.found))
		return refuse(writer, now, &search.found, err);
	return r > 0 ? execute(closer, writer, now, &search.found, err) : r;
}
