/* SPDX-License-Identifier: Apache-2.0 */
/* A damaged ledger.db is set aside and made anew: what can be read comes along, what cannot is
 * named, and nothing is there that was not before. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/ledgerd/mender.h"
#include "collector/store/closed_month.h"
#include "collector/store/db_copy.h"
#include "collector/store/ledger_lost.h"
#include "common/crypto.h"
#include "common/file.h"
#include "common/log.h"
#include "tests/unit/store/fixture.h"
#include "tests/unit/store/life.h"
#include "tests/unit/store/noise.h"

#define AGENTS 3
#define RUNS 3
#define SLOTS 240 /* of a run: four hours */
#define MINUTE_US (60 * US_PER_S)
#define SEEDS_SHORT 30
#define SEEDS_LONG 3000

struct world {
	struct fixture *fixture;
	int64_t links[AGENTS];
	uint32_t agents[AGENTS];
	char *before[AGENTS]; /* lines of slots, sorted as they lie */
};

/* ---- something to be damaged */

static void tell_run(struct world *world, int who, uint32_t run)
{
	static struct sent sent[SLOTS + 8];
	uint32_t agent = world->agents[who], n = 1;
	uint8_t boot = (uint8_t)(who * 16 + run);
	int64_t begins_s = T0 + (int64_t)run * 86400;
	size_t count = 0;

	sent[count++] = sent_start(KEY(agent, run, n++), boot, 0, 0);
	sent[count++] = sent_anchor(KEY(agent, run, n++), boot, 0, begins_s * US_PER_S);
	for (uint32_t i = 0; i < SLOTS; i++) {
		unsigned lost = i >= 100 && i < 120 ? 6 : 0;
		sent[count++] = sent_slot(KEY(agent, run, n++),
			(struct slot_plan){boot, i * MINUTE_US, 60000, lost, 20000 + i, NULL});
	}
	sent[count++] = sent_speed(KEY(agent, run, n++), boot, 30 * MINUTE_US, 9000);
	sent[count++] = sent_stop(KEY(agent, run, n++), boot, SLOTS * MINUTE_US);
	if (run == 2) { /* a key with another content */
		sent[count++] = sent_slot(KEY(agent, run, 20),
			(struct slot_plan){boot, 17 * MINUTE_US, 60000, 3, 1, NULL});
	}
	for (size_t i = 0; i < count; i++)
		sent[i].received_us = begins_s * US_PER_S + (int64_t)i * MINUTE_US;
	fixture_take(world->fixture, sent, count);
}

static void put_document(struct world *world)
{
	struct ledger_writer *writer = world->fixture->writer;
	struct closed_month closed = {
		.month = "2026-01", .number = 1, .span = {T0, T0 + 2678400}, .by = "Ani"};
	uint8_t digest[SHA256_BYTES];
	struct buf document;
	struct err err = {0};

	buf_init(&document, 1 << 20);
	for (int i = 0; i < 3000; i++)
		must(buf_append(&document, "sehuruf demi sehuruf\n", 21), &err);
	must(crypto_sha256(buf_peek(&document), buf_length(&document), digest), &err);
	hex_format(digest, sizeof(digest), closed.hash);
	must(ledger_begin(writer, &err), &err);
	must(closed_month_put(writer, &closed, &document, &err), &err);
	must(ledger_commit(writer, (struct seglog_pos){1, 900}, &err), &err);
	buf_done(&document);
}

static int add_line(void *arg, const struct ledger_slot *slot)
{
	/* what was packed has its middle of a step, also when it is taken again */
	fprintf(arg, "%u.%u.%u [%lld,%lld) %u/%u/%u %u\n", slot->agent, slot->run, slot->sequence,
		(long long)slot->from_s, (long long)slot->to_s, slot->evidence.due,
		slot->evidence.made, slot->evidence.lost, slot->slot->probe_count);
	return 0;
}

static char *lines_of(struct world *world, int64_t link)
{
	struct ledger_db *db = ledger_writer_view(world->fixture->writer);
	struct err err = {0};
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	must(ledger_slots(
		     db, &(struct ledger_span){link, INT64_MIN, INT64_MAX}, add_line, out, &err),
		&err);
	fclose(out);
	return text;
}

