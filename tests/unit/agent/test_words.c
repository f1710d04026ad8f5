/* SPDX-License-Identifier: Apache-2.0 */
/* What people read: the line of a slot, and the status. */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/run_counter.h"
#include "agent/slot_words.h"
#include "agent/status.h"
#include "common/clock.h"

static struct slot *slot;
static char folder[] = "/tmp/test-words-XXXXXX";

static void add(uint16_t round, enum outcome outcome, uint32_t rtt_us, bool follow_up)
{
	slot->probes[slot->probe_count++] = (struct probe){
		.round = round,
		.kind = PROBE_ICMP,
		.outcome = outcome,
		.rtt_us = rtt_us,
		.follow_up = follow_up,
	};
}

static void begin(uint16_t due)
{
	memset(slot, 0, sizeof(*slot));
	strcpy(slot->wan, "wan");
	slot->length_ms = 10000;
	slot->rounds_due = due;
	slot->facts.carrier = CARRIER_UP;
	slot->target_count = 2;
	slot->targets[0] = target_v4(CLASS_INTERNET, 1, 0);
	slot->targets[1] = target_v4(CLASS_GATEWAY, 2, 0);
}

static void reads(const char *expected)
{
	char text[SLOT_WORDS_BYTES];

	slot_describe(slot, "eth0", text);
	assert_string_equal(text, expected);
}

static void answered_slot_tells_its_median_round_trip(void **state)
{
	begin(3);
	add(0, OUTCOME_ANSWERED, 12345, false);
	add(1, OUTCOME_ANSWERED, 99999, false);
	add(2, OUTCOME_ANSWERED, 10000, false);
	reads("slot 10 s: 3 of 3 rounds answered, RTT 12.3 ms; wan eth0 up");
}

static void follow_up_saves_the_round_but_is_not_its_round_trip(void **state)
{
	begin(2);
	add(0, OUTCOME_LOST, 0, false);
	add(0, OUTCOME_ANSWERED, 50000, true);
	add(1, OUTCOME_ANSWERED, 8000, false);
	reads("slot 10 s: 2 of 2 rounds answered, RTT 8.0 ms; wan eth0 up");
}

static void connection_stands_in_where_echoes_are_filtered(void **state)
{
	begin(1);
	add(0, OUTCOME_LOST, 0, false);
	add(0, OUTCOME_ANSWERED, 7100, true);
	slot->probes[1].kind = PROBE_TCP;
	reads("slot 10 s: 1 of 1 rounds answered, RTT 7.1 ms by TCP; wan eth0 up");
}

static void gateway_that_answers_is_no_round_answered(void **state)
{
	begin(1);
	add(0, OUTCOME_LOST, 0, false);
	add(0, OUTCOME_ANSWERED, 500, false);
	slot->probes[1].target = 1;
	reads("slot 10 s: 0 of 1 rounds answered; wan eth0 up");
}

static void refused_slot_says_why(void **state)
{
	begin(1);
	add(0, OUTCOME_REFUSED, 0, false);
	slot->probes[0].refusal = REFUSAL_CARRIER;
	slot->facts.carrier = CARRIER_DOWN;
	reads("slot 10 s: 0 of 1 rounds answered (no carrier); wan eth0 down");
}

static void rounds_cut_short_are_not_called_lost(void **state)
{
	begin(3);
	add(0, OUTCOME_ANSWERED, 9000, false);
	reads("slot 10 s: 1 of 1 rounds answered, RTT 9.0 ms, 2 not made; wan eth0 up");
}

static void print_status(char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");
	struct err err;

	assert_int_equal(status_print(folder, out, &err), 0);
	fclose(out);
}

static void contains(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" does not say \"%s\"", text, words);
}

static void status_is_read_back_in_plain_words(void **state)
{
	struct status status = {.run = 7,
		.written_utc_us = clock_utc_us(),
		.slot_s = 60,
		.slot = "slot 60 s: all \"well\"",
		.spool = {.waiting = 12, .lost = 3, .bytes = 4096},
		.uplink = {.collector = "noc.example:7443",
			.words = "cannot connect: connection refused"}};
	char text[2048];
	struct err err;

	assert_int_equal(status_write(&status, folder, &err), 0);
	print_status(text, sizeof(text));
	contains(text, "start number 7");
	contains(text, "slot 60 s: all \"well\"");
	contains(text, "not connected to noc.example:7443: cannot connect: connection refused");
	contains(text, "nothing acknowledged");
	contains(text, "12 records wait, 4 KiB");
	contains(text, "dropped:    3 records");
	status.uplink.words[0] = '\0';
	assert_int_equal(status_write(&status, folder, &err), 0);
	print_status(text, sizeof(text));
	contains(text, "not connected to noc.example:7443\n");
	status.uplink.open = true;
	status.uplink.acked = 50;
	status.uplink.acked_utc_us = 1767196800000000;
	status.written_utc_us -= 1000000000;
	assert_int_equal(status_write(&status, folder, &err), 0);
	print_status(text, sizeof(text));
	contains(text, "it does not run, or hangs");
	contains(text, "connected to noc.example:7443\n");
	contains(text, "50 records acknowledged, the last at 2025-12-31T16:00:00Z");
}

static void status_that_was_never_written_is_said(void **state)
{
	struct err err;

	assert_int_equal(status_print("/nonexistent", stdout, &err), -ENOENT);
	contains(err.text, "the agent does not run");
}

static void counter_of_starts_rises_above_all_that_is_known(void **state)
{
	char path[64];
	uint32_t run = 0;
	struct err err;
	FILE *file;

	assert_int_equal(run_counter_raise(folder, 0, &run, &err), 0);
	assert_int_equal(run, 1);
	assert_int_equal(run_counter_raise(folder, 0, &run, &err), 0);
	assert_int_equal(run, 2);
	assert_int_equal(run_counter_raise(folder, 40, &run, &err), 0); /* the spool knew more */
	assert_int_equal(run, 41);
	snprintf(path, sizeof(path), "%s/run", folder);
	file = fopen(path, "w");
	fputs("garbage\n", file);
	fclose(file);
	assert_int_equal(run_counter_raise(folder, 0, &run, &err), -EBADMSG);
	contains(err.text, "is not a number of starts");
	assert_int_equal(run, 41);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answered_slot_tells_its_median_round_trip),
		cmocka_unit_test(follow_up_saves_the_round_but_is_not_its_round_trip),
		cmocka_unit_test(connection_stands_in_where_echoes_are_filtered),
		cmocka_unit_test(gateway_that_answers_is_no_round_answered),
		cmocka_unit_test(refused_slot_says_why),
		cmocka_unit_test(rounds_cut_short_are_not_called_lost),
		cmocka_unit_test(status_is_read_back_in_plain_words),
		cmocka_unit_test(status_that_was_never_written_is_said),
		cmocka_unit_test(counter_of_starts_rises_above_all_that_is_known),
	};
	char path[64];
	int failed;

	slot = calloc(1, sizeof(*slot));
	if (!slot || !mkdtemp(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(path, sizeof(path), "%s/status.json", folder);
	unlink(path);
	rmdir(folder);
	free(slot);
	return failed;
}
