/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "collector/closing/verify.h"
#include "tests/unit/closing/sample.h"

struct world {
	struct crypto_key *key;
	struct buf document;
	char words[4096]; /* of all faults */
};

static int set_up(void **state)
{
	static struct world world;
	static struct sample sample;

	sample_sound(&sample);
	memset(&world, 0, sizeof(world));
	world.key = sample_key();
	buf_init(&world.document, DOCUMENT_MAX);
	sample_write(&sample, world.key, &world.document);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	crypto_key_free(world->key);
	buf_done(&world->document);
	return 0;
}

static void note(void *arg, unsigned line, const char *words)
{
	struct world *world = arg;
	size_t at = strlen(world->words);

	snprintf(world->words + at, sizeof(world->words) - at, "%u: %s\n", line, words);
}

static int verify(struct world *world, struct verify_wish *wish, struct verify_found *found)
{
	const struct verify_faults faults = {note, world};

	wish->bytes = buf_peek(&world->document);
	wish->length = buf_length(&world->document);
	world->words[0] = '\0';
	return closing_verify(wish, &faults, found);
}

static void expect_sound(struct world *world)
{
	struct verify_wish wish = {0};
	struct verify_found found;

	if (verify(world, &wish, &found) != 0)
		fail_msg("%s", world->words);
}

static void expect_fault(struct world *world, const char *words)
{
	struct verify_wish wish = {0};
	struct verify_found found;

	assert_true(verify(world, &wish, &found) > 0);
	if (!strstr(world->words, words))
		fail_msg("\"%s\" is not in:\n%s", words, world->words);
}

static void sound_document_is_described(void **state)
{
	struct world *world = *state;
	struct verify_wish wish = {0};
	struct verify_found found;

	expect_sound(world);
	assert_int_equal(verify(world, &wish, &found), 0);
	assert_string_equal(found.month, "2026-06");
	assert_string_equal(found.name, "final");
	assert_string_equal(found.by, "Pejabat Satu");
	assert_int_equal(found.rows, 3);
}

/* The promise to the auditor: whatever single byte is another one, it is found. */
static void every_flipped_byte_is_found(void **state)
{
	static const uint8_t flips[] = {0x01, 0x20, 0x80};
	struct world *world = *state;
	uint8_t *bytes = world->document.bytes + world->document.start;
	size_t length = buf_length(&world->document);
	struct verify_wish wish = {0};
	struct verify_found found;

	for (size_t i = 0; i < length; i++) {
		for (size_t k = 0; k < sizeof(flips); k++) {
			bytes[i] ^= flips[k];
			if (verify(world, &wish, &found) <= 0)
				fail_msg("byte %zu ^ %02x was not found", i, flips[k]);
			bytes[i] ^= flips[k];
		}
	}
	expect_sound(world);
}

static void every_cut_and_every_addition_is_found(void **state)
{
	struct world *world = *state;
	size_t length = buf_length(&world->document);
	struct verify_wish wish = {0};
	struct verify_found found;

	for (size_t i = 0; i < length; i++) {
		world->document.end--;
		assert_true(verify(world, &wish, &found) > 0);
	}
	world->document.end += length;
	assert_int_equal(buf_append(&world->document, "\n", 1), 0);
	expect_fault(world, "nothing may follow the signature");
}

/* Whoever has a key can seal what he likes: then the figures speak. */
static void forged_figures_are_found(void **state)
{
	static const struct {
		const char *text, *by, *fault;
	} forgeries[] = {
		{"2592000,0,2579039,12961,0,", "2592000,0,2579040,12961,0,", "u + d + n + e"},
		{"2592000,0,2579039,12961,0,", "2592000,0,2579040,12960,0,", "causes of d"},
		{"TIDAK MEMENUHI", "MEMENUHI", "verdict = 'MEMENUHI': must be 'TIDAK MEMENUHI'"},
		{"6000,6000,final", "5000,6000,final", "restitution_low = '5000': must be '6000'"},
		{"99.499961", "99.500000", "a_known = '99.500000': must be '99.499961'"},
		{"0,9259,final", "0,9258,final", "restitution_high"},
		{",1200000,", ",600000,", "restitution_low"},
		{"prorata", "excess", "restitution"},
		{"2,64.08.05.2001,\"PT Contoh, Tbk\",4g,WITA",
			"2,64.08.05.2001,\"PT Contoh, Tbk\",4g,WIB", "contract has"},
		{"name: final", "name: Revisi ke-1", "has the name"},
		{"number: 1", "number: 2", "follows none"},
		{"month: 2026-06", "month: 2026-07", "is not of this month"},
		{"month: 2026-06", "month: 2026-13", "no month"},
		{"grace_days: 7", "grace_days: x", "whole number"},
		{"closed: 2026-07-08", "closed: 2026-07-38", "no time"},
		{"[evidence]", "[evidences]", "the table evidence must stand here"},
		{"by: Pejabat", "bye: Pejabat", "the field by must stand here"},
	};

	for (size_t i = 0; i < sizeof(forgeries) / sizeof(*forgeries); i++) {
		struct world *world;

		tear_down(state);
		set_up(state);
		world = *state;
		sample_forge(&world->document, world->key, forgeries[i].text, forgeries[i].by);
		expect_fault(world, forgeries[i].fault);
	}
}

