/* SPDX-License-Identifier: Apache-2.0 */
/* Pages: what goes in comes out, packed or not, and nobody's figures change by it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/hist.h"
#include "collector/store/page.h"
#include "tests/unit/store/fixture.h"

#define MINUTE_US (60 * US_PER_S)
#define PAGE_BYTES_MAX (1024 * 1024)

struct bench {
	struct zstd *zstd;
	struct columns *columns;
	struct page *page, *back;
	struct buf bytes;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->zstd = zstd_new();
	bench->columns = page_columns_new(bench->zstd);
	bench->page = page_new();
	bench->back = page_new();
	buf_init(&bench->bytes, PAGE_BYTES_MAX);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	buf_done(&bench->bytes);
	page_free(bench->back);
	page_free(bench->page);
	columns_free(bench->columns);
	zstd_free(bench->zstd);
	free(bench);
	return 0;
}

/* Some slots have all of it, some nothing. */
static void invent_beside(struct slot *slot, unsigned *seed)
{
	slot->dns_count = (uint16_t)(rand_r(seed) % 3 ? 0 : rand_r(seed) % (SLOT_DNS_MAX + 1));
	for (uint16_t i = 0; i < slot->dns_count; i++)
		slot->dns[i] = (struct dns){(uint32_t)rand_r(seed) % (OFFSET_MAX_MS + 1),
			(uint32_t)rand_r(seed) % (RTT_MAX_US + 1),
			{16, {10, 0, 0, (uint8_t)(rand_r(seed) % 3)}},
			(uint8_t)(1 + rand_r(seed) % 2),
			(uint8_t)(1 + rand_r(seed) % (DNS_OUTCOME_COUNT - 1))};
	if (rand_r(seed) % 2) {
		slot->stamp.sent = 1 + (uint32_t)rand_r(seed) % SLOT_STAMP_MAX;
		slot->stamp.lost_out = (uint32_t)rand_r(seed) % (slot->stamp.sent + 1);
		slot->stamp.lost_back = slot->stamp.sent - slot->stamp.lost_out;
		slot->stamp.forged = rand_r(seed) % 2 ? UINT32_MAX : 0;
	}
	slot->facts.clients_plus_one = (uint32_t)rand_r(seed) % (CLIENTS_MAX + 2);
}

/* Anything that a record may say, by a seed. */
static void invent(struct slot *slot, unsigned *seed)
{
	memset(slot, 0, sizeof(*slot));
	slot->boot[3] = 9;
	strcpy(slot->wan, "wan2");
	slot->start_us = (uint64_t)rand_r(seed) * 1000;
	slot->length_ms = SLOT_LENGTH_MIN_MS + (uint32_t)rand_r(seed) % 59001;
	slot->rounds_due = (uint16_t)(rand_r(seed) % (SLOT_ROUNDS_MAX + 1));
	slot->target_count = (uint16_t)(1 + rand_r(seed) % SLOT_TARGETS_MAX);
	for (uint16_t i = 0; i < slot->target_count; i++)
		slot->targets[i] = (struct target){(enum target_class)(1 + rand_r(seed) % 4),
			{4, {10, 0, 0, (uint8_t)rand_r(seed)}}, (uint16_t)rand_r(seed)};
	slot->probe_count = (uint16_t)(rand_r(seed) % 40);
	for (uint16_t i = 0; i < slot->probe_count; i++)
		slot->probes[i] = (struct probe){
			.offset_ms = (uint32_t)rand_r(seed) % (OFFSET_MAX_MS + 1),
			.round = (uint16_t)(rand_r(seed) % SLOT_ROUNDS_MAX),
			.target = (uint8_t)(rand_r(seed) % slot->target_count),
			.kind = (uint8_t)(1 + rand_r(seed) % 3),
			.outcome = (uint8_t)(1 + rand_r(seed) % 3),
			.refusal = (uint8_t)(rand_r(seed) % 5),
			.follow_up = rand_r(seed) % 2,
		};
	for (uint16_t i = 0; i < slot->probe_count; i++) {
		if (slot->probes[i].outcome == OUTCOME_ANSWERED)
			slot->probes[i].rtt_us = (uint32_t)rand_r(seed) % (RTT_MAX_US + 1);
	}
	slot->event_count = (uint16_t)(rand_r(seed) % 3);
	for (uint16_t i = 0; i < slot->event_count; i++)
		slot->events[i] = (struct event){EVENT_CLOCK_STEP, (uint32_t)rand_r(seed) % 60000,
			(int64_t)rand_r(seed) * (rand_r(seed) % 2 ? -70000 : 70000)};
	slot->facts = (struct wan_facts){.carrier = (uint8_t)(rand_r(seed) % 3),
		.gateway = (uint8_t)(rand_r(seed) % 3),
		.rx_bytes = rand_r(seed) % 5 ? (uint64_t)rand_r(seed) << rand_r(seed) % 33
					     : UINT64_MAX,
		.tx_bytes = (uint64_t)rand_r(seed),
		.rx_packets = (uint64_t)rand_r(seed) % 5000,
		.tx_packets = (uint64_t)rand_r(seed),
		.errors = (uint64_t)rand_r(seed) % 2};
	invent_beside(slot, seed);
}

