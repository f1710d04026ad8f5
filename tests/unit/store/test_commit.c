/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever looks right after a commit finds cursor and rows in agreement: they are one
 * transaction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/store/db.h"
#include "tests/unit/store/fixture.h"

#define BATCHES 3
#define BATCH_SLOTS 4

static const struct fixture *watched; /* NULL: nobody looks */
static bool looking; /* who looks commits nothing, but ends a transaction of its own */
static unsigned looks;

int __real_db_commit(struct db *db, struct err *err);
int __wrap_db_commit(struct db *db, struct err *err);

/* The linker puts this in the place of db_commit. The cursor of a batch is the number of its
 * rows. */
int __wrap_db_commit(struct db *db, struct err *err)
{
	int rc = __real_db_commit(db, err);
	struct ledger_counts counts = {0};
	struct ledger_db *reader;

	if (rc < 0 || !watched || looking)
		return rc;
	looking = true;
	assert_int_equal(ledger_db_open(watched->state, &reader, err), 0);
	assert_int_equal(ledger_counts(reader, &counts, err), 0);
	ledger_db_close(reader);
	assert_int_equal(counts.slots, counts.cursor.record);
	looking = false;
	looks++;
	return rc;
}

static void take_batch(struct fixture *fixture, uint32_t agent, unsigned number)
{
	struct seglog_pos cursor = {1, (number + 1) * BATCH_SLOTS};
	struct err err = {0};

	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	for (unsigned i = number * BATCH_SLOTS; i < (number + 1) * BATCH_SLOTS; i++) {
		struct sent sent = sent_slot(KEY(agent, 2, i + 1),
			(struct slot_plan){1, i * 60 * US_PER_S, 60000, 0, 1000, NULL});
		struct journal_record record = {.agent = agent,
			.key = {2, i + 1},
			.record = sent.bytes,
			.record_length = sent.length};

		assert_int_equal(ledger_take(fixture->writer, &record, false, &err), 0);
	}
	assert_int_equal(ledger_settle(fixture->writer, &err), 0);
	assert_int_equal(ledger_commit(fixture->writer, cursor, &err), 0);
}

static void after_each_commit_cursor_and_rows_agree(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0);
	struct sent first = sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S);

	fixture_take(fixture, &first, 1);
	watched = fixture;
	for (unsigned number = 0; number < BATCHES; number++)
		take_batch(fixture, agent, number);
	watched = NULL;
	assert_int_equal(looks, BATCHES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			after_each_commit_cursor_and_rows_agree, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