static void pack_all(struct world *world)
{
	struct err err = {0};
	bool more = true;

	while (more) {
		must(ledger_begin(world->fixture->writer, &err), &err);
		must(ledger_pack(
			     world->fixture->writer, (T0 + 86400 * 4) * US_PER_S, 4, &more, &err),
			&err);
		must(ledger_commit(world->fixture->writer, (struct seglog_pos){1, 900}, &err),
			&err);
	}
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	world->fixture = fixture_new();
	for (int i = 0; i < AGENTS; i++) {
		world->links[i] = fixture_link(world->fixture, DESA, "Penyedia");
		fixture_contract(world->fixture, world->links[i], T0, SPAN_FOREVER);
		world->agents[i] = fixture_agent(world->fixture, world->links[i], T0);
	}
	for (uint32_t run = 1; run <= RUNS; run++)
		for (int i = 0; i < AGENTS; i++)
			tell_run(world, i, run);
	pack_all(world); /* but for what is younger than two days */
	put_document(world);
	for (int i = 0; i < AGENTS; i++)
		world->before[i] = lines_of(world, world->links[i]);
	ledger_writer_close(world->fixture->writer);
	world->fixture->writer = NULL;
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	for (int i = 0; i < AGENTS; i++)
		free(world->before[i]);
	fixture_free(world->fixture);
	free(world);
	return 0;
}

static void path_in(const struct world *world, const char *name, char ret_path[PATH_MAX])
{
	assert_int_equal(file_join(ret_path, PATH_MAX, world->fixture->state, name), 0);
}

/* ---- mending */

static int take(void *arg, const struct journal_record *record, bool beside)
{
	struct err err = {0};
	int r = ledger_take_salvaged(arg, record, beside, &err);

	must(r, &err);
	return r;
}

/* As the follower does it, a few records in each batch, and the process may be another one for
 * each. */
static void mend_all(struct world *world, unsigned records, bool anew)
{
	struct fixture *fixture = world->fixture;
	struct mender *mender = NULL;
	struct err err = {0};
	int turns = 0;

	fixture_take(fixture, NULL, 0);
	must(mender_new(fixture->state, ledger_writer_view(fixture->writer), &mender, &err), &err);
	while (mender_works(mender)) {
		struct mender_turn turn = {.records = records,
			.caught_up = true,
			.take = take,
			.arg = fixture->writer};

		assert_true(turns++ < 10000);
		must(ledger_begin(fixture->writer, &err), &err);
		ledger_hush(fixture->writer);
		must(mender_step(mender, fixture->writer, &turn, &err) < 0 ? -EIO : 0, &err);
		must(ledger_settle(fixture->writer, &err), &err);
		if (anew && turns % 3 == 0) { /* killed before the commit */
			ledger_rollback(fixture->writer);
			mender_rollback(mender);
		} else {
			must(ledger_commit(fixture->writer, (struct seglog_pos){0, 0}, &err), &err);
			mender_commit(mender);
		}
		if (anew && turns % 4 == 0) {
			mender_free(mender);
			ledger_writer_close(fixture->writer);
			fixture->writer = NULL;
			fixture_take(fixture, NULL, 0);
			must(mender_new(fixture->state, ledger_writer_view(fixture->writer),
				     &mender, &err),
				&err);
		}
	}
	mender_free(mender);
}

static int count_lost(void *arg, const struct ledger_lost *lost)
{
	int64_t *records = arg;

	if (!lost->agent || *records == INT64_MAX)
		*records = INT64_MAX; /* nobody knows how many */
	else
		*records += lost->records;
	return 0;
}

static int64_t lost_records(struct world *world)
{
	struct err err = {0};
	int64_t records = 0;

	must(ledger_lost_each(
		     ledger_writer_view(world->fixture->writer), count_lost, &records, &err),
		&err);
	return records;
}

static bool document_is_here(struct world *world)
{
	struct ledger_db *db = ledger_writer_view(world->fixture->writer);
	struct closed_month closed;
	struct buf document;
	bool here;

	buf_init(&document, 1 << 20);
	here = closed_month_find(db, "2026-01", CLOSED_LATEST, &closed, NULL) == 0;
	if (here) {
		assert_int_equal(
			closed_month_read(db, "2026-01", CLOSED_LATEST, &document, NULL), 0);
		assert_int_equal(buf_length(&document), 3000 * 21);
		assert_memory_equal(buf_peek(&document) + 21 * 2999, "sehuruf demi sehuruf\n", 21);
		assert_int_equal(closed.number, 1);
	}
	buf_done(&document);
	return here;
}

