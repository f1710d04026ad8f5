/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "collector/store/ledger_private.h"

void fixture_init(struct ledger_fixture *fixture)
{
	snprintf(fixture->state, sizeof(fixture->state), "/tmp/pantau-web-test-XXXXXX");
	assert_non_null(mkdtemp(fixture->state));
	fixture->writer = NULL;
}

void fixture_create(struct ledger_fixture *fixture)
{
	assert_int_equal(ledger_writer_open(fixture->state, &fixture->writer, NULL), 0);
}

void fixture_done(struct ledger_fixture *fixture)
{
	static const char *const names[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm"};
	char path[128];

	ledger_writer_close(fixture->writer);
	fixture->writer = NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", fixture->state, names[i]);
		unlink(path);
	}
	rmdir(fixture->state);
}

static void commit(struct ledger_fixture *fixture)
{
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){0}, NULL), 0);
}

void fixture_live(struct ledger_fixture *fixture, int64_t link, enum live_state state)
{
	const struct ledger_run run = {0};
	struct ledger_live live = {.link = link,
		.state = state,
		.since_s = 1767196800,
		.heard_us = 1767196860000000,
		.rtt_us = state == LIVE_UP ? 21500 : LIVE_NONE,
		.loss_ppm = state == LIVE_UP ? 0 : 1000000};

	if (state == LIVE_DOWN)
		strcpy(live.cause, "provider");
	assert_int_equal(ledger_begin(fixture->writer, NULL), 0);
	assert_int_equal(ledger_put_live(fixture->writer, &live, &run, true, NULL), 0);
	commit(fixture);
}

static void write_slot(struct ledger_fixture *fixture, int64_t link)
{
	struct slot *slot = calloc(1, sizeof(*slot));
	struct outbox_strip *strip = outbox_strip_new(link);

	assert_int_equal(outbox_strip_add(strip, 1767196800, slot), 0);
	assert_int_equal(outbox_strip_write(fixture->writer->db, strip, NULL), 0);
	outbox_strip_free(strip);
	free(slot);
}

void fixture_slot(struct ledger_fixture *fixture, int64_t link, enum outbox_kind kind)
{
	const struct ledger_span span = {link, 1767196800, 1767196860};

	assert_int_equal(ledger_begin(fixture->writer, NULL), 0);
	if (kind == OUTBOX_SLOT)
		write_slot(fixture, link);
	else
		assert_int_equal(outbox_write_states(fixture->writer->db, &span, SAID_UP, NULL), 0);
	commit(fixture);
}

void fixture_forget(struct ledger_fixture *fixture, int64_t id)
{
	struct query query;

	assert_int_equal(ledger_begin(fixture->writer, NULL), 0);
	db_query(&query, fixture->writer->db, "DELETE FROM outbox WHERE id <= ?");
	query_number(&query, id);
	assert_int_equal(query_run(&query, NULL), 0);
	commit(fixture);
}