static void expect_same_beside(const struct slot *a, const struct slot *b)
{
	assert_int_equal(a->dns_count, b->dns_count);
	for (uint16_t i = 0; i < a->dns_count; i++) {
		assert_int_equal(a->dns[i].offset_ms, b->dns[i].offset_ms);
		assert_int_equal(a->dns[i].rtt_us, b->dns[i].rtt_us);
		assert_memory_equal(
			&a->dns[i].resolver, &b->dns[i].resolver, sizeof(struct address));
		assert_int_equal(a->dns[i].question, b->dns[i].question);
		assert_int_equal(a->dns[i].outcome, b->dns[i].outcome);
	}
	assert_memory_equal(&a->stamp, &b->stamp, sizeof(a->stamp));
}

static void expect_same(const struct slot *a, const struct slot *b)
{
	assert_memory_equal(a->boot, b->boot, BOOT_BYTES);
	assert_string_equal(a->wan, b->wan);
	assert_true(a->start_us == b->start_us && a->length_ms == b->length_ms);
	assert_int_equal(a->rounds_due, b->rounds_due);
	assert_int_equal(a->target_count, b->target_count);
	for (uint16_t i = 0; i < a->target_count; i++) {
		assert_int_equal(a->targets[i].class, b->targets[i].class);
		assert_int_equal(a->targets[i].port, b->targets[i].port);
		assert_memory_equal(
			&a->targets[i].address, &b->targets[i].address, sizeof(struct address));
	}
	assert_int_equal(a->probe_count, b->probe_count);
	assert_memory_equal(a->probes, b->probes, a->probe_count * sizeof(struct probe));
	assert_int_equal(a->event_count, b->event_count);
	for (uint16_t i = 0; i < a->event_count; i++) {
		assert_int_equal(a->events[i].kind, b->events[i].kind);
		assert_int_equal(a->events[i].offset_ms, b->events[i].offset_ms);
		assert_true(a->events[i].value == b->events[i].value);
	}
	assert_memory_equal(&a->facts, &b->facts, sizeof(a->facts));
	expect_same_beside(a, b);
}

static void fill(struct bench *bench, size_t count, unsigned seed)
{
	static struct slot slot;

	for (size_t i = 0; i < count; i++) {
		struct page_slot beside = {.sequence = (uint32_t)(i * 3 + 1),
			.received_us = (T0 + (int64_t)i * 61) * US_PER_S + 123456,
			.via_wan = "wan",
			.disputed = i % 7 == 0};
		invent(&slot, &seed);
		assert_int_equal(page_add(bench->page, &beside, &slot), 0);
	}
	buf_clear(&bench->bytes);
	assert_int_equal(page_pack(bench->page, bench->columns, &bench->bytes), 0);
}