/* Every line there is now was there before. Returns how many are gone. */
static int64_t missing_lines(const char *before, const char *after, uint64_t seed)
{
	int64_t missing = 0;

	while (*before) {
		size_t length = strcspn(before, "\n") + 1;

		if (!strncmp(before, after, length) && *after)
			after += length;
		else
			missing++;
		before += length;
	}
	if (*after)
		fail_msg("seed %llu: this was not there before: %.80s", (unsigned long long)seed,
			after);
	return missing;
}

static void nothing_is_missing_of_a_sound_file(void **state)
{
	struct world *world = *state;
	struct err err = {0};
	struct mending mending;

	must(ledger_damaged(world->fixture->state, "a test says so", &err), &err);
	mend_all(world, 100, true);
	must(ledger_mending(ledger_writer_view(world->fixture->writer), &mending, &err), &err);
	assert_string_equal(mending.why, "a test says so");
	assert_true(mending.done);
	assert_int_equal(mending.holes, 0);
	assert_false(mending.unsure);
	assert_int_equal(mending.told.record, 900);
	assert_int_equal(lost_records(world), 0);
	assert_true(document_is_here(world));
	for (int i = 0; i < AGENTS; i++) {
		char *after = lines_of(world, world->links[i]);
		assert_string_equal(world->before[i], after);
		free(after);
	}
	assert_int_equal(fixture_counts(world->fixture).conflicts, AGENTS);
}

static void a_file_that_is_gone_is_named(void **state)
{
	struct world *world = *state;
	char path[PATH_MAX];
	struct err err = {0};

	path_in(world, "ledger.db", path);
	must(ledger_damaged(world->fixture->state, "it is gone", &err), &err);
	assert_int_equal(unlink(path), 0);
	mend_all(world, 100, false);
	assert_int_equal(lost_records(world), INT64_MAX);
	assert_false(document_is_here(world));
}

/* ---- pages overwritten at random */

static void check_seed(struct world *world, uint64_t seed)
{
	char path[PATH_MAX], sound[PATH_MAX];
	struct err err = {0};
	int64_t missing = 0, named;

	path_in(world, "ledger.db", path);
	path_in(world, "sound.db", sound);
	must(db_copy(sound, path, &err), &err);
	noise_over(path, seed);
	must(ledger_damaged(world->fixture->state, "pages were overwritten", &err), &err);
	mend_all(world, 5000, false);
	for (int i = 0; i < AGENTS; i++) {
		char *after = lines_of(world, world->links[i]);

		missing += missing_lines(world->before[i], after, seed);
		free(after);
	}
	/* without its anchors a boot's slots are there, and wait for a place */
	named = lost_records(world);
	if (named != INT64_MAX && named + fixture_counts(world->fixture).unplaced < missing)
		fail_msg("seed %llu: %lld slots are missing, %lld records are said to be",
			(unsigned long long)seed, (long long)missing, (long long)named);
	document_is_here(world);
	ledger_writer_close(world->fixture->writer);
	world->fixture->writer = NULL;
}

static void remove_asides(const struct world *world)
{
	char command[PATH_MAX];

	snprintf(command, sizeof(command), "rm -f %s/ledger.db*", world->fixture->state);
	assert_int_equal(system(command), 0);
}

static void whatever_is_damaged_the_rest_is_kept(void **state)
{
	struct world *world = *state;
	uint64_t seeds = getenv("PANTAU_LONG") ? SEEDS_LONG : SEEDS_SHORT;
	const char *only = getenv("PANTAU_SEED");
	char path[PATH_MAX], sound[PATH_MAX];
	struct err err = {0};

	path_in(world, "ledger.db", path);
	path_in(world, "sound.db", sound);
	must(db_copy(path, sound, &err), &err);
	for (uint64_t seed = 1; seed <= seeds; seed++) {
		remove_asides(world);
		check_seed(world, only ? strtoull(only, NULL, 10) : seed);
		if (only)
			break;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nothing_is_missing_of_a_sound_file, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_gone_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(
			whatever_is_damaged_the_rest_is_kept, setup, teardown),
	};

	log_set_level(getenv("PANTAU_SEED") ? LOG_LEVEL_INFO : (enum log_level) - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
