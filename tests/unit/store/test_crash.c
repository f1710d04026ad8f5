/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger is killed again and again: the cursor and the rows agree, and nothing is lost. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/ledgerd.h"
#include "common/log.h"
#include "tests/unit/store/fixture.h"

#define RECORDS 80000 /* half a dozen batches, each twice as large as the one before */
#define KILLS_MIN 5
#define LIVES_MAX 400
#define LOOK_US 2000
#define LINGER_US 20000 /* after a commit: into the middle of the next batch */
#define PATIENCE_US 2000000 /* a life that commits nothing ends too */
#define TIME_LIMIT_S 60

static void write_journal(struct fixture *fixture, uint32_t agent)
{
	struct seglog_options options = {.segment_bytes = 1 << 20};
	struct seglog *log;
	struct buf out;
	struct err err = {0};
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/journal", fixture->state);
	assert_int_equal(seglog_open(path, &options, &log, &err), 0);
	buf_init(&out, SEGLOG_RECORD_MAX);
	for (uint32_t i = 0; i < RECORDS; i++) {
		/* slots of a second, so that months pass quickly; the first record is the anchor */
		struct sent sent = i
			? sent_slot(KEY(agent, 1, i + 1),
				  (struct slot_plan){1, i * US_PER_S, 1000, 0, 1, NULL})
			: sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S);
		struct journal_record record = {.agent = agent,
			.key = {1, sent.sequence},
			.record = sent.bytes,
			.record_length = sent.length};
		buf_clear(&out);
		assert_int_equal(journal_record_encode(&record, &out), 0);
		assert_int_equal(seglog_append(log, buf_peek(&out), buf_length(&out), NULL), 0);
	}
	assert_int_equal(seglog_sync(log), 0);
	buf_done(&out);
	seglog_close(log);
}

static pid_t start_ledger(const char *state)
{
	struct settings settings = {0};
	struct err err = {0};
	pid_t child = fork();

	assert_true(child >= 0);
	if (child)
		return child;
	log_set_level(LOG_LEVEL_ERROR);
	_exit(conf_defaults(settings_table, &settings, &err) < 0 ||
		ledgerd_run(state, &settings, &err) < 0);
}

/* Records of the journal up to the place. */
static int64_t records_before(const char *state, struct seglog_pos place)
{
	struct seglog_reader *reader;
	struct seglog_pos after;
	const uint8_t *bytes;
	struct err err = {0};
	char path[PATH_MAX];
	int64_t count = 0;
	size_t length;

	snprintf(path, sizeof(path), "%s/journal", state);
	assert_int_equal(seglog_reader_open(path, (struct seglog_pos){0, 0}, &reader, &err), 0);
	while (seglog_read(reader, &bytes, &length, &after) > 0 &&
		seglog_pos_compare(after, place) <= 0)
		count++;
	seglog_reader_close(reader);
	return count;
}

/* Every record before the cursor has its row, and no other one has. */
static struct ledger_counts expect_agreement(const char *state)
{
	struct ledger_counts counts = {0};
	struct ledger_db *db = NULL;
	struct err err = {0};

	int r = ledger_db_open(state, &db, &err);

	if (r == -ENOENT)
		return counts; /* killed before it had made its tables */
	if (r < 0)
		fail_msg("%s", err.text);
	assert_int_equal(ledger_counts(db, &counts, &err), 0);
	ledger_db_close(db);
	/* the first record is the anchor */
	if (counts.cursor.segment)
		assert_int_equal(counts.slots + 1, records_before(state, counts.cursor));
	else
		assert_int_equal(counts.slots, 0);
	return counts;
}

/* What the file says is what ingest may delete: never more than the tables hold. */
static void expect_file_behind(const char *state, struct seglog_pos cursor)
{
	struct seglog_pos told;
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/journal/ledger.cursor", state);
	file = fopen(path, "r");
	if (!file)
		return; /* killed before it first told */
	assert_int_equal(fscanf(file, "%" SCNu64 " %" SCNu64, &told.segment, &told.record), 2);
	fclose(file);
	assert_true(seglog_pos_compare(told, cursor) <= 0);
}