static void sums_that_do_not_add_up_are_found(void **state)
{
	struct world *world = *state;

	/* the first of the sums is that of the desa, which has seconds of its own; the next three
	 * follow from the rows */
	sample_forge(&world->document, world->key, "[kecamatan] 1\n", "[kecamatan] 2\n");
	expect_fault(world, "not as many cells");
	tear_down(state);
	set_up(state);
	sample_forge(&world->document, world->key, ",5184000,0,5151039,12961,20000,",
		",5184000,0,5151038,12961,20000,");
	expect_fault(world, "u + d + n + e is 5183999");
}

static void key_that_was_given_must_have_signed(void **state)
{
	struct world *world = *state;
	uint8_t public[CRYPTO_PUBLIC_BYTES];
	struct verify_wish wish = {.public = public};
	struct verify_found found;
	struct crypto_key *other = sample_key();

	assert_int_equal(crypto_key_public(world->key, public, NULL), 0);
	assert_int_equal(verify(world, &wish, &found), 0);
	assert_int_equal(crypto_key_public(other, public, NULL), 0);
	assert_int_equal(verify(world, &wish, &found), 1);
	assert_non_null(strstr(world->words, "another key"));
	crypto_key_free(other);
}

static void chain_leads_to_the_document_before(void **state)
{
	struct world *world = *state, next = {.key = world->key};
	static struct sample sample;
	struct verify_found found;
	struct verify_wish none = {0},
			   wish = {.previous = buf_peek(&world->document),
				   .previous_length = buf_length(&world->document)};

	assert_int_equal(verify(world, &none, &found), 0);
	sample_sound(&sample);
	sample.revision = 1;
	for (size_t i = 0; i < SAMPLE_ROWS; i++)
		sample.rows[i].revision = "Revisi ke-1";
	sample.number = "2";
	sample.previous = sample.revises = found.hash;
	sample.rows[0].figures.loss_ppm = 121;
	buf_init(&next.document, DOCUMENT_MAX);
	sample_write(&sample, world->key, &next.document);
	if (verify(&next, &wish, &found) != 0)
		fail_msg("%s", next.words);
	assert_string_equal(found.follows, "the revision before");
	assert_int_equal(found.changes, 1);
	wish.previous = buf_peek(&next.document);
	wish.previous_length = buf_length(&next.document);
	assert_int_equal(verify(&next, &wish, &found), 1);
	assert_non_null(strstr(next.words, "another document"));
	buf_done(&next.document);
}

static void anything_else_is_no_document(void **state)
{
	static const char *const texts[] = {"", "\n", "x", "pantau closed month 1\n",
		"pantau closed month 2\n", "\xff\xfe\n", "pantau closed month 1\n\n[", "\n\n\n"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct world world = {0};
		const struct verify_faults faults = {note, &world};
		const struct verify_wish wish = {.bytes = texts[i], .length = strlen(texts[i])};
		struct verify_found found;

		assert_int_equal(closing_verify(&wish, &faults, &found), 1);
		assert_non_null(strstr(world.words, "line"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sound_document_is_described, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_flipped_byte_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			every_cut_and_every_addition_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(forged_figures_are_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			sums_that_do_not_add_up_are_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			key_that_was_given_must_have_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			chain_leads_to_the_document_before, set_up, tear_down),
		cmocka_unit_test(anything_else_is_no_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