static void what_was_packed_comes_out_but_for_the_steps(void **state)
{
	struct bench *bench = *state;
	static struct slot slot, back;
	unsigned seed = 4;

	fill(bench, 300, seed);
	assert_int_equal(page_unpack(bench->back, bench->columns, buf_peek(&bench->bytes),
				 buf_length(&bench->bytes)),
		0);
	assert_int_equal(page_count(bench->back), 300);
	for (size_t i = 0; i < 300; i++) {
		struct page_slot beside = {
			.received_us = (T0 + (int64_t)i * 61) * US_PER_S + 123456};
		struct page_slot out;
		invent(&slot, &seed);
		page_round(&beside, &slot);
		page_get(bench->back, i, &out, &back);
		expect_same(&slot, &back);
		assert_int_equal(out.sequence, i * 3 + 1);
		assert_true(out.received_us == beside.received_us);
		assert_string_equal(out.via_wan, "wan");
		assert_int_equal(out.disputed, i % 7 == 0);
	}
}

static void a_page_that_was_damaged_says_so(void **state)
{
	struct bench *bench = *state;
	size_t length;
	uint8_t *bytes;

	fill(bench, 20, 5);
	length = buf_length(&bench->bytes);
	bytes = malloc(length);
	for (size_t i = 0; i < length; i++) {
		memcpy(bytes, buf_peek(&bench->bytes), length);
		bytes[i] ^= 1 << i % 8;
		assert_int_equal(page_unpack(bench->back, bench->columns, bytes, length), -EBADMSG);
		assert_int_equal(page_unpack(bench->back, bench->columns, bytes, i), -EBADMSG);
	}
	free(bytes);
}

/* ---- in the ledger */

static struct sent minute(uint32_t agent, uint32_t sequence, unsigned number)
{
	struct sent sent = sent_slot(KEY(agent, 1, sequence),
		(struct slot_plan){
			1, number * MINUTE_US, 60000, number % 9 == 4, 20000 + number, NULL});

	sent.received_us = (T0 + (number + 1) * 60 + 2) * US_PER_S;
	return sent;
}

static bool pack_once(struct fixture *fixture)
{
	struct err err = {0};
	bool more = false;

	assert_int_equal(ledger_begin(fixture->writer, &err), 0);
	assert_int_equal(
		ledger_pack(fixture->writer, (T0 + 90 * 86400) * US_PER_S, 1, &more, &err), 0);
	assert_int_equal(ledger_commit(fixture->writer, (struct seglog_pos){0, 0}, &err), 0);
	return more;
}

static int count_packed(void *arg, const struct ledger_slot *slot)
{
	*(unsigned *)arg += slot->packed;
	return 0;
}

static void packing_changes_nothing_that_is_told(void **state)
{
	struct fixture *fixture = *state;
	int64_t link = fixture_link(fixture, DESA, "Telkom");
	uint32_t agent = fixture_agent(fixture, link, T0 + 600);
	struct sent first = sent_anchor(KEY(agent, 1, 1), 1, 0, T0 * US_PER_S), other, again;
	unsigned packed = 0;
	char *before, *after;
	struct err err = {0};

	fixture_take(fixture, &first, 1);
	for (unsigned i = 0; i < 2000; i++) {
		struct sent sent = minute(agent, i + 2, i);
		if (i != 700)
			fixture_take(fixture, &sent, 1);
	}
	before = fixture_dump(fixture, link);
	while (pack_once(fixture))
		;
	after = fixture_dump(fixture, link);
	assert_string_equal(before, after);
	free(after);
	assert_int_equal(ledger_slots(ledger_writer_view(fixture->writer),
				 &(struct ledger_span){link, INT64_MIN, INT64_MAX}, count_packed,
				 &packed, &err),
		0);
	assert_int_equal(packed, 2000 - 1 - 10); /* those before the binding are no link's */
	/* the same again is a duplicate, another content is a conflict, a late one goes in */
	again = minute(agent, 302, 300);
	fixture_take(fixture, &again, 1);
	assert_int_equal(fixture_counts(fixture).duplicates, 1);
	other = minute(agent, 302, 301);
	fixture_take(fixture, &other, 1);
	assert_int_equal(fixture_counts(fixture).conflicts, 1);
	again = minute(agent, 702, 700);
	fixture_take(fixture, &again, 1);
	free(before);
	before = fixture_dump(fixture, link);
	assert_non_null(strstr(before, "disputed"));
	while (pack_once(fixture))
		;
	after = fixture_dump(fixture, link);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_was_packed_comes_out_but_for_the_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(a_page_that_was_damaged_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(
			packing_changes_nothing_that_is_told, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