static int count_slot(void *arg, const struct ledger_slot *slot)
{
	++*(int64_t *)arg;
	return 0;
}

static void expect_everything_once(const char *state, int64_t link)
{
	struct ledger_span ever = {link, INT64_MIN, INT64_MAX};
	struct ledger_db *db;
	struct err err = {0};
	int64_t slots = 0;

	assert_int_equal(ledger_db_open(state, &db, &err), 0);
	assert_int_equal(ledger_slots(db, &ever, count_slot, &slots, &err), 0);
	ledger_db_close(db);
	assert_int_equal(slots, RECORDS - 1);
}

/* A disk on which no file may grow beyond this: the journal is read, nothing is committed. */
#define FILE_BYTES_MAX (192 * 1024)

static void what_cannot_be_committed_is_not_claimed(void **state)
{
	struct fixture *fixture = *state;
	struct rlimit limit = {FILE_BYTES_MAX, RLIM_INFINITY}, before;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	struct ledger_counts counts;
	pid_t child;

	write_journal(fixture, fixture_agent(fixture, link, T0));
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	child = start_ledger(fixture->state);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	sleep(3);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	counts = expect_agreement(fixture->state);
	assert_true(counts.slots < RECORDS - 1);
	expect_file_behind(fixture->state, counts.cursor);
}

/* What is in the tables now, while the ledger runs. */
static int64_t slots_now(const char *state)
{
	struct ledger_counts counts = {0};
	struct ledger_db *db = NULL;

	if (ledger_db_open(state, &db, NULL) == 0 && ledger_counts(db, &counts, NULL) < 0)
		counts.slots = 0;
	ledger_db_close(db);
	return counts.slots;
}

/* Every other life ends soon after a commit, the rest at any moment, before the first one too. */
static void let_live(
	const char *state, int life, int64_t before, useconds_t linger_us, unsigned *seed)
{
	useconds_t more_us = (useconds_t)rand_r(seed) % linger_us;

	for (useconds_t us = 0; life % 2 && us < PATIENCE_US; us += LOOK_US) {
		if (slots_now(state) > before)
			break;
		usleep(LOOK_US);
	}
	usleep(life % 2 ? more_us : more_us * 4);
}

static void killed_at_any_moment_it_goes_on_where_it_was(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct ledger_counts counts = {0};
	time_t deadline = time(NULL) + TIME_LIMIT_S;
	unsigned seed = 20260101, kills = 0;
	useconds_t linger_us = LINGER_US;
	int64_t before = 0;

	write_journal(fixture, agent);
	for (int life = 0; life < LIVES_MAX && counts.slots < RECORDS - 1; life++) {
		pid_t child = start_ledger(fixture->state);
		let_live(fixture->state, life, before, linger_us, &seed);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		counts = expect_agreement(fixture->state);
		expect_file_behind(fixture->state, counts.cursor);
		assert_int_equal(counts.duplicates, 0);
		if (counts.slots < before)
			fail_msg("%" PRId64 " slots after %" PRId64, counts.slots, before);
		kills += counts.slots > before;
		/* a quick machine takes too much of it in one life */
		if (counts.slots - before > RECORDS / 8 && linger_us > LOOK_US)
			linger_us /= 2;
		before = counts.slots;
		if (time(NULL) > deadline)
			fail_msg("%" PRId64 " of %d slots after %d s", counts.slots, RECORDS - 1,
				TIME_LIMIT_S);
	}
	assert_int_equal(counts.slots, RECORDS - 1);
	assert_true(kills >= KILLS_MIN);
	expect_everything_once(fixture->state, link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(killed_at_any_moment_it_goes_on_where_it_was,
			fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_cannot_be_committed_is_not_claimed, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
