/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/ledger/decisive.h"
#include "collector/ledger/states.h"
#include "collector/ledger/strip.h"
#include "line_maker.h"

#define T0 1774972800

static const struct span ever = {INT64_MIN, SPAN_FOREVER};

static struct base base_of(const char *text)
{
	struct terms terms;
	struct line line;
	struct base base;

	terms_init(&terms);
	line_make(&line, T0, text);
	assert_int_equal(base_build(&line, &terms, T0, &base), 0);
	line_done(&line);
	return base;
}

static void expect_equal(const struct base_segment *a, const struct base_segment *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_true(a[i].from == b[i].from && a[i].to == b[i].to);
		assert_true(a[i].kind == b[i].kind && a[i].cause == b[i].cause);
		assert_true(a[i].bridged == b[i].bridged);
	}
}

static const char trouble[] = "g10 b4 .1 b3 g20 p30 g5 l3 a2 x1 g9 d4 b1 g60";

static void good_is_not_kept(void **state)
{
	struct base base = base_of("g600");
	struct strip strip = {0};

	/* but the end, which is unknown */
	assert_int_equal(strip_add(&strip, base.segments, base.count - 1, &ever), 0);
	assert_int_equal(strip.count, 0);
	base_done(&base);
}

static void a_base_comes_back_from_its_strip(void **state)
{
	struct base base = base_of(trouble), again;
	struct base_segment last = base.segments[base.count - 1];
	const struct span within = {T0, last.from};
	struct strip strip = {0};

	assert_int_equal(strip_add(&strip, base.segments, base.count - 1, &ever), 0);
	assert_int_equal(strip_base(&strip, &within, last, &again), 0);
	assert_int_equal(again.count, base.count);
	expect_equal(again.segments, base.segments, base.count);
	assert_true(again.room > again.count);
	base_done(&again);
	strip_done(&strip);
	base_done(&base);
}

static void a_strip_is_the_same_after_its_bytes(void **state)
{
	struct base base = base_of(trouble);
	struct strip strip = {0}, again = {0};
	struct buf bytes;

	buf_init(&bytes, 4096);
	assert_int_equal(strip_add(&strip, base.segments, base.count - 1, &ever), 0);
	assert_int_equal(strip_encode(&strip, T0 - 1000000, &bytes), 0);
	assert_int_equal(
		strip_decode(&again, T0 - 1000000, buf_peek(&bytes), buf_length(&bytes)), 0);
	assert_int_equal(again.count, strip.count);
	expect_equal(again.items, strip.items, strip.count);
	/* a byte less is no strip */
	strip_done(&again);
	for (size_t length = 1; length < buf_length(&bytes); length++) {
		int r = strip_decode(&again, T0 - 1000000, buf_peek(&bytes), length);
		assert_true(r == 0 || r == -EBADMSG);
		assert_true(r == -EBADMSG || again.count < strip.count);
		strip_done(&again);
	}
	buf_done(&bytes);
	strip_done(&strip);
	base_done(&base);
}

/* Cut anywhere, and put together again. */
static void parts_join_to_the_whole(void **state)
{
	struct base base = base_of(trouble);
	struct strip whole = {0};
	int64_t end = base.segments[base.count - 1].from;

	assert_int_equal(strip_add(&whole, base.segments, base.count - 1, &ever), 0);
	for (int64_t at = T0; at < end; at += 17) {
		const struct span before = {T0, at}, after = {at, end};
		struct strip parts = {0};
		assert_int_equal(strip_add(&parts, base.segments, base.count, &before), 0);
		assert_int_equal(strip_add(&parts, base.segments, base.count, &after), 0);
		assert_int_equal(parts.count, whole.count);
		expect_equal(parts.items, whole.items, whole.count);
		strip_done(&parts);
	}
	strip_done(&whole);
	base_done(&base);
}

static void a_part_is_replaced_and_nothing_beside_it(void **state)
{
	struct base old = base_of("g10 b10 g10 b10 g10 b10 g10");
	struct base new = base_of("g10 b10 g10 a3 g7 g10 b10 g10");
	const struct span middle = {T0 + 1500, T0 + 2700};
	struct strip strip = {0}, fresh = {0};

	assert_int_equal(strip_add(&strip, old.segments, old.count - 1, &ever), 0);
	assert_int_equal(strip_add(&fresh, new.segments, new.count - 1, &ever), 0);
	assert_int_equal(strip_replace(&strip, new.segments, new.count, &middle), 0);
	assert_int_equal(strip.count, fresh.count);
	expect_equal(strip.items, fresh.items, fresh.count);
	strip_done(&fresh);
	strip_done(&strip);
	base_done(&new);
	base_done(&old);
}

/* ---- what decides */

static bool cut(const char *text, struct span asked, struct span sound, char ret_states[256],
	struct decisive *ret_decisive)
{
	struct decisive decisive = {.asked = asked, .sound = sound, .window_s = 300};
	struct base base = base_of(text);
	struct terms terms;
	struct states states;
	bool enough;

	assert_int_equal(base_reserve(&base, 1), 0);
	enough = decisive_cut(&decisive, &base);
	*ret_decisive = decisive;
	if (enough) {
		terms_init(&terms);
		assert_int_equal(states_of_base(&base, &terms, &states), 0);
		states_text(&states, ret_states, 256);
		states_done(&states);
	}
	base_done(&base);
	return enough;
}

static void a_run_of_good_decides_on_either_side(void **state)
{
	const struct span asked = {T0 + 1900, T0 + 2000};
	struct decisive decisive;
	char text[256];

	assert_true(cut("g10 b9 g10 b2 g4 b9 g10 b20 g90", asked, ever, text, &decisive));
	/* five minutes before, the second outage, five minutes after: the others are gone */
	assert_int_equal(decisive.right.from, T0 + (29 - 5) * 60);
	assert_int_equal(decisive.right.to, T0 + (44 + 5) * 60);
	assert_string_equal(text, "U660 D540:upstream U-");
}

static void where_nothing_decides_more_is_read(void **state)
{
	const struct span asked = {T0 + 1260, T0 + 1320}, sound = {T0 + 900, T0 + 1500};
	struct decisive decisive;
	char text[256];

	assert_false(cut("g10 b9 g4 b9 g10", asked, sound, text, &decisive));
	assert_true(decisive.short_before && decisive.short_after);
	/* the timeline's own ends need no decision */
	assert_true(cut("b9 g4 b9", (struct span){T0 + 600, T0 + 660}, ever, text, &decisive));
	assert_true(decisive.right.from == INT64_MIN && decisive.right.to == SPAN_FOREVER);
	assert_string_equal(text, "D1320:upstream N-:silent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_is_not_kept),
		cmocka_unit_test(a_base_comes_back_from_its_strip),
		cmocka_unit_test(a_strip_is_the_same_after_its_bytes),
		cmocka_unit_test(parts_join_to_the_whole),
		cmocka_unit_test(a_part_is_replaced_and_nothing_beside_it),
		cmocka_unit_test(a_run_of_good_decides_on_either_side),
		cmocka_unit_test(where_nothing_decides_more_is_read),
	};

	return cmocka_run_group_tests_name("strip", tests, NULL, NULL);
}
