/* SPDX-License-Identifier: Apache-2.0 */
/* What people read: the line of a slot, the texts of both languages; and the counter of starts. */
#include "tests/unit/agent/fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/run_counter.h"
#include "agent/technician/slot_words.h"
#include "agent/technician/words.h"
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

static void contains(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" does not say \"%s\"", text, words);
}

static void counter_of_starts_rises_above_all_that_is_known(void **state)
{
	char path[64];
	uint32_t run = 0, next = 0;
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
	/* A damaged file costs the count, not the witness. */
	assert_true(run_counter_is_damaged(-EBADMSG));
	assert_int_equal(run_counter_draw(folder, 41, &run, &err), 0);
	assert_true(run > 1U << 20);
	assert_int_equal(run_counter_raise(folder, 0, &next, &err), 0);
	assert_int_equal(next, run + 1);
	unlink(path);
}

/* ---- words */

static void each_text_exists_in_both_languages_with_the_same_places(void **state)
{
	for (int word = 0; word < WORD_COUNT; word++) {
		const char *indonesian = words_text(LANGUAGE_INDONESIAN, word);
		const char *english = words_text(LANGUAGE_ENGLISH, word);

		/* Where nothing is wrong there is nothing to say, in either. */
		if (!*indonesian != !*english ||
			(!*english && word != WORD_FAULT_NONE && word != WORD_DO_NONE &&
				word != WORD_DNS_UNKNOWN && word != WORD_DNS_GOOD))
			fail_msg("word %d is missing in a language", word);
		for (char place[] = "{0}"; place[1] <= '9'; place[1]++)
			if (!strstr(indonesian, place) != !strstr(english, place) ||
				(place[1] > '3' && strstr(english, place)))
				fail_msg("\"%s\" and \"%s\" differ in %s", indonesian, english,
					place);
		assert_true(strlen(indonesian) < 80 && strlen(english) < 80);
	}
}

static void language_follows_the_environment(void **state)
{
	unsetenv("LC_ALL");
	unsetenv("LC_MESSAGES");
	unsetenv("LANG");
	assert_int_equal(words_language(), LANGUAGE_INDONESIAN); /* as on a router */
	setenv("LANG", "C", 1);
	assert_int_equal(words_language(), LANGUAGE_INDONESIAN);
	setenv("LANG", "en_GB.UTF-8", 1);
	assert_int_equal(words_language(), LANGUAGE_ENGLISH);
	setenv("LC_MESSAGES", "id_ID.UTF-8", 1);
	assert_int_equal(words_language(), LANGUAGE_INDONESIAN);
	setenv("LC_ALL", "en", 1);
	assert_int_equal(words_language(), LANGUAGE_ENGLISH);
}

static void places_are_filled_and_cut_to_the_room(void **state)
{
	const char *const values[4] = {"one", NULL, "three"};
	char text[12];

	assert_string_equal(words_fill(text, sizeof(text), "{0}-{1}-{2}{", values), "one--three{");
	assert_string_equal(words_fill(text, 6, "{0}-{2}", values), "one-t");
}

static void ages_are_told_in_one_unit(void **state)
{
	char text[WORDS_AGE_BYTES];

	assert_string_equal(words_age(LANGUAGE_ENGLISH, 119, text), "119 s");
	assert_string_equal(words_age(LANGUAGE_ENGLISH, 120, text), "2 min");
	assert_string_equal(words_age(LANGUAGE_INDONESIAN, 7200, text), "2 jam");
	assert_string_equal(words_age(LANGUAGE_INDONESIAN, 3 * 86400, text), "3 hari");
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
		cmocka_unit_test(counter_of_starts_rises_above_all_that_is_known),
		cmocka_unit_test(each_text_exists_in_both_languages_with_the_same_places),
		cmocka_unit_test(language_follows_the_environment),
		cmocka_unit_test(places_are_filled_and_cut_to_the_room),
		cmocka_unit_test(ages_are_told_in_one_unit),
	};
	int failed;

	slot = calloc(1, sizeof(*slot));
	if (!slot || !mkdtemp(folder))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	free(slot);
	return failed;
}
